package io.semnal.research.matrix;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.FeatureSetConfig.Price;
import io.semnal.core.config.QualityConfig;
import io.semnal.core.market.Instrument;
import io.semnal.core.market.Timeframe;
import io.semnal.features.Bar;
import io.semnal.research.export.CsvTable;
import io.semnal.research.export.ParquetTable;
import io.semnal.research.export.TableWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Writes a matrix of a million rows, in a process of its own: file, columns. */
final class MillionRows {
  static final int ROWS = 1_000_000;

  private static final Instrument EURUSD = new Instrument("EURUSD", "EUR", "USD", 10_000, 5);
  private static final long MINUTE = 60_000_000_000L;

  private MillionRows() {}

  public static void main(String[] args) throws IOException {
    Path out = Path.of(args[0]);
    int columns = Integer.parseInt(args[1]);
    MatrixSpec spec =
        MatrixSpec.of(config(), List.of(EURUSD), set(columns), Timeframe.M1, List.of())
            .withRows(MatrixSpec.Rows.ALL);
    long started = System.nanoTime();
    try (TableWriter table =
        ParquetTable.isNamedFor(out)
            ? ParquetTable.create(out, FeatureMatrix.columns(spec), Map.of())
            : CsvTable.create(out, FeatureMatrix.columns(spec), Map.of())) {
      FeatureMatrix matrix = new FeatureMatrix(spec, table);
      Random random = new Random(1);
      Bar bar = new Bar();
      long price = 110_000_000;
      for (int i = 0; i < ROWS; i++) {
        long close = price + (random.nextInt(41) - 20) * 1_000L;
        set(bar, i * MINUTE, price, close);
        price = close;
        matrix.onBar(0, bar);
      }
      matrix.endBars();
      table.commit();
    }
    double seconds = (System.nanoTime() - started) / 1e9;
    System.out.printf("%d columns: %.1f s, %.0f rows/s%n", columns, seconds, ROWS / seconds);
  }

  private static void set(Bar bar, long time, long open, long close) {
    bar.openTime = time;
    bar.closeTime = time + MINUTE;
    bar.bidOpen = open;
    bar.bidClose = close;
    bar.bidHigh = Math.max(open, close) + 2_000;
    bar.bidLow = Math.min(open, close) - 2_000;
    bar.askOpen = bar.bidOpen + 10_000;
    bar.askHigh = bar.bidHigh + 10_000;
    bar.askLow = bar.bidLow + 10_000;
    bar.askClose = bar.bidClose + 10_000;
    bar.spreadMin = 0;
    bar.spreadMax = 0;
    bar.spreadSum = 0;
    bar.ticks = 0;
    bar.flags = 0;
    bar.volume = 7;
  }

  private static FeatureSetConfig set(int columns) {
    return new FeatureSetConfig(
        "million",
        Timeframe.M1,
        Price.MID,
        IntStream.range(0, columns).mapToObj(i -> "ema(" + (i + 2) + ")").toList());
  }

  private static EngineConfig config() {
    return new EngineConfig(
        List.of(EURUSD),
        List.of(Timeframe.M1),
        "utc",
        List.of(),
        QualityConfig.acceptAll(),
        List.of(),
        List.of());
  }
}

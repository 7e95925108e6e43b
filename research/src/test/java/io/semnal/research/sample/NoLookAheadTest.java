package io.semnal.research.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.core.config.ConfigLoader;
import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.SemnalConfig;
import io.semnal.core.market.Instrument;
import io.semnal.core.market.Timeframe;
import io.semnal.feed.Tick;
import io.semnal.feed.TickSource;
import io.semnal.feed.file.BarFile;
import io.semnal.feed.file.BarFileOptions;
import io.semnal.feed.sim.MarketSimulator;
import io.semnal.research.matrix.BarMatrixSource;
import io.semnal.research.matrix.MatrixSource;
import io.semnal.research.matrix.MatrixSpec;
import io.semnal.research.matrix.TickMatrixSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cutting the future off changes no feature, and no label that had ended before the cut. */
class NoLookAheadTest {
  private static final SemnalConfig CONFIG = ConfigLoader.reference();
  private static final long DAY = 86_400_000_000_000L;
  private static final long BEGIN =
      Instant.parse("2026-02-01T22:00:00Z").getEpochSecond() * 1_000_000_000L;

  @TempDir private Path folder;

  @Test
  void ofTicks() throws IOException {
    FeatureSetConfig set =
        new FeatureSetConfig(
            "some",
            Timeframe.M1,
            FeatureSetConfig.Price.MID,
            List.of("return(1)", "zscore(close,50)", "std(return(1),20)@5m", "session.hourSin"));
    EngineConfig engine = engine(List.of("EURUSD", "USDJPY"), set, Timeframe.M1);
    LabelRule rule = new LabelRule.TripleBarrier(CONFIG.engine().strategies().getFirst().policy());
    Samples whole = ticks(engine, set, rule, Long.MAX_VALUE);
    for (long cut : new long[] {DAY, DAY + DAY / 3 + 12_345, 2 * DAY - DAY / 5}) {
      Samples until = ticks(engine, set, rule, BEGIN + cut);
      compare(whole, until, BEGIN + cut);
      SampleCollector range = new SampleCollector(engine, set, rule, BEGIN + DAY / 2, BEGIN + cut);
      Samples ranged = ticks(Long.MAX_VALUE, range);
      inside(until, ranged, BEGIN + DAY / 2);
    }
  }

  @Test
  void ofBars() throws IOException {
    FeatureSetConfig set =
        new FeatureSetConfig(
            "some",
            Timeframe.H1,
            FeatureSetConfig.Price.MID,
            List.of("return(1)", "zscore(close,20)", "zscore(close,5)@4h"));
    EngineConfig engine = engine(List.of("EURUSD"), set, Timeframe.H1);
    LabelRule rule =
        LabelRule.parse("barrier(horizon=24)", CONFIG.engine().strategies().getFirst().policy());
    List<String> lines = hours(900);
    Samples whole = bars(new SampleCollector(engine, set, rule), lines);
    for (int count : new int[] {520, 610, 777}) {
      long cut = BEGIN + count * DAY / 24;
      Samples until = bars(new SampleCollector(engine, set, rule), lines.subList(0, count + 1));
      compare(whole, until, cut);
      // The range's end looks at no bar that closes after it: the rows of the cut.
      SampleCollector range =
          new SampleCollector(engine, set, rule, BEGIN + 300 * DAY / 24, cut + 1);
      inside(until, bars(range, lines), BEGIN + 300 * DAY / 24);
    }
  }

  private static void inside(Samples all, Samples range, long from) {
    int first = 0;
    while (all.time(first) < from) {
      first++;
    }
    assertThat(first).isPositive();
    int common = all.size() - first;
    // Of a silent minute before the cut only the range knows that it went by.
    assertThat(range.size()).isGreaterThan(100).isBetween(common, common + 2);
    for (int i = 0; i < common; i++) {
      assertThat(range.time(i)).isEqualTo(all.time(first + i));
      assertThat(range.label(i)).isEqualTo(all.label(first + i));
      assertThat(range.labelEnd(i)).isEqualTo(all.labelEnd(first + i));
      for (int j = 0; j < range.columns(); j++) {
        assertThat(range.feature(i, j)).isEqualTo(all.feature(first + i, j));
      }
      for (boolean side : new boolean[] {false, true}) {
        assertThat(range.end(i, side)).isEqualTo(all.end(first + i, side));
        assertThat(Double.compare(range.pips(i, side), all.pips(first + i, side))).isZero();
      }
    }
  }

  private static void compare(Samples whole, Samples cut, long time) {
    int decided = 0;
    int undecided = 0;
    assertThat(cut.size()).isGreaterThan(100).isLessThan(whole.size());
    for (int i = 0; i < cut.size(); i++) {
      assertThat(cut.time(i)).isEqualTo(whole.time(i));
      for (int j = 0; j < cut.columns(); j++) {
        assertThat(Float.floatToRawIntBits(cut.feature(i, j)))
            .isEqualTo(Float.floatToRawIntBits(whole.feature(i, j)));
      }
      // The last quote before the cut may be earlier than the end that it decides.
      boolean ended = whole.labelEnd(i) < time - 60_000_000_000L;
      if (ended) {
        assertThat(cut.label(i)).isEqualTo(whole.label(i));
        assertThat(cut.labelEnd(i)).isEqualTo(whole.labelEnd(i));
        decided++;
      }
      for (boolean side : new boolean[] {false, true}) {
        if (cut.end(i, side) != Samples.OPEN) {
          assertThat(cut.end(i, side)).isEqualTo(whole.end(i, side));
          assertThat(Double.compare(cut.pips(i, side), whole.pips(i, side))).isZero();
        }
      }
      undecided += cut.label(i) == Samples.NONE ? 1 : 0;
    }
    assertThat(decided).isGreaterThan(100);
    assertThat(undecided).isPositive();
  }

  private static EngineConfig engine(List<String> symbols, FeatureSetConfig set, Timeframe base) {
    EngineConfig all = CONFIG.engine();
    List<Instrument> instruments =
        all.instruments().stream()
            .filter(instrument -> symbols.contains(instrument.symbol()))
            .toList();
    return MatrixSpec.engine(all, instruments, set, base, all.timeframes());
  }

  private static Samples ticks(
      EngineConfig engine, FeatureSetConfig set, LabelRule rule, long until) throws IOException {
    return ticks(until, new SampleCollector(engine, set, rule));
  }

  private static Samples ticks(long until, SampleCollector rows) throws IOException {
    List<Instrument> instruments = rows.engine().instruments();
    MarketSimulator market = new MarketSimulator(5, instruments, BEGIN, BEGIN + 2 * DAY, 0.1);
    try (MatrixSource source =
        TickMatrixSource.of(
            new Until(market, until), CONFIG.runtime().feed(), instruments.size())) {
      source.feed(rows, read -> {});
    }
    return rows.samples();
  }

  private record Until(TickSource all, long time) implements TickSource {
    @Override
    public boolean next(Tick into) throws IOException {
      return all.next(into) && into.eventTime < time;
    }

    @Override
    public void close() throws IOException {
      all.close();
    }
  }

  private Samples bars(SampleCollector rows, List<String> lines) throws IOException {
    Path file = Files.write(folder.resolve("bars.csv"), lines);
    BarFileOptions options = BarFileOptions.of(rows.engine().instruments());
    try (MatrixSource source = BarMatrixSource.open(List.of(BarFile.of(file, "EURUSD")), options)) {
      source.feed(rows, read -> {});
    }
    return rows.samples();
  }

  /** Bars of a wave with a little noise; ask one pip above the bid. */
  private static List<String> hours(int count) {
    List<String> lines = new ArrayList<>();
    lines.add("time,bidOpen,bidHigh,bidLow,bidClose,askOpen,askHigh,askLow,askClose");
    double before = 1.1;
    for (int i = 0; i < count; i++) {
      double close = 1.1 + 0.01 * Math.sin(i / 40.0) + 0.001 * Math.sin(i * 12.9898);
      double high = Math.max(before, close) + 0.0004;
      double low = Math.min(before, close) - 0.0004;
      lines.add(
          String.format(
              Locale.ROOT,
              "%s,%.5f,%.5f,%.5f,%.5f,%.5f,%.5f,%.5f,%.5f",
              Instant.ofEpochSecond(BEGIN / 1_000_000_000L + 3_600L * i),
              before,
              high,
              low,
              close,
              before + 0.0001,
              high + 0.0001,
              low + 0.0001,
              close + 0.0001));
      before = close;
    }
    return lines;
  }
}

package io.semnal.features;

import static io.semnal.features.Pipelines.MINUTE;
import static io.semnal.features.Pipelines.set;
import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.core.market.Timeframe;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Bars of files, taken in together, make what the quotes that they stand for make. */
class HistoricalBarsTest {
  private static final Timeframe[] TIMEFRAMES = {Timeframe.M1, Timeframe.M5, Timeframe.M15};
  private static final String[] COLUMNS = {
    "close",
    "close#GBPUSD",
    "sma(close - close#EURUSD,3)",
    "high@5m",
    "ema(5)@15m",
    "atr(3)",
    "volume@5m",
    "spread.max",
    "(close#GBPUSD)@5m"
  };

  private final List<String> closed = new ArrayList<>();
  private FeatureRow[][] rows;

  @Property(tries = 60)
  void equalTheQuotesThatTheyStandFor(@ForAll long seed) {
    closed.clear();
    Random random = new Random(seed);
    TreeMap<Long, Bar[]> baseBars = new TreeMap<>();
    FeaturePipeline live = pipeline();
    BarHandler record =
        (i, t, bar) -> {
          closed(i, t, bar);
          if (t == 0) {
            baseBars.computeIfAbsent(bar.closeTime, c -> new Bar[2])[i] = Pipelines.copy(bar);
          }
        };
    long time = 0;
    for (int n = 0; n < 400; n++) {
      time += random.nextInt(10) == 0 ? random.nextLong(20 * MINUTE) : random.nextLong(MINUTE);
      long bid = 100_000_000L + random.nextInt(1_000);
      Pipelines.quote(live, random.nextInt(2), time, bid, bid + random.nextInt(50), record);
    }
    List<String> expected = List.copyOf(closed);
    closed.clear();

    FeaturePipeline fromBars = pipeline();
    baseBars.forEach(
        (close, bars) -> {
          for (int i = 0; i < bars.length; i++) {
            if (bars[i] != null) {
              fromBars.addHistoricalBar(i, 0, bars[i], this::closed);
            }
          }
        });
    fromBars.closeHistory(this::closed);
    assertThat(closed).isNotEmpty();
    for (int i = 0; i < closed.size(); i++) {
      assertThat(closed.get(i)).as("what closed as number %s", i).isEqualTo(expected.get(i));
    }
    // Time went on to the last quote, which closed what no further bar shows to be over.
    assertThat(expected.size() - closed.size()).isLessThanOrEqualTo(4);
  }

  private FeaturePipeline pipeline() {
    FeaturePipeline pipeline = Pipelines.pipeline(TIMEFRAMES);
    rows = new FeatureRow[2][TIMEFRAMES.length];
    for (int i = 0; i < 2; i++) {
      for (int t = 0; t < TIMEFRAMES.length; t++) {
        rows[i][t] = pipeline.bind(set(TIMEFRAMES[t], columns(t)), i);
      }
    }
    return pipeline;
  }

  /** A column may not look at a timeframe that is shorter than its own. */
  private static String[] columns(int timeframe) {
    return List.of(COLUMNS).stream()
        .filter(c -> !(timeframe > 0 && c.contains("@5m") || timeframe > 1 && c.contains("@")))
        .toArray(String[]::new);
  }

  private void closed(int instrument, int timeframe, Bar bar) {
    FeatureRow row = rows[instrument][timeframe];
    row.closed();
    StringBuilder line = new StringBuilder();
    line.append(instrument).append(' ').append(timeframe).append(' ').append(bar.openTime);
    line.append(' ').append(bar.flags & ~BarFlags.HISTORICAL);
    for (int i = 0; i < row.columns(); i++) {
      line.append(' ').append(row.value(i));
    }
    closed.add(line.toString());
  }

  private static final class BarFlags {
    static final int HISTORICAL = 1 << 9;
  }
}

package io.semnal.features.indicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.core.market.Timeframe;
import io.semnal.features.Bar;
import io.semnal.features.FeaturePipeline;
import io.semnal.features.FeatureRow;
import io.semnal.features.Pipelines;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two histories that end alike: from the bar on which a cold start says that a column is warm, what
 * the beginning left behind is below the bound. Every name of the catalogue, markets of all kinds.
 */
class ColdStartTest {
  private static final long UNIT = 100_000_000L;
  private static final long HOUR = 60 * Pipelines.MINUTE;
  private static final int SHARED = 1_300;
  private static final int BEFORE = 300;

  private enum Market {
    WALK,
    TREND,
    MEAN_REVERTING,
    JUMPS,
    FLAT_STRETCHES
  }

  private static final List<String> COLUMNS =
      // That a history begins here is what partial says.
      EveryOutput.columns().stream().filter(column -> !column.endsWith(".partial")).toList();

  static Stream<Arguments> markets() {
    return Stream.of(Market.values())
        .flatMap(m -> IntStream.rangeClosed(1, 2).mapToObj(seed -> Arguments.of(m, seed)));
  }

  @ParameterizedTest
  @MethodSource("markets")
  void warmValuesHaveForgottenTheirBeginning(Market market, int seed) {
    long[][] bars = bars(market, new Random(seed), BEFORE + SHARED);
    if (seed % 2 == 0) {
      // A past that does not even lead up to the first bar.
      long[][] past = bars(Market.WALK, new Random(1_000 + seed), BEFORE);
      System.arraycopy(past, 0, bars, 0, BEFORE);
    }
    Run cold = new Run(bars, BEFORE);
    Run old = new Run(bars, 0);
    List<String> never = new ArrayList<>();
    List<String> wrong = new ArrayList<>();
    for (int c = 0; c < COLUMNS.size(); c++) {
      if (cold.warmFrom[c] < 0) {
        never.add(COLUMNS.get(c));
      } else {
        compare(c, cold, old, wrong);
      }
    }
    assertThat(wrong).isEmpty();
    if (market == Market.WALK) {
      assertThat(never).isEmpty();
    }
  }

  private static void compare(int c, Run cold, Run old, List<String> wrong) {
    double low =
        cold.values.stream().mapToDouble(r -> r[c]).filter(Double::isFinite).min().orElse(0);
    double high =
        cold.values.stream().mapToDouble(r -> r[c]).filter(Double::isFinite).max().orElse(0);
    double bound = 1e-5 * (high - low) + 1e-9 * Math.max(Math.abs(high), Math.abs(low));
    for (int i = cold.warmFrom[c]; i < SHARED; i++) {
      double a = cold.values.get(i)[c];
      double b = old.values.get(i + old.values.size() - SHARED)[c];
      if (!(Math.abs(a - b) <= bound) && !(Double.isNaN(a) && Double.isNaN(b))) {
        wrong.add(
            "%s at %d: %s against %s, warm from %d, bound %s"
                .formatted(COLUMNS.get(c), i, a, b, cold.warmFrom[c], bound));
        return;
      }
    }
  }

  /** A history: its rows, and where each column was first warm. */
  private static final class Run {
    final List<double[]> values = new ArrayList<>();
    final int[] warmFrom = IntStream.range(0, COLUMNS.size()).map(c -> -1).toArray();

    Run(long[][] bars, int from) {
      FeaturePipeline pipeline = Pipelines.pipeline(Timeframe.H1);
      FeatureRow row =
          pipeline.bind(Pipelines.set(Timeframe.H1, COLUMNS.toArray(String[]::new)), 0);
      for (int i = from; i < bars.length; i++) {
        Bar bar = Pipelines.bar(i * HOUR, (i + 1) * HOUR, bars[i]);
        bar.volume = bars[i][4];
        pipeline.onHistoricalBar(0, 0, bar);
        row.closed();
        double[] present = new double[warmFrom.length];
        for (int c = 0; c < present.length; c++) {
          present[c] = row.value(c);
          if (warmFrom[c] < 0 && row.isWarm(c)) {
            warmFrom[c] = i - from;
          }
        }
        values.add(present);
      }
    }
  }

  /** Open, high, low, close as mantissas around 100, volume. */
  private static long[][] bars(Market market, Random random, int length) {
    long[][] bars = new long[length][];
    double price = 100;
    int flat = 0;
    for (int i = 0; i < length; i++) {
      double step = 0.3;
      if (market == Market.FLAT_STRETCHES) {
        flat = flat > 0 ? flat - 1 : random.nextInt(60) == 0 ? random.nextInt(60) : 0;
        step = flat > 0 ? 0 : step;
      }
      double open = price;
      price += step * random.nextGaussian();
      price +=
          switch (market) {
            case TREND -> 0.05;
            case MEAN_REVERTING -> 0.2 * (100 - price);
            case JUMPS -> random.nextInt(100) == 0 ? 5 * random.nextGaussian() : 0;
            default -> 0;
          };
      price = Math.max(20, price);
      double high = Math.max(open, price) + step * random.nextDouble();
      double low = Math.min(open, price) - step * random.nextDouble();
      bars[i] =
          new long[] {
            Math.round(open * UNIT),
            Math.round(high * UNIT),
            Math.round(low * UNIT),
            Math.round(price * UNIT),
            1 + random.nextInt(1000)
          };
    }
    return bars;
  }
}

package io.semnal.features;

import static io.semnal.features.Pipelines.MINUTE;
import static io.semnal.features.Pipelines.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.FeatureSetConfig.Price;
import io.semnal.core.market.Timeframe;
import io.semnal.core.state.StateReader;
import io.semnal.core.state.StateWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Windows of rows, against rows that the test keeps itself: those of a set without a window, and
 * closes that it takes from its own quotes.
 */
class WindowTest {
  private static final long START = Instant.parse("2014-05-01T08:00:00Z").getEpochSecond() * SECOND;
  private static final List<String> COLUMNS =
      List.of(
          "close",
          "rsi(5)",
          "ema(4)@5m",
          "close - close#GBPUSD",
          "return(lag(close,1),2)",
          "session.hourSin",
          "7");

  private final FeaturePipeline windowed =
      Pipelines.pipeline(Timeframe.M1, Timeframe.M5, Timeframe.M15);
  private final FeaturePipeline plain =
      Pipelines.pipeline(Timeframe.M1, Timeframe.M5, Timeframe.M15);
  private final Random random = new Random(11);
  private final List<double[]> rows = new ArrayList<>();
  private final List<Double> closes = new ArrayList<>();
  private final long[] mid = {138_000_000, 168_000_000};
  private FeatureRow row;
  private FeatureRow single;
  private double lastClose;
  private boolean hasQuote;
  private long time = START;
  private int last;

  private static FeatureSetConfig set(int window) {
    return set(window, COLUMNS);
  }

  private static FeatureSetConfig set(int window, List<String> columns) {
    return new FeatureSetConfig("seq", Timeframe.M1, Price.MID, columns, window);
  }

  private void bind(int window) {
    row = windowed.bind(set(window), 0);
    single = plain.bind(set(1), 0);
  }

  /** A quote of either instrument, some of them after a silence of several bars. */
  private void next() {
    time += random.nextInt(40) == 0 ? 4 * MINUTE : random.nextLong(25 * SECOND);
    int instrument = random.nextInt(3) == 0 ? 1 : 0;
    last = instrument;
    mid[instrument] += random.nextInt(20_001) - 10_000;
    Pipelines.quote(windowed, instrument, time, mid[instrument], mid[instrument] + 2_000, this::no);
    Pipelines.quote(
        plain, instrument, time, mid[instrument], mid[instrument] + 2_000, this::remember);
    if (instrument == 0) {
      lastClose = (2 * mid[0] + 2_000) / 2e8;
      hasQuote = true;
    }
  }

  private void no(int instrument, int timeframe, Bar bar) {}

  private void remember(int instrument, int timeframe, Bar bar) {
    if (instrument == 0 && timeframe == 0) {
      single.closed();
      rows.add(values(single));
      assertThat(hasQuote).isTrue();
      closes.add(lastClose);
    }
  }

  private static double[] values(FeatureRow row) {
    double[] values = new double[row.columns()];
    Arrays.setAll(values, row::value);
    return values;
  }

  /** Of rows that the test kept: the last ones, oldest first; NaN where there are too few. */
  private static double[] window(List<double[]> rows, int length) {
    int width = COLUMNS.size();
    double[] expected = new double[length * width];
    Arrays.fill(expected, Double.NaN);
    for (int r = 0; r < length; r++) {
      int from = rows.size() - length + r;
      if (from >= 0) {
        System.arraycopy(rows.get(from), 0, expected, r * width, width);
      }
    }
    return expected;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 20})
  void holdsTheRowsOfTheLastClosedBarsOldestFirst(int length) {
    bind(length);
    int checked = 0;
    for (int i = 0; i < 1_500; i++) {
      next();
      row.closed();
      double[] values = values(row);
      assertThat(values).hasSize(length * COLUMNS.size()).isEqualTo(window(rows, length));
      for (int r = 0; r < Math.min(length, closes.size()); r++) {
        assertThat(values[(length - 1 - r) * COLUMNS.size()])
            .isEqualTo(closes.get(closes.size() - 1 - r));
        checked++;
      }
    }
    assertThat(checked).isGreaterThan(1_000);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 20})
  void theFormingRowComesAfterClosedOnesAndTakesTheOldestAway(int length) {
    bind(length);
    int formed = 0;
    for (int i = 0; i < 1_500; i++) {
      next();
      row.forming();
      single.forming();
      List<double[]> all = new ArrayList<>(rows);
      if (plain.forming(0, 0).ticks > 0) {
        all.add(values(single));
        formed++;
      }
      assertThat(values(row)).isEqualTo(window(all, length));
      row.closed();
      assertThat(values(row)).isEqualTo(window(rows, length));
    }
    assertThat(formed).isGreaterThan(500);
  }

  @Test
  void writesEveryRowInBothWidths() {
    bind(4);
    for (int i = 0; i < 400; i++) {
      next();
    }
    row.forming();
    MemorySegment target = Arena.ofAuto().allocate(4L * COLUMNS.size() * Double.BYTES + 8);
    row.writeDoubles(target, 8);
    for (int i = 0; i < row.columns(); i++) {
      assertThat(Double.valueOf(target.get(ValueLayout.JAVA_DOUBLE, 8 + 8L * i)))
          .isEqualTo(Double.valueOf(row.value(i)));
    }
    row.writeFloats(target, 4);
    for (int i = 0; i < row.columns(); i++) {
      assertThat(Float.valueOf(target.get(ValueLayout.JAVA_FLOAT, 4 + 4L * i)))
          .isEqualTo(Float.valueOf((float) row.value(i)));
    }
  }

  /** A row k bars back is warm k bars after the present one. */
  @Test
  void isWarmAndDefinedOnceEveryRowWas() {
    bind(6);
    List<boolean[]> warm = new ArrayList<>();
    int seen = 0;
    int coldWithAWarmLastRow = 0;
    for (int i = 0; i < 900; i++) {
      next();
      while (seen < rows.size()) {
        seen++;
        boolean[] now = new boolean[COLUMNS.size()];
        for (int c = 0; c < now.length; c++) {
          now[c] = single.isWarm(c);
        }
        warm.add(now);
      }
      boolean all = true;
      for (int c = 0; c < row.columns(); c++) {
        int at = warm.size() - 6 + c / COLUMNS.size();
        boolean expected = at >= 0 && warm.get(at)[c % COLUMNS.size()];
        assertThat(row.isWarm(c)).isEqualTo(expected);
        all &= expected;
      }
      assertThat(row.isWarm()).isEqualTo(all);
      coldWithAWarmLastRow += single.isWarm() && !all ? 1 : 0;
      row.closed();
      assertThat(row.isDefined())
          .isEqualTo(Arrays.stream(values(row)).noneMatch(Double::isNaN) && warm.size() >= 6);
    }
    assertThat(row.isWarm()).isTrue();
    assertThat(coldWithAWarmLastRow).isGreaterThan(4);
  }

  @Test
  void needsAsManyMoreBarsAsItHasFurtherRows() {
    FeatureSetConfig one = set(1, List.of("rsi(14)", "ema(9)@5m"));
    FeatureSetConfig many = set(12, List.of("rsi(14)", "ema(9)@5m"));
    assertThat(windowed.warmUpBars(many).get(Timeframe.M1))
        .isEqualTo(windowed.warmUpBars(one).get(Timeframe.M1) + 11);
    assertThat(windowed.warmUpBars(many).get(Timeframe.M5))
        .as("11 minutes are 3 bars of 5m")
        .isEqualTo(windowed.warmUpBars(one).get(Timeframe.M5) + 3);
    assertThat(windowed.definedBars(many).get(Timeframe.M1))
        .isEqualTo(windowed.definedBars(one).get(Timeframe.M1) + 11);
    assertThat(windowed.earliestWarmBars(many).get(Timeframe.M1))
        .isEqualTo(windowed.earliestWarmBars(one).get(Timeframe.M1) + 11);
    FeatureRow bound = windowed.bind(many, 1);
    FeatureRow alone = windowed.bind(one, 1);
    assertThat(bound.warmUp(0).getFirst().bars()).isEqualTo(alone.warmUp(0).getFirst().bars() + 11);
    assertThat(bound.warmUp(22).getFirst().bars()).isEqualTo(alone.warmUp(0).getFirst().bars());
  }

  @Test
  void isWarmWithExactlyTheBarsThatItSaysItNeeds() {
    FeatureSetConfig set = set(5, List.of("rsi(3)", "mean(close,4)"));
    int bars = windowed.warmUpBars(set).get(Timeframe.M1);
    FeatureRow alone = windowed.bind(set, 0);
    for (int i = 0; i <= bars; i++) {
      assertThat(alone.isWarm()).as("after %d bars", i - 1).isFalse();
      long at = START + i * MINUTE;
      Pipelines.quote(windowed, 0, at, mid[0] + i % 7, mid[0] + 10, this::no);
    }
    assertThat(alone.isWarm()).isTrue();
  }

  @Test
  void namesItsInputsRowByRow() {
    assertThat(set(3, List.of("rsi(14)", "close - open")).inputs())
        .containsExactly(
            "rsi(14)[-2]",
            "close - open[-2]",
            "rsi(14)[-1]",
            "close - open[-1]",
            "rsi(14)",
            "close - open");
    assertThat(set(1, List.of("rsi(14)")).inputs()).containsExactly("rsi(14)");
  }

  /** Models of sets that had no window keep their contract. */
  @Test
  void theHashKnowsOfAWindowOnlyWhereThereIsOne() throws Exception {
    String text = "semnal-features 1\n1m\nMID\nclose\nhigh\n";
    assertThat(FeaturePipeline.hash(set(1, List.of("close", "high")))).isEqualTo(sha256(text));
    assertThat(FeaturePipeline.hash(set(8, List.of("close", "high"))))
        .isEqualTo(sha256(text + "window 8\n"));
  }

  private static byte[] sha256(String text) throws Exception {
    return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Written before the window is whole, and after. */
  @ParameterizedTest
  @ValueSource(ints = {8, 300})
  void aPipelineReadBackGoesOnWithTheSameWindow(int quotes) {
    bind(7);
    for (int i = 0; i < quotes; i++) {
      next();
    }
    StateWriter writer = new StateWriter();
    windowed.state(writer);
    FeaturePipeline fresh = Pipelines.pipeline(Timeframe.M1, Timeframe.M5, Timeframe.M15);
    FeatureRow again = fresh.bind(set(7), 0);
    StateReader reader = new StateReader(writer.toByteArray());
    fresh.state(reader);
    reader.requireEnd();
    for (int i = 0; i < 200; i++) {
      row.closed();
      again.closed();
      assertThat(values(again)).isEqualTo(values(row)).isEqualTo(window(rows, 7));
      row.forming();
      again.forming();
      assertThat(values(again)).isEqualTo(values(row));
      assertThat(again.isDefined()).isEqualTo(row.isDefined());
      for (int c = 0; c < row.columns(); c++) {
        assertThat(again.isWarm(c)).isEqualTo(row.isWarm(c));
      }
      next();
      Pipelines.quote(fresh, last, time, mid[last], mid[last] + 2_000, this::no);
    }
  }
}

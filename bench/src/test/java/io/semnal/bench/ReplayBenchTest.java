package io.semnal.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The benchmarks run; their numbers are another matter. */
class ReplayBenchTest {
  @Test
  void replaysASmallJournalAndPrintsTheFigureBesideItsFloor() throws Exception {
    System.setProperty("semnal.home", System.getProperty("semnal.root"));
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    Report report =
        new Report(new PrintStream(printed, true, StandardCharsets.UTF_8), "replay --ticks 20000");
    new ReplayBench(report, 20_000, 1).run();
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .containsPattern("journal: 20000 ticks to \\S+, \\d{2,} bars")
        .containsPattern(
            "replay --verify: semnal [0-9,]+ ticks/s, floor [0-9,]+ ticks/s, ratio [0-9.]+"
                + " \\(target at least 2,000,000\\): (pass|short)");
  }

  @Test
  void aFigureIsShortOnTheWrongSideOfItsTarget() {
    assertThat(Figure.atLeast(10, "rate", 9.99, "x/s", Double.NaN, "").line())
        .isEqualTo("rate: semnal 9.990 x/s (target at least 10.0): short");
    assertThat(Figure.atMost(3, "idle", 1.5, "%", 0.5, "").line())
        .isEqualTo("idle: semnal 1.500 %, floor 0.500 %, ratio 3.000 (target at most 3.000): pass");
    assertThat(Figure.plain("latency", 1234.6, "us", Double.NaN, "").line())
        .isEqualTo("latency: semnal 1,235 us: no target");
  }

  @Test
  void timesThatMayBeALittleLongerAreJudgedByTheRoundsOfBoth() {
    double[] bare = {100, 100, 100, 100};
    assertThat(
            Figure.timesAtMost(
                    1.3, "p50", new double[] {120, 125, 129, 110}, "ns", "bare", bare, "")
                .line())
        .isEqualTo(
            "p50: semnal 122.5 ns, bare 100.0 ns, ratio 1.225 (target ratio at most 1.300): pass");
    assertThat(
            Figure.timesAtMost(
                    1.3, "p50", new double[] {140, 150, 131, 133}, "ns", "bare", bare, "")
                .verdict())
        .isEqualTo("short");
    assertThat(
            Figure.timesAtMost(
                    1.3, "p50", new double[] {140, 150, 100, 100}, "ns", "bare", bare, "")
                .verdict())
        .isEqualTo("inconclusive");
  }
}

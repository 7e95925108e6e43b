package io.semnal.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.protocol.sbe.HistoricalBarDecoder;
import io.semnal.protocol.sbe.ScoreReason;
import io.semnal.server.ScoredRows.Scored;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bars of files in the place of a long history of ticks. */
class WarmStartTest {
  /** Another beginning leaves less than a millionth of a column's range; a quotient has two. */
  private static final double BOUND = 2e-6;

  @TempDir private static Path folder;
  private static List<Path> ticks;

  /** The bars that the engine made of all ticks. */
  private static Path bars;

  private static List<Scored> afterLongHistory;

  @BeforeAll
  static void importAll() throws IOException {
    ticks = RealTicks.zips("lean/oanda/tick/eurusd");
    Files.writeString(folder.resolve("engine.conf"), "universe = [EURUSD]\n");
    importing("long", ticks);
    bars = folder.resolve("bars.csv");
    CommandRun.done(
        "export",
        "--journal",
        folder.resolve("long").toString(),
        "--what",
        "bars",
        "--out",
        bars.toString());
    afterLongHistory = ScoredRows.of(folder.resolve("long"));
  }

  private static CommandRun importing(String journal, List<Path> files, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "import",
                "--config",
                folder.resolve("engine.conf").toString(),
                "-Dmodels.directory=" + TestModels.directory(),
                "--format",
                "lean-tick",
                "--instrument",
                "EURUSD",
                "--journal",
                folder.resolve(journal).toString()));
    args.addAll(List.of(more));
    files.forEach(file -> args.add(file.toString()));
    return CommandRun.done(args.toArray(String[]::new));
  }

  private static String verified(String journal) {
    return CommandRun.done("replay", "--verify", "--journal", folder.resolve(journal).toString())
        .out();
  }

  @Test
  void scoresAtOnceWhatALongHistoryScores() throws IOException {
    Path copy = Files.copy(bars, folder.resolve("copy.csv"));
    CommandRun warm = importing("warm", ticks.subList(6, 7), "--warm-up", "EURUSD=" + copy);
    assertThat(warm.out()).contains("warmed up with").contains("EURUSD 1m to 2014-05-08T00:00:00Z");
    assertThat(warm.out()).doesNotContain("still cold");
    List<Scored> warmed = ScoredRows.of(folder.resolve("warm"));
    assertThat(warmed.size()).as("every minute of the day").isGreaterThan(1_400);
    assertAgree(warmed);

    Files.delete(copy);
    assertThat(verified("warm")).as("without the file").contains("identical: 1 run(s)");
  }

  @Test
  void minuteFilesOfAnotherMakerWarmUpAsWell() throws IOException {
    Path minutes = RealTicks.zips("lean/oanda/minute/eurusd").getFirst().getParent();
    importing("lean", ticks.subList(6, 7), "--warm-up", "EURUSD=" + minutes);
    assertAgree(ScoredRows.of(folder.resolve("lean")));
  }

  @Test
  void aColdRunGivesWayToOneThatTheFilesWarm() {
    importing("cold", ticks.subList(4, 5));
    assertThat(ScoredRows.of(folder.resolve("cold")))
        .allSatisfy(s -> assertThat(s.reason()).isEqualTo(ScoreReason.NOT_WARM));

    importing("cold", ticks.subList(5, 6), "--warm-up", "EURUSD=" + bars);
    assertAgree(ScoredRows.of(folder.resolve("cold")));

    long given = historicalBars("cold");
    importing("cold", ticks.subList(6, 7), "--warm-up", "EURUSD=" + bars);
    assertThat(historicalBars("cold")).as("a warm run goes on").isEqualTo(given);
    assertAgree(ScoredRows.of(folder.resolve("cold")));
    assertThat(verified("cold")).contains("identical: 2 run(s)");
  }

  private static long historicalBars(String journal) {
    return JournalView.inbound(folder.resolve(journal), t -> t == HistoricalBarDecoder.TEMPLATE_ID)
        .size();
  }

  @Test
  void scoresNothingWhileAColumnIsCold() {
    List<Scored> rows = afterLongHistory;
    assertThat(rows).anyMatch(Scored::warm).anyMatch(row -> !row.warm());
    for (Scored row : rows) {
      boolean scored = row.reason() != ScoreReason.NOT_WARM && row.reason() != ScoreReason.CLOSED;
      if (scored || row.reason() == ScoreReason.NOT_WARM) {
        assertThat(row.warm()).as("at " + Times.iso(row.time())).isEqualTo(scored);
      }
    }
  }

  /** From the first score on the long history has the same features, and the same verdict. */
  private static void assertAgree(List<Scored> warmed) {
    assertThat(warmed.getFirst().reason()).isNotEqualTo(ScoreReason.NOT_WARM);
    Map<Long, Scored> byTime =
        afterLongHistory.stream().collect(Collectors.toMap(Scored::time, Function.identity()));
    for (int column = 0; column < warmed.getFirst().features().length; column++) {
      double least = Double.MAX_VALUE;
      double most = -Double.MAX_VALUE;
      double worst = 0;
      for (Scored row : warmed) {
        double expected = byTime.get(row.time()).features()[column];
        least = Math.min(least, expected);
        most = Math.max(most, expected);
        worst = Math.max(worst, Math.abs(row.features()[column] - expected));
        assertThat(row.reason()).isEqualTo(byTime.get(row.time()).reason());
      }
      assertThat(worst / (most - least)).as("column " + column).isLessThan(BOUND);
    }
  }
}

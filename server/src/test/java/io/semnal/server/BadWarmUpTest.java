package io.semnal.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A wrong file refuses the start, by name: nobody takes a cold engine for a warm one. */
class BadWarmUpTest {
  private static final String GOOD =
      """
      time,open,high,low,close
      2014-05-01T00:00:00Z,1.1,1.2,1.0,1.1
      2014-05-01T00:01:00Z,1.1,1.2,1.0,1.1
      """;

  @TempDir private Path folder;

  private CommandRun run(String... warmUp) {
    String[] args = {
      "run",
      "-Duniverse=[EURUSD]",
      "-Dmodels.directory=" + TestModels.directory(),
      "-Djournal.directory=" + folder.resolve("journal"),
      "-Dgateway.keysFile=" + folder.resolve("keys.conf"),
      "-Dfeed.keysFile=" + folder.resolve("keys.conf"),
    };
    String[] all = java.util.Arrays.copyOf(args, args.length + warmUp.length);
    System.arraycopy(warmUp, 0, all, args.length, warmUp.length);
    CommandRun run = CommandRun.of(all);
    assertThat(run.exit()).isNotZero();
    return run;
  }

  private String refused(String content, String... more) throws IOException {
    Path file = Files.writeString(folder.resolve("bars.csv"), content);
    String[] all = java.util.Arrays.copyOf(more, more.length + 2);
    all[more.length] = "--warm-up";
    all[more.length + 1] = "EURUSD=" + file;
    String said = run(all).err();
    assertThat(
            Files.exists(folder.resolve("journal/inbound"))
                && !JournalView.inbound(folder.resolve("journal"), t -> true).isEmpty())
        .as("something was journaled")
        .isFalse();
    return said.replace(folder.toString(), "@");
  }

  @Test
  void namesFileAndLine() throws IOException {
    assertThat(refused(GOOD + "2014-05-01T00:02:00Z,1.1,x,1.0,1.1\n"))
        .contains("warmUp.bars[0]: @/bars.csv:4: column high is not a price ('x')");
    assertThat(refused(GOOD + "2014-05-01T00:02:00Z,0,1.2,0,1.1\n"))
        .contains("warmUp.bars[0]: @/bars.csv:4: has a price of zero");
    assertThat(refused(GOOD + "2014-05-01T00:01:00Z,1,1.2,1,1.1\n"))
        .contains("@/bars.csv:4: 2014-05-01T00:01:00Z lies before the end of the 1m bar before it");
  }

  @Test
  void namesWhatTheFileCannotBeUsedFor() throws IOException {
    assertThat(refused("time,open\n")).contains("@/bars.csv").contains("has no column high");
    assertThat(
            refused(
                GOOD,
                "-Dtimeframes=[5m,15m,1h]",
                "-Dfeatures.fx-core.timeframe=5m",
                "-Dstrategies.core-1m.timeframe=5m"))
        .contains("warmUp.bars[0]: its bars are of 1m, which is not one of timeframes");
    assertThat(run("--warm-up", "GBPUSD=bars.csv").err())
        .contains("warmUp.bars[0]: 'GBPUSD' is not in the universe: EURUSD");
    assertThat(run("--warm-up", "EURUSD=" + folder.resolve("none.csv")).err())
        .contains("warmUp.bars[0]: there is no file " + folder.resolve("none.csv"));
    assertThat(run("--warm-up", "EURUSD").err())
        .contains("--warm-up is 'EURUSD', not such as EURUSD=bars.csv");
    assertThat(run("-DwarmUp.bars=[{file=a, zone=east, fiel=b}]").err())
        .contains("warmUp.bars[0].zone = east: must be an offset such as -05:00")
        .contains("warmUp.bars[0].fiel");
  }
}

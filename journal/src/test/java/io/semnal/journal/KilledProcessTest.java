package io.semnal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that journals as fast as it can is killed, again and again, wherever it stands. */
class KilledProcessTest {
  @TempDir Path dir;

  @Test
  void losesNothingThatWasJournaledAndPublishesNothingTwice() throws Exception {
    killAgainAndAgain("FAST_DAILY", 4);
  }

  @Test
  void losesNothingWhereFilesRollEverySecond() throws Exception {
    killAgainAndAgain("TEST_SECONDLY", 4);
  }

  private void killAgainAndAgain(String rollCycle, int rounds) throws Exception {
    Random random = new Random(7);
    Mark journaled = Mark.NONE;
    for (int round = 0; round < rounds; round++) {
      try (ChildJvm child = ChildJvm.start(Journaling.class, dir.toString(), rollCycle)) {
        for (int lines = 1 + random.nextInt(120); lines > 0; lines--) {
          journaled = progress(child.awaitLine("journaled"), journaled);
        }
        child.process().toHandle().destroyForcibly();
        String rest;
        while ((rest = child.output().readLine()) != null) {
          // The last line may be torn.
          journaled = rest.endsWith(".") ? progress(rest, journaled) : journaled;
        }
      }
      try (JournalDirectory journal = JournalDirectory.openReadOnly(dir)) {
        JournalState state = JournalScan.scan(journal, null, Progress.NONE).requireSound();
        assertThat(state.inbound().sequence()).isGreaterThanOrEqualTo(journaled.sequence());
        assertThat(state.outbound().sequence()).isGreaterThanOrEqualTo(journaled.time());
        assertThat(state.lastCauseSeq()).isLessThanOrEqualTo(state.inbound().sequence());
        assertThat(state.runs()).hasSize(1);
      }
    }
    VerifyResult result = RecoveryTest.verify(dir, "build-1");
    assertThat(result.isIdentical()).as(result.text()).isTrue();
    assertThat(result.runs().getFirst().lastSeq()).isGreaterThan(rounds * 200L);
  }

  private static Mark progress(String line, Mark before) {
    String[] words = line.split("[ .]");
    Mark now = new Mark(Long.parseLong(words[1]), Long.parseLong(words[2]));
    assertThat(now.sequence()).isGreaterThan(before.sequence());
    return now;
  }

  /** Recovers, then journals quotes until it is killed, and says how far it has come. */
  static final class Journaling {
    private Journaling() {}

    public static void main(String[] args) {
      LiveRun live = new LiveRun(Path.of(args[0]), "build-1", "3", args[1]);
      while (true) {
        live.quotes(200);
        System.out.println("journaled " + live.journalSeq() + " " + live.outSeq() + ".");
      }
    }
  }
}

package io.semnal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever was damaged: a start that goes on with what was published, or refuses and names the way
 * out; and at any time nobody is served a byte that was not written. {@code -Dsemnal.damage.seed},
 * {@code -Dsemnal.damage.rounds} and {@code -Dsemnal.damage.seconds} choose other damages, and more
 * of them: where the head of a file is gone, Chronicle waits ten seconds for it at each opening, so
 * that 200 of them take minutes.
 */
class RandomDamageTest {
  private static final long SEED = Long.getLong("semnal.damage.seed", 12L);
  private static final int ROUNDS = Integer.getInteger("semnal.damage.rounds", 12);

  /** No round is begun after that. */
  private static final int SECONDS = Integer.getInteger("semnal.damage.seconds", 12);

  @TempDir private Path root;

  @Test
  void goesOnRightlyOrRefuses(TestReporter reporter) throws IOException {
    try (ChildJvm child =
        ChildJvm.start(
            DamageRounds.class,
            root.toString(),
            Long.toString(SEED),
            Integer.toString(ROUNDS),
            Integer.toString(SECONDS))) {
      String done = child.awaitLine("done ");
      reporter.publishEntry("damages", "from seed " + SEED + ": " + done);
      // Some damage was noticed: else none was done.
      assertThat(done).containsPattern("LOST_TAIL|REFUSED|NOT_SERVED");
    }
  }
}

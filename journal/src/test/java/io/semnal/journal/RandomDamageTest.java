package io.semnal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever was damaged: a start that goes on with what was published, or refuses and names the way
 * out. {@code -Dsemnal.damage.seed} and {@code -Dsemnal.damage.rounds} choose other damages.
 */
class RandomDamageTest {
  private static final long SEED = Long.getLong("semnal.damage.seed", 1L);
  private static final int ROUNDS = Integer.getInteger("semnal.damage.rounds", 50);

  @TempDir private Path root;

  @Test
  void goesOnRightlyOrRefuses(TestReporter reporter) throws IOException {
    try (ChildJvm child =
        ChildJvm.start(
            DamageRounds.class, root.toString(), Long.toString(SEED), Integer.toString(ROUNDS))) {
      String done = child.awaitLine("done ");
      reporter.publishEntry("damages", ROUNDS + " from seed " + SEED + ": " + done);
      assertThat(done).contains("WHOLE").contains("REFUSED");
    }
  }
}

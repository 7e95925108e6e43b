package io.semnal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever was damaged: a start that goes on with what was published, or refuses and names the way
 * out; and at any time nobody is served a byte that was not written. {@code -Dsemnal.damage.seed}
 * and {@code -Dsemnal.damage.rounds} choose other damages, and more of them. What came of them is
 * kept in {@code target/counts/}.
 */
class RandomDamageTest {
  private static final long SEED = Long.getLong("semnal.damage.seed", 12L);
  private static final int ROUNDS = Integer.getInteger("semnal.damage.rounds", 50);

  @TempDir private Path root;

  @Test
  void goesOnRightlyOrRefuses() throws IOException {
    Path counts = Files.createDirectories(Path.of("target/counts")).resolve("damage.txt");
    Files.deleteIfExists(counts);
    try (ChildJvm child =
        ChildJvm.start(
            DamageRounds.class,
            root.toString(),
            Long.toString(SEED),
            Integer.toString(ROUNDS),
            counts.toAbsolutePath().toString())) {
      String done = child.awaitLine("done ");
      // Some damage is harmless and some is not: else none was done, or the start looks at nothing.
      assertThat(done).contains("WHOLE=", "REFUSED=");
    }
  }
}

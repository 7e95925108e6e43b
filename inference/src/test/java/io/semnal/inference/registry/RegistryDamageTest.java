package io.semnal.inference.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.core.config.RuntimeConfig.Models.ScorerChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever of a registry is damaged: a version is what was registered under its number, or is
 * refused by name; an alias leads to a version as it was registered, says so where that is not
 * where it was moved to, or is refused with its file; and promoting puts a damaged alias right.
 */
class RegistryDamageTest {
  private static final int ROUNDS = Integer.getInteger("semnal.damage.rounds", 50);
  private static final int VERSIONS = 3;

  private enum Outcome {
    WHOLE,
    REFUSED,
    ASTRAY
  }

  @TempDir private Path directory;
  private final Map<Path, byte[]> files = new TreeMap<>();
  private final byte[][] onnx = new byte[VERSIONS + 1][];
  private final Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
  private ModelRegistry registry;
  private Path damaged;

  @Test
  void neverTakesAnotherModelForTheOneThatWasRegistered() throws IOException {
    fill();
    Random random = new Random(3);
    for (int round = 0; round < ROUNDS; round++) {
      damage(random);
      for (int version = 1; version <= VERSIONS; version++) {
        look("trend@" + version, version);
      }
      look("trend", 1);
      look("trend@challenger", 3);
      repair();
      restore();
    }
    assertThat(counts).containsOnlyKeys(Outcome.values());
    Path kept = Files.createDirectories(Path.of("target/counts")).resolve("registry.txt");
    Files.writeString(
        kept,
        "random damages of a model registry: " + ROUNDS + ", its references " + counts + "\n");
  }

  private void fill() throws IOException {
    registry = new ModelRegistry(directory, ScorerChoice.ONNXRUNTIME);
    for (int version = 1; version <= VERSIONS; version++) {
      onnx[version] = TestModels.logistic(version);
      registry.register(onnx[version], TestModels.card("trend"));
    }
    registry.setAlias("trend", ModelRegistry.CHAMPION, 2);
    registry.setAlias("trend", ModelRegistry.CHAMPION, 1);
    registry.setAlias("trend", ModelRegistry.CHALLENGER, 3);
    try (Stream<Path> walk = Files.walk(directory)) {
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        files.put(file, Files.readAllBytes(file));
      }
    }
  }

  private void look(String reference, int version) {
    Outcome outcome;
    try {
      byte[] read = registry.onnx(reference);
      ModelCard card = registry.card(reference);
      assertThat(read).as("%s with %s", reference, damaged).isEqualTo(onnx[card.version()]);
      outcome = card.version() == version ? Outcome.WHOLE : Outcome.ASTRAY;
      if (outcome == Outcome.ASTRAY) {
        String alias = reference.endsWith("challenger") ? "challenger" : "champion";
        assertThat(damaged).hasFileName(alias);
        // A move that a crash cut short leaves the alias at 2 as well.
        if (card.version() != 2) {
          assertThat(
                  new Aliases(directory.resolve("trend")).astray(alias, card.version()).toString())
              .contains(damaged.toString(), "models promote");
        }
      }
    } catch (ModelRefusedException e) {
      assertThat(e).hasMessageContaining("trend");
      outcome = Outcome.REFUSED;
    }
    counts.merge(outcome, 1, Integer::sum);
  }

  /** What operators are told: promote again. */
  private void repair() throws IOException {
    if (damaged.getFileName().toString().equals("champion")) {
      Files.delete(damaged);
      registry.setAlias("trend", ModelRegistry.CHAMPION, 1);
      assertThat(registry.card("trend").version()).isEqualTo(1);
    }
  }

  private void restore() throws IOException {
    for (Map.Entry<Path, byte[]> file : files.entrySet()) {
      Files.write(file.getKey(), file.getValue());
    }
  }

  private void damage(Random random) throws IOException {
    // Every other time an alias: they are two bytes long.
    boolean alias = random.nextBoolean();
    Path[] choice =
        files.keySet().stream()
            .filter(file -> !alias || file.getParent().endsWith("aliases"))
            .toArray(Path[]::new);
    damaged = choice[random.nextInt(choice.length)];
    byte[] bytes = files.get(damaged).clone();
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(5)) {
      case 0 -> bytes = Arrays.copyOf(bytes, at);
      case 1 -> Arrays.fill(bytes, at, bytes.length, (byte) 0);
      case 2 -> {
        byte[] noise = new byte[Math.min(bytes.length - at, 1 + random.nextInt(64))];
        random.nextBytes(noise);
        System.arraycopy(noise, 0, bytes, at, noise.length);
      }
      case 3 -> bytes[at] = (byte) ('1' + random.nextInt(VERSIONS));
      default -> bytes[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
    }
    Files.write(damaged, bytes);
  }
}

package io.semnal.inference.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.core.config.RuntimeConfig.Models.ScorerChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Champions go back the way they came, and deleted versions stay deleted. */
class RegistryHistoryTest {
  @TempDir Path directory;
  private ModelRegistry registry;

  @BeforeEach
  void fill() {
    registry = new ModelRegistry(directory, ScorerChoice.ONNXRUNTIME);
    for (int i = 0; i < 4; i++) {
      registry.register(TestModels.logistic(i), TestModels.card("trend"));
    }
  }

  @Test
  void rollsBackStepByStep() {
    promote(1, 2, 3);
    assertThat(registry.rollback("trend")).isEqualTo(2);
    assertThat(champion()).isEqualTo(2);
    assertThat(registry.rollback("trend")).isEqualTo(1);
    assertThat(champion()).isEqualTo(1);
    refused("no other version was its champion before; versions are [1, 2, 3, 4]");
    assertThat(champion()).isEqualTo(1);
  }

  @Test
  void promotesAnewAfterARollback() {
    promote(1, 2);
    registry.rollback("trend");
    promote(3);
    assertThat(registry.rollback("trend")).as("2 was rolled back").isEqualTo(1);
    promote(3, 1, 4);
    assertThat(registry.rollback("trend")).isEqualTo(1);
    assertThat(registry.rollback("trend")).isEqualTo(3);
  }

  @Test
  void goesBackPastVersionsThatWereDeleted() {
    promote(1, 2, 3);
    registry.delete("trend", 2);
    assertThat(registry.rollback("trend")).isEqualTo(1);
  }

  @Test
  void anotherAliasHasItsOwnPast() {
    promote(1, 2);
    registry.setAlias("trend", ModelRegistry.CHALLENGER, 3);
    registry.setAlias("trend", ModelRegistry.CHALLENGER, 4);
    assertThat(registry.rollback("trend")).isEqualTo(1);
  }

  @Test
  void aMoveThatACrashCutShortChangesNothing() throws IOException {
    promote(1, 2);
    Files.writeString(log(), "2026-11-22T10:00:00Z set 2 3\n", StandardOpenOption.APPEND);
    assertThat(registry.rollback("trend")).as("3 never was").isEqualTo(1);
    promote(2);
    Files.writeString(log(), "2026-11-22T10:00:00Z set 2 3\n", StandardOpenOption.APPEND);
    promote(4);
    assertThat(registry.rollback("trend")).isEqualTo(2);
  }

  @Test
  void anAliasMovedByHandIsKnown() throws IOException {
    promote(1);
    Files.writeString(directory.resolve("trend/aliases/champion"), "3\n");
    promote(4);
    assertThat(registry.rollback("trend")).isEqualTo(3);
    assertThat(registry.rollback("trend")).isEqualTo(1);
  }

  @Test
  void refusesWhereThereIsNothingToGoBackTo() throws IOException {
    refused("no other version was its champion before");
    assertThatThrownBy(() -> registry.rollback("other"))
        .hasMessageContaining("holds no such model; it holds trend");
    promote(1, 2);
    Files.writeString(log(), "scribble\n", StandardOpenOption.APPEND);
    refused("champion.log has a line that is no move: 'scribble'");
  }

  @Test
  void deletedNumbersAreNotGivenAgain() {
    registry.delete("trend", 4);
    registry.delete("trend", 2);
    assertThat(registry.register(TestModels.logistic(9), TestModels.card("trend"))).isEqualTo(5);
    assertThat(registry.list())
        .extracting(RegisteredModel::version)
        .containsExactlyElementsOf(List.of(1, 3, 5));
    assertThat(directory.resolve("trend").toFile().list()).noneMatch(n -> n.startsWith("."));
  }

  @Test
  void refusesToDeleteWhatAnAliasPointsAt() {
    promote(2);
    assertThatThrownBy(() -> registry.delete("trend", 2))
        .isInstanceOf(ModelRefusedException.class)
        .hasMessage("model trend@2 is champion; point that elsewhere");
    assertThatThrownBy(() -> registry.delete("trend", 9))
        .hasMessageContaining("model trend@9 is not in the registry");
    assertThat(champion()).isEqualTo(2);
  }

  private void promote(int... versions) {
    for (int version : versions) {
      registry.setAlias("trend", ModelRegistry.CHAMPION, version);
    }
  }

  private int champion() {
    return registry.card("trend").version();
  }

  private Path log() {
    return directory.resolve("trend/aliases/champion.log");
  }

  private void refused(String part) {
    assertThatThrownBy(() -> registry.rollback("trend"))
        .isInstanceOf(ModelRefusedException.class)
        .hasMessageContaining(part);
  }
}

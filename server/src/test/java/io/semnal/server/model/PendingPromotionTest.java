package io.semnal.server.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.core.config.RuntimeConfig.Models.ScorerChoice;
import io.semnal.core.engine.ModelPin;
import io.semnal.inference.onnx.OnnxWriter;
import io.semnal.inference.registry.ModelCard;
import io.semnal.inference.registry.ModelRegistry;
import io.semnal.protocol.sbe.ScorerKind;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a start makes of a promotion that a kill cut in two. */
class PendingPromotionTest {
  private static final ModelPin FIRST = pin(1);
  private static final ModelPin SECOND = pin(2);

  @TempDir private Path folder;
  private ModelRegistry registry;

  private static ModelPin pin(int version) {
    byte[] hash = new byte[32];
    hash[31] = (byte) (200 + version);
    return new ModelPin("m", version, hash, ScorerKind.COMPILED);
  }

  @BeforeEach
  void registerVersions() throws Exception {
    registry = new ModelRegistry(folder.resolve("models"), ScorerChoice.ONNXRUNTIME);
    List<String> classes = List.of("SELL", "NEUTRAL", "BUY");
    ModelCard card =
        new ModelCard(
            "m",
            1,
            "set",
            "",
            List.of("return(1)"),
            ModelCard.Output.CLASSES,
            classes,
            "",
            "",
            false,
            "",
            "",
            "",
            "");
    for (int i = 0; i < 3; i++) {
      registry.register(
          OnnxWriter.logistic(new double[3][1], new double[] {0, i, 0}, classes), card);
    }
    registry.setAlias("m", ModelRegistry.CHAMPION, 1);
    new PendingPromotion(SECOND, 1).write(folder);
  }

  private int championAfter(ModelPin journaled) {
    PendingPromotion.settle(folder, () -> List.of(journaled), registry);
    assertThat(folder.resolve("promotion")).doesNotExist();
    return registry.version("m", ModelRegistry.CHAMPION).orElseThrow();
  }

  @Test
  void becomesTheChampionIfTheJournalHasItsActivation() {
    assertThat(championAfter(SECOND)).isEqualTo(2);
  }

  @Test
  void isForgottenIfTheJournalHasNone() {
    assertThat(championAfter(FIRST)).isEqualTo(1);
  }

  @Test
  void leavesAChampionAloneThatAnOperatorChoseSince() {
    registry.setAlias("m", ModelRegistry.CHAMPION, 3);
    assertThat(championAfter(SECOND)).isEqualTo(3);
  }

  @Test
  void namesAFileThatItCannotRead() throws Exception {
    Files.writeString(folder.resolve("promotion"), "m\t2\n");
    assertThatThrownBy(() -> PendingPromotion.settle(folder, () -> List.of(SECOND), registry))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("promotion");
  }
}

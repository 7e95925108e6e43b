package io.semnal.inference.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.core.config.RuntimeConfig.Models.ScorerChoice;
import io.semnal.core.engine.ModelPin;
import io.semnal.inference.compiled.CompiledScorer;
import io.semnal.inference.scorer.OnnxScorer;
import io.semnal.protocol.sbe.ScorerKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PinnedModelsTest {
  @TempDir Path directory;
  private ModelRegistry registry;
  private PinnedModels pinned;

  @BeforeEach
  void open() {
    registry = new ModelRegistry(directory.resolve("registry"), ScorerChoice.ONNXRUNTIME);
    pinned = new PinnedModels(directory.resolve("journal"), ScorerChoice.ONNXRUNTIME);
  }

  @Test
  void loadsWithoutTheRegistry() throws IOException {
    byte[] onnx = TestModels.logistic(0.5);
    registry.register(onnx, TestModels.card("trend"));
    byte[] hash;
    double score;
    try (LoadedModel model = registry.load("trend@1")) {
      hash = model.sha256();
      pinned.pin(model, registry);
      pinned.pin(model, registry);
      assertThat(model.scorer().score()).isTrue();
      score = model.scorer().output(0);
    }
    deleteTree(directory.resolve("registry"));
    PinnedModels later = new PinnedModels(directory.resolve("journal"), ScorerChoice.ONNXRUNTIME);
    ModelPin pin = new ModelPin("trend", 1, hash, ScorerKind.ONNX_RUNTIME);
    try (LoadedModel byPin = later.load(pin);
        LoadedModel byHash = later.loadByHash(hash);
        LoadedModel byName = later.load("trend@1")) {
      for (LoadedModel model : new LoadedModel[] {byPin, byHash, byName}) {
        assertThat(model.card()).isEqualTo(TestModels.card("trend"));
        assertThat(model.sha256()).isEqualTo(hash);
        assertThat(model.scorer().score()).isTrue();
        assertThat(model.scorer().output(0)).isEqualTo(score);
      }
    }
    assertThat(later.list()).singleElement().extracting(ModelPin::version).isEqualTo(1);
  }

  @Test
  void refusesChangedBytes() throws IOException {
    byte[] onnx = TestModels.logistic(0.5);
    pinned.pin(onnx, TestModels.card("trend"));
    byte[] hash = ModelFiles.sha256(onnx);
    Path file =
        directory.resolve("journal/models").resolve(ModelFiles.hex(hash)).resolve("model.onnx");
    Files.write(file, TestModels.logistic(0.25));
    assertThatThrownBy(() -> pinned.loadByHash(hash))
        .isInstanceOf(ModelRefusedException.class)
        .hasMessageContaining("the file has changed");
  }

  @Test
  void refusesWhatIsNotKept() {
    assertThatThrownBy(() -> pinned.loadByHash(new byte[32]))
        .isInstanceOf(ModelRefusedException.class)
        .hasMessageContaining("with SHA-256 " + "00".repeat(32) + " is not kept in");
    assertThatThrownBy(() -> pinned.load("trend@1")).hasMessageContaining("is not kept in");
    assertThatThrownBy(() -> pinned.load("trend")).hasMessageContaining("is not name@version");
    assertThat(pinned.list()).isEmpty();
  }

  @Test
  void replaysWithTheScorerThatTheRunUsedWhateverIsChosenNow() {
    byte[] onnx = TestModels.logistic(0.5);
    byte[] hash = ModelFiles.sha256(onnx);
    for (ScorerChoice choice : ScorerChoice.values()) {
      PinnedModels models = new PinnedModels(directory.resolve("journal"), choice);
      models.pin(onnx, TestModels.card("trend"));
      for (ScorerKind kind : List.of(ScorerKind.COMPILED, ScorerKind.ONNX_RUNTIME)) {
        try (LoadedModel model = models.load(new ModelPin("trend", 1, hash, kind))) {
          assertThat(model.kind()).isEqualTo(kind);
          Class<?> scorer = kind == ScorerKind.COMPILED ? CompiledScorer.class : OnnxScorer.class;
          assertThat(model.scorer()).isInstanceOf(scorer);
        }
      }
    }
  }

  @Test
  void refusesToReplayWithAScorerThatThisBuildLacks() {
    byte[] onnx = TestModels.logistic(0.5);
    pinned.pin(onnx, TestModels.card("trend"));
    ModelPin pin = new ModelPin("trend", 1, ModelFiles.sha256(onnx), ScorerKind.NULL_VAL);
    assertThatThrownBy(() -> pinned.load(pin))
        .isInstanceOf(ModelRefusedException.class)
        .hasMessage("the run scored it with NULL_VAL, which this build lacks");
  }

  @Test
  void keepsEveryVersionOfEqualBytesWithItsOwnCard() {
    byte[] onnx = TestModels.logistic(0.5);
    pinned.pin(onnx, TestModels.card("trend"));
    pinned.pin(onnx, TestModels.card("copy"));
    byte[] hash = ModelFiles.sha256(onnx);
    assertThatThrownBy(() -> pinned.loadByHash(hash))
        .hasMessageContaining("is kept under several names: copy@1, trend@1");
    try (LoadedModel model = pinned.load(new ModelPin("trend", 1, hash, ScorerKind.ONNX_RUNTIME))) {
      assertThat(model.card().name()).isEqualTo("trend");
    }
  }

  @Test
  void tellsModelsOfOneNameApartByHash() {
    pinned.pin(TestModels.logistic(1), TestModels.card("trend"));
    pinned.pin(TestModels.logistic(2), TestModels.card("trend"));
    assertThatThrownBy(() -> pinned.load("trend@1"))
        .isInstanceOf(ModelRefusedException.class)
        .hasMessageContaining("is kept with several hashes");
    byte[] second = ModelFiles.sha256(TestModels.logistic(2));
    try (LoadedModel model = pinned.loadByHash(second)) {
      assertThat(model.sha256()).isEqualTo(second);
    }
  }

  @Test
  void neverChangesACardThatEarlierRunsReplayWith() {
    byte[] onnx = TestModels.linear(2, 0.5f);
    ModelCard.Output output = ModelCard.Output.REGRESSION;
    pinned.pin(onnx, TestModels.card("m", output, List.of(), "pips", 2, false));
    assertThatThrownBy(
            () -> pinned.pin(onnx, TestModels.card("m", output, List.of(), "atr", 2, false)))
        .isInstanceOf(ModelRefusedException.class)
        .hasMessageContaining("register the changed card as a new version");
  }

  @Test
  void refusesToKeepWhatTheRegistryNoLongerHolds() throws IOException {
    registry.register(TestModels.logistic(0), TestModels.card("trend"));
    try (LoadedModel model = registry.load("trend@1")) {
      deleteTree(directory.resolve("registry"));
      registry.register(TestModels.logistic(1), TestModels.card("trend"));
      assertThatThrownBy(() -> pinned.pin(model, registry))
          .isInstanceOf(ModelRefusedException.class)
          .hasMessageContaining("trend@1 was loaded with SHA-256");
    }
  }

  private static void deleteTree(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}

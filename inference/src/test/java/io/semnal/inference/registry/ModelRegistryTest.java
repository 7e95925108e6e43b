package io.semnal.inference.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.core.config.RuntimeConfig.Models.ScorerChoice;
import io.semnal.protocol.sbe.ScorerKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelRegistryTest {
  @TempDir Path directory;
  private ModelRegistry registry;

  @BeforeEach
  void open() {
    registry = new ModelRegistry(directory, ScorerChoice.AUTO);
  }

  @Test
  void givesBackWhatWasRegistered() throws Exception {
    byte[] onnx = TestModels.logistic(0.5);
    assertThat(registry.register(onnx, TestModels.card("trend"))).isEqualTo(1);
    try (LoadedModel model = registry.load("trend@1")) {
      assertThat(model.card()).isEqualTo(TestModels.card("trend"));
      assertThat(model.sha256()).isEqualTo(MessageDigest.getInstance("SHA-256").digest(onnx));
      assertThat(model.kind()).isEqualTo(ScorerKind.COMPILED);
      assertThat(model.scorer().score()).isTrue();
    }
  }

  @Test
  void versionsCountUpAndAliasesMove() {
    registry.register(TestModels.logistic(0), TestModels.card("trend"));
    assertThatThrownBy(() -> registry.load("trend"))
        .isInstanceOf(ModelRefusedException.class)
        .hasMessageContaining("model trend: it has no champion")
        .hasMessageContaining("versions are [1]");
    registry.setAlias("trend", ModelRegistry.CHAMPION, 1);
    assertThat(registry.register(TestModels.logistic(1), TestModels.card("trend"))).isEqualTo(2);
    registry.setAlias("trend", ModelRegistry.CHALLENGER, 2);
    assertThat(version("trend")).isEqualTo(1);
    assertThat(version("trend@champion")).isEqualTo(1);
    assertThat(version("trend@challenger")).isEqualTo(2);
    registry.setAlias("trend", ModelRegistry.CHAMPION, 2);
    assertThat(version("trend")).isEqualTo(2);
    assertThatThrownBy(() -> registry.setAlias("trend", ModelRegistry.CHAMPION, 3))
        .hasMessageContaining("trend@3 is not in the registry");
    assertThat(version("trend")).isEqualTo(2);
  }

  @Test
  void sumsAreThoseOfSha256sum() throws Exception {
    registry.register(TestModels.logistic(0), TestModels.card("trend"));
    Process check =
        new ProcessBuilder("sha256sum", "--check", "--strict", "SHA256SUMS")
            .directory(directory.resolve("trend/1").toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(check.getInputStream().readAllBytes());
    assertThat(check.waitFor()).as(said).isZero();
    assertThat(said).contains("card.json: OK").contains("model.onnx: OK");
  }

  @Test
  void listsVersionsWithTheirAliasesAndProblems() throws IOException {
    registry.register(TestModels.logistic(0), TestModels.card("trend"));
    registry.register(TestModels.logistic(1), TestModels.card("trend"));
    registry.register(TestModels.logistic(2), TestModels.card("mean-reversion"));
    registry.setAlias("trend", ModelRegistry.CHAMPION, 2);
    Files.writeString(directory.resolve("trend/1/card.json"), " ", StandardOpenOption.APPEND);
    Files.createDirectory(directory.resolve(".staging-left-by-a-crash"));
    Files.createDirectory(directory.resolve("trend/.staging-left-by-a-crash"));
    List<RegisteredModel> models = registry.list();
    assertThat(models)
        .extracting(RegisteredModel::reference)
        .containsExactly("mean-reversion@1", "trend@1", "trend@2");
    assertThat(models.get(1).problem()).contains("card.json has SHA-256");
    assertThat(models.get(1).card()).isEmpty();
    assertThat(models.get(2).aliases()).containsExactly("champion");
    assertThat(models.get(2).problem()).isEmpty();
  }

  @Test
  void registrationsAtOnceGetVersionsOfTheirOwn() throws Exception {
    int count = 12;
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Callable<Integer>> tasks = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        byte[] onnx = TestModels.logistic(i);
        tasks.add(
            () ->
                new ModelRegistry(directory, ScorerChoice.AUTO)
                    .register(onnx, TestModels.card("trend")));
      }
      List<Integer> versions = new ArrayList<>();
      for (Future<Integer> version : threads.invokeAll(tasks)) {
        versions.add(version.get());
      }
      assertThat(versions)
          .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, count).boxed().toList());
    }
    try (Stream<Path> entries = Files.list(directory.resolve("trend"))) {
      assertThat(entries.map(p -> p.getFileName().toString()))
          .hasSize(count)
          .noneMatch(name -> name.startsWith("."));
    }
  }

  @Test
  void refusesChangedBytes() throws IOException {
    registry.register(TestModels.logistic(0), TestModels.card("trend"));
    Path file = directory.resolve("trend/1/model.onnx");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    refused("trend@1", "model.onnx has SHA-256", "SHA256SUMS says", "register the changed model");
  }

  @Test
  void refusesWrongOrMissingSums() throws IOException {
    registry.register(TestModels.logistic(0), TestModels.card("trend"));
    Path sums = directory.resolve("trend/1/SHA256SUMS");
    String right = Files.readString(sums);
    Files.writeString(sums, right.lines().findFirst().orElseThrow() + "\n");
    refused("trend@1", "model.onnx has SHA-256", "SHA256SUMS says nothing of it");
    Files.writeString(sums, "scribble\n");
    refused("trend@1", "a line that is no sum: 'scribble'");
    Files.delete(sums);
    refused("trend@1", "SHA256SUMS is missing");
  }

  @Test
  void refusesCardsThatBelongElsewhere() throws IOException {
    registry.register(TestModels.logistic(0), TestModels.card("trend"));
    Files.createDirectory(directory.resolve("other"));
    Files.move(directory.resolve("trend/1"), directory.resolve("other/1"));
    refused("other@1", "card.json says trend@1, its folder is");
  }

  @Test
  void refusesReferencesThatNameNothing() {
    refused("trend", "holds no such model; it holds none");
    registry.register(TestModels.logistic(0), TestModels.card("trend"));
    refused("trned", "holds no such model; it holds trend");
    refused("trend@7", "there is no version 7; versions are [1]");
    refused("../trend", "is neither name, name@version nor name@alias");
    refused("trend@", "is neither name");
    refused("trend@champion", "it has no champion");
  }

  @Test
  void refusesGarbageAtTheDoor() {
    assertThatThrownBy(() -> registry.register(new byte[] {1, 2, 3}, TestModels.card("trend")))
        .isInstanceOf(ModelRefusedException.class)
        .hasMessageContaining("model trend: the file is damaged or no ONNX model");
    ModelCard whole = TestModels.card("trend");
    ModelCard holed =
        new ModelCard(
            "trend",
            1,
            "fx-core",
            "",
            whole.columns(),
            whole.output(),
            whole.classes(),
            "",
            "",
            false,
            null,
            "",
            "",
            "");
    assertThatThrownBy(() -> registry.register(TestModels.logistic(0), holed))
        .isInstanceOf(ModelRefusedException.class)
        .hasMessage("model trend: card.json: field 'labelPolicy' must be a text, is null");
    assertThat(registry.list()).isEmpty();
  }

  @Test
  void scoresByWhatIsChosen() {
    registry.register(TestModels.logistic(0.5), TestModels.card("trend"));
    for (ScorerChoice choice : ScorerChoice.values()) {
      try (LoadedModel model = new ModelRegistry(directory, choice).load("trend@1")) {
        boolean runtime = choice == ScorerChoice.ONNXRUNTIME;
        assertThat(model.kind()).isEqualTo(runtime ? ScorerKind.ONNX_RUNTIME : ScorerKind.COMPILED);
      }
    }
  }

  private int version(String reference) {
    try (LoadedModel model = registry.load(reference)) {
      return model.card().version();
    }
  }

  private void refused(String reference, String... parts) {
    assertThatThrownBy(() -> registry.load(reference))
        .isInstanceOf(ModelRefusedException.class)
        .hasMessageStartingWith("model " + reference + ": ")
        .hasMessageContainingAll(parts);
  }
}

package io.semnal.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** {@code semnal models}, on files of real exporters and on the model of the build. */
class ModelsCommandTest {
  private static final Path MODELS =
      Path.of(System.getProperty("semnal.testdata", "missing"), "models");
  private static final String CLASSES = "classes=SELL,NEUTRAL,BUY";

  @TempDir Path folder;

  @BeforeEach
  void configure() throws IOException {
    StringBuilder config = new StringBuilder();
    config.append("models.directory = \"").append(folder.resolve("models")).append("\"\n");
    for (int width : new int[] {3, 20, 32, 160}) {
      config.append(
          IntStream.rangeClosed(1, width)
              .mapToObj(i -> "\"return(" + i + ")\"")
              .collect(
                  Collectors.joining(
                      ", ",
                      "features.w" + width + " { timeframe = 1m, price = mid, columns = [",
                      "] }\n")));
    }
    Files.writeString(folder.resolve("test.conf"), config);
  }

  @TestFactory
  Stream<DynamicTest> takesWhatRealExportersWrite() throws IOException {
    assumeTrue(Files.isDirectory(MODELS), "no test data in " + MODELS);
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> models = Files.newDirectoryStream(MODELS, "*.onnx")) {
      models.forEach(files::add);
    }
    assertThat(files).hasSizeGreaterThanOrEqualTo(16);
    return files.stream()
        .sorted()
        .map(
            file ->
                DynamicTest.dynamicTest(
                    file.getFileName().toString(), () -> registersAndScores(file)));
  }

  private void registersAndScores(Path file) throws IOException {
    String stem = file.getFileName().toString().split("\\.")[0];
    String name = file.getFileName().toString().toLowerCase().replaceAll("[^a-z0-9]+", "-");
    Path inputs = MODELS.resolve(stem + ".inputs.csv");
    String first = Files.readAllLines(inputs).getFirst();
    List<String> args =
        new ArrayList<>(
            List.of(
                "register",
                file.toString(),
                "--features",
                "w" + first.split(",", -1).length,
                "--as",
                name.substring(0, Math.min(name.length(), 32)),
                "--output",
                stem.contains("logit") ? "up-probability" : CLASSES,
                "--rows",
                inputs.toString(),
                "--promote"));
    if (stem.contains("missing")) {
      args.add("--accepts-nan");
    }
    CommandRun registered = models(args.toArray(String[]::new));
    assertThat(registered.exit()).as(registered.err()).isZero();
    String reference = registered.out().split(" ")[0];
    assertThat(registered.out()).contains(reference + " is the champion now");
    assertThat(registered.out()).contains("scored  compiled, it equals ONNX Runtime on");
    for (String scorer : List.of("onnxruntime", "compiled")) {
      Path out = folder.resolve(name + scorer + ".csv");
      CommandRun scored =
          models(
              "score",
              reference,
              "--inputs",
              inputs.toString(),
              "--scorer",
              scorer,
              "--out",
              out.toString());
      assertThat(scored.exit()).as(scored.err()).isZero();
      assertClose(out, MODELS.resolve(stem + ".expected.csv"));
    }
  }

  private static void assertClose(Path scored, Path expected) throws IOException {
    List<String> lines = Files.readAllLines(scored);
    List<String> right = Files.readAllLines(expected);
    assertThat(lines.getFirst()).isIn("SELL,NEUTRAL,BUY", "UP");
    assertThat(lines).hasSize(right.size() + 1);
    for (int i = 0; i < right.size(); i++) {
      String[] ours = lines.get(i + 1).split(",");
      String[] theirs = right.get(i).split(",");
      assertThat(ours).hasSameSizeAs(theirs);
      for (int k = 0; k < ours.length; k++) {
        assertThat(Double.parseDouble(ours[k]))
            .as("%s row %d", scored, i)
            .isCloseTo(Double.parseDouble(theirs[k]), within(1e-5));
      }
    }
  }

  @Test
  void takesAVersionThroughItsLife() throws IOException {
    // The model of the build, as somebody would bring it.
    String onnx = TestModels.directory().resolve("default/1/model.onnx").toString();
    String[] register = {
      "register", onnx, "--features", "fx-core", "--as", "mine", "--output", CLASSES
    };
    assertThat(models(with(register, "--promote")).out())
        .contains("mine@1 is registered", "mine@1 is the champion now");
    assertThat(models(register).out()).contains("mine@2 is registered").doesNotContain("champion");
    assertThat(models("list").out()).containsPattern("mine@1 +champion").contains("mine@2");
    assertThat(models("promote", "mine@2").out()).contains("mine@2 is the champion now");
    CommandRun good = models("verify", "mine@2");
    assertThat(good.exit()).as(good.out()).isZero();
    assertThat(good.out())
        .containsPattern("contract +ok +\\d+ columns and the hash of feature set fx-core")
        .containsPattern("auto +ok +takes compiled");
    assertThat(models("show", "mine").out()).contains("mine@2 [champion]", "columns", "fx-core");
    assertThat(models("rollback", "mine").out()).contains("mine@1 is the champion again");
    assertThat(models("diff", "mine@1", "mine@2").out())
        .contains("on 1000 random rows: scores differ by at most 0.0, another side on 0");
    assertThat(models("delete", "mine@1", "--yes").err()).contains("mine@1 is champion");
    assertThat(models("delete", "mine@2").exit()).isEqualTo(2);
    assertThat(models("delete", "mine@2", "--yes").out()).contains("mine@2 is deleted");
    assertThat(models(register).out()).contains("mine@3 is registered");
    Path card = folder.resolve("models/mine/3/card.json");
    Files.writeString(card, Files.readString(card).replace("BUY", "SELL"));
    CommandRun verified = models("verify", "mine@3");
    assertThat(verified.exit()).isEqualTo(1);
    assertThat(verified.err()).contains("card.json has SHA-256");
    CommandRun listed = models("list");
    assertThat(listed.exit()).isEqualTo(1);
    assertThat(listed.out()).containsPattern("mine@3 +BROKEN: .*card.json has SHA-256");
  }

  @Test
  void takesRowsByTheirNames() throws IOException {
    String onnx = TestModels.directory().resolve("default/1/model.onnx").toString();
    Path rows = folder.resolve("rows.csv");
    Files.writeString(rows, "time,\"return(1)\",\"return(3)\"\n1,2,3\n");
    CommandRun refused =
        models(
            "register",
            onnx,
            "--features",
            "w3",
            "--as",
            "mine",
            "--output",
            CLASSES,
            "--rows",
            rows.toString());
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err()).contains("lacks 'return(2)'; it has time, return(1), return(3)");
    Files.writeString(rows, "1,2,x\n1,2,3,4\n");
    assertThat(models("score", onnx, "--inputs", rows.toString(), "--out", rows.toString()).err())
        .contains("rows.csv line 2 has 4 values, not 3");
  }

  @Test
  void saysWhatIsWrongWithWhatWasAsked() {
    String onnx = TestModels.directory().resolve("default/1/model.onnx").toString();
    assertThat(models("register", onnx, "--features", "fx-core", "--as", "m").exit()).isEqualTo(2);
    assertThat(
            models("register", onnx, "--features", "fx-core", "--as", "m", "--output", "up").err())
        .contains("--output: 'up' is none of classes=SELL,NEUTRAL,BUY");
    assertThat(models("register", onnx, "--features", "no", "--as", "m", "--output", CLASSES).err())
        .contains("the configuration has no feature set 'no'; it has");
    assertThat(
            models("register", onnx, "--features", "w20", "--as", "m", "--output", CLASSES).err())
        .contains("expected 20 features, the model takes");
    assertThat(
            models(
                    "register",
                    folder.resolve("test.conf").toString(),
                    "--features",
                    "w20",
                    "--as",
                    "m",
                    "--output",
                    CLASSES)
                .err())
        .contains("the file is damaged or no ONNX model");
    assertThat(models("promote", "default").err()).contains("'default' names no version");
    assertThat(models("show", "nothing").err()).contains("holds no such model");
    assertThat(models().err()).contains("Say one of list, show, register");
  }

  private static String[] with(String[] args, String more) {
    return Stream.concat(Stream.of(args), Stream.of(more)).toArray(String[]::new);
  }

  private CommandRun models(String... args) {
    List<String> all = new ArrayList<>(List.of("models"));
    all.addAll(List.of(args));
    if (args.length > 0) {
      all.addAll(List.of("--config", folder.resolve("test.conf").toString()));
    }
    return CommandRun.of(all.toArray(String[]::new));
  }
}

package io.semnal.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The command line puts a model that somebody brought into a server that runs, and takes it out.
 */
class ModelsOnRunningServerTest {
  @TempDir Path folder;

  @Test
  void registersPromotesAndRollsBack() throws Exception {
    ServerSetup setup = new ServerSetup(folder);
    Path models = folder.resolve("models");
    String onnx = TestModels.directory().resolve("default/1/model.onnx").toString();
    String[] register = {
      "register",
      onnx,
      "--features",
      "fx-core",
      "--as",
      "default",
      "--output",
      "classes=SELL,NEUTRAL,BUY"
    };
    assertThat(run(models, with(register, "--promote")).out())
        .contains("default@1 is the champion");
    try (SemnalProcess server = setup.start("-Dmodels.directory=" + models)) {
      String line = server.awaitLine(ServerSetup.PATIENCE, l -> l.startsWith("admin "));
      String uri = line.substring(line.indexOf("http")).replace("/health/ready", "");
      String[] there = {"--server", uri, "--key-file", setup.clientKey().toString()};

      CommandRun promoted = run(models, with(with(register, "--promote"), there));
      assertThat(promoted.out())
          .as(promoted.err())
          .contains("the server scores with default@2")
          .containsPattern("from journalSeq \\d+ on");
      CommandRun back = run(models, with(new String[] {"rollback", "default"}, there));
      assertThat(back.out())
          .as(back.err())
          .contains("the server scores with default@1", "default@1 is the champion again");
      assertThat(run(models, "list").out()).containsPattern("default@1 +champion");

      Files.writeString(models.resolve("default/2/model.onnx"), "no model");
      CommandRun refused = run(models, with(new String[] {"promote", "default@2"}, there));
      assertThat(refused.exit()).isEqualTo(1);
      assertThat(refused.err()).contains("model.onnx has SHA-256");
      assertThat(run(models, with(new String[] {"promote", "default@1"}, there)).out())
          .contains("the server scores with default@1", "as before");
    }
  }

  private static String[] with(String[] args, String... more) {
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private CommandRun run(Path models, String... args) {
    List<String> all = new ArrayList<>(List.of("models"));
    all.addAll(List.of(args));
    all.add("-Dmodels.directory=" + models);
    return CommandRun.of(all.toArray(String[]::new));
  }
}

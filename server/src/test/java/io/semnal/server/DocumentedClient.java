package io.semnal.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A client of {@code docs/examples}, in a process of its own as a stranger would run it: written
 * from the documents alone, in another language, over JSON.
 */
final class DocumentedClient implements AutoCloseable {
  private final String name;
  private final Path out;
  private final Path err;
  private final Process process;

  private DocumentedClient(String name, Path folder, List<String> command) throws IOException {
    this.name = name;
    out = folder.resolve(name + ".out");
    err = folder.resolve(name + ".err");
    process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
  }

  /** The Python one, or {@code null} where there is no Python 3. */
  static DocumentedClient python(ServerSetup setup, Path folder, String channels, long count)
      throws IOException, InterruptedException {
    return runs("python3", "-c", "import sys; sys.exit(sys.version_info < (3, 8))")
        ? start("semnal_client.py", "python3", setup, folder, channels, count)
        : null;
  }

  /**
   * The JavaScript one, or {@code null} where there is no Node, or one without a WebSocket: before
   * 22 that is npm's {@code ws}, found by {@code NODE_PATH}.
   */
  static DocumentedClient node(ServerSetup setup, Path folder, String channels, long count)
      throws IOException, InterruptedException {
    return runs("node", "-e", "globalThis.WebSocket ?? require('ws')")
        ? start("semnal-client.mjs", "node", setup, folder, channels, count)
        : null;
  }

  private static boolean runs(String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0;
    } catch (IOException e) {
      // There is no such program.
      return false;
    }
  }

  private static DocumentedClient start(
      String script,
      String interpreter,
      ServerSetup setup,
      Path folder,
      String channels,
      long count)
      throws IOException {
    Path file = Path.of(System.getProperty("semnal.root"), "docs", "examples", script);
    return new DocumentedClient(
        script,
        folder,
        List.of(
            interpreter,
            file.toString(),
            "--to",
            setup.ws(),
            "--key-file",
            setup.clientKey().toString(),
            "--channels",
            channels,
            "--from",
            "1:0",
            "--count",
            Long.toString(count)));
  }

  /** What it printed, when it has all that it was to wait for; in one connection. */
  List<JsonNode> await() throws IOException, InterruptedException {
    boolean ended = process.waitFor(ServerSetup.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    String said = Files.readString(err);
    assertTrue(ended, () -> name + " still runs: " + said);
    assertEquals(0, process.exitValue(), said);
    assertTrue(said.startsWith("resume after 1:"), said);
    ObjectMapper mapper = new ObjectMapper();
    List<JsonNode> nodes = new ArrayList<>();
    for (String line : Files.readAllLines(out)) {
      nodes.add(mapper.readTree(line));
    }
    return nodes;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}

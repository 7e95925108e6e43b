package io.semnal.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same ticks in shared, paired and dedicated threads, twice each, in a virtual machine with the
 * serial collector and in one with ZGC: one hash, live and in every replay.
 */
class OneHashTest {
  private static final long PATIENCE_SECONDS = 240;
  private static final int RUNS = 3 * 2;

  @TempDir private Path folder;

  @Test
  void ofAllCompositionsAndCollectors() throws IOException, InterruptedException {
    List<Path> files = RealTicks.zips("lean/oanda/tick/eurusd").subList(0, 2);
    List<String> lines = new ArrayList<>(run("-XX:+UseSerialGC", files));
    lines.addAll(run("-XX:+UseZGC", files));
    assertEquals(2 * RUNS * 2, lines.size(), () -> String.join("\n", lines));
    Set<String> hashes =
        lines.stream()
            .map(line -> line.replaceAll("hash [a-z]+ (published|said) ", ""))
            .collect(Collectors.toSet());
    assertEquals(1, hashes.size(), () -> String.join("\n", lines));
    assertTrue(
        hashes.iterator().next().matches("[0-9a-f]{64} of [1-9][0-9]{4,}"), hashes::toString);
  }

  private List<String> run(String collector, List<Path> files)
      throws IOException, InterruptedException {
    Path own = Files.createDirectory(folder.resolve(collector.substring(collector.indexOf('U'))));
    Path root = Path.of(System.getProperty("semnal.root"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + root.resolve("scripts/jvm.flags"));
    // The flags choose one already.
    command.addAll(List.of("-XX:-UseSerialGC", collector, "-Xms256m", "-Xmx256m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("-Dsemnal.home=" + root, "-Dsemnal.root=" + root));
    command.add("io.semnal.server.CompositionHashes");
    command.add(own.toString());
    files.forEach(file -> command.add(file.toString()));
    Path out = own.resolve("out.txt");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly();
    String printed = Files.readString(out, StandardCharsets.UTF_8);
    assertTrue(ended && process.exitValue() == 0, () -> collector + ":\n" + printed);
    return printed.lines().filter(line -> line.startsWith("hash ")).toList();
  }
}

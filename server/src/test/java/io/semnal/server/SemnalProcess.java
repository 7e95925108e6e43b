package io.semnal.server;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The real command in a process of its own, with its output kept. */
final class SemnalProcess implements AutoCloseable {
  private final Process process;
  private final List<String> lines = new ArrayList<>();
  private final Thread reader;

  private SemnalProcess(Process process) {
    this.process = process;
    reader = Thread.ofVirtual().start(this::read);
  }

  static SemnalProcess start(Path directory, String... args) throws IOException {
    return start(directory, List.of(), System.getProperty("java.class.path"), args);
  }

  /** Of other classes. */
  static SemnalProcess start(Path directory, String classPath, String[] args) throws IOException {
    return start(directory, List.of(), classPath, args);
  }

  /**
   * @param jvm further options of the virtual machine
   */
  static SemnalProcess start(Path directory, List<String> jvm, String... args) throws IOException {
    return start(directory, jvm, System.getProperty("java.class.path"), args);
  }

  /** With more in its environment. */
  static SemnalProcess start(Path directory, Map<String, String> environment, String... args)
      throws IOException {
    return start(directory, List.of(), System.getProperty("java.class.path"), environment, args);
  }

  private static SemnalProcess start(
      Path directory, List<String> jvm, String classPath, String[] args) throws IOException {
    return start(directory, jvm, classPath, Map.of(), args);
  }

  private static SemnalProcess start(
      Path directory,
      List<String> jvm,
      String classPath,
      Map<String, String> environment,
      String[] args)
      throws IOException {
    Path root = Path.of(System.getProperty("semnal.root"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + root.resolve("scripts/jvm.flags"));
    command.addAll(List.of("-Xms256m", "-Xmx256m", "-cp", classPath));
    command.add("-Dsemnal.home=" + root);
    command.addAll(jvm);
    command.add("io.semnal.server.Semnal");
    command.addAll(List.of(args));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().putAll(environment);
    return new SemnalProcess(builder.start());
  }

  private void read() {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        synchronized (lines) {
          lines.add(line);
          lines.notifyAll();
        }
      }
    } catch (IOException e) {
      synchronized (lines) {
        lines.add("(output ended: " + e.getMessage() + ")");
        lines.notifyAll();
      }
    }
  }

  /** Waits for a line, or fails with everything that was printed. */
  String awaitLine(Duration most, Predicate<String> wanted) throws InterruptedException {
    long deadline = System.nanoTime() + most.toNanos();
    synchronized (lines) {
      int seen = 0;
      while (true) {
        for (; seen < lines.size(); seen++) {
          if (wanted.test(lines.get(seen))) {
            return lines.get(seen);
          }
        }
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0 || !process.isAlive() && !reader.isAlive()) {
          throw new AssertionError("no such line in:\n" + String.join("\n", lines));
        }
        lines.wait(Math.min(left, 100));
      }
    }
  }

  /** Waits for the end; the exit code. */
  int await(Duration most) throws InterruptedException {
    if (!process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS)) {
      String printed = output();
      process.destroyForcibly();
      throw new AssertionError("still running after " + most + ":\n" + printed);
    }
    assertTrue(reader.join(ServerSetup.PATIENCE), "somebody else holds the output");
    return process.exitValue();
  }

  List<String> lines() {
    synchronized (lines) {
      return List.copyOf(lines);
    }
  }

  /** What a listener printed as {@code #outSeq …}, by its numbers. */
  List<Long> outSeqs() {
    return lines().stream()
        .filter(line -> line.startsWith("#"))
        .map(line -> Long.parseLong(line.substring(1, line.indexOf(' '))))
        .toList();
  }

  String output() {
    return String.join("\n", lines());
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    assertTrue(process.waitFor(ServerSetup.PATIENCE), "killed, and still there");
  }

  /** SIGTERM, and the exit code. */
  int stop() throws InterruptedException {
    process.destroy();
    return await(ServerSetup.PATIENCE);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}

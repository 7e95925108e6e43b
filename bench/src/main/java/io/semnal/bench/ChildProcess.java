package io.semnal.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A JVM of its own, with the launcher's flags and this process's class path. */
public final class ChildProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader out;
  private final List<String> printed = new ArrayList<>();

  private ChildProcess(Process process) {
    this.process = process;
    out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  public static ChildProcess start(String heap, String mainClass, List<String> arguments)
      throws IOException {
    return start(heap, mainClass, arguments, ProcessBuilder.Redirect.INHERIT);
  }

  /**
   * @param log where its standard error goes
   */
  static ChildProcess start(
      String heap, String mainClass, List<String> arguments, ProcessBuilder.Redirect log)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + Machine.home().resolve("scripts/jvm.flags"));
    command.addAll(List.of("-Xms" + heap, "-Xmx" + heap));
    command.add("-Dsemnal.home=" + Machine.home());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
    command.addAll(arguments);
    return new ChildProcess(new ProcessBuilder(command).redirectError(log).start());
  }

  /** The launcher as a user calls it, with or without the cache that {@code scripts/aot} made. */
  static ChildProcess launch(List<String> arguments, boolean cached) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Machine.home().resolve("scripts/semnal").toString());
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("SEMNAL_SKIP_BUILD", "1");
    builder.environment().put("SEMNAL_AOT", cached ? "1" : "0");
    return new ChildProcess(builder.start());
  }

  /**
   * Reads on to a line.
   *
   * @throws IOException with all that was printed, if the process ended without it
   */
  public String awaitLine(Predicate<String> wanted) throws IOException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      printed.add(line);
      if (wanted.test(line)) {
        return line;
      }
    }
    throw new IOException("ended without the line awaited:\n" + String.join("\n", printed));
  }

  /** Gives it a line to read. */
  public void tell(String line) throws IOException {
    OutputStream in = process.getOutputStream();
    in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    in.flush();
  }

  /** Waits for the end. */
  public void awaitEnd(Consumer<String> each) throws IOException, InterruptedException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      each.accept(line);
    }
    int code = process.waitFor();
    if (code != 0) {
      throw new IOException("a child process ended with code " + code);
    }
  }

  public long pid() {
    return process.pid();
  }

  /** SIGTERM, then patience, then SIGKILL. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}

package io.semnal.bench;

import io.semnal.server.Semnal;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The real server in a process of its own, with an empty journal and any free ports. */
public final class ServerProcess implements AutoCloseable {
  private final ChildProcess process;
  private final Path keys;
  private final String feed;
  private final String tcp;
  private final String webSocket;
  private final String admin;
  private final double readyMillis;
  private final double wallMillis;

  /**
   * Starts it and waits until it is ready.
   *
   * @param settings further {@code -Da.b=c}, without the {@code -D}, and options
   */
  public ServerProcess(Path folder, String... settings) throws IOException {
    this(
        folder,
        arguments -> ChildProcess.start("512m", Semnal.class.getName(), arguments),
        settings);
  }

  /**
   * The same with its log elsewhere: where sessions come by the thousand, it has two lines each.
   */
  public static ServerProcess logging(ProcessBuilder.Redirect log, Path folder, String... settings)
      throws IOException {
    return new ServerProcess(
        folder,
        arguments -> ChildProcess.start("512m", Semnal.class.getName(), arguments, log),
        settings);
  }

  /** The same by the launcher. */
  public static ServerProcess launched(Path folder, boolean cached) throws IOException {
    return new ServerProcess(folder, arguments -> ChildProcess.launch(arguments, cached));
  }

  /** How a process is started with a command's arguments. */
  private interface Starter {
    ChildProcess start(List<String> arguments) throws IOException;
  }

  private ServerProcess(Path folder, Starter starter, String... settings) throws IOException {
    keys = folder.resolve("keys.conf");
    List<String> arguments = new ArrayList<>(List.of("run"));
    List<String> all =
        new ArrayList<>(
            List.of(
                "journal.directory=" + folder.resolve("journal"),
                "gateway.keysFile=" + keys,
                "feed.keysFile=" + keys,
                "feed.port=0",
                "gateway.tcpPort=0",
                "gateway.wsPort=0",
                "admin.port=0"));
    all.addAll(List.of(settings));
    all.forEach(s -> arguments.add(s.startsWith("--") ? s : "-D" + s));
    long started = System.nanoTime();
    process = starter.start(arguments);
    try {
      feed = address("feed ");
      tcp = address("tcp ");
      webSocket = address("ws ");
      admin = address("admin ");
      String ready = process.awaitLine(line -> line.startsWith("ready after "));
      wallMillis = (System.nanoTime() - started) / 1e6;
      readyMillis = Double.parseDouble(ready.replaceAll("[^0-9]", ""));
    } catch (IOException | RuntimeException e) {
      process.close();
      throw e;
    }
  }

  private String address(String name) throws IOException {
    String line = process.awaitLine(each -> each.startsWith(name));
    return line.substring(line.indexOf("//") + 2).trim();
  }

  /** What the server says of itself: since its main method began. */
  public double readyMillis() {
    return readyMillis;
  }

  /** From the process's start to the line that says it is ready. */
  public double wallMillis() {
    return wallMillis;
  }

  /** {@code HOST:PORT} for feeds. */
  public String feed() {
    return feed;
  }

  /** {@code HOST:PORT} for clients. */
  public String tcp() {
    return tcp;
  }

  /** {@code HOST:PORT/ws} for clients. */
  public String webSocket() {
    return webSocket;
  }

  /** A value of {@code /metrics}. */
  public double metric(String name) throws IOException {
    URI uri = URI.create("http://" + admin.substring(0, admin.indexOf('/')) + "/metrics");
    try (InputStream in = uri.toURL().openStream()) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return text.lines()
          .filter(line -> line.startsWith(name + " "))
          .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
          .findFirst()
          .orElseThrow(() -> new IOException("no metric " + name));
    }
  }

  /** Has the garbage collected, so that what is left is in use. */
  public void collect() throws IOException, InterruptedException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process process =
        new ProcessBuilder(jcmd, Long.toString(pid()), "GC.run")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (process.waitFor() != 0) {
      throw new IOException("jcmd ended with code " + process.exitValue());
    }
  }

  public Path keys() {
    return keys;
  }

  /** Processor seconds used so far, by all threads, user and system. */
  public double processorSeconds() throws IOException {
    return Machine.processorSeconds(process.pid());
  }

  public long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.close();
  }
}

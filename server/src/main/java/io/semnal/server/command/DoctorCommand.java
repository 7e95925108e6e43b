package io.semnal.server.command;

import io.semnal.core.config.RuntimeConfig;
import io.semnal.core.config.SemnalConfig;
import io.semnal.features.compile.PooledPrices;
import io.semnal.server.Composition;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Looks at the machine the way an operator would before a start. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Checks JDK, cores against threads, flags, clock, disk and ports.",
      "Each is said to be ok or BAD, with what was found; exit code 1 if anything is BAD.",
      "Columns in price units that several instruments share are warned of."
    })
public final class DoctorCommand implements Callable<Integer> {
  private static final long LEAST_FREE = 2L << 30;
  private static final List<String> NEEDED_FLAGS =
      List.of("sun.nio.ch", "jdk.internal.misc", "chronicle.analytics.disable=true");

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;
  @Mixin private ConfigOptions options;
  private PrintWriter out;
  private int problems;

  @Override
  public Integer call() throws IOException {
    out = spec.commandLine().getOut();
    SemnalConfig config = options.load();
    PooledPrices.warnings(config.engine())
        .forEach(warning -> out.printf("%-4s %-6s %s%n", "warn", "column", warning));
    jdk();
    cores(config.runtime());
    flags();
    clock();
    disk(config.runtime().journal().directory());
    RuntimeConfig runtime = config.runtime();
    port("feed", runtime.feed().enabled(), runtime.feed().host(), runtime.feed().port());
    port(
        "gateway tcp",
        runtime.gateway().enabled(),
        runtime.gateway().host(),
        runtime.gateway().tcpPort());
    port(
        "gateway ws",
        runtime.gateway().enabled(),
        runtime.gateway().host(),
        runtime.gateway().wsPort());
    port("admin", runtime.admin().enabled(), runtime.admin().host(), runtime.admin().port());
    out.println(problems == 0 ? "All is well." : problems + " problem(s).");
    out.flush();
    return problems == 0 ? 0 : 1;
  }

  private void jdk() {
    report(
        Runtime.version().feature() >= 25,
        "jdk",
        System.getProperty("java.vm.name") + " " + Runtime.version() + " (25 or later is needed)");
  }

  private void cores(RuntimeConfig runtime) {
    int cores = Runtime.getRuntime().availableProcessors();
    Composition composition = Composition.of(runtime.threads().composition(), cores);
    boolean spinning = runtime.threads().idle() != RuntimeConfig.Threads.Idle.BACKOFF;
    int busy = spinning ? composition.busyThreads() : 0;
    report(
        busy < cores || cores == 1 && busy <= 1,
        "cores",
        cores
            + " cores, composition "
            + composition.name().toLowerCase(java.util.Locale.ROOT)
            + ", "
            + busy
            + " thread(s) that never sleep"
            + (busy >= cores ? ": they would fight each other; use idle = backoff" : ""));
  }

  private void flags() {
    String given = String.join(" ", ManagementFactory.getRuntimeMXBean().getInputArguments());
    List<String> missing = NEEDED_FLAGS.stream().filter(f -> !given.contains(f)).toList();
    report(
        missing.isEmpty(),
        "flags",
        missing.isEmpty()
            ? "as in scripts/jvm.flags"
            : "missing " + missing + ": start with scripts/semnal");
  }

  private void clock() {
    long before = System.nanoTime();
    Instant first = Instant.now();
    for (int i = 0; i < 1_000; i++) {
      Instant.now();
    }
    long each = (System.nanoTime() - before) / 1_001;
    report(
        first.isAfter(Instant.parse("2024-01-01T00:00:00Z")),
        "clock",
        first + ", reading it takes " + each + " ns");
  }

  private void disk(Path directory) throws IOException {
    Path existing = directory.toAbsolutePath();
    while (!Files.exists(existing)) {
      existing = existing.getParent();
    }
    long free = Files.getFileStore(existing).getUsableSpace();
    report(
        free >= LEAST_FREE && Files.isWritable(existing),
        "disk",
        (free >> 20)
            + " MiB free for "
            + directory
            + (Files.isWritable(existing) ? "" : ", not writable")
            + (free < LEAST_FREE ? ": less than 2 GiB" : ""));
  }

  private void port(String name, boolean enabled, String host, int port) {
    if (!enabled || port == 0) {
      return;
    }
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
      report(true, "port", name + " " + host + ":" + port + " is free");
    } catch (IOException e) {
      report(false, "port", name + " " + host + ":" + port + ": " + e.getMessage());
    }
  }

  private void report(boolean good, String what, String text) {
    if (!good) {
      problems++;
    }
    out.printf("%-4s %-6s %s%n", good ? "ok" : "BAD", what, text);
  }
}

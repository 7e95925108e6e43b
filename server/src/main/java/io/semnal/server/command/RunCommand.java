package io.semnal.server.command;

import io.semnal.core.access.KeyFile;
import io.semnal.core.config.RuntimeConfig;
import io.semnal.core.config.SemnalConfig;
import io.semnal.core.metrics.Metrics;
import io.semnal.features.compile.PooledPrices;
import io.semnal.inference.scorer.OnnxScorer;
import io.semnal.journal.EngineStart;
import io.semnal.journal.Progress;
import io.semnal.server.BuildId;
import io.semnal.server.Composition;
import io.semnal.server.EngineHost;
import io.semnal.server.KeySetup;
import io.semnal.server.SignalServer;
import io.semnal.server.Times;
import io.semnal.server.health.StartHealth;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The server. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Runs the server until it is told to stop (Ctrl-C or SIGTERM).",
      "Feeds connect to it with 'semnal feed', clients with 'semnal listen'. At the first"
          + " start it makes keys for one of each, beside its key file: feed.key and client.key."
    })
public final class RunCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;
  @Mixin private ConfigOptions options;
  @Mixin private WarmUpOptions warmUp;

  @Override
  public Integer call() throws IOException, InterruptedException {
    long began = System.nanoTime();
    // A sixth of a start, and needs nothing of the rest: beside the configuration and the journal.
    Thread library =
        Thread.ofPlatform().name("semnal-onnxruntime").start(OnnxScorer::prepareRuntime);
    try {
      return run(began);
    } finally {
      // An end in the middle of it would leave a copy of the library behind.
      library.join();
    }
  }

  private int run(long began) throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    SemnalConfig config = options.load(warmUp.settings());
    RuntimeConfig runtime = config.runtime();
    KeyFile clientKeys = KeySetup.openOrMake(runtime.gateway().keysFile(), "feed");
    KeyFile feedKeys =
        runtime.feed().keysFile().equals(runtime.gateway().keysFile())
            ? clientKeys
            : KeySetup.openOrMake(runtime.feed().keysFile(), "feed");
    Metrics metrics = new Metrics();
    ProgressLine progress = new ProgressLine(spec.commandLine().getErr());
    CompletableFuture<Integer> end = new CompletableFuture<>();
    try {
      try (StartHealth health = new StartHealth(runtime.admin());
          EngineHost host = EngineHost.open(config, metrics, told(progress.recovery(), health));
          SignalServer server =
              new SignalServer(config, host, metrics, feedKeys, clientKeys, null)) {
        progress.clear();
        health.end();
        server.start();
        Thread hook = hookFor(server::stop, end);
        describe(out, config, host, server, began);
        server.awaitStop();
        out.println("stopping");
        out.flush();
        unhook(hook);
        if (server.fault() != null) {
          throw new CommandFailure(server.fault());
        }
      }
      end.complete(CommandLine.ExitCode.OK);
    } finally {
      end.complete(CommandLine.ExitCode.SOFTWARE);
    }
    return CommandLine.ExitCode.OK;
  }

  private static Progress told(Progress one, Progress other) {
    return (task, done, total) -> {
      one.at(task, done, total);
      other.at(task, done, total);
    };
  }

  /**
   * SIGTERM is the ordinary end, closed in the same order as any other: so it has the exit code of
   * one, where the virtual machine would say 143.
   */
  static Thread hookFor(Runnable stop, CompletableFuture<Integer> end) {
    Thread hook =
        new Thread(
            () -> {
              stop.run();
              if (end.join() == CommandLine.ExitCode.OK) {
                Runtime.getRuntime().halt(CommandLine.ExitCode.OK);
              }
            },
            "semnal-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    return hook;
  }

  /** Fails while the hook runs, which is when it is not needed any more. */
  static void unhook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The virtual machine is going down already: the hook is what brought us here.
      assert hook.isAlive() || hook.getState() == Thread.State.TERMINATED : e;
    }
  }

  private static void describe(
      PrintWriter out, SemnalConfig config, EngineHost host, SignalServer server, long began) {
    RuntimeConfig runtime = config.runtime();
    int cores = Runtime.getRuntime().availableProcessors();
    Composition composition = Composition.of(runtime.threads().composition(), cores);
    boolean spins = runtime.threads().idle() != RuntimeConfig.Threads.Idle.BACKOFF;
    out.printf(
        "semnal %s, journal %s, run %d%s, at %s%n",
        BuildId.current(),
        host.journal().path(),
        host.start().run().runId(),
        host.start().isContinued() ? " (continued)" : "",
        Times.iso(host.ingress().time()));
    if (host.start().isContinued()) {
      out.println(recovery(host.start()));
    }
    out.printf(
        "threads %s, %d cores, %s%n",
        composition.name().toLowerCase(Locale.ROOT),
        cores,
        spins ? composition.busyThreads() + " thread(s) never sleep" : "idle threads sleep");
    if (spins && composition.busyThreads() >= cores) {
      out.println(
          "WARNING: more spinning threads than cores can carry; set threads.idle = backoff");
    }
    host.warmUp().lines().forEach(out::println);
    PooledPrices.warnings(config.engine()).forEach(w -> out.println("WARNING: " + w));
    SignalServer.Ports ports = server.ports();
    line(out, "feed ", "tcp://", ports.feed(), "");
    line(out, "tcp  ", "tcp://", ports.tcp(), "");
    line(out, "ws   ", "ws://", ports.ws(), "/ws");
    line(out, "fix  ", "tcp://", ports.fix(), "");
    line(out, "admin", "http://", ports.admin(), "/health/ready");
    server.aeron().forEach(out::println);
    out.printf("ready after %d ms%n", (System.nanoTime() - began) / 1_000_000);
    out.flush();
  }

  private static String recovery(EngineStart start) {
    long from = start.snapshotSeq();
    return from == 0
        ? "recovered from the run's beginning"
        : "recovered from the snapshot at "
            + from
            + " and the "
            + (start.foundSeq() - from)
            + " messages behind it";
  }

  static void line(
      PrintWriter out, String name, String scheme, InetSocketAddress address, String path) {
    if (address != null) {
      out.printf(
          "%s  %s%s:%d%s%n",
          name, scheme, address.getAddress().getHostAddress(), address.getPort(), path);
    }
  }
}

package io.semnal.bench.wire;

import io.semnal.bench.FanoutClient;
import io.semnal.bench.FanoutLink;
import io.semnal.bench.Figure;
import io.semnal.bench.Machine;
import io.semnal.bench.Report;
import io.semnal.bench.ServerProcess;
import io.semnal.server.KeySetup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.HdrHistogram.Histogram;

/**
 * A server under a steady load with fifty clients of which five leave and five come every few
 * seconds: heap, direct memory, file handles and threads may not grow, nor the latency's tail.
 */
public final class SoakBench {
  private static final int RATE = WireScenario.TARGET_RATE;
  private static final int GROUPS = 10;
  private static final int CLIENTS_A_GROUP = 5;
  private static final double STRETCH_SECONDS = 5;
  private static final double WARM_SECONDS = 10;
  private static final double MOST_TAIL = 1.2;
  private static final long SETTLE_MILLIS = 3_000;
  private static final long PAUSE_MILLIS = 100;

  /** A soaked heap may hold a little more: session caches, pools, code's own data. */
  private static final double MOST_HEAP_MIB = 4;

  private static final double MIB = 1 << 20;

  private final Report report;
  private final double minutes;
  private int logins;

  public SoakBench(Report report, double minutes) {
    this.report = report;
    this.minutes = minutes;
  }

  /** What the process takes, all clients there and garbage collected. */
  private record Sample(double heap, double direct, double handles, double threads) {
    static Sample of(ServerProcess server) throws IOException, InterruptedException {
      server.collect();
      return new Sample(
          server.metric("semnal_process_heap_bytes"),
          server.metric("semnal_process_direct_bytes"),
          server.metric("semnal_process_open_handles"),
          server.metric("semnal_process_threads"));
    }
  }

  /**
   * @throws IOException also when a tick was not answered or a client was lost
   */
  public void run() throws IOException, InterruptedException {
    Path log = Machine.home().resolve("bench/target/soak.log");
    try (WireRun run =
            new WireRun(report, WireScenario.MLP, ProcessBuilder.Redirect.to(log.toFile()));
        FanoutLink clients = new FanoutLink(KeySetup.clientKey(run.server().keys()))) {
      run.warmUp(WARM_SECONDS);
      int port = run.webSocketPort();
      await(run, started(() -> comeAll(clients, port)));
      // One whole change of clients, so that what is made once is there.
      int stretches = Math.max(4, (int) Math.round(minutes * 60 / STRETCH_SECONDS));
      for (int i = 0; i < GROUPS; i++) {
        stretch(run, clients, port, i);
      }
      Sample first = sample(run);
      Histogram[] tails = new Histogram[stretches];
      for (int i = 0; i < stretches; i++) {
        tails[i] = stretch(run, clients, port, i).latencies();
        tell(run, i, stretches, tails[i]);
      }
      Sample last = sample(run);
      judge(first, last);
      tail(tails);
      report.say(
          String.format(
              Locale.ROOT, "%,d ticks, %d logins, %d signals", run.ticks(), logins, run.signals()));
    }
  }

  /** Under load, while one group of clients leaves and another comes. */
  private WireLoad.Result stretch(WireRun run, FanoutLink clients, int port, int index)
      throws IOException, InterruptedException {
    FutureTask<Void> change =
        started(
            () -> {
              int group = index % GROUPS;
              if (clients.hold(name(group), 0) != CLIENTS_A_GROUP) {
                throw new IOException("a client was lost");
              }
              clients.close(name(group));
              come(clients, port, group);
              return null;
            });
    WireLoad.Result result = run.measureSemnal(RATE, STRETCH_SECONDS);
    if (result.unanswered() > 0) {
      throw new IOException(result.unanswered() + " ticks without an answer");
    }
    await(run, change);
    return result;
  }

  private static FutureTask<Void> started(Callable<Void> work) {
    FutureTask<Void> task = new FutureTask<>(work);
    Thread.ofVirtual().start(task);
    return task;
  }

  /** The measuring sessions live on meanwhile. */
  private static void await(WireRun run, FutureTask<Void> task)
      throws IOException, InterruptedException {
    try {
      while (!task.isDone()) {
        Thread.sleep(PAUSE_MILLIS);
        run.keepAlive();
      }
      task.get();
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    }
  }

  private Void comeAll(FanoutLink clients, int port) throws IOException {
    for (int i = 0; i < GROUPS; i++) {
      come(clients, port, i);
    }
    return null;
  }

  private void come(FanoutLink clients, int port, int group) throws IOException {
    FanoutClient.Mode mode = group % 2 == 0 ? FanoutClient.Mode.JSON : FanoutClient.Mode.SBE;
    logins += clients.open(name(group), port, CLIENTS_A_GROUP, mode, 0).count();
  }

  private static String name(int group) {
    return "soak-" + group;
  }

  /** Sessions that ended are closed for good a moment later. */
  private static Sample sample(WireRun run) throws IOException, InterruptedException {
    run.keepAlive();
    Thread.sleep(SETTLE_MILLIS);
    Sample sample = Sample.of(run.server());
    run.keepAlive();
    return sample;
  }

  private void tell(WireRun run, int index, int stretches, Histogram tail) throws IOException {
    if (index % 12 == 0 || index == stretches - 1) {
      report.say(
          String.format(
              Locale.ROOT,
              "  %d of %d: p99.9 %.0f us, heap %.1f MiB, direct %.1f MiB, %.0f handles, %.0f"
                  + " threads, load %s",
              index + 1,
              stretches,
              tail.getValueAtPercentile(99.9) / 1e3,
              run.server().metric("semnal_process_heap_bytes") / MIB,
              run.server().metric("semnal_process_direct_bytes") / MIB,
              run.server().metric("semnal_process_open_handles"),
              run.server().metric("semnal_process_threads"),
              Machine.load()));
    }
  }

  private void judge(Sample first, Sample last) {
    String how = String.format(Locale.ROOT, "last less first, of %.1f minutes; first ", minutes);
    grown("heap", MOST_HEAP_MIB, "MiB", first.heap / MIB, last.heap / MIB, how);
    // A pool takes memory in chunks of 4 MiB, and keeps it.
    grown("direct memory", 4, "MiB", first.direct / MIB, last.direct / MIB, how);
    grown("file handles", 0, "handles", first.handles, last.handles, how);
    grown("threads", 0, "threads", first.threads, last.threads, how);
  }

  private void grown(String what, double most, String unit, double first, double last, String how) {
    report.add(
        Figure.atMost(
            most,
            "soak, growth of " + what,
            last - first,
            unit,
            Double.NaN,
            how + Figure.number(first)));
  }

  /** The last sixth beside the first one. */
  private void tail(Histogram[] tails) {
    int part = Math.max(2, tails.length / 6);
    double[] first = new double[part];
    double[] last = new double[part];
    for (int i = 0; i < part; i++) {
      first[i] = tails[i].getValueAtPercentile(99.9) / 1e3;
      last[i] = tails[tails.length - part + i].getValueAtPercentile(99.9) / 1e3;
    }
    report.add(
        Figure.timesAtMost(
            MOST_TAIL,
            "soak, tick to score, p99.9 at the end",
            last,
            "us",
            "at the beginning",
            first,
            String.format(
                Locale.ROOT,
                "%d ticks/s; medians of %d stretches of %.0f s each",
                RATE,
                part,
                STRETCH_SECONDS)));
  }
}

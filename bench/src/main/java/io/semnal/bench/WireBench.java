package io.semnal.bench;

import io.semnal.core.config.ConfigLoader;
import io.semnal.core.market.Instrument;
import io.semnal.feed.sim.MarketSimulator;
import io.semnal.server.Times;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Tick to score over real sockets: a feed sends quotes over TCP to a server process with trigger
 * tick, and a client's TCP session receives the scores. The floor is a bare echo of the same sizes.
 */
final class WireBench {
  private static final String SYMBOL = "EURUSD";
  private static final double WARM_RATE = 20_000;

  /** Until the server's compilers are done. */
  private static final int WARM_SECONDS = 15;

  private static final int ECHO_WARM_SECONDS = 3;

  /** Event time from quote to quote: no two are equal, and a minute's bar closes now and then. */
  private static final long STEP = 5_000_000L;

  private final Report report;
  private final int seconds;
  private final List<Integer> rates;

  WireBench(Report report, int seconds, List<Integer> rates) {
    this.report = report;
    this.seconds = seconds;
    this.rates = rates;
  }

  void run() throws IOException, InterruptedException {
    try (WorkFolder folder = new WorkFolder("wire")) {
      try (ChildProcess warm =
          ChildProcess.start(
              "512m", WarmJournal.class.getName(), List.of(folder.path().toString()))) {
        warm.awaitEnd(report::say);
      }
      try (EchoLink echo = new EchoLink(SemnalLink.REQUEST, SemnalLink.REPLY);
          ServerProcess server = new ServerProcess(folder.path(), settings(folder.path()));
          SemnalLink semnal = link(server)) {
        measure(echo, semnal, server);
      }
    }
  }

  private static String[] settings(Path folder) {
    return WarmJournal.settings(folder).entrySet().stream()
        .filter(setting -> !setting.getKey().equals("journal.directory"))
        .flatMap(setting -> Stream.of(setting.getKey() + "=" + setting.getValue()))
        .toArray(String[]::new);
  }

  private static SemnalLink link(ServerProcess server) throws IOException {
    List<Instrument> instruments =
        ConfigLoader.reference().engine().instruments().stream()
            .filter(instrument -> instrument.symbol().equals(SYMBOL))
            .toList();
    long from = Times.nanos(WarmJournal.UNTIL);
    MarketSimulator prices = new MarketSimulator(3, instruments, from, Long.MAX_VALUE);
    return new SemnalLink(server, SYMBOL, prices, from + STEP, STEP);
  }

  private void measure(EchoLink echo, SemnalLink semnal, ServerProcess server) throws IOException {
    long warm = (long) WARM_RATE * WARM_SECONDS;
    WireLoad.run(echo, semnal, WARM_RATE, 0, (long) WARM_RATE * ECHO_WARM_SECONDS);
    WireLoad.run(semnal, echo, WARM_RATE, 0, warm);
    long next = warm;
    for (int rate : rates) {
      long count = (long) rate * seconds;
      WireLoad.Result floor = WireLoad.run(echo, semnal, rate, next, count);
      double before = server.processorSeconds();
      WireLoad.Result result = WireLoad.run(semnal, echo, rate, next, count);
      double used = (server.processorSeconds() - before) / seconds;
      next += count;
      report.say(rate + "/s semnal " + result.text());
      report.say(rate + "/s echo   " + floor.text());
      for (double percentile : new double[] {50, 99, 99.9}) {
        report.add(
            Figure.plain(
                "tick to score, " + rate + "/s, p" + Figure.number(percentile).replace(".0", ""),
                result.micros(percentile),
                "us",
                floor.micros(percentile),
                String.format(
                    java.util.Locale.ROOT,
                    "loopback TCP to TCP, %d s, from planned sending; server used %.0f %% of a"
                        + " core; %d unanswered",
                    seconds,
                    100 * used,
                    result.unanswered())));
      }
    }
    report.say(
        String.format(
            java.util.Locale.ROOT,
            "%.2f %% of the scores came from the model, the others name a reason",
            100 * semnal.scoredShare()));
  }
}

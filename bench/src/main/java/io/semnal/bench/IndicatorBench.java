package io.semnal.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Locale;

/**
 * Indicators beside ta4j, fed bar by bar, and TA-Lib, which takes whole arrays: the same twenty on
 * the same bars in one process, by turns; their values are compared before any time is taken.
 */
final class IndicatorBench {
  private static final double TARGET_TA4J = 20;
  private static final double TARGET_TA_LIB = 1;

  /** More than the longest window. ta4j goes through its caches by shifting: more costs it more. */
  private static final int KEPT_BARS = 100;

  private static final int BARS = 1_000_000;
  private static final int QUICK_BARS = 300_000;
  private static final int ROUNDS = 10;
  private static final int QUICK_ROUNDS = 5;
  private static final int CHECKED_BARS = 12_000;

  /** When all twenty have settled: KAMA is the slowest. */
  private static final int SETTLED = 5_000;

  private static final double TOLERANCE = 1e-6;

  private static final int QUIET_PASSES = 3;
  private static final int MOST_PASSES = 20;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final Report report;
  private final boolean quick;
  private final List<PeerIndicator> peers = PeerIndicator.all();
  private final List<String> columns = peers.stream().map(PeerIndicator::column).toList();
  private final BarSeriesSample bars;
  private final int rounds;
  private double sink;

  IndicatorBench(Report report, boolean quick) {
    this.report = report;
    this.quick = quick;
    bars = new BarSeriesSample(quick ? QUICK_BARS : BARS);
    rounds = quick ? QUICK_ROUNDS : ROUNDS;
  }

  void run() {
    compareValues();
    compareSets();
    compareEach();
  }

  /** Times mean nothing where the values differ. */
  private void compareValues() {
    IndicatorRun semnal = new IndicatorRun.Semnal(bars, columns);
    IndicatorRun ta4j = new IndicatorRun.Ta4j(bars, peers, KEPT_BARS);
    double[][] ours = new double[peers.size()][CHECKED_BARS];
    double[] worst = new double[peers.size()];
    double[][] other = new double[peers.size()][CHECKED_BARS];
    for (int i = 0; i < CHECKED_BARS; i++) {
      semnal.over(i, i + 1);
      ta4j.over(i, i + 1);
      for (int p = 0; p < peers.size(); p++) {
        ours[p][i] = semnal.last(p);
        other[p][i] = ta4j.last(p);
      }
    }
    for (int p = 0; p < peers.size(); p++) {
      IndicatorRun.TaLib taLib = new IndicatorRun.TaLib(bars, peers.subList(p, p + 1));
      taLib.over(0, CHECKED_BARS);
      double size = 0;
      for (int i = SETTLED; i < CHECKED_BARS; i++) {
        size += Math.abs(ours[p][i]) / (CHECKED_BARS - SETTLED);
      }
      for (int i = SETTLED; i < CHECKED_BARS; i++) {
        double scale = Math.max(size, Math.abs(ours[p][i]));
        worst[p] = worse(worst[p], (ours[p][i] - other[p][i]) / scale);
        worst[p] = worse(worst[p], (ours[p][i] - taLib.at(i)) / scale);
      }
      if (!(worst[p] <= TOLERANCE)) {
        throw new IllegalStateException(
            columns.get(p) + ": the libraries differ by " + worst[p] + " of its size");
      }
    }
    double most = 0;
    for (double one : worst) {
      most = Math.max(most, one);
    }
    report.say(
        String.format(
            Locale.ROOT,
            "the %d indicators of the three libraries agree on %,d bars within %.1e of their size",
            peers.size(),
            CHECKED_BARS - SETTLED,
            most));
  }

  private static double worse(double worst, double error) {
    return Math.abs(error) <= worst ? worst : Math.abs(error);
  }

  /** All twenty: the three take turns. */
  private void compareSets() {
    IndicatorRun semnal = new IndicatorRun.Semnal(bars, columns);
    IndicatorRun taLib = new IndicatorRun.TaLib(bars, peers);
    IndicatorRun ta4j = new IndicatorRun.Ta4j(bars, peers, KEPT_BARS);
    int slice = bars.length() / rounds;
    warmUp(semnal, bars.length());
    warmUp(taLib, bars.length());
    warmUp(ta4j, slice);
    double[] ours = new double[rounds];
    double[] live = new double[rounds];
    double[] batch = new double[rounds];
    for (int r = 0; r < rounds; r++) {
      ours[r] = rate(semnal, 0, bars.length());
      batch[r] = rate(taLib, 0, bars.length());
      live[r] = rate(ta4j, r * slice, (r + 1) * slice);
    }
    String how =
        String.format(
            Locale.ROOT,
            "%d indicators, %,d bars a round, %s rounds",
            peers.size(),
            bars.length(),
            Statistics.range(ours));
    report.add(
        Figure.ratioAtLeast(
            TARGET_TA4J,
            "indicators bar by bar",
            ours,
            "M values/s",
            "ta4j 0.21",
            live,
            how
                + String.format(
                    Locale.ROOT,
                    "; ta4j in double, %d bars kept, %,d bars a round, going on: all of them"
                        + " once",
                    KEPT_BARS,
                    slice)));
    report.add(
        Figure.ratioAtLeast(
            TARGET_TA_LIB,
            "indicators, closed bars against whole arrays",
            ours,
            "M values/s",
            "TA-Lib 0.4",
            batch,
            how));
  }

  /** A row of one column each, the bar's own cost included; TA-Lib has no bars. */
  private void compareEach() {
    int times = quick ? 3 : 5;
    int length = Math.min(bars.length(), 500_000);
    each("bar alone, column close", "close", null, times, length);
    for (PeerIndicator peer : peers) {
      each(peer.column() + " alone", peer.column(), peer, times, length);
    }
  }

  private void each(String name, String column, PeerIndicator peer, int times, int length) {
    IndicatorRun semnal = new IndicatorRun.Semnal(bars, List.of(column));
    IndicatorRun taLib = peer == null ? null : new IndicatorRun.TaLib(bars, List.of(peer));
    double[] ours = new double[times];
    double[] batch = new double[times];
    warmUp(semnal, length);
    if (taLib != null) {
      warmUp(taLib, length);
    }
    for (int r = 0; r < times; r++) {
      ours[r] = nanos(semnal, 0, length) / length;
      batch[r] = taLib == null ? Double.NaN : nanos(taLib, 0, length) / length;
    }
    report.add(
        Figure.beside(
            "TA-Lib 0.4",
            name,
            Statistics.median(ours),
            "ns/value",
            peer == null ? Double.NaN : Statistics.median(batch),
            ""));
  }

  /** Millions of values a second. */
  private double rate(IndicatorRun run, int from, int to) {
    return 1e3 * (to - from) * peers.size() / nanos(run, from, to);
  }

  /**
   * Processor time of this thread, so that neighbours do not decide between libraries. The
   * collector's work, on what ta4j allocates, is left out: it has a thread of its own.
   */
  private double nanos(IndicatorRun run, int from, int to) {
    long started = THREADS.getCurrentThreadCpuTime();
    sink += run.over(from, to);
    return THREADS.getCurrentThreadCpuTime() - started;
  }

  /** Until the compilers have nothing left to win: on a busy machine that takes a while. */
  private void warmUp(IndicatorRun run, int to) {
    double best = nanos(run, 0, to);
    int since = 0;
    for (int pass = 0; pass < MOST_PASSES && since < QUIET_PASSES; pass++) {
      double now = nanos(run, 0, to);
      since = now < 0.95 * best ? 0 : since + 1;
      best = Math.min(best, now);
    }
  }
}

package io.semnal.bench.wire;

import io.semnal.bench.Figure;
import io.semnal.bench.Report;
import java.io.IOException;
import java.util.Locale;

/**
 * Looks for the highest rate at which nothing queues up: every tick sent in its time, scored,
 * journaled and answered. Rates rise by a tenth until one is not held; the last one that was is
 * then held once more for longer.
 */
final class HighestRate {
  private static final double TARGET = 250_000;
  private static final double BEGIN = 100_000;
  private static final double STEP = 1.1;
  private static final double STEP_SECONDS = 3;
  private static final double HOLD_SECONDS = 20;
  private static final double MOST = 2_000_000;

  /** What waits at the end is no more than a sender's stall leaves behind. */
  private static final long MOST_WAITING = 50_000_000L;

  private HighestRate() {}

  static Figure find(WireRun run, Report report) throws IOException {
    double held = 0;
    int misses = 0;
    for (double rate = BEGIN; rate < MOST && misses < 2; rate *= STEP) {
      if (isHeld(run.measureSemnal(rate, STEP_SECONDS))) {
        held = rate;
        misses = 0;
      } else {
        misses++;
      }
      report.say(String.format(Locale.ROOT, "  %,.0f/s: %s", rate, misses == 0 ? "held" : "not"));
    }
    while (held >= BEGIN && !isHeld(run.measureSemnal(held, HOLD_SECONDS))) {
      report.say(String.format(Locale.ROOT, "  %,.0f/s: not for %s s", held, HOLD_SECONDS));
      held /= STEP;
    }
    return Figure.atLeast(
        TARGET,
        "wire, highest rate held, every tick scored and journaled",
        held,
        "ticks/s",
        Double.NaN,
        "for " + HOLD_SECONDS + " s; the sender has a core, the server the other");
  }

  /** The latest answers are as quick as others: no queue was growing. */
  private static boolean isHeld(WireLoad.Result result) {
    return result.isHeld() && result.latencies().getValueAtPercentile(99) < MOST_WAITING;
  }
}

package io.semnal.bench;

import java.io.IOException;
import java.util.function.LongConsumer;
import org.HdrHistogram.Histogram;

/**
 * Sends at planned times and measures from each planned time to the answer, so that a message which
 * had to wait for its turn to be sent counts as late. One thread that never sleeps.
 */
final class WireLoad {
  private static final long HIGHEST = 60_000_000_000L;
  private static final long PATIENCE = 5_000_000_000L;
  private static final long KEEP_ALIVE_EVERY = 1_000_000_000L;
  private final WireLink link;
  private final WireLink other;
  private final LongConsumer answered = this::onAnswer;
  private final Histogram latencies = new Histogram(HIGHEST, 3);
  private final double rate;
  private final long first;
  private final long startedAt;
  private long answers;

  private WireLoad(WireLink link, WireLink other, double rate, long first) {
    this.link = link;
    this.other = other;
    this.rate = rate;
    this.first = first;
    startedAt = System.nanoTime();
  }

  /**
   * @param latencies nanoseconds from planned sending to the answer's arrival
   * @param unanswered messages without an answer five seconds after the last one was sent
   */
  record Result(Histogram latencies, long unanswered) {
    double micros(double percentile) {
      return latencies.getValueAtPercentile(percentile) / 1e3;
    }

    String text() {
      return String.format(
          java.util.Locale.ROOT,
          "p50 %.1f, p90 %.1f, p99 %.1f, p99.9 %.1f, max %.1f us over %d%s",
          micros(50),
          micros(90),
          micros(99),
          micros(99.9),
          latencies.getMaxValue() / 1e3,
          latencies.getTotalCount(),
          unanswered == 0 ? "" : ", " + unanswered + " unanswered");
    }
  }

  /**
   * Sends {@code count} messages.
   *
   * @param other a link that shall live on meanwhile
   * @param first number of the first one
   */
  static Result run(WireLink link, WireLink other, double rate, long first, long count)
      throws IOException {
    return new WireLoad(link, other, rate, first).run(count);
  }

  private Result run(long count) throws IOException {
    long sent = 0;
    long giveUp = Long.MAX_VALUE;
    long keepAlive = startedAt;
    while (answers < count) {
      long now = System.nanoTime();
      if (sent < count && now - planned(sent) >= 0) {
        link.send(first + sent++);
        giveUp = now + PATIENCE;
      }
      link.poll(answered);
      if (now - keepAlive >= 0) {
        keepAlive = now + KEEP_ALIVE_EVERY;
        link.keepAlive();
        other.keepAlive();
      }
      if (sent == count && now > giveUp) {
        break;
      }
    }
    return new Result(latencies, count - answers);
  }

  private long planned(long index) {
    return startedAt + (long) (index * 1e9 / rate);
  }

  private void onAnswer(long index) {
    if (index >= first) {
      answers++;
      latencies.recordValue(Math.min(HIGHEST, System.nanoTime() - planned(index - first)));
    }
  }
}

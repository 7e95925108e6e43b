package io.semnal.bench.wire;

import java.io.IOException;
import java.util.function.LongConsumer;
import org.HdrHistogram.Histogram;

/**
 * Sends at planned times and measures from each planned time to the answer, so that a message which
 * had to wait for its turn to be sent counts as late. One thread that never sleeps.
 */
final class WireLoad {
  private static final long HIGHEST = 60_000_000_000L;
  private static final long PATIENCE = 2_000_000_000L;
  private static final long KEEP_ALIVE_EVERY = 1_000_000_000L;

  /** Most messages between two looks for answers. */
  private static final int MOST_AT_ONCE = 64;

  private final WireLink link;
  private final LongConsumer answered = this::onAnswer;
  private final Histogram latencies = new Histogram(HIGHEST, 3);
  private final double rate;
  private final long first;
  private final long startedAt;
  private long answers;
  private long lastSentAt;

  private WireLoad(WireLink link, double rate, long first) {
    this.link = link;
    this.rate = rate;
    this.first = first;
    startedAt = System.nanoTime();
  }

  /**
   * @param latencies nanoseconds from planned sending to the answer's arrival
   * @param unanswered messages without an answer two seconds after the last one was sent
   * @param behind nanoseconds by which the last message was sent later than planned
   */
  record Result(Histogram latencies, long unanswered, long behind) {
    /** Whether all was sent, though perhaps late. */
    boolean isSent() {
      return behind < PATIENCE;
    }

    /** Of the planned rate, what was sent. */
    boolean isHeld() {
      return unanswered == 0 && behind < MOST_BEHIND;
    }
  }

  /** A sender that is later than this at the end has not held its rate. */
  static final long MOST_BEHIND = 50_000_000L;

  /**
   * Sends {@code count} messages.
   *
   * @param first number of the first one
   */
  static Result run(WireLink link, double rate, long first, long count) throws IOException {
    return new WireLoad(link, rate, first).run(count);
  }

  private Result run(long count) throws IOException {
    long sent = 0;
    long giveUp = Long.MAX_VALUE;
    long keepAlive = startedAt + KEEP_ALIVE_EVERY;
    while (answers < count) {
      long now = System.nanoTime();
      long before = sent;
      long most = Math.min(count, sent + MOST_AT_ONCE);
      while (sent < most && now - planned(sent) >= 0 && link.queue(first + sent)) {
        sent++;
      }
      if (sent != before) {
        link.flush();
        link.prepare();
        lastSentAt = now;
        giveUp = now + PATIENCE;
      } else if (now > giveUp && (sent == count || now - planned(sent) > PATIENCE)) {
        break;
      }
      link.poll(answered);
      if (now - keepAlive >= 0) {
        keepAlive = now + KEEP_ALIVE_EVERY;
        link.keepAlive();
      }
    }
    return new Result(latencies, count - answers, lastSentAt - planned(Math.max(0, sent - 1)));
  }

  private long planned(long index) {
    return startedAt + (long) (index * 1e9 / rate);
  }

  private void onAnswer(long index) {
    if (index >= first) {
      answers++;
      latencies.recordValue(
          Math.max(0, Math.min(HIGHEST, System.nanoTime() - planned(index - first))));
    }
  }
}

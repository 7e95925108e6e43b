package io.semnal.gateway;

import io.semnal.core.access.TokenBucket;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.session.KeyLimits;
import java.util.function.LongSupplier;
import org.agrona.DirectBuffer;

/**
 * When a session may have the next message of the stream: so many a second, and so long after the
 * message's time. Holding back is all it does: nothing is left out. Loop thread.
 */
final class Release {
  private final long delayNanos;
  private final TokenBucket pace;
  private final boolean paced;
  private final LongSupplier wallClock;
  private final LongSupplier nanoClock;

  /**
   * @param wallClock UTC nanoseconds
   * @param nanoClock of the duty cycle
   */
  Release(KeyLimits limits, LongSupplier wallClock, LongSupplier nanoClock) {
    delayNanos = limits.delay().toNanos();
    paced = limits.messagesPerSecond() > 0;
    pace = new TokenBucket(limits.messagesPerSecond());
    this.wallClock = wallClock;
    this.nanoClock = nanoClock;
  }

  /** Everything at once. */
  static Release atOnce() {
    return new Release(KeyLimits.NONE, () -> 0, () -> 0);
  }

  boolean isDelayed() {
    return delayNanos > 0;
  }

  boolean isPaced() {
    return paced;
  }

  /** Whether the message is old enough. */
  boolean isDue(DirectBuffer buffer, int offset) {
    return delayNanos == 0
        || MessageLayout.outboundTime(buffer, offset) + delayNanos <= wallClock.getAsLong();
  }

  /** A time of now, or the latest that a delayed session may know of. */
  long latest(long time) {
    return delayNanos == 0 ? time : Math.min(time, wallClock.getAsLong() - delayNanos);
  }

  /** Whether the rate allows one more now; it is counted then. */
  boolean take() {
    return !paced || pace.take(nanoClock.getAsLong());
  }

  /** The last message of the window that is old enough, or the one before its oldest. */
  long lastDue(OutboundWindow window) {
    long least = window.oldest() - 1;
    long most = window.head();
    while (least < most) {
      long middle = least + (most - least + 1) / 2;
      if (isDue(window.buffer(), window.offset(middle))) {
        least = middle;
      } else {
        most = middle - 1;
      }
    }
    return least;
  }
}

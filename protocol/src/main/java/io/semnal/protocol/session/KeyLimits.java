package io.semnal.protocol.session;

import java.time.Duration;

/**
 * How much a key's holder gets of what it may read.
 *
 * @param connections sessions at a time, over all keys of the client; 0 = any number
 * @param messagesPerSecond outbound messages a second on one session; the rest waits; 0 = any
 *     number
 * @param replay a resume may go back so many outbound messages from the head; 0 = any number
 * @param delay a message is told this long after its time, and quotes and snapshots not at all;
 *     zero = at once
 */
public record KeyLimits(int connections, int messagesPerSecond, long replay, Duration delay) {
  public static final KeyLimits NONE = new KeyLimits(0, 0, 0, Duration.ZERO);

  public KeyLimits {
    if (connections < 0 || messagesPerSecond < 0 || replay < 0 || delay.isNegative()) {
      throw new IllegalArgumentException("no limit of a key is negative");
    }
  }

  /** Whether everything comes late. */
  public boolean isDelayed() {
    return !delay.isZero();
  }
}

package io.semnal.feed.session;

import java.time.Duration;

/**
 * What a feed session may take.
 *
 * @param login time from connecting to a right proof
 * @param heartbeat silence after which a side says that it lives; after three of them in silence
 *     the session is closed, after two another connection may take its source over
 * @param maxFrame most bytes of a frame, framing header included
 * @param ackEvery a FeedAck is sent after so many quotes journaled
 * @param ackAfter or after this time, if any were
 * @param maxSessions connections at a time, those logging in included
 */
public record FeedLimits(
    Duration login,
    Duration heartbeat,
    int maxFrame,
    int ackEvery,
    Duration ackAfter,
    int maxSessions) {
  public static final FeedLimits DEFAULT =
      new FeedLimits(
          Duration.ofSeconds(5), Duration.ofSeconds(5), 4096, 4096, Duration.ofMillis(20), 64);

  public FeedLimits {
    if (maxFrame < 256 || ackEvery < 1 || maxSessions < 1 || heartbeat.toMillis() < 1) {
      throw new IllegalArgumentException(
          "maxFrame must be at least 256, ackEvery, maxSessions and heartbeat (ms) at least 1");
    }
  }
}

package io.semnal.core.config;

import java.nio.file.Path;
import java.time.Duration;

/**
 * The stream over Aeron and quotes over Aeron; both off by default. One media driver serves both.
 *
 * @param directory of the media driver; {@code null} = one of this server's own, in {@code
 *     /dev/shm} where there is one
 * @param termLength bytes of one of the three terms of each publication, a power of two
 * @param maxSleep longest sleep of the thread that drives Aeron: nothing wakes it when a packet
 *     comes
 */
public record AeronConfig(
    Path directory, int termLength, Duration maxSleep, Publish publish, Feed feed) {

  public boolean isOn() {
    return publish.enabled() || feed.enabled();
  }

  /**
   * The outbound stream as a publication.
   *
   * @param channel an Aeron URI
   * @param channels bits of {@link io.semnal.protocol.Channel} that are published
   * @param heartbeat between two Heartbeat messages
   */
  public record Publish(
      boolean enabled, String channel, int stream, int channels, Duration heartbeat) {}

  /**
   * Quotes as a subscription.
   *
   * @param channel an Aeron URI
   * @param source name of the source that they are journaled as
   */
  public record Feed(boolean enabled, String channel, int stream, String source) {}
}

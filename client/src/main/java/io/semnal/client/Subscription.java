package io.semnal.client;

import io.semnal.protocol.Channel;
import io.semnal.protocol.sbe.ConflationMode;
import io.semnal.protocol.session.ResumeToken;
import java.util.List;
import java.util.Set;

/**
 * What a client wants to hear of. Empty lists of instruments, timeframes and strategies mean all.
 *
 * @param timeframes in seconds
 * @param resume to begin after this message, which lies in the past; {@code null} = from now on
 * @param snapshot whether what led up to now comes first: definitions and open signals
 * @param features whether signals carry their feature values
 * @param conflation what of quotes and scores may be left out; {@code null} = the server's own way:
 *     each score, and of quotes the latest while the connection is full
 */
public record Subscription(
    Set<Channel> channels,
    List<String> instruments,
    List<Integer> timeframes,
    List<String> strategies,
    ResumeToken resume,
    boolean snapshot,
    boolean features,
    Conflation conflation) {
  public Subscription {
    channels = Set.copyOf(channels);
    instruments = List.copyOf(instruments);
    timeframes = List.copyOf(timeframes);
    strategies = List.copyOf(strategies);
    if (channels.isEmpty()) {
      throw new IllegalArgumentException("a subscription names at least one channel");
    }
  }

  /** Everything of these channels, from now on. */
  public static Subscription to(Channel... channels) {
    return new Subscription(
        Set.of(channels), List.of(), List.of(), List.of(), null, false, false, null);
  }

  /** Only these instruments, by symbol. */
  public Subscription withInstruments(List<String> symbols) {
    return new Subscription(
        channels, symbols, timeframes, strategies, resume, snapshot, features, conflation);
  }

  /** Only these timeframes, in seconds. */
  public Subscription withTimeframes(List<Integer> seconds) {
    return new Subscription(
        channels, instruments, seconds, strategies, resume, snapshot, features, conflation);
  }

  /** Only these strategies, by name. */
  public Subscription withStrategies(List<String> names) {
    return new Subscription(
        channels, instruments, timeframes, names, resume, snapshot, features, conflation);
  }

  /** Beginning after that message. */
  public Subscription resumingAfter(ResumeToken token) {
    return new Subscription(
        channels, instruments, timeframes, strategies, token, snapshot, features, conflation);
  }

  /** With the definitions and open signals first. */
  public Subscription withSnapshot() {
    return new Subscription(
        channels, instruments, timeframes, strategies, resume, true, features, conflation);
  }

  /** With the features of each signal. */
  public Subscription withFeatures() {
    return new Subscription(
        channels, instruments, timeframes, strategies, resume, snapshot, true, conflation);
  }

  /** With that conflation of quotes and scores. */
  public Subscription withConflation(Conflation how) {
    return new Subscription(
        channels, instruments, timeframes, strategies, resume, snapshot, features, how);
  }

  /** Channels whose messages have no place in the stream: neither resumed after nor counted. */
  int unsequencedBits() {
    boolean all = conflation == null || conflation.mode() == ConflationMode.NONE;
    return all ? 0 : Channel.SCORES.bit();
  }

  /** The schema's {@code Channels} bits. */
  int channelBits() {
    int bits = 0;
    for (Channel channel : channels) {
      bits |= channel.bit();
    }
    return bits;
  }
}

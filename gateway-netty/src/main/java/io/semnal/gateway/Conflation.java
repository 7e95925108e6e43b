package io.semnal.gateway;

import io.semnal.protocol.Channel;

/**
 * What a client lets the server leave out of its quotes and scores.
 *
 * @param intervalNanos at most one message of a topic in this time; 0 = as they come
 */
record Conflation(Mode mode, long intervalNanos) {
  enum Mode {
    /** Nothing is left out. */
    NONE,
    /** While the connection is full, all but the latest of each topic. */
    LATEST,
    /** The same, and what comes faster than the interval. */
    INTERVAL
  }

  static final Conflation NONE = new Conflation(Mode.NONE, 0);
  static final Conflation LATEST = new Conflation(Mode.LATEST, 0);

  static Conflation every(long nanos) {
    return new Conflation(Mode.INTERVAL, nanos);
  }

  /** What a plain Subscribe stands for: quotes have no place in the stream that they could wait. */
  static Conflation byDefault(int channel) {
    return channel == Channel.QUOTES.ordinal() ? LATEST : NONE;
  }

  /** Signals, bars and status never are. */
  static boolean isPossible(int channel) {
    return channel == Channel.QUOTES.ordinal() || channel == Channel.SCORES.ordinal();
  }
}

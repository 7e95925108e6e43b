package io.semnal.server.replay;

import io.semnal.protocol.sbe.SignalType;

/**
 * A signal as it was published.
 *
 * @param key what makes it the same signal in two journals
 */
record PublishedSignal(
    long outSeq,
    long causeSeq,
    Key key,
    double strength,
    long entry,
    long stopLoss,
    long takeProfit,
    long expiration,
    String model) {
  /**
   * @param group which signals are counted together
   * @param time engine time of its publication
   */
  record Key(Group group, long time, long causeSeq) {}

  /**
   * Signals of one strategy, instrument and type.
   *
   * @param timeframe in seconds
   */
  record Group(String strategy, String instrument, int timeframe, SignalType type)
      implements Comparable<Group> {
    @Override
    public int compareTo(Group other) {
      int order = strategy.compareTo(other.strategy);
      order = order != 0 ? order : instrument.compareTo(other.instrument);
      order = order != 0 ? order : Integer.compare(timeframe, other.timeframe);
      return order != 0 ? order : type.compareTo(other.type);
    }
  }

  boolean hasLevelsOf(PublishedSignal other) {
    return entry == other.entry
        && stopLoss == other.stopLoss
        && takeProfit == other.takeProfit
        && expiration == other.expiration;
  }

  boolean hasStrengthOf(PublishedSignal other) {
    return Double.doubleToLongBits(strength) == Double.doubleToLongBits(other.strength);
  }
}

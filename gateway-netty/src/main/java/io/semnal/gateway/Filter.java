package io.semnal.gateway;

import java.util.List;

/**
 * What one Subscribe asked for beyond its channels: instruments, timeframes, strategies. Never
 * changed once made; any thread.
 *
 * @param instruments ids, or {@code null} for all that the key may read
 * @param timeframes seconds; empty means all
 * @param strategies ids, or {@code null} for all
 * @param features whether signals come with their feature values
 * @param asked how quotes and scores conflate, or {@code null} where nothing was said of it
 */
record Filter(
    IdSet instruments,
    List<Integer> timeframes,
    IdSet strategies,
    boolean features,
    Conflation asked) {
  Filter {
    timeframes = List.copyOf(timeframes);
  }

  /** Whether a topic passes; an id of 0 (the message concerns none in particular) always does. */
  boolean passes(int instrumentId, int timeframe, int strategyId) {
    return (instrumentId == 0 || instruments == null || instruments.contains(instrumentId))
        && (strategyId == 0 || strategies == null || strategies.contains(strategyId))
        && (timeframe == 0 || timeframes.isEmpty() || hasTimeframe(timeframe));
  }

  /** What may be left out of a channel with this filter. */
  Conflation conflation(int channel) {
    return asked == null || !Conflation.isPossible(channel) ? Conflation.byDefault(channel) : asked;
  }

  private boolean hasTimeframe(int seconds) {
    for (int i = 0; i < timeframes.size(); i++) {
      if (timeframes.get(i) == seconds) {
        return true;
      }
    }
    return false;
  }
}

package io.semnal.inference.engine;

import io.semnal.features.FeatureRow;

/**
 * Looks at what a Score was made from, in a replay that explains it. Live engines have none.
 *
 * @see SignalEngine#observe
 */
@FunctionalInterface
public interface ScoreObserver {
  /**
   * A Score was published. The rows hold the values that it was made from; where the engine gave up
   * before it computed them (see the reason), those that it would have seen.
   *
   * @param outSeq of the Score
   * @param inputs the strategy's feature set; valid during the call
   * @param atr one column: the ATR that scales the levels
   */
  void onScore(long outSeq, FeatureRow inputs, FeatureRow atr);
}

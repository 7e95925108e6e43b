package io.semnal.research.compare;

import io.semnal.protocol.sbe.ScoreDecoder;
import io.semnal.protocol.sbe.SignalType;

/**
 * One row that a champion and its challenger scored, and what became of the prices.
 *
 * @param time of the decision
 * @param bid that stood then, a mantissa like {@code ask}
 */
record ScoredBoth(
    long time,
    int instrumentId,
    String strategy,
    int timeframe,
    long bid,
    long ask,
    Said champion,
    Said challenger) {

  /** What one of them said: probabilities and a raw output, NaN where it does not speak of it. */
  record Said(SignalType side, double buy, double sell, double neutral, double output) {
    static Said of(ScoreDecoder score) {
      return new Said(score.side(), score.buy(), score.sell(), score.neutral(), score.output());
    }

    /** Whether it gave a score at all. */
    boolean isScored() {
      return !Double.isNaN(buy) || !Double.isNaN(sell) || !Double.isNaN(output);
    }

    boolean hasProbabilities() {
      return !Double.isNaN(buy) && !Double.isNaN(sell);
    }

    /** Its probability of an outcome; of a model that knows no neutral, none for that. */
    double of(SignalType outcome) {
      return switch (outcome) {
        case BUY -> buy;
        case SELL -> sell;
        default -> Double.isNaN(neutral) ? 0 : neutral;
      };
    }
  }
}

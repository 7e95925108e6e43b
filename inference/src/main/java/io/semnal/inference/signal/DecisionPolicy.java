package io.semnal.inference.signal;

import io.semnal.core.config.PolicyConfig;
import io.semnal.protocol.sbe.ScoreReason;
import io.semnal.protocol.sbe.SignalType;

/**
 * Turns scores into a side, and a side into a signal or the reason why not.
 *
 * <p>The candidate is the likelier of BUY and SELL; a tie has none. It must reach its threshold and
 * lead the other side by the margin. For a regression the candidate is the sign of the move, its
 * size in ATRs is held against the threshold, and there is no other side to lead.
 *
 * <p>Order of reasons: BELOW_THRESHOLD, MARGIN, POSITION_OPEN, COOLDOWN, SPREAD, SIGNAL. So the
 * first reason named is the model's, then the book's, then the market's. An opposite signal that is
 * open does not stand in the way, and its own cooldown neither: it is closed by the new one. But
 * the spread limit holds for a flip as a whole: too wide, and the open one stays as well.
 */
public final class DecisionPolicy {
  private final PolicyConfig policy;

  public DecisionPolicy(PolicyConfig policy) {
    this.policy = policy;
  }

  /** BUY or SELL, whichever leads; NEUTRAL on a tie. */
  public static SignalType candidate(Scores scores) {
    double buy = Double.isNaN(scores.atrs) ? scores.buy : scores.atrs;
    double sell = Double.isNaN(scores.atrs) ? scores.sell : -scores.atrs;
    return buy > sell ? SignalType.BUY : sell > buy ? SignalType.SELL : SignalType.NEUTRAL;
  }

  /** Whether the candidate reaches its threshold. */
  public boolean reachesThreshold(Scores scores, SignalType candidate) {
    return candidate != SignalType.NEUTRAL
        && weight(scores, candidate)
            >= (candidate == SignalType.BUY ? policy.buyThreshold() : policy.sellThreshold());
  }

  /** Whether the candidate leads the other side far enough. */
  public boolean leads(Scores scores, SignalType candidate) {
    return !Double.isNaN(scores.atrs)
        || weight(scores, candidate) - weight(scores, opposite(candidate)) >= policy.margin();
  }

  private static double weight(Scores scores, SignalType side) {
    if (!Double.isNaN(scores.atrs)) {
      return Math.abs(scores.atrs);
    }
    return side == SignalType.BUY ? scores.buy : scores.sell;
  }

  private static SignalType opposite(SignalType side) {
    return side == SignalType.BUY ? SignalType.SELL : SignalType.BUY;
  }

  /**
   * The side that a score is reported with: the candidate if it reaches its threshold, else NEUTRAL
   * where that is the likeliest class, else the candidate.
   */
  public SignalType favoured(Scores scores, SignalType candidate) {
    boolean neutral = scores.neutral >= scores.buy && scores.neutral >= scores.sell;
    return neutral && !reachesThreshold(scores, candidate) ? SignalType.NEUTRAL : candidate;
  }

  /**
   * @param open the slot's signal, open or not
   * @param coolingDown whether the slot's last signal ended too recently
   */
  public ScoreReason decide(
      Scores scores,
      SignalType candidate,
      TrackedSignal open,
      boolean coolingDown,
      double spreadPips) {
    if (!reachesThreshold(scores, candidate)) {
      return ScoreReason.BELOW_THRESHOLD;
    }
    if (!leads(scores, candidate)) {
      return ScoreReason.MARGIN;
    }
    if (open.isOpen() && open.type() == candidate) {
      return ScoreReason.POSITION_OPEN;
    }
    if (!open.isOpen() && coolingDown) {
      return ScoreReason.COOLDOWN;
    }
    return spreadPips > policy.maxSpreadPips() ? ScoreReason.SPREAD : ScoreReason.SIGNAL;
  }

  /** Probability of the side; NaN for a regression, which knows none. */
  public static double strength(Scores scores, SignalType side) {
    return switch (side) {
      case BUY -> scores.buy;
      case SELL -> scores.sell;
      default -> scores.neutral;
    };
  }
}

package io.semnal.research.compare;

import io.semnal.protocol.sbe.SignalType;
import io.semnal.research.compare.ScoredBoth.Said;
import java.util.List;

/**
 * What the rows that both scored say of a champion and its challenger.
 *
 * @param rows that both were given
 * @param scored those to which both gave a score
 * @param notShadowed scores of the champion, from the challenger's first to its last, that the
 *     challenger was not shown: rows dropped for want of time
 * @param agreement share of {@code scored} on which both favour the same side
 * @param sides counts of {@code scored} by the champion's side, then the challenger's: SELL,
 *     NEUTRAL, BUY
 * @param judged those of {@code scored} whose outcome the journal's quotes tell
 * @param outcomes counts of {@code judged} by outcome: SELL, NEUTRAL, BUY
 */
public record Comparison(
    String champion,
    String challenger,
    long rows,
    long scored,
    long notShadowed,
    double agreement,
    long[][] sides,
    List<Difference> differences,
    long judged,
    long[] outcomes,
    Judgement championJudged,
    Judgement challengerJudged) {
  /** Places in tables of sides. */
  static final List<SignalType> SIDES =
      List.of(SignalType.SELL, SignalType.NEUTRAL, SignalType.BUY);

  /**
   * By how much the challenger's score of one kind lies above the champion's.
   *
   * @param count rows on which both speak of it
   */
  public record Difference(
      String score, long count, double mean, double meanAbsolute, double most) {}

  /**
   * One of them against what happened.
   *
   * @param count rows judged by probability
   * @param brier mean over rows of the sum over outcomes of (probability − 1 where it came)²
   * @param logLoss mean of −ln of the probability of what came, taken as 1e-15 at least
   * @param favoured rows on which it favoured BUY or SELL
   * @param hitRate share of those in which that side had gained after spread at the horizon
   * @param meanPips mean of what the favoured side had gained then
   */
  public record Judgement(
      long count, double brier, double logLoss, long favoured, double hitRate, double meanPips) {}

  /** Sums behind a {@link Judgement}. */
  static final class Judging {
    private static final double LEAST_PROBABILITY = 1e-15;

    private long count;
    private double brier;
    private double logLoss;
    private long favoured;
    private long hits;
    private double pips;

    void add(Said said, SignalType outcome, double buyPips, double sellPips) {
      if (said.hasProbabilities()) {
        count++;
        for (SignalType side : SIDES) {
          double error = said.of(side) - (side == outcome ? 1 : 0);
          brier += error * error;
        }
        logLoss -= Math.log(Math.max(said.of(outcome), LEAST_PROBABILITY));
      }
      if (said.side() == SignalType.BUY || said.side() == SignalType.SELL) {
        double gained = said.side() == SignalType.BUY ? buyPips : sellPips;
        favoured++;
        hits += gained > 0 ? 1 : 0;
        pips += gained;
      }
    }

    Judgement judgement() {
      return new Judgement(
          count,
          brier / count,
          logLoss / count,
          favoured,
          (double) hits / favoured,
          pips / favoured);
    }
  }

  /** Sums behind a {@link Difference}. */
  static final class Differing {
    private final String score;
    private long count;
    private double sum;
    private double absolute;
    private double most;

    Differing(String score) {
      this.score = score;
    }

    void add(double champion, double challenger) {
      double difference = challenger - champion;
      if (!Double.isNaN(difference)) {
        count++;
        sum += difference;
        absolute += Math.abs(difference);
        most = Math.max(most, Math.abs(difference));
      }
    }

    Difference difference() {
      return new Difference(
          score, count, sum / count, absolute / count, count == 0 ? Double.NaN : most);
    }
  }
}

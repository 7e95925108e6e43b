package io.semnal.server.replay;

/** Sums over the outcomes of signals, in pips after spread and commission. */
final class OutcomeCount {
  private long count;
  private long wins;
  private double pips;
  private double profit;
  private double loss;

  void add(double outcome) {
    count++;
    pips += outcome;
    if (outcome > 0) {
      wins++;
      profit += outcome;
    } else {
      loss -= outcome;
    }
  }

  void add(OutcomeCount other) {
    count += other.count;
    wins += other.wins;
    pips += other.pips;
    profit += other.profit;
    loss += other.loss;
  }

  long count() {
    return count;
  }

  /** Share of outcomes above zero; NaN without any. */
  double hitRate() {
    return count == 0 ? Double.NaN : (double) wins / count;
  }

  /** Mean outcome; NaN without any. */
  double expectancy() {
    return count == 0 ? Double.NaN : pips / count;
  }

  /** Gross profit over gross loss; infinite without a loss, NaN without any outcome but zero. */
  double profitFactor() {
    return loss == 0 ? (profit == 0 ? Double.NaN : Double.POSITIVE_INFINITY) : profit / loss;
  }
}

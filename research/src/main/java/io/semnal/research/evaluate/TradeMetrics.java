package io.semnal.research.evaluate;

import io.semnal.inference.signal.OutcomeStatistics;
import io.semnal.inference.signal.OutcomeStatistics.Outcome;
import io.semnal.protocol.sbe.MarketSession;
import java.util.List;

/**
 * What trades brought. Sums are counted as the engine counts its own signals' outcomes.
 *
 * @param outcome count, wins, pips, profit, loss, Brier score of the stated probability
 * @param hitRate with Wilson's interval
 * @param expectancy pips a trade after spread and commission, with its bootstrap interval
 * @param drawdown deepest fall of the sum of pips from its highest before, in pips, 0 or more
 * @param perDay trades a day of the span
 */
public record TradeMetrics(
    Outcome outcome, Interval hitRate, Interval expectancy, double drawdown, double perDay) {
  private static final double DAY = 86_400e9;
  private static final long BOOTSTRAP_SEED = 20_260_104;

  public long count() {
    return outcome.count();
  }

  public double pips() {
    return outcome.pips();
  }

  public double profitFactor() {
    return outcome.profitFactor();
  }

  /**
   * @param trades in the order of their ends
   * @param span nanoseconds that they were made in
   */
  public static TradeMetrics of(List<Trade> trades, long span) {
    OutcomeStatistics statistics = new OutcomeStatistics();
    OutcomeStatistics.Row row = statistics.row(0, 0, 0, MarketSession.CLOSED);
    double sum = 0;
    double highest = 0;
    double drawdown = 0;
    for (Trade trade : trades) {
      row.add(trade.pips(), trade.strength());
      sum += trade.pips();
      highest = Math.max(highest, sum);
      drawdown = Math.max(drawdown, highest - sum);
    }
    OutcomeStatistics.Key none = new OutcomeStatistics.Key(0, 0, 0, MarketSession.CLOSED);
    Outcome outcome =
        trades.isEmpty()
            ? new Outcome(none, 0, 0, 0, 0, 0, 0, 0)
            : statistics.outcomes().getFirst();
    double[] pips = trades.stream().mapToDouble(Trade::pips).toArray();
    return new TradeMetrics(
        outcome,
        Interval.ofShare(outcome.wins(), outcome.count()),
        Interval.ofMean(pips, BOOTSTRAP_SEED),
        drawdown,
        span <= 0 ? Double.NaN : trades.size() / (span / DAY));
  }
}

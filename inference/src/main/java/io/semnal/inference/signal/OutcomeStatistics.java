package io.semnal.inference.signal;

import io.semnal.core.state.StateMismatchException;
import io.semnal.core.state.StateVisitor;
import io.semnal.core.state.Stateful;
import io.semnal.protocol.sbe.MarketSession;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What became of the signals that were entered, by model, instrument, timeframe and session. The
 * engine's thread writes, any thread reads {@link #outcomes()}.
 */
public final class OutcomeStatistics implements Stateful {
  /** What is counted apart. The timeframe is in seconds. */
  public record Key(int modelId, int instrumentId, int timeframe, MarketSession session) {}

  /**
   * Sums of one key.
   *
   * @param wins outcomes above zero
   * @param pips sum, after spread and commission
   * @param grossProfit sum of those above zero
   * @param grossLoss sum of the others, as a positive number
   * @param scored outcomes whose signal stated a probability
   * @param brierSum sum over those of (probability - 1 if won, else 0) squared
   */
  public record Outcome(
      Key key,
      long count,
      long wins,
      double pips,
      double grossProfit,
      double grossLoss,
      long scored,
      double brierSum) {
    public double hitRate() {
      return count == 0 ? Double.NaN : (double) wins / count;
    }

    /** Mean outcome in pips. */
    public double expectancyPips() {
      return count == 0 ? Double.NaN : pips / count;
    }

    /** Gross profit over gross loss; infinite without a loss. */
    public double profitFactor() {
      return grossLoss == 0
          ? (grossProfit == 0 ? Double.NaN : Double.POSITIVE_INFINITY)
          : grossProfit / grossLoss;
    }

    /** Mean squared error of the stated probability of winning: 0 is best. */
    public double brierScore() {
      return scored == 0 ? Double.NaN : brierSum / scored;
    }
  }

  /** The sums of one key as the engine adds to them: allocation-free. */
  public static final class Row implements Stateful {
    private static final int COUNT = 0;
    private static final int WINS = 1;
    private static final int PIPS = 2;
    private static final int PROFIT = 3;
    private static final int LOSS = 4;
    private static final int SCORED = 5;
    private static final int BRIER = 6;
    private final Key key;
    private final AtomicLongArray sums = new AtomicLongArray(7);

    private Row(Key key) {
      this.key = key;
    }

    /**
     * @param strength the signal's probability; NaN if it had none
     */
    public void add(double pips, double strength) {
      boolean won = pips > 0;
      sums.lazySet(WINS, sums.getPlain(WINS) + (won ? 1 : 0));
      add(PIPS, pips);
      add(won ? PROFIT : LOSS, Math.abs(pips));
      if (!Double.isNaN(strength)) {
        double error = strength - (won ? 1 : 0);
        add(BRIER, error * error);
        sums.lazySet(SCORED, sums.getPlain(SCORED) + 1);
      }
      sums.lazySet(COUNT, sums.getPlain(COUNT) + 1);
    }

    private void add(int at, double value) {
      sums.lazySet(
          at, Double.doubleToRawLongBits(Double.longBitsToDouble(sums.getPlain(at)) + value));
    }

    private double real(int at) {
      return Double.longBitsToDouble(sums.get(at));
    }

    @Override
    public void state(StateVisitor s) {
      for (int i = 0; i < sums.length(); i++) {
        sums.lazySet(i, s.of(sums.getPlain(i)));
      }
    }

    private Outcome outcome() {
      return new Outcome(
          key,
          sums.get(COUNT),
          sums.get(WINS),
          real(PIPS),
          real(PROFIT),
          real(LOSS),
          sums.get(SCORED),
          real(BRIER));
    }
  }

  private final Map<Key, Row> index = new HashMap<>();
  private final List<Row> rows = new CopyOnWriteArrayList<>();

  /** The row of a key, made if new. Engine thread; where a model is bound, not per signal. */
  public Row row(int modelId, int instrumentId, int timeframe, MarketSession session) {
    return index.computeIfAbsent(
        new Key(modelId, instrumentId, timeframe, session),
        key -> {
          Row row = new Row(key);
          rows.add(row);
          return row;
        });
  }

  /** Rows in the order of their first definition, which {@link #reference} counts by. */
  @Override
  public void state(StateVisitor s) {
    s.section("outcomes");
    if (s.isReading()) {
      index.clear();
      rows.clear();
    }
    int count = s.count(rows.size());
    for (int i = 0; i < count; i++) {
      Key key = s.isReading() ? new Key(0, 0, 0, MarketSession.CLOSED) : rows.get(i).key;
      int modelId = s.of(key.modelId);
      int instrumentId = s.of(key.instrumentId);
      int timeframe = s.of(key.timeframe);
      row(modelId, instrumentId, timeframe, s.of(key.session)).state(s);
    }
  }

  /** Visits which row something refers to, once the rows themselves were visited; or null. */
  public Row reference(StateVisitor s, Row row) {
    int place = s.of(rows.indexOf(row));
    if (place < -1 || place >= rows.size()) {
      throw new StateMismatchException("there is no row " + place + " of " + rows.size());
    }
    return place < 0 ? null : rows.get(place);
  }

  /** Every key that has an outcome, in the order of first definition. Any thread. */
  public List<Outcome> outcomes() {
    return rows.stream().map(Row::outcome).filter(outcome -> outcome.count() > 0).toList();
  }
}

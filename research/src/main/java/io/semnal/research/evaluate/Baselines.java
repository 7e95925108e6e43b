package io.semnal.research.evaluate;

import io.semnal.core.config.PolicyConfig;
import io.semnal.core.market.MarketCalendar;
import io.semnal.core.market.Timeframe;
import io.semnal.research.sample.Samples;
import java.util.Arrays;
import java.util.SplittableRandom;

/** What a model must beat: following the last bar's move, and its own scores dealt at random. */
public final class Baselines {
  /** Deals of the shuffled baseline. */
  public static final int DEALS = 20;

  private static final long SEED = 7_919;

  private Baselines() {}

  /**
   * The model's scores dealt to other rows, which is the same as shuffling the labels.
   *
   * @param auc over the deals, with the interval of its mean; 0.5 says nothing was known
   * @param expectancy over the deals
   */
  public record Shuffled(int deals, Interval auc, Interval expectancy) {}

  /** Certain of the last bar's direction. */
  public static Predictions momentum(Samples samples, int[] rows) {
    double[] probabilities = new double[rows.length * Predictions.CLASSES];
    for (int i = 0; i < rows.length; i++) {
      float move = samples.momentum(rows[i]);
      int side = move > 0 ? Samples.BUY : move < 0 ? Samples.SELL : Samples.NEUTRAL;
      probabilities[i * Predictions.CLASSES + side] = 1;
    }
    return new Predictions(samples, rows, probabilities);
  }

  public static Shuffled shuffled(
      Predictions predictions,
      double[] base,
      PolicyConfig policy,
      Timeframe timeframe,
      MarketCalendar calendar) {
    SplittableRandom random = new SplittableRandom(SEED);
    double[] auc = new double[DEALS];
    double[] expectancy = new double[DEALS];
    int traded = 0;
    for (int deal = 0; deal < DEALS; deal++) {
      Predictions dealt = predictions.dealt(permutation(predictions.size(), random));
      auc[deal] = ClassMetrics.of(dealt, base).auc();
      TradeMetrics trades = TradeMetrics.of(Backtest.run(dealt, policy, timeframe, calendar), 0);
      if (trades.count() > 0) {
        expectancy[traded++] = trades.expectancy().value();
      }
    }
    return new Shuffled(
        DEALS,
        Interval.ofMean(auc, SEED),
        Interval.ofMean(Arrays.copyOf(expectancy, traded), SEED));
  }

  /** A random order of 0 to {@code size} - 1. */
  public static int[] permutation(int size, SplittableRandom random) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}

package io.semnal.research.train;

import io.semnal.core.config.PolicyConfig;
import io.semnal.core.market.MarketCalendar;
import io.semnal.core.market.Timeframe;
import io.semnal.research.evaluate.Backtest;
import io.semnal.research.evaluate.Baselines;
import io.semnal.research.evaluate.ClassMetrics;
import io.semnal.research.evaluate.Interval;
import io.semnal.research.evaluate.Predictions;
import io.semnal.research.evaluate.Report;
import io.semnal.research.evaluate.TradeMetrics;
import io.semnal.research.learn.Classifier;
import io.semnal.research.learn.FitContext;
import io.semnal.research.learn.Learner;
import io.semnal.research.learn.Parameters;
import io.semnal.research.learn.Rows;
import io.semnal.research.sample.Samples;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Fits the same model to shuffled labels again and again, and judges each on the true held-out
 * rows: what is found there was found by the method, not in the market.
 *
 * <p>A model of shuffled labels hardly ever reaches a threshold, and a method that never trades
 * loses nothing. So its thresholds are lowered until as many rows reach them as the real model's.
 */
public final class LabelShuffles {
  private static final long SEED = 6_700_417;

  private final Samples samples;
  private final Blocks blocks;
  private final Rows fitted;
  private final PolicyConfig policy;
  private final Timeframe timeframe;
  private final MarketCalendar calendar;

  /**
   * @param auc over the shuffles; NaN where there were none
   * @param expectancy pips a trade, over the shuffles that traded
   */
  public record Result(int shuffles, Interval auc, Interval expectancy) {}

  LabelShuffles(
      Samples samples,
      Blocks blocks,
      Rows fitted,
      PolicyConfig policy,
      Timeframe timeframe,
      MarketCalendar calendar) {
    this.samples = samples;
    this.blocks = blocks;
    this.fitted = fitted;
    this.policy = policy;
    this.timeframe = timeframe;
    this.calendar = calendar;
  }

  Result run(
      Learner learner,
      Parameters parameters,
      FitContext context,
      int shuffles,
      Report real,
      TrainingWatch watch) {
    double[] auc = new double[shuffles];
    double[] expectancy = new double[shuffles];
    int traded = 0;
    double share = Math.max(0.02, reached(real));
    for (int s = 0; s < shuffles; s++) {
      watch.progress("shuffled labels", s, shuffles);
      SplittableRandom random = new SplittableRandom(SEED + s);
      byte[] labels = fitted.labels();
      byte[] dealt = new byte[labels.length];
      int[] order = Baselines.permutation(labels.length, random);
      for (int i = 0; i < dealt.length; i++) {
        dealt[i] = labels[order[i]];
      }
      Classifier classifier =
          learner.fit(
              fitted.relabelled(dealt), parameters, context.withSeed(context.seed() + s + 1));
      Predictions predictions =
          Predictions.of(samples, blocks.heldOut(), Trainer.scorer(classifier, 1.0));
      auc[s] = ClassMetrics.of(predictions, fitted.frequencies(Samples.CLASSES.size())).auc();
      TradeMetrics trades =
          TradeMetrics.of(
              Backtest.run(predictions, reaching(predictions, share), timeframe, calendar), 0);
      if (trades.count() > 0) {
        expectancy[traded++] = trades.expectancy().value();
      }
    }
    return new Result(
        shuffles,
        Interval.ofMean(auc, SEED),
        Interval.ofMean(Arrays.copyOf(expectancy, traded), SEED));
  }

  /** Share of the held-out rows on which the real model opened a trade. */
  private double reached(Report real) {
    return (double) real.trades().size() / blocks.heldOut().length;
  }

  /** The policy with thresholds that a share of the rows reaches, and no margin. */
  private PolicyConfig reaching(Predictions predictions, double share) {
    double[] sides = new double[predictions.size()];
    for (int i = 0; i < sides.length; i++) {
      sides[i] =
          Math.max(
              predictions.probability(i, Samples.BUY), predictions.probability(i, Samples.SELL));
    }
    Arrays.sort(sides);
    double threshold = sides[Math.clamp((long) (sides.length * (1 - share)), 0, sides.length - 1)];
    return new PolicyConfig(
        threshold,
        threshold,
        0,
        policy.cooldownBars(),
        policy.maxSpreadPips(),
        policy.stopAtr(),
        policy.targetAtr(),
        policy.atrPeriod(),
        policy.horizonBars(),
        policy.maxSlippageAtr(),
        policy.commissionPips(),
        policy.publishNeutral(),
        policy.allowLabelMismatch());
  }
}

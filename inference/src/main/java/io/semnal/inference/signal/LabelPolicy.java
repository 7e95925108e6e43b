package io.semnal.inference.signal;

import io.semnal.core.config.PolicyConfig;
import io.semnal.core.market.Timeframe;

/** The part of a policy that decides what a label means, as one canonical line. */
public final class LabelPolicy {
  private LabelPolicy() {}

  /**
   * For example {@code timeframe=1m stopAtr=1.5 targetAtr=2.0 atrPeriod=14 horizonBars=30
   * maxSlippageAtr=0.5}: what a model's card names as its labels' policy, and what a strategy that
   * binds the model must equal.
   */
  public static String text(PolicyConfig policy, Timeframe timeframe) {
    return "timeframe="
        + timeframe.label()
        + " stopAtr="
        + policy.stopAtr()
        + " targetAtr="
        + policy.targetAtr()
        + " atrPeriod="
        + policy.atrPeriod()
        + " horizonBars="
        + policy.horizonBars()
        + " maxSlippageAtr="
        + policy.maxSlippageAtr();
  }

  /**
   * The same for labels that look only at where a position stands at the horizon's end: no stop or
   * target of a strategy is equal to that.
   *
   * @param leastAtr by how many ATRs a side must have gained to be the label
   */
  public static String horizonText(PolicyConfig policy, Timeframe timeframe, double leastAtr) {
    return "timeframe="
        + timeframe.label()
        + " fixedHorizonBars="
        + policy.horizonBars()
        + " leastAtr="
        + leastAtr
        + " atrPeriod="
        + policy.atrPeriod()
        + " maxSlippageAtr="
        + policy.maxSlippageAtr();
  }
}

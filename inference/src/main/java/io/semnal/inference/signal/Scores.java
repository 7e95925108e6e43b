package io.semnal.inference.signal;

/**
 * What a model says of one row, in the terms of the policy: probabilities of the three classes, or
 * a regressed move in ATRs. NaN where the model does not speak of it. Reused.
 */
public final class Scores {
  public double buy;
  public double sell;
  public double neutral;

  /** The raw value of a regression; NaN for others. */
  public double output;

  /** The regressed move in ATRs; NaN for others. */
  public double atrs;

  public void clear() {
    buy = Double.NaN;
    sell = Double.NaN;
    neutral = Double.NaN;
    output = Double.NaN;
    atrs = Double.NaN;
  }
}

package io.semnal.server.why;

import io.semnal.features.FeatureRow;

/**
 * The inputs of one score as a replay computed them again.
 *
 * @param values float32, as the model sees them; NaN where missing
 * @param warm by column
 * @param atr that scales the levels, in price units; NaN where missing
 */
public record ScoreInputs(float[] values, boolean[] warm, double atr, boolean atrWarm) {
  private static final long FNV_BASIS = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  static ScoreInputs of(FeatureRow row, FeatureRow atr) {
    float[] values = new float[row.columns()];
    boolean[] warm = new boolean[values.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) row.value(i);
      warm[i] = row.isWarm(i);
    }
    return new ScoreInputs(values, warm, atr.value(0), atr.isWarm());
  }

  /** FNV-1a over the values' bits, 32 at a step: what a Score's {@code featureHash} says. */
  public long hash() {
    long hash = FNV_BASIS;
    for (float value : values) {
      int bits = Float.floatToIntBits(value);
      hash = (hash ^ Integer.toUnsignedLong(bits)) * FNV_PRIME;
    }
    return hash;
  }
}

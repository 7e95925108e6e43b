package io.semnal.feed.sim;

/**
 * The simulator's source of chance: SplitMix64, the same numbers on every machine, one independent
 * stream per name. Not thread-safe; allocates nothing but in {@link #split}.
 *
 * @see <a href="https://doi.org/10.1145/2660193.2660195">Steele, Lea, Flood: Fast splittable
 *     pseudorandom number generators (2014)</a>
 */
final class SimulatorRandom {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
  private static final double UNIT = 0x1.0p-53;
  private static final int COINS = 48;

  /** Variance of 48 fair coins, and of the uniform that fills the steps between their counts. */
  private static final double DEVIATION = Math.sqrt(COINS / 4.0 + 1.0 / 12.0);

  private final long seed;
  private long state;

  SimulatorRandom(long seed) {
    this.seed = seed;
    state = mix(seed);
  }

  /** A stream that depends on this one's seed and the name only, not on what was drawn so far. */
  SimulatorRandom split(String name) {
    long hash = 0xCBF29CE484222325L;
    for (int i = 0; i < name.length(); i++) {
      hash = (hash ^ name.charAt(i)) * 0x100000001B3L;
    }
    return new SimulatorRandom(mix(seed + GOLDEN_GAMMA) ^ mix(hash));
  }

  long nextLong() {
    state += GOLDEN_GAMMA;
    return mix(state);
  }

  /** Uniform in [0, 1). */
  double nextDouble() {
    return (nextLong() >>> 11) * UNIT;
  }

  /**
   * Mean 0, deviation 1, bounded by 7: a count of coins, smoothed by a uniform. Close enough to a
   * normal for a price step, and needs one draw and no logarithm.
   */
  double nextGaussian() {
    long bits = nextLong();
    int heads = Long.bitCount(bits >>> (Long.SIZE - COINS));
    return (heads - COINS / 2 + (bits & 0xFFFF) * 0x1.0p-16 - 0.5) / DEVIATION;
  }

  /** Exponential with mean 1. */
  double nextExponential() {
    return -StrictMath.log(1.0 - nextDouble());
  }

  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}

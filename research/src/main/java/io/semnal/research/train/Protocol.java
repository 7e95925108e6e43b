package io.semnal.research.train;

/**
 * How a model is searched for and judged.
 *
 * @param folds walk-forward tests within the development rows
 * @param trials sets of parameters that are tried; 1 = the given ones alone
 * @param calibration share of the development rows, at their end, that the temperature is fitted on
 * @param heldOut share of all rows, at their end, that are looked at once
 * @param stride a row to learn from at every so many bars: neighbours share most of their label
 * @param shuffles fits on shuffled labels, for comparison
 */
public record Protocol(
    int folds,
    int trials,
    double calibration,
    double heldOut,
    int stride,
    int shuffles,
    long seed,
    int threads) {
  public Protocol {
    require(folds >= 1 && folds <= 50, "folds must be 1 to 50");
    require(trials >= 1 && trials <= 10_000, "trials must be 1 to 10000");
    require(calibration > 0 && calibration <= 0.5, "the calibration share must be 0 to 0.5");
    require(heldOut > 0 && heldOut <= 0.8, "the held-out share must be 0 to 0.8");
    require(stride >= 1, "the stride must be 1 or more");
    require(shuffles >= 0, "shuffles must be 0 or more");
    require(threads >= 1, "threads must be 1 or more");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}

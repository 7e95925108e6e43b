package io.semnal.research;

/**
 * How a classifier did on rows that it was not fitted on, against always saying how often each
 * class came in the rows that it was fitted on.
 *
 * @param rows judged
 * @param logLoss mean of −ln of the probability that the label's class was given; lower is better
 * @param baseLogLoss the same for the fixed frequencies
 * @param accuracy share of rows whose likeliest class was the label
 * @param baseAccuracy share of rows whose label was the class most frequent in the fit
 * @param decided share of rows whose likelier side reached the threshold
 * @param hitRate share of those whose label was that side; NaN where there were none
 */
record Evaluation(
    int rows,
    double logLoss,
    double baseLogLoss,
    double accuracy,
    double baseAccuracy,
    double decided,
    double hitRate) {

  /**
   * @param threshold least probability of a side at which a policy would act on it
   */
  static Evaluation of(
      LinearClassifier model, double[] frequencies, Samples held, double threshold) {
    double[] probabilities = new double[model.classes()];
    float[] row = new float[held.columns()];
    double loss = 0.0;
    double baseLoss = 0.0;
    int right = 0;
    int baseRight = 0;
    int decided = 0;
    int hits = 0;
    int usual = likeliest(frequencies);
    for (int i = 0; i < held.size(); i++) {
      held.copyRow(i, row);
      model.probabilities(row, probabilities);
      int label = held.label(i);
      loss -= StrictMath.log(Math.max(Double.MIN_NORMAL, probabilities[label]));
      baseLoss -= StrictMath.log(Math.max(Double.MIN_NORMAL, frequencies[label]));
      right += likeliest(probabilities) == label ? 1 : 0;
      baseRight += usual == label ? 1 : 0;
      int side = likelierSide(probabilities);
      if (probabilities[side] >= threshold) {
        decided++;
        hits += side == label ? 1 : 0;
      }
    }
    double n = held.size();
    return new Evaluation(
        held.size(),
        loss / n,
        baseLoss / n,
        right / n,
        baseRight / n,
        decided / n,
        hits / (double) decided);
  }

  private static int likelierSide(double[] probabilities) {
    return probabilities[BarrierLabeller.BUY] > probabilities[BarrierLabeller.SELL]
        ? BarrierLabeller.BUY
        : BarrierLabeller.SELL;
  }

  private static int likeliest(double[] values) {
    int best = 0;
    for (int k = 1; k < values.length; k++) {
      if (values[k] > values[best]) {
        best = k;
      }
    }
    return best;
  }
}

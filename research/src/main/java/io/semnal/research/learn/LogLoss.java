package io.semnal.research.learn;

/** Mean of −ln of the probability that was given to what came. */
public final class LogLoss {
  private LogLoss() {}

  /**
   * @param probabilities row by row, all classes of a row together
   */
  public static double of(Rows rows, double[] probabilities) {
    int classes = probabilities.length / Math.max(1, rows.size());
    double sum = 0.0;
    for (int i = 0; i < rows.size(); i++) {
      sum += ofOne(probabilities[i * classes + rows.label(i)]);
    }
    return sum / rows.size();
  }

  /** Of always giving the same probabilities. */
  public static double ofConstant(Rows rows, double[] probabilities) {
    double sum = 0.0;
    for (int i = 0; i < rows.size(); i++) {
      sum += ofOne(probabilities[rows.label(i)]);
    }
    return sum / rows.size();
  }

  public static double ofOne(double probability) {
    return -StrictMath.log(Math.max(Double.MIN_NORMAL, probability));
  }
}

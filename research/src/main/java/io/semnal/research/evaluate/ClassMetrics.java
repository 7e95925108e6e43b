package io.semnal.research.evaluate;

import io.semnal.research.learn.LogLoss;
import io.semnal.research.sample.Samples;
import java.util.ArrayList;
import java.util.List;

/**
 * How well probabilities fit the labels, beside always giving the shares of the training rows.
 *
 * @param rows judged: those with a label
 * @param logLoss mean of −ln of the probability of what came
 * @param brier mean over rows of the squared distance from the label, summed over the classes
 * @param calibrationError mean distance between the stated probability of a side and how often it
 *     came, over ten bins of equal width, weighted by their rows, both sides together
 * @param mcc Matthews's correlation for three classes (Gorodkin, 2004); 0 where undefined
 * @param aucBuy of the probability of BUY, for rows labelled BUY against the others
 * @param confusion rows by label, then by likeliest class
 * @param bins of the calibration error
 */
public record ClassMetrics(
    int rows,
    double logLoss,
    double baseLogLoss,
    double brier,
    double baseBrier,
    double calibrationError,
    double accuracy,
    double baseAccuracy,
    double mcc,
    double aucBuy,
    double aucSell,
    long[][] confusion,
    List<Bin> bins) {
  private static final int BINS = 10;

  /**
   * One bin of a reliability diagram.
   *
   * @param stated mean probability
   * @param came share of the rows whose side came
   */
  public record Bin(long rows, double stated, double came) {}

  /** Mean of the two sides' areas under the curve. */
  public double auc() {
    return (aucBuy + aucSell) / 2;
  }

  /**
   * @param base shares of the classes in the rows that the model was fitted on
   */
  public static ClassMetrics of(Predictions predictions, double[] base) {
    int[] labelled = predictions.labelled();
    int classes = Predictions.CLASSES;
    double loss = 0;
    double baseLoss = 0;
    double brier = 0;
    double baseBrier = 0;
    long[][] confusion = new long[classes][classes];
    int usual = 0;
    for (int k = 1; k < classes; k++) {
      usual = base[k] > base[usual] ? k : usual;
    }
    long right = 0;
    long baseRight = 0;
    for (int i : labelled) {
      int label = predictions.label(i);
      loss += LogLoss.ofOne(predictions.probability(i, label));
      baseLoss += LogLoss.ofOne(base[label]);
      int likeliest = 0;
      for (int k = 0; k < classes; k++) {
        double came = k == label ? 1 : 0;
        double p = predictions.probability(i, k);
        brier += (p - came) * (p - came);
        baseBrier += (base[k] - came) * (base[k] - came);
        likeliest = p > predictions.probability(i, likeliest) ? k : likeliest;
      }
      confusion[label][likeliest]++;
      right += likeliest == label ? 1 : 0;
      baseRight += usual == label ? 1 : 0;
    }
    double n = labelled.length;
    List<Bin> bins = bins(predictions, labelled);
    return new ClassMetrics(
        labelled.length,
        loss / n,
        baseLoss / n,
        brier / n,
        baseBrier / n,
        error(bins),
        right / n,
        baseRight / n,
        matthews(confusion),
        auc(predictions, labelled, Samples.BUY),
        auc(predictions, labelled, Samples.SELL),
        confusion,
        bins);
  }

  private static List<Bin> bins(Predictions predictions, int[] labelled) {
    long[] count = new long[BINS];
    double[] stated = new double[BINS];
    long[] came = new long[BINS];
    for (int i : labelled) {
      for (int side = Samples.SELL; side <= Samples.BUY; side += Samples.BUY) {
        double p = predictions.probability(i, side);
        int bin = Math.clamp((int) (p * BINS), 0, BINS - 1);
        count[bin]++;
        stated[bin] += p;
        came[bin] += predictions.label(i) == side ? 1 : 0;
      }
    }
    List<Bin> bins = new ArrayList<>();
    for (int b = 0; b < BINS; b++) {
      if (count[b] > 0) {
        bins.add(new Bin(count[b], stated[b] / count[b], (double) came[b] / count[b]));
      }
    }
    return bins;
  }

  private static double error(List<Bin> bins) {
    double distance = 0;
    long rows = 0;
    for (Bin bin : bins) {
      distance += bin.rows() * Math.abs(bin.stated() - bin.came());
      rows += bin.rows();
    }
    return distance / rows;
  }

  private static double auc(Predictions predictions, int[] labelled, int side) {
    double[] scores = new double[labelled.length];
    boolean[] positive = new boolean[labelled.length];
    for (int i = 0; i < labelled.length; i++) {
      scores[i] = predictions.probability(labelled[i], side);
      positive[i] = predictions.label(labelled[i]) == side;
    }
    return Auc.of(scores, positive);
  }

  static double matthews(long[][] confusion) {
    int classes = confusion.length;
    double total = 0;
    double right = 0;
    double[] labels = new double[classes];
    double[] said = new double[classes];
    for (int i = 0; i < classes; i++) {
      right += confusion[i][i];
      for (int j = 0; j < classes; j++) {
        total += confusion[i][j];
        labels[i] += confusion[i][j];
        said[j] += confusion[i][j];
      }
    }
    double both = 0;
    double saidSquared = 0;
    double labelsSquared = 0;
    for (int k = 0; k < classes; k++) {
      both += labels[k] * said[k];
      saidSquared += said[k] * said[k];
      labelsSquared += labels[k] * labels[k];
    }
    double scale =
        Math.sqrt(total * total - saidSquared) * Math.sqrt(total * total - labelsSquared);
    return scale == 0 ? 0 : (right * total - both) / scale;
  }
}

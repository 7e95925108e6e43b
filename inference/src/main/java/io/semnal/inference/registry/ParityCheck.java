package io.semnal.inference.registry;

import io.semnal.inference.onnx.OnnxModel;
import io.semnal.inference.onnx.TreeTable;
import io.semnal.inference.scorer.Scorer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Compares two scorers of one model on the same rows: those that it keeps, random ones, values at
 * the very thresholds of its trees and one unit in the last place beside them, and missing values
 * where the card accepts them. The rows are the same at every load.
 */
final class ParityCheck {
  /** Of scores up to 1; of larger ones, in relation to their size. */
  static final double TOLERANCE = 1e-5;

  private static final long SEED = 20261122;
  private static final int RANDOM_ROWS = 1000;
  private static final int THRESHOLD_ROWS = 1000;
  private static final int NAN_ROWS = 200;
  private static final double[] SCALES = {0.1, 1, 3};

  private final Scorer candidate;
  private final Scorer reference;
  private final Random random = new Random(SEED);
  private final double[] row;
  private int rows;
  private double largest;
  private String mismatch = "";

  private ParityCheck(Scorer candidate, Scorer reference) {
    this.candidate = candidate;
    this.reference = reference;
    row = new double[reference.features()];
  }

  /**
   * @param rows compared
   * @param largest difference of a score
   * @param mismatch the first row that differs by more than the tolerance, in words; empty = none
   */
  record Result(int rows, double largest, String mismatch) {
    boolean matches() {
      return mismatch.isEmpty();
    }
  }

  static Result compare(
      OnnxModel model, Scorer candidate, Scorer reference, boolean acceptsNaN, double[][] own) {
    ParityCheck check = new ParityCheck(candidate, reference);
    if (candidate.features() != reference.features()
        || candidate.outputs() != reference.outputs()) {
      return new Result(0, Double.NaN, "they take or give other numbers of values");
    }
    for (double[] given : own) {
      System.arraycopy(given, 0, check.row, 0, given.length);
      check.compareRow();
    }
    check.compareFixed();
    check.compareRandom(RANDOM_ROWS, 0);
    check.compareThresholds(model);
    if (acceptsNaN) {
      Arrays.fill(check.row, Double.NaN);
      check.compareRow();
      check.compareRandom(NAN_ROWS, 0.2);
    }
    return new Result(check.rows, check.largest, check.mismatch);
  }

  /** Rows for those who have none: the same at every call. */
  static double[][] randomRows(int columns) {
    Random random = new Random(SEED);
    double[][] rows = new double[RANDOM_ROWS][columns];
    for (int i = 0; i < rows.length; i++) {
      for (int k = 0; k < columns; k++) {
        rows[i][k] = random.nextGaussian() * SCALES[i % SCALES.length];
      }
    }
    return rows;
  }

  private void compareFixed() {
    for (double value : new double[] {0, 1, -1, 0.5}) {
      Arrays.fill(row, value);
      compareRow();
    }
  }

  private void compareRandom(int count, double missing) {
    for (int i = 0; i < count; i++) {
      double scale = SCALES[i % SCALES.length];
      for (int k = 0; k < row.length; k++) {
        boolean isMissing = random.nextDouble() < missing;
        row[k] = isMissing ? Double.NaN : random.nextGaussian() * scale;
      }
      compareRow();
    }
  }

  /** Each feature at one of the thresholds at which trees look at it, or just beside. */
  private void compareThresholds(OnnxModel model) {
    List<List<Double>> thresholds = new ArrayList<>();
    for (int i = 0; i < row.length; i++) {
      thresholds.add(new ArrayList<>());
    }
    for (OnnxModel.Node node : model.graph().nodes()) {
      if (TreeTable.isTrees(node)) {
        gather(TreeTable.read(node), thresholds);
      }
    }
    if (thresholds.stream().allMatch(List::isEmpty)) {
      return;
    }
    for (int i = 0; i < THRESHOLD_ROWS; i++) {
      for (int k = 0; k < row.length; k++) {
        List<Double> own = thresholds.get(k);
        row[k] = own.isEmpty() ? 0 : beside(own.get(random.nextInt(own.size())));
      }
      compareRow();
    }
  }

  private static void gather(TreeTable trees, List<List<Double>> thresholds) {
    for (int node = 0; node < trees.size(); node++) {
      if (trees.mode(node) != TreeTable.Mode.LEAF && trees.feature(node) < thresholds.size()) {
        thresholds.get(trees.feature(node)).add(trees.threshold(node));
      }
    }
  }

  private double beside(double threshold) {
    boolean wide = reference.isDouble();
    float narrow = (float) threshold;
    return switch (random.nextInt(3)) {
      case 0 -> wide ? Math.nextDown(threshold) : Math.nextDown(narrow);
      case 1 -> wide ? Math.nextUp(threshold) : Math.nextUp(narrow);
      default -> threshold;
    };
  }

  private void compareRow() {
    rows++;
    boolean isScored;
    try {
      isScored = scores(reference) && scores(candidate);
    } catch (IndexOutOfBoundsException | ArithmeticException e) {
      differs("it fails: " + e);
      return;
    }
    if (!isScored) {
      differs("one scores it, the other does not");
      return;
    }
    for (int i = 0; i < reference.outputs(); i++) {
      double expected = reference.output(i);
      double actual = candidate.output(i);
      if (Double.compare(expected, actual) == 0) {
        continue;
      }
      double difference = RowScores.difference(expected, actual);
      if (difference > TOLERANCE) {
        differs(String.format(Locale.ROOT, "output %d is %s, expected %s", i, actual, expected));
      }
      largest = Math.max(largest, difference);
    }
  }

  private void differs(String how) {
    if (mismatch.isEmpty()) {
      mismatch = "on row " + rows + " of the check, " + how;
    }
  }

  private boolean scores(Scorer scorer) {
    RowScores.write(scorer, row);
    return scorer.score();
  }
}

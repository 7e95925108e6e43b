package io.semnal.research.learn;

import java.util.Arrays;

/**
 * Fits multinomial logistic regression with an L2 penalty by Newton's method on standardised
 * columns. One order of operations and {@code StrictMath}: the same samples give the same numbers
 * on every machine.
 */
final class LogisticRegression {
  private static final int MOST_ITERATIONS = 50;
  private static final double ENOUGH = 1e-10;
  private static final double BIAS_PENALTY = 1e-6;

  private final int classes;
  private final int width;
  private final double penalty;
  private final int rows;
  private final int[] labels;
  private final double[] mean;
  private final double[] deviation;

  /** Standardised, each row led by a one for the bias. */
  private final double[] design;

  private LogisticRegression(Rows samples, int classes, double penalty) {
    this.classes = classes;
    this.penalty = penalty;
    rows = samples.size();
    int columns = samples.columns();
    width = columns + 1;
    labels = new int[rows];
    mean = new double[columns];
    deviation = new double[columns];
    design = new double[rows * width];
    standardise(samples);
  }

  /**
   * @param samples all labelled
   * @param penalty half of it times the squared weights of the standardised columns is added to the
   *     summed log loss
   * @return with the standardisation folded in, for raw columns
   * @throws IllegalArgumentException where there is nothing to learn from
   */
  static LinearClassifier fit(Rows samples, int classes, double penalty) {
    if (samples.size() <= samples.columns() * classes) {
      throw new IllegalArgumentException(
          samples.size() + " rows are too few for " + samples.columns() + " columns");
    }
    LogisticRegression regression = new LogisticRegression(samples, classes, penalty);
    return regression.folded(regression.newton());
  }

  private void standardise(Rows samples) {
    for (int j = 0; j < mean.length; j++) {
      double sum = 0.0;
      for (int i = 0; i < rows; i++) {
        sum += samples.feature(i, j);
      }
      mean[j] = sum / rows;
      double squares = 0.0;
      for (int i = 0; i < rows; i++) {
        double distance = samples.feature(i, j) - mean[j];
        squares += distance * distance;
      }
      double measured = Math.sqrt(squares / rows);
      // A constant column says nothing; its weight stays 0.
      deviation[j] = measured > 0.0 ? measured : 1.0;
    }
    for (int i = 0; i < rows; i++) {
      labels[i] = samples.label(i);
      design[i * width] = 1.0;
      for (int j = 0; j < mean.length; j++) {
        design[i * width + 1 + j] = (samples.feature(i, j) - mean[j]) / deviation[j];
      }
    }
  }

  /** Weights by class, then bias and columns. */
  private double[] newton() {
    int size = classes * width;
    double[] weights = new double[size];
    double[] gradient = new double[size];
    double[][] hessian = new double[size][size];
    double objective = derivatives(weights, gradient, hessian);
    for (int iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
      double[] direction = Cholesky.solve(hessian, gradient);
      double decrement = 0.0;
      for (int i = 0; i < size; i++) {
        decrement += direction[i] * gradient[i];
      }
      if (decrement < ENOUGH * rows) {
        return weights;
      }
      double step = 1.0;
      double[] candidate = moved(weights, direction, step);
      while (objective(candidate) > objective && step > 1e-6) {
        step *= 0.5;
        candidate = moved(weights, direction, step);
      }
      weights = candidate;
      objective = derivatives(weights, gradient, hessian);
    }
    return weights;
  }

  private static double[] moved(double[] weights, double[] direction, double step) {
    double[] moved = new double[weights.length];
    for (int i = 0; i < moved.length; i++) {
      moved[i] = weights[i] - step * direction[i];
    }
    return moved;
  }

  private double objective(double[] weights) {
    double[] probabilities = new double[classes];
    double sum = 0.0;
    for (int i = 0; i < rows; i++) {
      probabilities(weights, i, probabilities);
      sum -= StrictMath.log(Math.max(Double.MIN_NORMAL, probabilities[labels[i]]));
    }
    for (int a = 0; a < weights.length; a++) {
      sum += 0.5 * penalty(a) * weights[a] * weights[a];
    }
    return sum;
  }

  private double derivatives(double[] weights, double[] gradient, double[][] hessian) {
    double[] probabilities = new double[classes];
    Arrays.fill(gradient, 0.0);
    for (double[] line : hessian) {
      Arrays.fill(line, 0.0);
    }
    double sum = 0.0;
    for (int i = 0; i < rows; i++) {
      probabilities(weights, i, probabilities);
      sum -= StrictMath.log(Math.max(Double.MIN_NORMAL, probabilities[labels[i]]));
      for (int k = 0; k < classes; k++) {
        double residual = probabilities[k] - (labels[i] == k ? 1.0 : 0.0);
        for (int j = 0; j < width; j++) {
          gradient[k * width + j] += residual * design[i * width + j];
        }
        for (int l = 0; l <= k; l++) {
          addBlock(hessian, k, l, i, probabilities[k] * ((k == l ? 1.0 : 0.0) - probabilities[l]));
        }
      }
    }
    for (int a = 0; a < weights.length; a++) {
      gradient[a] += penalty(a) * weights[a];
      sum += 0.5 * penalty(a) * weights[a] * weights[a];
      hessian[a][a] += penalty(a);
    }
    return sum;
  }

  /** Adds one row to the block of classes k and l; the solver reads the lower triangle only. */
  private void addBlock(double[][] hessian, int k, int l, int row, double curvature) {
    int start = row * width;
    for (int a = 0; a < width; a++) {
      double scaled = curvature * design[start + a];
      double[] line = hessian[k * width + a];
      int columns = k == l ? a + 1 : width;
      for (int b = 0; b < columns; b++) {
        line[l * width + b] += scaled * design[start + b];
      }
    }
  }

  private void probabilities(double[] weights, int row, double[] into) {
    for (int k = 0; k < classes; k++) {
      double score = 0.0;
      for (int j = 0; j < width; j++) {
        score += weights[k * width + j] * design[row * width + j];
      }
      into[k] = score;
    }
    Softmax.apply(into, 0, classes);
  }

  /** The bias's own tiny penalty makes the redundant class parameters unique. */
  private double penalty(int parameter) {
    return parameter % width == 0 ? BIAS_PENALTY * rows : penalty;
  }

  /** Narrowed to float32, as the model's file holds them. */
  private LinearClassifier folded(double[] fitted) {
    double[][] weights = new double[classes][width - 1];
    double[] bias = new double[classes];
    for (int k = 0; k < classes; k++) {
      double intercept = fitted[k * width];
      for (int j = 0; j < width - 1; j++) {
        weights[k][j] = (float) (fitted[k * width + 1 + j] / deviation[j]);
        intercept -= weights[k][j] * mean[j];
      }
      bias[k] = (float) intercept;
    }
    return new LinearClassifier(weights, bias);
  }
}

package io.semnal.research.learn;

/** Solves symmetric positive definite systems by the Cholesky decomposition. */
final class Cholesky {
  private Cholesky() {}

  /**
   * @param matrix its lower triangle is read
   * @throws IllegalArgumentException where the matrix is not positive definite
   */
  static double[] solve(double[][] matrix, double[] right) {
    double[][] lower = decompose(matrix);
    int n = right.length;
    double[] x = right.clone();
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        x[i] -= lower[i][j] * x[j];
      }
      x[i] /= lower[i][i];
    }
    for (int i = n - 1; i >= 0; i--) {
      for (int j = i + 1; j < n; j++) {
        x[i] -= lower[j][i] * x[j];
      }
      x[i] /= lower[i][i];
    }
    return x;
  }

  private static double[][] decompose(double[][] matrix) {
    int n = matrix.length;
    double[][] lower = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = matrix[i][j];
        for (int k = 0; k < j; k++) {
          sum -= lower[i][k] * lower[j][k];
        }
        if (i == j) {
          if (!(sum > 0.0)) {
            throw new IllegalArgumentException("not positive definite at line " + i);
          }
          lower[i][i] = Math.sqrt(sum);
        } else {
          lower[i][j] = sum / lower[j][j];
        }
      }
    }
    return lower;
  }
}

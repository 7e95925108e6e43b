package io.semnal.research.learn;

/**
 * Means and deviations of columns.
 *
 * @param deviation 1 for a column that never changes
 */
record Standard(double[] mean, double[] deviation) {
  static Standard of(Rows rows) {
    int columns = rows.columns();
    double[] mean = new double[columns];
    double[] deviation = new double[columns];
    for (int j = 0; j < columns; j++) {
      double sum = 0.0;
      for (int i = 0; i < rows.size(); i++) {
        sum += rows.feature(i, j);
      }
      mean[j] = sum / rows.size();
      double squares = 0.0;
      for (int i = 0; i < rows.size(); i++) {
        double distance = rows.feature(i, j) - mean[j];
        squares += distance * distance;
      }
      double measured = Math.sqrt(squares / rows.size());
      deviation[j] = measured > 0.0 ? measured : 1.0;
    }
    return new Standard(mean, deviation);
  }
}

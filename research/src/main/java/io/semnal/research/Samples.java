package io.semnal.research;

import java.util.Arrays;

/**
 * Rows of features as the scorer would have seen them, in the order of time, each with the label
 * that it got later.
 */
final class Samples {
  /** Label of a row whose signal was not decided, or could not have been entered. */
  static final byte NONE = -1;

  private final int columns;
  private float[] features = new float[0];
  private long[] times = new long[0];
  private long[] labelEnds = new long[0];
  private byte[] labels = new byte[0];
  private int size;

  Samples(int columns) {
    this.columns = columns;
  }

  /**
   * Adds a row without a label.
   *
   * @return its position
   */
  int add(long time, float[] row) {
    if (size == labels.length) {
      int capacity = Math.max(1_024, size * 2);
      features = Arrays.copyOf(features, capacity * columns);
      times = Arrays.copyOf(times, capacity);
      labelEnds = Arrays.copyOf(labelEnds, capacity);
      labels = Arrays.copyOf(labels, capacity);
    }
    System.arraycopy(row, 0, features, size * columns, columns);
    times[size] = time;
    labels[size] = NONE;
    return size++;
  }

  /**
   * @param label a class's position
   * @param end when it was decided
   */
  void label(int row, int label, long end) {
    labels[row] = (byte) label;
    labelEnds[row] = end;
  }

  /** The labelled rows from {@code from} on whose label was decided before {@code to}. */
  Samples between(long from, long to) {
    Samples chosen = new Samples(columns);
    float[] row = new float[columns];
    for (int i = 0; i < size; i++) {
      if (labels[i] != NONE && times[i] >= from && labelEnds[i] < to) {
        System.arraycopy(features, i * columns, row, 0, columns);
        chosen.label(chosen.add(times[i], row), labels[i], labelEnds[i]);
      }
    }
    return chosen;
  }

  /** Shares of the labels. */
  double[] frequencies(int classes) {
    double[] shares = new double[classes];
    int labelled = 0;
    for (int i = 0; i < size; i++) {
      if (labels[i] != NONE) {
        shares[labels[i]]++;
        labelled++;
      }
    }
    for (int i = 0; i < classes; i++) {
      shares[i] /= labelled;
    }
    return shares;
  }

  int size() {
    return size;
  }

  int columns() {
    return columns;
  }

  float feature(int row, int column) {
    return features[row * columns + column];
  }

  void copyRow(int row, float[] into) {
    System.arraycopy(features, row * columns, into, 0, columns);
  }

  int label(int row) {
    return labels[row];
  }

  long time(int row) {
    return times[row];
  }
}

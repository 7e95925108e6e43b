package io.semnal.research.learn;

import java.util.function.IntPredicate;

/** Labelled rows in the order of time, as a learner sees them: nothing but features and labels. */
public final class Rows {
  private final int columns;
  private final float[] features;
  private final byte[] labels;
  private final long[] times;
  private final long[] ends;

  public Rows(int columns, int size) {
    this.columns = columns;
    features = new float[Math.multiplyExact(columns, size)];
    labels = new byte[size];
    times = new long[size];
    ends = new long[size];
  }

  /**
   * @param from where the row begins in {@code values}
   * @param end when the label was decided
   */
  public void set(int row, float[] values, int from, int label, long time, long end) {
    System.arraycopy(values, from, features, row * columns, columns);
    labels[row] = (byte) label;
    times[row] = time;
    ends[row] = end;
  }

  /** Copies those that are chosen by their position. */
  public Rows where(IntPredicate chosen) {
    int count = 0;
    for (int i = 0; i < size(); i++) {
      count += chosen.test(i) ? 1 : 0;
    }
    Rows rows = new Rows(columns, count);
    int next = 0;
    for (int i = 0; i < size(); i++) {
      if (chosen.test(i)) {
        rows.set(next++, features, i * columns, labels[i], times[i], ends[i]);
      }
    }
    return rows;
  }

  /** Rows of {@code [from, to)} whose label was decided before {@code to}: purged at their end. */
  public Rows between(long from, long to) {
    return where(i -> times[i] >= from && times[i] < to && ends[i] < to);
  }

  /** The same rows with other labels. */
  public Rows relabelled(byte[] others) {
    Rows rows = where(i -> true);
    System.arraycopy(others, 0, rows.labels, 0, others.length);
    return rows;
  }

  /** Shares of the labels. */
  public double[] frequencies(int classes) {
    double[] shares = new double[classes];
    for (byte label : labels) {
      shares[label]++;
    }
    for (int i = 0; i < classes; i++) {
      shares[i] /= labels.length;
    }
    return shares;
  }

  /**
   * The time at which a share of the rows is behind; rows that tie go to the later part.
   *
   * @param share 0 to 1
   */
  public long timeAt(double share) {
    return times[Math.min(size() - 1, (int) (share * size()))];
  }

  public int size() {
    return labels.length;
  }

  public int columns() {
    return columns;
  }

  /** All values, row by row; not to be changed. */
  public float[] features() {
    return features;
  }

  public float feature(int row, int column) {
    return features[row * columns + column];
  }

  public int label(int row) {
    return labels[row];
  }

  public byte[] labels() {
    return labels.clone();
  }

  public long time(int row) {
    return times[row];
  }

  public long end(int row) {
    return ends[row];
  }
}

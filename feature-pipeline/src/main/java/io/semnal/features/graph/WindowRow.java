package io.semnal.features.graph;

import io.semnal.core.state.StateVisitor;
import io.semnal.core.state.Stateful;
import io.semnal.features.FeatureRow;
import io.semnal.features.WarmUpNeed;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;

/**
 * The columns of several bars as one row for a sequence model: row after row, oldest first.
 *
 * <p>A past row is what the columns were when its bar closed, of as many bars as there were: where
 * no tick came there is no bar, and thus no row. The last row is the present one, closed or
 * forming.
 */
final class WindowRow implements FeatureRow, Stateful {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;

  private final GraphRow row;
  private final int rows;
  private final int width;

  /** The window of closed rows, oldest first, and behind it the forming row. */
  private final double[] values;

  /** By column: closed rows of the window in which it was defined. */
  private final int[] definedRows;

  /** By column: closed rows of the window in which it was warm. */
  private final int[] warmRows;

  /** Where the window begins that was asked for: one row later with the forming one. */
  private int from;

  private boolean allWarm;

  WindowRow(GraphRow row, int rows) {
    this.row = row;
    this.rows = rows;
    width = row.columns();
    values = new double[(rows + 1) * width];
    Arrays.fill(values, Double.NaN);
    definedRows = new int[width];
    warmRows = new int[width];
  }

  /** A bar of the columns' own timeframe has closed, and so have all that they look at. */
  void rowClosed() {
    int last = (rows - 1) * width;
    System.arraycopy(values, width, values, 0, last);
    for (int c = 0; c < width; c++) {
      values[last + c] = row.closedValue(c);
      if (definedRows[c] < rows && row.isDefined(c)) {
        definedRows[c]++;
      }
      if (warmRows[c] < rows && row.isWarm(c)) {
        warmRows[c]++;
      }
    }
    from = 0;
  }

  @Override
  public int columns() {
    return rows * width;
  }

  @Override
  public boolean isDefined() {
    for (int c = 0; c < width; c++) {
      if (definedRows[c] < rows) {
        return false;
      }
    }
    for (int i = 0; i < rows * width; i++) {
      if (Double.isNaN(values[from + i])) {
        return false;
      }
    }
    return true;
  }

  /** Once every closed row of a whole window was warm; with a forming row as well. */
  @Override
  public boolean isWarm() {
    if (!allWarm) {
      for (int c = 0; c < width; c++) {
        if (warmRows[c] < rows) {
          return false;
        }
      }
      allWarm = true;
    }
    return true;
  }

  /** Columns count through the window: those of its oldest row come first. */
  @Override
  public boolean isWarm(int column) {
    return warmRows[column % width] >= rows - column / width;
  }

  @Override
  public List<WarmUpNeed> warmUp(int column) {
    return row.warmUp(column % width, rows - 1 - column / width);
  }

  @Override
  public void closed() {
    from = 0;
  }

  @Override
  public void forming() {
    if (!row.hasForming()) {
      closed();
      return;
    }
    row.forming();
    for (int c = 0; c < width; c++) {
      values[rows * width + c] = row.value(c);
    }
    from = width;
  }

  @Override
  public void prepareForming() {
    row.prepareForming();
  }

  @Override
  public double value(int column) {
    return values[from + column];
  }

  @Override
  public void writeFloats(MemorySegment target, long offset) {
    for (int i = 0; i < rows * width; i++) {
      target.set(FLOAT, offset + (long) i * Float.BYTES, (float) values[from + i]);
    }
  }

  @Override
  public void writeDoubles(MemorySegment target, long offset) {
    for (int i = 0; i < rows * width; i++) {
      target.set(DOUBLE, offset + (long) i * Double.BYTES, values[from + i]);
    }
  }

  @Override
  public void state(StateVisitor s) {
    s.section("window");
    s.of(values);
    s.of(definedRows);
    s.of(warmRows);
    from = s.of(from);
    allWarm = false;
  }
}

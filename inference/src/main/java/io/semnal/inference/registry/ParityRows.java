package io.semnal.inference.registry;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Real rows that a version keeps with what ONNX Runtime scored them at registration: {@code
 * rows.csv}, a header of the columns and scores, then numbers. Every load scores them again.
 *
 * @param inputs by row, then column; NaN = missing
 * @param expected by row, then score
 */
public record ParityRows(double[][] inputs, double[][] expected) {
  static final String FILE = "rows.csv";

  /** How many are kept of a file that has more, evenly over it. */
  static final int MOST = 1000;

  int size() {
    return inputs.length;
  }

  /** At most {@link #MOST} of them. */
  ParityRows thinned() {
    if (size() <= MOST) {
      return this;
    }
    double[][] some = new double[MOST][];
    double[][] theirs = new double[MOST][];
    for (int i = 0; i < MOST; i++) {
      int from = (int) ((long) i * size() / MOST);
      some[i] = inputs[from];
      theirs[i] = expected[from];
    }
    return new ParityRows(some, theirs);
  }

  byte[] toCsv(ModelCard card) {
    StringBuilder csv = new StringBuilder();
    List<String> header = new ArrayList<>(card.columns());
    card.scoreNames().forEach(name -> header.add("score." + name));
    for (int i = 0; i < header.size(); i++) {
      csv.append(i == 0 ? "\"" : ",\"").append(header.get(i).replace("\"", "\"\"")).append('"');
    }
    csv.append('\n');
    for (int row = 0; row < size(); row++) {
      append(csv, inputs[row], false);
      append(csv, expected[row], true);
      csv.append('\n');
    }
    return csv.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Every digit that tells a double from its neighbours; a missing value is an empty cell. */
  private static void append(StringBuilder csv, double[] values, boolean more) {
    for (int i = 0; i < values.length; i++) {
      csv.append(i > 0 || more ? "," : "");
      if (!Double.isNaN(values[i])) {
        csv.append(values[i]);
      }
    }
  }

  /**
   * @param columns of inputs
   * @param scores of expected values
   * @throws ModelRefusedException naming the line that is not as {@link #toCsv} writes
   */
  static ParityRows read(byte[] csv, int columns, int scores) {
    List<String> lines = new String(csv, StandardCharsets.UTF_8).lines().toList();
    List<double[]> inputs = new ArrayList<>();
    List<double[]> expected = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      String[] cells = lines.get(i).split(",", -1);
      if (cells.length != columns + scores) {
        throw new ModelRefusedException(
            FILE
                + " line "
                + (i + 1)
                + " has "
                + cells.length
                + " values, the card says "
                + columns
                + " columns and "
                + scores
                + " scores");
      }
      double[] values = new double[cells.length];
      for (int k = 0; k < cells.length; k++) {
        values[k] = number(cells[k], i + 1);
      }
      inputs.add(Arrays.copyOf(values, columns));
      expected.add(Arrays.copyOfRange(values, columns, values.length));
    }
    return new ParityRows(inputs.toArray(double[][]::new), expected.toArray(double[][]::new));
  }

  private static double number(String cell, int line) {
    try {
      return cell.isEmpty() ? Double.NaN : Double.parseDouble(cell);
    } catch (NumberFormatException e) {
      throw new ModelRefusedException(FILE + " line " + line + ": '" + cell + "' is no number", e);
    }
  }
}

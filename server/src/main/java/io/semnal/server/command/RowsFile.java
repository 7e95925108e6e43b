package io.semnal.server.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows of numbers in a CSV file, with or without names in its first line. An empty cell and {@code
 * nan} are missing values.
 *
 * @param rows as many values each as columns were asked for
 */
record RowsFile(double[][] rows) {

  /**
   * @param columns wanted in that order; a header is looked through for them, and may hold others;
   *     without one the file holds just them. Empty = all that the file holds
   * @throws CommandFailure naming the line, or the columns that the header lacks
   */
  static RowsFile read(Path file, List<String> columns) throws IOException {
    List<double[]> rows = new ArrayList<>();
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      int[] places = null;
      int width = 0;
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (line.isBlank()) {
          continue;
        }
        List<String> cells = cells(line, file, number);
        if (places == null) {
          width = cells.size();
          boolean isHeader = cells.stream().anyMatch(cell -> !isNumber(cell));
          places = isHeader ? places(cells, columns, file) : all(width, columns, file);
          if (isHeader) {
            continue;
          }
        }
        if (cells.size() != width) {
          throw failure(file, number, "has " + cells.size() + " values, not " + width);
        }
        rows.add(row(cells, places, file, number));
      }
    } catch (MalformedInputException e) {
      throw new CommandFailure(file + " is not UTF-8 text", e);
    }
    if (rows.isEmpty()) {
      throw new CommandFailure(file + " holds no rows");
    }
    return new RowsFile(rows.toArray(double[][]::new));
  }

  private static int[] places(List<String> header, List<String> columns, Path file) {
    int[] places = new int[columns.isEmpty() ? header.size() : columns.size()];
    List<String> missing = new ArrayList<>();
    for (int i = 0; i < places.length; i++) {
      places[i] = columns.isEmpty() ? i : header.indexOf(columns.get(i));
      if (places[i] < 0) {
        missing.add("'" + columns.get(i) + "'");
      }
    }
    if (!missing.isEmpty()) {
      throw new CommandFailure(
          "the header of "
              + file
              + " lacks "
              + String.join(", ", missing)
              + "; it has "
              + String.join(", ", header));
    }
    return places;
  }

  private static int[] all(int width, List<String> columns, Path file) {
    if (!columns.isEmpty() && width != columns.size()) {
      throw new CommandFailure(
          file + " has " + width + " columns and no header, expected " + columns.size());
    }
    int[] places = new int[width];
    for (int i = 0; i < width; i++) {
      places[i] = i;
    }
    return places;
  }

  private static double[] row(List<String> cells, int[] places, Path file, int number) {
    double[] row = new double[places.length];
    for (int i = 0; i < row.length; i++) {
      String cell = cells.get(places[i]);
      if (!isNumber(cell)) {
        throw failure(file, number, "holds '" + cell + "', which is no number");
      }
      row[i] = isMissing(cell) ? Double.NaN : Double.parseDouble(cell);
    }
    return row;
  }

  private static boolean isMissing(String cell) {
    return cell.isBlank() || cell.equalsIgnoreCase("nan");
  }

  private static boolean isNumber(String cell) {
    if (isMissing(cell)) {
      return true;
    }
    try {
      Double.parseDouble(cell);
      return true;
    } catch (NumberFormatException e) {
      // Which of the two it is decides whether a first line is a header: no failure by itself.
      return false;
    }
  }

  /** Cells of a line; those with commas stand in quotes, and a quote in them twice. */
  private static List<String> cells(String line, Path file, int number) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean isQuoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"' && isQuoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
        cell.append(c);
        i++;
      } else if (c == '"') {
        isQuoted = !isQuoted;
      } else if (c == ',' && !isQuoted) {
        cells.add(cell.toString().strip());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    if (isQuoted) {
      throw failure(file, number, "has a quote that does not end");
    }
    cells.add(cell.toString().strip());
    return cells;
  }

  private static CommandFailure failure(Path file, int number, String what) {
    return new CommandFailure(file + " line " + number + " " + what);
  }
}

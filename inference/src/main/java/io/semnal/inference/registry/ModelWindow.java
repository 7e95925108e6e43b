package io.semnal.inference.registry;

import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.FeatureSetConfig.Price;
import io.semnal.core.market.Timeframe;
import io.semnal.inference.onnx.OnnxModel;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Of how many rows of which columns a model's inputs are made: a card says it by their names, a
 * file by the shape of its input.
 *
 * @param rows 1 = the inputs are columns, whatever they are made of
 */
public record ModelWindow(int rows, List<String> columns) {
  private static final Pattern OLDEST = Pattern.compile(".*\\[-([1-9][0-9]{0,3})]");

  /** As {@link FeatureSetConfig#inputs} names them; of other names each is a column. */
  public static ModelWindow of(List<String> inputs) {
    Matcher oldest = OLDEST.matcher(inputs.isEmpty() ? "" : inputs.getFirst());
    if (oldest.matches()) {
      int rows = Integer.parseInt(oldest.group(1)) + 1;
      int columns = inputs.size() / rows;
      List<String> newest = inputs.subList(inputs.size() - columns, inputs.size());
      if (new FeatureSetConfig("", Timeframe.M1, Price.MID, newest, rows).inputs().equals(inputs)) {
        return new ModelWindow(rows, newest);
      }
    }
    return new ModelWindow(1, inputs);
  }

  /**
   * Holds the shape that a model declares against the rows it would be given: {@code [N,T,C]} must
   * be that many rows of that many columns, {@code [N,F]} that many values.
   *
   * @param from for people: who gives the rows
   * @throws ModelRefusedException with both
   */
  void check(OnnxModel model, String from) {
    if (rows == 1 || model.graph().inputs().size() != 1) {
      return;
    }
    OnnxModel.Value input = model.graph().inputs().getFirst();
    long[] shape = input.shape();
    if (shape == null || shape.length != 2 && shape.length != 3) {
      return;
    }
    boolean isSequence = shape.length == 3;
    boolean fits =
        isSequence
            ? fits(shape[1], rows) && fits(shape[2], columns.size())
            : fits(shape[1], rows * columns.size());
    if (!fits) {
      throw new ModelRefusedException(
          "the model's input "
              + described(input)
              + " takes "
              + (isSequence ? rows(shape[1], shape[2]) : shape[1] + " values")
              + "; "
              + from
              + " gives "
              + (isSequence ? "" : rows * columns.size() + " values, ")
              + rows(rows, columns.size())
              + ", oldest first");
    }
  }

  private static boolean fits(long declared, long given) {
    return declared < 0 || declared == given;
  }

  private static String rows(long rows, long columns) {
    return (rows < 0 ? "any" : rows + (rows == 1 ? " row" : " rows"))
        + " of "
        + (columns < 0 ? "any columns" : columns + (columns == 1 ? " column" : " columns"));
  }

  private static String described(OnnxModel.Value input) {
    return input.name()
        + LongStream.of(input.shape())
            .mapToObj(d -> d < 0 ? "?" : Long.toString(d))
            .collect(Collectors.joining(",", "[", "]"));
  }

  /** What the card says that differs from what the set says, each as a clause. */
  static List<String> differences(List<String> trained, List<String> configured) {
    ModelWindow model = of(trained);
    ModelWindow set = of(configured);
    if (model.rows == 1 && set.rows == 1) {
      return columns(trained, configured);
    }
    List<String> differences = new ArrayList<>();
    if (model.rows != set.rows) {
      differences.add("model " + model.shape() + ", set " + set.shape());
    }
    differences.addAll(columns(model.columns, set.columns));
    return differences;
  }

  /** For people: {@code 20 rows of 8 columns}. */
  public String shape() {
    return rows(rows, columns.size());
  }

  private static List<String> columns(List<String> trained, List<String> configured) {
    List<String> differences = new ArrayList<>();
    if (trained.size() != configured.size()) {
      differences.add("model " + trained.size() + " columns, set " + configured.size());
    }
    for (int i = 0; i < Math.max(trained.size(), configured.size()); i++) {
      String model = i < trained.size() ? "'" + trained.get(i) + "'" : "none";
      String set = i < configured.size() ? "'" + configured.get(i) + "'" : "none";
      if (!model.equals(set)) {
        differences.add("column " + (i + 1) + ": model " + model + ", set " + set);
      }
    }
    return differences;
  }
}

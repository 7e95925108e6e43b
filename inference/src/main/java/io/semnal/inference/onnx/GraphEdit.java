package io.semnal.inference.onnx;

import io.semnal.inference.onnx.OnnxModel.Value;
import io.semnal.inference.registry.ModelRefusedException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Adds one operator behind an output of an ONNX file and leaves every other byte as it is. */
public final class GraphEdit {
  private static final long NEGATIVE_AXIS_SINCE = 13;
  private static final int GRAPH = 7;
  private static final int OPSET = 8;
  private static final int NODE = 1;
  private static final int OUTPUT = 12;

  private GraphEdit() {}

  /**
   * A changed file.
   *
   * @param outputName of the new operator's result, which stands where the output stood
   */
  public record Edited(byte[] onnx, String outputName) {}

  /**
   * Puts a Softmax over the last axis behind an output.
   *
   * @throws ModelRefusedException where the file is unsound or has no such output
   */
  public static Edited withSoftmax(byte[] onnx, String output) {
    return append(onnx, output, "Softmax");
  }

  /** Puts a Sigmoid behind an output. */
  public static Edited withSigmoid(byte[] onnx, String output) {
    return append(onnx, output, "Sigmoid");
  }

  private static Edited append(byte[] onnx, String output, String operator) {
    OnnxModel model = OnnxReader.read(onnx);
    Value old =
        model.graph().outputs().stream()
            .filter(value -> value.name().equals(output))
            .findFirst()
            .orElseThrow(() -> new ModelRefusedException("no output is named " + output));
    String result = unused(model, "probabilities");
    ProtoWriter node =
        new ProtoWriter()
            .text(1, output)
            .text(2, result)
            .text(3, unused(model, operator.toLowerCase(Locale.ROOT)))
            .text(4, operator);
    if (operator.equals("Softmax")) {
      node.message(
          5, new ProtoWriter().text(1, "axis").integer(3, lastAxis(model, old)).integer(20, 2));
    }
    ProtoWriter edited = new ProtoWriter();
    ProtoReader in = new ProtoReader(onnx);
    while (in.next()) {
      if (in.field() == GRAPH) {
        edited.message(GRAPH, graph(in.message(), output, result, node));
      } else {
        edited.raw(in.skipped());
      }
    }
    if (!model.opsets().containsKey("")) {
      edited.message(OPSET, new ProtoWriter().text(1, "").integer(2, NEGATIVE_AXIS_SINCE));
    }
    return new Edited(edited.toBytes(), result);
  }

  /** Before opset 13 an axis meant all that follow it, and could not be counted from the end. */
  private static long lastAxis(OnnxModel model, Value output) {
    if (model.opsets().getOrDefault("", NEGATIVE_AXIS_SINCE) >= NEGATIVE_AXIS_SINCE) {
      return -1;
    }
    return output.shape() == null ? 1 : Math.max(0, output.shape().length - 1);
  }

  private static ProtoWriter graph(ProtoReader in, String output, String result, ProtoWriter node) {
    ProtoWriter graph = new ProtoWriter();
    boolean isAdded = false;
    int last = -1;
    while (in.next()) {
      if (!isAdded && last == NODE && in.field() != NODE) {
        graph.message(NODE, node);
        isAdded = true;
      }
      last = in.field();
      if (in.field() == OUTPUT) {
        graph.message(OUTPUT, renamed(in.message(), output, result));
      } else {
        graph.raw(in.skipped());
      }
    }
    return isAdded ? graph : graph.message(NODE, node);
  }

  private static ProtoWriter renamed(ProtoReader in, String output, String result) {
    ProtoWriter value = new ProtoWriter();
    while (in.next()) {
      if (in.field() == 1) {
        String name = in.text();
        value.text(1, name.equals(output) ? result : name);
      } else {
        value.raw(in.skipped());
      }
    }
    return value;
  }

  private static String unused(OnnxModel model, String wanted) {
    Set<String> used = new HashSet<>(model.graph().constants().keySet());
    for (List<Value> values : List.of(model.graph().inputs(), model.graph().outputs())) {
      values.forEach(value -> used.add(value.name()));
    }
    model
        .graph()
        .nodes()
        .forEach(
            node -> {
              used.add(node.name());
              used.addAll(node.outputs());
            });
    String name = wanted;
    for (int i = 2; used.contains(name); i++) {
      name = wanted + i;
    }
    return name;
  }
}

package io.semnal.inference.onnx;

import java.util.List;
import java.util.Map;

/**
 * An ONNX file as read: what Semnal needs of it, checked for consistency, nothing computed.
 *
 * @param opsets version by domain; {@code ai.onnx} under the empty name
 */
public record OnnxModel(Map<String, Long> opsets, Graph graph) {
  /** Numbers of {@code TensorProto.DataType}. */
  public static final int FLOAT32 = 1;

  public static final int INT32 = 6;
  public static final int INT64 = 7;
  public static final int STRING = 8;
  public static final int BOOL = 9;
  public static final int FLOAT16 = 10;
  public static final int FLOAT64 = 11;

  public OnnxModel {
    opsets = Map.copyOf(opsets);
  }

  /**
   * @param nodes each after what it reads
   * @param constants by name
   */
  public record Graph(
      List<Node> nodes, Map<String, Tensor> constants, List<Value> inputs, List<Value> outputs) {
    public Graph {
      nodes = List.copyOf(nodes);
      constants = Map.copyOf(constants);
      inputs = List.copyOf(inputs);
      outputs = List.copyOf(outputs);
    }
  }

  /**
   * An operation.
   *
   * @param domain empty for {@code ai.onnx}
   * @param inputs names; empty = left out
   * @param outputs names; empty = not wanted
   * @param attributes of type Float, Long, String, Tensor, float[], long[], List of String, or
   *     Graph
   */
  public record Node(
      String name,
      String domain,
      String operator,
      List<String> inputs,
      List<String> outputs,
      Map<String, Object> attributes) {
    public Node {
      inputs = List.copyOf(inputs);
      outputs = List.copyOf(outputs);
      attributes = Map.copyOf(attributes);
    }

    /** For messages. */
    public String describe() {
      return (domain.isEmpty() ? "" : domain + ".")
          + operator
          + (name.isEmpty() ? "" : " '" + name + "'");
    }
  }

  /**
   * A constant.
   *
   * @param element number of its type
   * @param values in row-major order, exact but for integers beyond 2^53; empty for texts and for
   *     types that no scorer here computes with
   */
  public record Tensor(int element, int[] shape, double[] values) {}

  /**
   * A declared input or output.
   *
   * @param element number of its type; 0 where it is no tensor
   * @param shape −1 where not fixed; null where not declared
   */
  public record Value(String name, int element, long[] shape) {}
}

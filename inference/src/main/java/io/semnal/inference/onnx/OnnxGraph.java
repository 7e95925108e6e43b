package io.semnal.inference.onnx;

import io.semnal.inference.onnx.OnnxModel.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Builds an ONNX file: inputs, outputs, initializers and nodes in the order of the calls. Equal
 * calls give equal bytes.
 *
 * <p>Field numbers are those of {@code onnx.proto}; ir_version 8, ai.onnx 17.
 */
public final class OnnxGraph {
  /** A dimension that is not fixed; named {@code N} in the file. */
  public static final long BATCH = -1;

  private static final int IR_VERSION = 8;
  private static final int OPSET = 17;

  /** Element types of tensors, with their numbers in the format. */
  public enum Element {
    FLOAT32(1),
    INT64(7),
    FLOAT64(11);

    private final int number;

    Element(int number) {
      this.number = number;
    }
  }

  private final String name;
  private final ProtoWriter nodes = new ProtoWriter();
  private final ProtoWriter initializers = new ProtoWriter();
  private final ProtoWriter inputs = new ProtoWriter();
  private final ProtoWriter outputs = new ProtoWriter();
  private final Map<String, Integer> opsets = new LinkedHashMap<>(Map.of("", OPSET));
  private final Map<String, String> metadata = new TreeMap<>();
  private int nodeCount;

  public OnnxGraph(String name) {
    this.name = name;
  }

  /** Declares a further operator set, for example {@code ai.onnx.ml} 3. */
  public OnnxGraph opset(String domain, int version) {
    opsets.put(domain, version);
    return this;
  }

  /** Adds a key and a text for people and tools. */
  public OnnxGraph metadata(String key, String value) {
    metadata.put(key, value);
    return this;
  }

  /**
   * @param shape {@link #BATCH} where not fixed
   */
  public OnnxGraph input(String input, Element element, long... shape) {
    inputs.message(11, valueInfo(input, tensorType(element, shape)));
    return this;
  }

  /**
   * @param shape {@link #BATCH} where not fixed
   */
  public OnnxGraph output(String output, Element element, long... shape) {
    return output(output, tensorType(element, shape));
  }

  OnnxGraph output(String output, ProtoWriter type) {
    outputs.message(12, valueInfo(output, type));
    return this;
  }

  /** A constant tensor of float32, its values in row-major order. */
  public OnnxGraph initializer(String initializer, float[] values, long... shape) {
    ByteBuffer raw = littleEndian(values.length * Float.BYTES);
    raw.asFloatBuffer().put(values);
    return initializer(initializer, Element.FLOAT32, values.length, raw.array(), shape);
  }

  /** A constant tensor of float64. */
  public OnnxGraph initializer(String initializer, double[] values, long... shape) {
    ByteBuffer raw = littleEndian(values.length * Double.BYTES);
    raw.asDoubleBuffer().put(values);
    return initializer(initializer, Element.FLOAT64, values.length, raw.array(), shape);
  }

  /** A constant tensor of int64. */
  public OnnxGraph initializer(String initializer, long[] values, long... shape) {
    ByteBuffer raw = littleEndian(values.length * Long.BYTES);
    raw.asLongBuffer().put(values);
    return initializer(initializer, Element.INT64, values.length, raw.array(), shape);
  }

  private OnnxGraph initializer(
      String initializer, Element element, int count, byte[] raw, long... shape) {
    long expected = 1;
    ProtoWriter tensor = new ProtoWriter();
    for (long dimension : shape) {
      expected *= dimension;
      tensor.integer(1, dimension);
    }
    if (expected != count) {
      throw new IllegalArgumentException(
          "initializer " + initializer + " has " + count + " values, its shape " + expected);
    }
    tensor.integer(2, element.number).text(8, initializer).bytes(9, raw);
    initializers.message(5, tensor);
    return this;
  }

  /** A node of the default operator set. */
  public OnnxGraph node(
      String operator, List<String> from, List<String> to, Map<String, ?> attributes) {
    return node("", operator, from, to, attributes);
  }

  /**
   * Adds a node; nodes stand in an order in which each comes after what it reads.
   *
   * @param domain of the operator; empty = ai.onnx
   * @param attributes of type Long, Float, String, long[], float[], List of String, a Tensor of
   *     float32, float64 or unsigned bytes, or a graph: the body of a branch or loop
   */
  public OnnxGraph node(
      String domain,
      String operator,
      List<String> from,
      List<String> to,
      Map<String, ?> attributes) {
    ProtoWriter node = new ProtoWriter();
    from.forEach(value -> node.text(1, value));
    to.forEach(value -> node.text(2, value));
    node.text(3, operator + nodeCount++).text(4, operator);
    new TreeMap<>(attributes).forEach((key, value) -> node.message(5, attribute(key, value)));
    if (!domain.isEmpty()) {
      node.text(7, domain);
    }
    nodes.message(1, node);
    return this;
  }

  private static ProtoWriter attribute(String key, Object value) {
    ProtoWriter attribute = new ProtoWriter().text(1, key);
    switch (value) {
      case Float real -> attribute.real(2, real).integer(20, 1);
      case Long integer -> attribute.integer(3, integer).integer(20, 2);
      case String text -> attribute.text(4, text).integer(20, 3);
      case float[] reals -> {
        for (float real : reals) {
          attribute.real(7, real);
        }
        attribute.integer(20, 6);
      }
      case long[] integers -> {
        for (long integer : integers) {
          attribute.integer(8, integer);
        }
        attribute.integer(20, 7);
      }
      case List<?> texts -> {
        texts.forEach(text -> attribute.text(9, (String) text));
        attribute.integer(20, 8);
      }
      case Tensor tensor -> attribute.message(5, tensor(tensor)).integer(20, 4);
      case OnnxGraph body -> attribute.message(6, body.graph()).integer(20, 5);
      default ->
          throw new IllegalArgumentException("attribute " + key + " is a " + value.getClass());
    }
    return attribute;
  }

  private static ProtoWriter tensor(Tensor tensor) {
    ByteBuffer raw = littleEndian(tensor.values().length * Double.BYTES);
    for (double value : tensor.values()) {
      switch (tensor.element()) {
        case OnnxModel.FLOAT32 -> raw.putFloat((float) value);
        case OnnxModel.FLOAT64 -> raw.putDouble(value);
        default -> raw.put((byte) value);
      }
    }
    ProtoWriter written = new ProtoWriter();
    for (int dimension : tensor.shape()) {
      written.integer(1, dimension);
    }
    return written
        .integer(2, tensor.element())
        .bytes(9, Arrays.copyOf(raw.array(), raw.position()));
  }

  /** The file. */
  public byte[] toBytes() {
    ProtoWriter model =
        new ProtoWriter().integer(1, IR_VERSION).text(2, "semnal").message(7, graph());
    opsets.forEach(
        (domain, version) ->
            model.message(8, new ProtoWriter().text(1, domain).integer(2, version)));
    metadata.forEach(
        (key, value) -> model.message(14, new ProtoWriter().text(1, key).text(2, value)));
    return model.toBytes();
  }

  private ProtoWriter graph() {
    return new ProtoWriter()
        .append(nodes)
        .text(2, name)
        .append(initializers)
        .append(inputs)
        .append(outputs);
  }

  private static ProtoWriter valueInfo(String value, ProtoWriter type) {
    return new ProtoWriter().text(1, value).message(2, type);
  }

  static ProtoWriter tensorType(Element element, long... shape) {
    ProtoWriter dimensions = new ProtoWriter();
    for (long dimension : shape) {
      ProtoWriter written = new ProtoWriter();
      dimensions.message(
          1, dimension == BATCH ? written.text(2, "N") : written.integer(1, dimension));
    }
    ProtoWriter tensor = new ProtoWriter().integer(1, element.number).message(2, dimensions);
    return new ProtoWriter().message(1, tensor);
  }

  private static ByteBuffer littleEndian(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }
}

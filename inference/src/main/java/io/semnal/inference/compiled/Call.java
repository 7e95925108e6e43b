package io.semnal.inference.compiled;

import io.semnal.inference.onnx.OnnxModel;
import io.semnal.inference.onnx.OnnxModel.Node;
import io.semnal.inference.onnx.OnnxModel.Tensor;
import java.util.List;

/** One node while it is compiled: its operands, its attributes, and where its results go. */
final class Call {
  private final GraphCompiler compiler;
  private final Node node;
  private final long opset;

  /** What stands in for the first input; null = that itself. */
  private final Value first;

  Call(GraphCompiler compiler, Node node, long opset) {
    this(compiler, node, opset, null);
  }

  private Call(GraphCompiler compiler, Node node, long opset, Value first) {
    this.compiler = compiler;
    this.node = node;
    this.opset = opset;
    this.first = first;
  }

  /** The same call with its first input rounded to float32. */
  Call narrowed() {
    return new Call(compiler, node, opset, narrow(in(0)));
  }

  /** A value of float64 rounded to float32. */
  Value narrow(Value value) {
    if (value.isConstant()) {
      return Value.constant(value.shape(), OnnxModel.FLOAT32, value.constants());
    }
    Value result = Value.buffer(value.shape(), OnnxModel.FLOAT32);
    double[] from = value.wide();
    float[] to = result.data();
    int n = value.size();
    step(
        () -> {
          for (int i = 0; i < n; i++) {
            to[i] = (float) from[i];
          }
        });
    return result;
  }

  Node node() {
    return node;
  }

  long opset() {
    return opset;
  }

  int inputs() {
    return node.inputs().size();
  }

  int outputs() {
    return node.outputs().size();
  }

  boolean has(int input) {
    return input < node.inputs().size() && !node.inputs().get(input).isEmpty();
  }

  Value in(int input) {
    if (!has(input)) {
      throw unsupported("input " + input + " is missing");
    }
    if (input == 0 && first != null) {
      return first;
    }
    return compiler.value(node.inputs().get(input));
  }

  /** Whether this node alone reads that input, so that it may be changed in place. */
  boolean isOnlyReader(int input) {
    return compiler.isReadOnce(node.inputs().get(input));
  }

  /** A constant input's values. */
  double[] constants(int input) {
    Value value = in(input);
    if (!value.isConstant()) {
      throw unsupported("input " + input + " is computed from the row; it must be constant");
    }
    return value.constants();
  }

  long[] integers(int input) {
    double[] values = constants(input);
    long[] integers = new long[values.length];
    for (int i = 0; i < integers.length; i++) {
      integers[i] = (long) values[i];
    }
    return integers;
  }

  /** An input that is a constant of integers, or before that opset an attribute; null = none. */
  long[] integers(int input, String attribute) {
    if (has(input)) {
      return integers(input);
    }
    return attribute(attribute) instanceof long[] values ? values : null;
  }

  private Object attribute(String name) {
    return node.attributes().get(name);
  }

  boolean hasAttribute(String name) {
    return attribute(name) != null;
  }

  long integer(String name, long otherwise) {
    return attribute(name) instanceof Long value ? value : otherwise;
  }

  float real(String name, float otherwise) {
    return attribute(name) instanceof Float value ? value : otherwise;
  }

  String text(String name, String otherwise) {
    return attribute(name) instanceof String value ? value : otherwise;
  }

  long[] integers(String name) {
    return attribute(name) instanceof long[] values ? values : new long[0];
  }

  float[] reals(String name) {
    return attribute(name) instanceof float[] values ? values : new float[0];
  }

  List<?> texts(String name) {
    return attribute(name) instanceof List<?> values ? values : List.of();
  }

  Tensor tensor(String name) {
    return attribute(name) instanceof Tensor value ? value : null;
  }

  /** A new buffer of float32 for the only result. */
  Value result(int[] shape) {
    return result(0, OnnxModel.FLOAT32, shape);
  }

  Value result(int output, int element, int[] shape) {
    Value value = Value.buffer(shape, element);
    result(output, value);
    return value;
  }

  /** A result that has been made otherwise; one that nobody wants is dropped. */
  void result(int output, Value value) {
    if (output < node.outputs().size() && !node.outputs().get(output).isEmpty()) {
      compiler.define(node.outputs().get(output), value);
    }
  }

  boolean wants(int output) {
    return output < node.outputs().size() && compiler.isRead(node.outputs().get(output));
  }

  void step(Step step) {
    compiler.step(step);
  }

  UnsupportedModelException unsupported(String reason) {
    return new UnsupportedModelException(node.describe() + ": " + reason);
  }
}

package io.semnal.inference.compiled;

import io.semnal.inference.onnx.OnnxModel;
import java.util.Arrays;

/** A tensor of the model while it is compiled: a constant, or a buffer that a step fills. */
final class Value {
  /** Room behind each buffer, so that whole blocks can be written over its end. */
  static final int SLACK = 8;

  /** No value of a model for one row is larger; a file that says so is hostile or not ours. */
  static final int MAX_SIZE = 1 << 24;

  private final int[] shape;
  private final int element;
  private final double[] constant;
  private float[] data;

  /** The buffer of float64. */
  private double[] wide;

  /** The dense layer that fills the buffer and may still take on what follows; null = none. */
  private Dense maker;

  private Value(int[] shape, int element, double[] constant, float[] data) {
    this.shape = shape;
    this.element = element;
    this.constant = constant;
    this.data = data;
  }

  static Value constant(int[] shape, int element, double[] values) {
    return new Value(shape, element, values, null);
  }

  static Value buffer(int[] shape, int element) {
    int room = Shapes.size(shape) + SLACK;
    boolean isWide = element == OnnxModel.FLOAT64;
    Value value = new Value(shape, element, null, isWide ? null : new float[room]);
    value.wide = isWide ? new double[room] : null;
    return value;
  }

  /** The same values under another shape and type. */
  Value as(int[] otherShape, int otherElement) {
    Value other = new Value(otherShape, otherElement, constant, data);
    other.wide = wide;
    other.maker = maker;
    return other;
  }

  int[] shape() {
    return shape;
  }

  int rank() {
    return shape.length;
  }

  int dimension(int axis) {
    return shape[axis];
  }

  int size() {
    return Shapes.size(shape);
  }

  /** Number of the type in the format. */
  int element() {
    return element;
  }

  boolean isConstant() {
    return constant != null;
  }

  boolean isInteger() {
    return element == OnnxModel.INT64 || element == OnnxModel.INT32;
  }

  double[] constants() {
    return constant;
  }

  /** Whether the elements are float64. */
  boolean isWide() {
    return element == OnnxModel.FLOAT64;
  }

  /** The buffer of float64; for a constant its values, not to be written. */
  double[] wide() {
    if (constant == null && wide == null) {
      throw new UnsupportedModelException("a value of element type " + element + " as float64");
    }
    return constant == null ? wide : constant;
  }

  /** The buffer; for a constant its values as float32. */
  float[] data() {
    if (data == null && constant == null) {
      throw new UnsupportedModelException("a value of float64 as float32");
    }
    if (data == null) {
      data = new float[constant.length + SLACK];
      for (int i = 0; i < constant.length; i++) {
        data[i] = (float) constant[i];
      }
    }
    return data;
  }

  /** What a step has just written, from now on a constant. */
  Value frozen() {
    double[] values = new double[size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = data == null ? wide[i] : data[i];
    }
    return constant(shape, element, values);
  }

  Dense maker() {
    return maker;
  }

  void madeBy(Dense dense) {
    maker = dense;
  }

  @Override
  public String toString() {
    return Arrays.toString(shape);
  }
}

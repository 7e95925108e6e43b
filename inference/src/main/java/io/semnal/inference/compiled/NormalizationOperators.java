package io.semnal.inference.compiled;

import io.semnal.inference.onnx.OnnxModel;
import java.util.Arrays;
import java.util.Map;

/** What brings values to a common scale: softmax, layer and batch normalisation. */
final class NormalizationOperators {
  private static final long SOFTMAX_BY_AXIS = 13;

  private NormalizationOperators() {}

  static void addTo(Map<String, Operator> operators) {
    operators.put("Softmax", call -> softmax(call, false));
    operators.put("LogSoftmax", call -> softmax(call, true));
    operators.put("BatchNormalization", NormalizationOperators::batch);
    operators.put("LayerNormalization", NormalizationOperators::layer);
    operators.put("InstanceNormalization", NormalizationOperators::instance);
  }

  /**
   * What a softmax goes over.
   *
   * @param stride of a row's elements
   */
  record Rows(int count, int length, int stride) {
    int start(int row) {
      return row / stride * length * stride + row % stride;
    }
  }

  static Rows rows(Call call) {
    Value value = call.in(0);
    int rank = value.rank();
    boolean flat = call.opset() < SOFTMAX_BY_AXIS;
    int axis = Shapes.axis(call.integer("axis", flat ? 1 : -1), rank);
    // Before opset 13 everything from the axis on is one row.
    int length = flat ? Shapes.product(value.shape(), axis, rank) : value.dimension(axis);
    int inner = flat ? 1 : Shapes.product(value.shape(), axis + 1, rank);
    return new Rows(length == 0 ? 0 : value.size() / length, length, inner);
  }

  private static void softmax(Call call, boolean logarithm) {
    Value value = call.in(0);
    Rows rows = rows(call);
    float[] from = value.data();
    float[] to = call.result(value.shape()).data();
    double[] powers = new double[rows.length];
    call.step(
        () -> {
          for (int i = 0; i < rows.count; i++) {
            softmax(from, to, rows.start(i), rows.length, rows.stride, powers, logarithm);
          }
        });
  }

  static void softmax(
      float[] from, float[] to, int start, int n, int stride, double[] powers, boolean logarithm) {
    float largest = from[start];
    for (int k = 1; k < n; k++) {
      largest = Math.max(largest, from[start + k * stride]);
    }
    double sum = 0;
    for (int k = 0; k < n; k++) {
      double distance = (double) from[start + k * stride] - largest;
      double power = Elementary.exp(distance);
      sum += power;
      powers[k] = logarithm ? distance : power;
    }
    double logOfSum = logarithm ? StrictMath.log(sum) : 0;
    for (int k = 0; k < n; k++) {
      to[start + k * stride] = (float) (logarithm ? powers[k] - logOfSum : powers[k] / sum);
    }
  }

  private static void batch(Call call) {
    Value value = call.in(0);
    if (call.integer("training_mode", 0) != 0 || value.rank() < 2) {
      throw call.unsupported("it is in training mode; export in evaluation mode");
    }
    double[] scale = call.constants(1);
    double[] bias = call.constants(2);
    double[] mean = call.constants(3);
    double[] variance = call.constants(4);
    double epsilon = call.real("epsilon", 1e-5f);
    int channels = value.dimension(1);
    int area = value.size() / channels / value.dimension(0);
    float[] factor = new float[value.size()];
    float[] shift = new float[value.size()];
    for (int i = 0; i < factor.length; i++) {
      int channel = i / area % channels;
      factor[i] = (float) (scale[channel] / Math.sqrt(variance[channel] + epsilon));
      shift[i] = (float) (bias[channel] - mean[channel] * factor[i]);
    }
    affine(call, factor, shift);
  }

  /** Each element times its factor, plus its shift. */
  static void affine(Call call, float[] factor, float[] shift) {
    Value value = call.in(0);
    float[] from = value.data();
    float[] to = call.result(value.shape()).data();
    int n = value.size();
    call.step(
        () -> {
          for (int i = 0; i < n; i++) {
            to[i] = from[i] * factor[i] + shift[i];
          }
        });
  }

  private static void layer(Call call) {
    Value value = call.in(0);
    int axis = Shapes.axis(call.integer("axis", -1), value.rank());
    int length = Shapes.product(value.shape(), axis, value.rank());
    int[] inner = Arrays.copyOfRange(value.shape(), axis, value.rank());
    if (call.wants(1) || call.wants(2)) {
      throw call.unsupported("its mean or deviation is read");
    }
    float[] scale = row(call, 1, inner);
    float[] bias = call.has(2) ? row(call, 2, inner) : new float[length];
    normalize(call, length, scale, bias, length);
  }

  private static float[] row(Call call, int input, int[] shape) {
    call.constants(input);
    return Movement.expanded(call, call.in(input), shape).data();
  }

  private static void instance(Call call) {
    Value value = call.in(0);
    if (value.rank() < 3) {
      throw call.unsupported("only over [1,C,…]");
    }
    call.constants(1);
    call.constants(2);
    int area = Shapes.product(value.shape(), 2, value.rank());
    int channels = value.dimension(1);
    float[] scale = new float[channels * area];
    float[] bias = new float[channels * area];
    for (int i = 0; i < scale.length; i++) {
      scale[i] = call.in(1).data()[i / area];
      bias[i] = call.in(2).data()[i / area];
    }
    normalize(call, area, scale, bias, scale.length);
  }

  /** Groups of neighbours to mean 0 and deviation 1, then times scale plus bias, in double. */
  private static void normalize(Call call, int length, float[] scale, float[] bias, int period) {
    Value value = call.in(0);
    double epsilon = call.real("epsilon", 1e-5f);
    float[] from = value.data();
    float[] to = call.result(0, OnnxModel.FLOAT32, value.shape()).data();
    int groups = length == 0 ? 0 : value.size() / length;
    call.step(
        () -> {
          for (int group = 0; group < groups; group++) {
            int start = group * length;
            double sum = 0;
            for (int i = start; i < start + length; i++) {
              sum += from[i];
            }
            double mean = sum / length;
            double squares = 0;
            for (int i = start; i < start + length; i++) {
              double distance = from[i] - mean;
              squares += distance * distance;
            }
            double factor = 1 / Math.sqrt(squares / length + epsilon);
            for (int i = start; i < start + length; i++) {
              int at = i % period;
              to[i] = (float) ((from[i] - mean) * factor * scale[at] + bias[at]);
            }
          }
        });
  }
}

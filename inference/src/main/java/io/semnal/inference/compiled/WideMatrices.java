package io.semnal.inference.compiled;

import io.semnal.inference.onnx.OnnxModel;
import java.util.Arrays;
import java.util.Map;

/** Products of float64 matrices, and what brings float64 values to a common scale. */
final class WideMatrices {
  private WideMatrices() {}

  static void addTo(Map<String, Operator> operators) {
    operators.put("Gemm", WideMatrices::gemm);
    operators.put("MatMul", WideMatrices::matMul);
    operators.put("Softmax", call -> softmax(call, false));
    operators.put("LogSoftmax", call -> softmax(call, true));
    operators.put("BatchNormalization", WideMatrices::batch);
    operators.put("LayerNormalization", WideMatrices::layer);
  }

  private static void gemm(Call call) {
    Value a = LinearOperators.oriented(call, call.in(0), call.integer("transA", 0) != 0);
    Value b = LinearOperators.oriented(call, call.in(1), call.integer("transB", 0) != 0);
    double alpha = call.real("alpha", 1);
    double beta = call.real("beta", 1);
    Value product = product(call, a, b, alpha);
    if (call.has(2) && beta != 0) {
      product =
          WideOperators.combined(
              call, (x, c) -> x + beta * c, product, call.in(2), OnnxModel.FLOAT64);
    }
    call.result(0, product);
  }

  private static void matMul(Call call) {
    Value a = call.in(0);
    Value b = call.in(1);
    if (a.rank() < 2 || b.rank() < 2) {
      throw call.unsupported(a + " times " + b + " in float64");
    }
    call.result(0, product(call, a, b, 1));
  }

  private static Value product(Call call, Value a, Value b, double alpha) {
    int inputs = a.dimension(a.rank() - 1);
    int outputs = b.dimension(b.rank() - 1);
    int rows = a.dimension(a.rank() - 2);
    if (b.dimension(b.rank() - 2) != inputs) {
      throw call.unsupported(a + " times " + b);
    }
    int[] stacksA = Arrays.copyOf(a.shape(), a.rank() - 2);
    int[] stacksB = Arrays.copyOf(b.shape(), b.rank() - 2);
    int[] stacks = Shapes.broadcast(stacksA, stacksB);
    int[] shape = Arrays.copyOf(stacks, stacks.length + 2);
    shape[stacks.length] = rows;
    shape[stacks.length + 1] = outputs;
    Value result = Value.buffer(shape, OnnxModel.FLOAT64);
    int[] ofA = Shapes.expansion(stacksA, stacks);
    int[] ofB = Shapes.expansion(stacksB, stacks);
    double[] left = a.wide();
    double[] right = b.wide();
    double[] to = result.wide();
    call.step(
        () -> {
          for (int s = 0; s < ofA.length; s++) {
            for (int row = 0; row < rows; row++) {
              int out = (s * rows + row) * outputs;
              Arrays.fill(to, out, out + outputs, 0);
              for (int i = 0; i < inputs; i++) {
                double x = alpha * left[(ofA[s] * rows + row) * inputs + i];
                int at = (ofB[s] * inputs + i) * outputs;
                for (int k = 0; k < outputs; k++) {
                  to[out + k] += x * right[at + k];
                }
              }
            }
          }
        });
    return result;
  }

  private static void softmax(Call call, boolean logarithm) {
    Value value = call.in(0);
    NormalizationOperators.Rows rows = NormalizationOperators.rows(call);
    double[] from = value.wide();
    double[] to = call.result(0, OnnxModel.FLOAT64, value.shape()).wide();
    call.step(
        () -> {
          for (int i = 0; i < rows.count(); i++) {
            softmax(from, to, rows.start(i), rows.length(), rows.stride(), logarithm);
          }
        });
  }

  private static void softmax(
      double[] from, double[] to, int start, int n, int stride, boolean logarithm) {
    double largest = from[start];
    for (int k = 1; k < n; k++) {
      largest = Math.max(largest, from[start + k * stride]);
    }
    double sum = 0;
    for (int k = 0; k < n; k++) {
      double distance = from[start + k * stride] - largest;
      double power = Elementary.exp(distance);
      sum += power;
      to[start + k * stride] = logarithm ? distance : power;
    }
    double logOfSum = logarithm ? StrictMath.log(sum) : 0;
    for (int k = 0; k < n; k++) {
      int at = start + k * stride;
      to[at] = logarithm ? to[at] - logOfSum : to[at] / sum;
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
    double[] factor = new double[value.size()];
    double[] shift = new double[value.size()];
    for (int i = 0; i < factor.length; i++) {
      int channel = i / area % channels;
      factor[i] = scale[channel] / Math.sqrt(variance[channel] + epsilon);
      shift[i] = bias[channel] - mean[channel] * factor[i];
    }
    double[] from = value.wide();
    double[] to = call.result(0, OnnxModel.FLOAT64, value.shape()).wide();
    call.step(
        () -> {
          for (int i = 0; i < factor.length; i++) {
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
    call.constants(1);
    double[] scale = Movement.expanded(call, call.in(1), inner).wide();
    double[] bias = new double[length];
    if (call.has(2)) {
      call.constants(2);
      bias = Movement.expanded(call, call.in(2), inner).wide();
    }
    double[] added = bias;
    double epsilon = call.real("epsilon", 1e-5f);
    double[] from = value.wide();
    double[] to = call.result(0, OnnxModel.FLOAT64, value.shape()).wide();
    int groups = length == 0 ? 0 : value.size() / length;
    call.step(
        () -> {
          for (int group = 0; group < groups; group++) {
            normalize(from, to, group * length, scale, added, epsilon);
          }
        });
  }

  private static void normalize(
      double[] from, double[] to, int start, double[] scale, double[] bias, double epsilon) {
    int n = bias.length;
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += from[start + i];
    }
    double mean = sum / n;
    double squares = 0;
    for (int i = 0; i < n; i++) {
      double distance = from[start + i] - mean;
      squares += distance * distance;
    }
    double factor = 1 / Math.sqrt(squares / n + epsilon);
    for (int i = 0; i < n; i++) {
      to[start + i] = (from[start + i] - mean) * factor * scale[i] + bias[i];
    }
  }
}

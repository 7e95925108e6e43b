package io.semnal.inference.compiled;

import io.semnal.inference.onnx.OnnxModel;
import java.util.Arrays;
import java.util.Map;

/** Products of matrices; those with constant weights become dense layers. */
final class LinearOperators {
  private LinearOperators() {}

  static void addTo(Map<String, Operator> operators) {
    operators.put("Gemm", LinearOperators::gemm);
    operators.put("MatMul", LinearOperators::matMul);
    operators.put("Conv", Convolution::compile);
  }

  private static void gemm(Call call) {
    Value a = oriented(call, call.in(0), call.integer("transA", 0) != 0);
    Value b = oriented(call, call.in(1), call.integer("transB", 0) != 0);
    float alpha = call.real("alpha", 1);
    float beta = call.real("beta", 1);
    Value product = product(call, a, b, alpha);
    if (!call.has(2) || beta == 0) {
      call.result(0, product);
      return;
    }
    Value c = call.in(2);
    if (beta != 1) {
      Value factor = Value.constant(new int[0], OnnxModel.FLOAT32, new double[] {beta});
      c = ArithmeticOperators.combined(call, Binary.MULTIPLY, c, factor);
    }
    int width = product.dimension(1);
    boolean row = c.isConstant() && c.rank() > 0 && c.size() == width;
    row = row && c.dimension(c.rank() - 1) == width;
    if (row && product.maker() != null) {
      product.maker().addBias(c.data());
      call.result(0, product);
    } else {
      call.result(0, ArithmeticOperators.combined(call, Binary.ADD, product, c));
    }
  }

  static Value oriented(Call call, Value matrix, boolean transposed) {
    if (matrix.rank() != 2) {
      throw call.unsupported(matrix + " is no matrix");
    }
    if (!transposed) {
      return matrix;
    }
    int[] shape = {matrix.dimension(1), matrix.dimension(0)};
    return Movement.moved(call, matrix, shape, Shapes.walk(shape, new int[] {1, shape[0]}, 0));
  }

  private static void matMul(Call call) {
    Value a = call.in(0);
    Value b = call.in(1);
    if (a.rank() == 0 || b.rank() == 0) {
      throw call.unsupported("a number is no matrix");
    }
    Value left = a.rank() == 1 ? a.as(new int[] {1, a.size()}, a.element()) : a;
    Value right = b.rank() == 1 ? b.as(new int[] {b.size(), 1}, b.element()) : b;
    Value product = product(call, left, right, 1);
    if (a.rank() > 1 && b.rank() > 1) {
      call.result(0, product);
      return;
    }
    int[] full = product.shape();
    int[] shape = new int[full.length - (a.rank() == 1 ? 1 : 0) - (b.rank() == 1 ? 1 : 0)];
    int at = 0;
    for (int i = 0; i < full.length; i++) {
      boolean added = i == full.length - 2 ? a.rank() == 1 : i == full.length - 1 && b.rank() == 1;
      if (!added) {
        shape[at++] = full[i];
      }
    }
    call.result(0, product.as(shape, product.element()));
  }

  /** Of matrices, or of stacks of them. */
  private static Value product(Call call, Value a, Value b, float alpha) {
    int inputs = a.dimension(a.rank() - 1);
    int outputs = b.dimension(b.rank() - 1);
    if (b.dimension(b.rank() - 2) != inputs) {
      throw call.unsupported(a + " times " + b);
    }
    if (b.isConstant() && b.size() == inputs * outputs && b.rank() <= a.rank()) {
      int[] shape = a.shape().clone();
      shape[shape.length - 1] = outputs;
      return dense(call, a, b.data(), shape, inputs, outputs, alpha);
    }
    if (alpha != 1) {
      throw call.unsupported("alpha " + alpha + " with weights that are computed");
    }
    return stacked(call, a, b, inputs, outputs);
  }

  /**
   * A dense layer over the rows of a value.
   *
   * @param matrix by input, then output
   */
  static Value dense(
      Call call, Value from, float[] matrix, int[] shape, int inputs, int outputs, float alpha) {
    float[] scaled = Arrays.copyOf(matrix, inputs * outputs);
    for (int i = 0; alpha != 1 && i < scaled.length; i++) {
      scaled[i] *= alpha;
    }
    Value result = Value.buffer(shape, OnnxModel.FLOAT32);
    int rows = outputs == 0 ? 0 : result.size() / outputs;
    Weights weights = new Weights(scaled, inputs, outputs);
    Dense dense = new Dense(from.data(), result.data(), rows, weights);
    result.madeBy(dense);
    call.step(dense);
    return result;
  }

  private static Value stacked(Call call, Value a, Value b, int inputs, int outputs) {
    int rows = a.dimension(a.rank() - 2);
    int[] stacksA = Arrays.copyOf(a.shape(), a.rank() - 2);
    int[] stacksB = Arrays.copyOf(b.shape(), b.rank() - 2);
    int[] stacks = Shapes.broadcast(stacksA, stacksB);
    int[] shape = Arrays.copyOf(stacks, stacks.length + 2);
    shape[stacks.length] = rows;
    shape[stacks.length + 1] = outputs;
    Value result = Value.buffer(shape, OnnxModel.FLOAT32);
    int[] ofA = Shapes.expansion(stacksA, stacks);
    int[] ofB = Shapes.expansion(stacksB, stacks);
    float[] left = a.data();
    float[] right = b.data();
    float[] to = result.data();
    call.step(
        () -> {
          for (int s = 0; s < ofA.length; s++) {
            for (int row = 0; row < rows; row++) {
              int out = (s * rows + row) * outputs;
              Arrays.fill(to, out, out + outputs, 0);
              for (int i = 0; i < inputs; i++) {
                float x = left[(ofA[s] * rows + row) * inputs + i];
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
}

package io.semnal.inference.compiled;

import io.semnal.inference.onnx.OnnxModel;
import java.util.Arrays;

/**
 * Convolution along one axis or more: the windows are laid side by side, so that a dense layer over
 * them gives every position's channels.
 */
final class Convolution {
  private Convolution() {}

  static void compile(Call call) {
    Value from = call.in(0);
    if (from.rank() < 3 || from.dimension(0) != 1 || !call.in(1).isConstant()) {
      throw call.unsupported("only constant weights over one row's [1,C,…] are covered");
    }
    int[] kernel = call.in(1).shape();
    int groups = (int) call.integer("group", 1);
    int outputs = kernel[0];
    int inputs = kernel[1];
    if (groups < 1 || from.dimension(1) != inputs * groups || outputs % groups != 0) {
      throw call.unsupported(from + " does not fit weights " + call.in(1));
    }
    Windows windows = Windows.of(call, from.shape(), Arrays.copyOfRange(kernel, 2, kernel.length));
    int positions = windows.positions();
    int taps = windows.taps();
    int each = outputs / groups;
    int[] shape = windows.shape(outputs);
    Value result = Value.buffer(shape, OnnxModel.FLOAT32);
    float[] weights = call.in(1).data();
    for (int group = 0; group < groups; group++) {
      Value laid = lay(call, from, windows, group * inputs, inputs);
      float[] matrix = new float[inputs * taps * each];
      for (int o = 0; o < each; o++) {
        for (int i = 0; i < inputs * taps; i++) {
          matrix[i * each + o] = weights[(group * each + o) * inputs * taps + i];
        }
      }
      Value product =
          LinearOperators.dense(
              call, laid, matrix, new int[] {positions, each}, inputs * taps, each, 1);
      if (call.has(2)) {
        product.maker().addBias(biasOf(call, group * each, each));
      }
      // From by position to by channel.
      int[] places = new int[positions * each];
      for (int p = 0; p < positions; p++) {
        for (int o = 0; o < each; o++) {
          places[p * each + o] = (group * each + o) * positions + p;
        }
      }
      call.step(Movement.scatter(product.data(), places, result.data()));
    }
    call.result(0, result);
  }

  private static float[] biasOf(Call call, int from, int count) {
    double[] all = call.constants(2);
    float[] bias = new float[count];
    for (int i = 0; i < count; i++) {
      bias[i] = (float) all[from + i];
    }
    return bias;
  }

  /** By position, then channel, then place in the window; 0 where the window hangs over. */
  private static Value lay(Call call, Value from, Windows windows, int first, int channels) {
    int positions = windows.positions();
    int taps = windows.taps();
    int area = Shapes.product(from.shape(), 2, from.rank());
    Value laid = Value.buffer(new int[] {positions, channels * taps}, OnnxModel.FLOAT32);
    int[] sources = new int[laid.size()];
    int[] places = new int[laid.size()];
    int count = 0;
    for (int p = 0; p < positions; p++) {
      for (int c = 0; c < channels; c++) {
        for (int tap = 0; tap < taps; tap++) {
          int source = windows.source(p, tap);
          if (source >= 0) {
            sources[count] = (first + c) * area + source;
            places[count++] = (p * channels + c) * taps + tap;
          }
        }
      }
    }
    int[] used = Arrays.copyOf(sources, count);
    int[] filled = Arrays.copyOf(places, count);
    float[] data = from.data();
    float[] to = laid.data();
    call.step(
        () -> {
          for (int i = 0; i < used.length; i++) {
            to[filled[i]] = data[used[i]];
          }
        });
    return laid;
  }
}

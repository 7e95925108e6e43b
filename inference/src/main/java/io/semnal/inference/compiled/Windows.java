package io.semnal.inference.compiled;

import java.util.Arrays;

/** Which elements of a channel each window of a convolution or pooling covers. */
final class Windows {
  private final int[] positions;
  private final int[][] sources;

  private Windows(int[] positions, int[][] sources) {
    this.positions = positions;
    this.sources = sources;
  }

  /**
   * @param input {@code [1,C,…]}
   * @param kernel the window's extent along each further axis
   */
  static Windows of(Call call, int[] input, int[] kernel) {
    int axes = kernel.length;
    int[] area = Arrays.copyOfRange(input, 2, input.length);
    if (area.length != axes) {
      throw call.unsupported("weights of another rank than the input");
    }
    int[] strides = orOnes(call, "strides", axes);
    int[] dilations = orOnes(call, "dilations", axes);
    int[] before = new int[axes];
    int[] positions = new int[axes];
    for (int i = 0; i < axes; i++) {
      int reach = (kernel[i] - 1) * dilations[i] + 1;
      int[] pads = pads(call, i, axes, area[i], strides[i], reach);
      before[i] = pads[0];
      int free = area[i] + pads[0] + pads[1] - reach;
      positions[i] = free < 0 ? 0 : free / strides[i] + 1;
    }
    if (call.integer("ceil_mode", 0) != 0) {
      throw call.unsupported("ceil_mode");
    }
    Shapes.size(new int[] {Shapes.size(positions), Shapes.size(kernel)});
    int[][] sources = new int[Shapes.size(positions)][Shapes.size(kernel)];
    int[] along = Shapes.strides(positions);
    int[] within = Shapes.strides(kernel);
    int[] steps = Shapes.strides(area);
    for (int p = 0; p < sources.length; p++) {
      for (int tap = 0; tap < sources[p].length; tap++) {
        int source = 0;
        for (int i = 0; i < axes && source >= 0; i++) {
          int at =
              p / along[i] % positions[i] * strides[i]
                  - before[i]
                  + tap / within[i] % kernel[i] * dilations[i];
          source = at < 0 || at >= area[i] ? -1 : source + at * steps[i];
        }
        sources[p][tap] = source;
      }
    }
    return new Windows(positions, sources);
  }

  private static int[] pads(Call call, int axis, int axes, int length, int stride, int reach) {
    String automatic = call.text("auto_pad", "NOTSET");
    if (automatic.startsWith("SAME")) {
      int positions = (length + stride - 1) / stride;
      int all = Math.max(0, (positions - 1) * stride + reach - length);
      int less = all / 2;
      return automatic.equals("SAME_UPPER")
          ? new int[] {less, all - less}
          : new int[] {all - less, less};
    }
    long[] pads = call.integers("pads");
    if (automatic.equals("VALID") || pads.length == 0) {
      return new int[2];
    }
    return Shapes.ints(pads[axis], pads[axis + axes]);
  }

  private static int[] orOnes(Call call, String attribute, int axes) {
    long[] given = call.integers(attribute);
    int[] values = new int[axes];
    Arrays.fill(values, 1);
    for (int i = 0; i < Math.min(axes, given.length); i++) {
      values[i] = Math.max(1, Shapes.ints(given[i])[0]);
    }
    return values;
  }

  int positions() {
    return sources.length;
  }

  int taps() {
    return sources.length == 0 ? 0 : sources[0].length;
  }

  /** Within a channel; −1 where the window hangs over the edge. */
  int source(int position, int tap) {
    return sources[position][tap];
  }

  /** {@code [1,channels,…]}. */
  int[] shape(int channels) {
    int[] shape = new int[positions.length + 2];
    shape[0] = 1;
    shape[1] = channels;
    System.arraycopy(positions, 0, shape, 2, positions.length);
    return shape;
  }
}

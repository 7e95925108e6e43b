package io.semnal.inference.compiled;

import io.semnal.inference.onnx.OnnxModel;
import java.util.Arrays;
import java.util.Map;

/** What makes one value of several: sums, means, extremes, over axes or windows. */
final class ReductionOperators {
  private ReductionOperators() {}

  /** How several values become one; sums are made in double, in the order of the elements. */
  private enum Kind {
    SUM,
    MEAN,
    MAX,
    MIN,
    PRODUCT,
    SQUARES,
    ABSOLUTES,
    NORM,
    LOG_SUM,
    LOG_SUM_EXP
  }

  static void addTo(Map<String, Operator> operators) {
    addReductionsTo(operators);
    operators.put("GlobalAveragePool", call -> overall(call, Kind.MEAN));
    operators.put("GlobalMaxPool", call -> overall(call, Kind.MAX));
    operators.put("AveragePool", call -> pool(call, Kind.MEAN));
    operators.put("MaxPool", call -> pool(call, Kind.MAX));
    operators.put("ArgMax", call -> extremePlace(call, 1));
    operators.put("ArgMin", call -> extremePlace(call, -1));
  }

  /** Those of float32 and float64. */
  static void addReductionsTo(Map<String, Operator> operators) {
    operators.put("ReduceSum", call -> reduce(call, Kind.SUM));
    operators.put("ReduceMean", call -> reduce(call, Kind.MEAN));
    operators.put("ReduceMax", call -> reduce(call, Kind.MAX));
    operators.put("ReduceMin", call -> reduce(call, Kind.MIN));
    operators.put("ReduceProd", call -> reduce(call, Kind.PRODUCT));
    operators.put("ReduceSumSquare", call -> reduce(call, Kind.SQUARES));
    operators.put("ReduceL1", call -> reduce(call, Kind.ABSOLUTES));
    operators.put("ReduceL2", call -> reduce(call, Kind.NORM));
    operators.put("ReduceLogSum", call -> reduce(call, Kind.LOG_SUM));
    operators.put("ReduceLogSumExp", call -> reduce(call, Kind.LOG_SUM_EXP));
  }

  private static void reduce(Call call, Kind kind) {
    Value value = call.in(0);
    long[] axes = call.integers(1, "axes");
    boolean none = axes == null || axes.length == 0;
    if (none && call.integer("noop_with_empty_axes", 0) != 0) {
      ShapeOperators.same(call, value.shape());
      return;
    }
    boolean[] gone = new boolean[value.rank()];
    Arrays.fill(gone, none);
    for (int i = 0; !none && i < axes.length; i++) {
      gone[Shapes.axis(axes[i], value.rank())] = true;
    }
    reduce(call, value, kind, gone, call.integer("keepdims", 1) != 0);
  }

  private static void overall(Call call, Kind kind) {
    boolean[] gone = new boolean[call.in(0).rank()];
    Arrays.fill(gone, Math.min(2, gone.length), gone.length, true);
    reduce(call, call.in(0), kind, gone, true);
  }

  private static void reduce(Call call, Value value, Kind kind, boolean[] gone, boolean keep) {
    int rank = value.rank();
    int[] strides = Shapes.strides(value.shape());
    int[] kept = new int[rank];
    int[] inner = new int[rank];
    int[] shape = new int[rank];
    int dimensions = 0;
    for (int i = 0; i < rank; i++) {
      kept[i] = gone[i] ? 1 : value.dimension(i);
      inner[i] = gone[i] ? value.dimension(i) : 1;
      if (keep || !gone[i]) {
        shape[dimensions++] = kept[i];
      }
    }
    int[] starts = Shapes.walk(kept, strides, 0);
    int[] offsets = Shapes.walk(inner, strides, 0);
    if (offsets.length == 0) {
      throw call.unsupported("of nothing");
    }
    int[][] groups = new int[starts.length][];
    for (int i = 0; i < groups.length; i++) {
      groups[i] = offsets.clone();
      for (int k = 0; k < offsets.length; k++) {
        groups[i][k] += starts[i];
      }
    }
    Value result = call.result(0, value.element(), Arrays.copyOf(shape, dimensions));
    over(call, value, kind, groups, result);
  }

  private static void over(Call call, Value value, Kind kind, int[][] groups, Value result) {
    int longest = 0;
    for (int[] group : groups) {
      longest = Math.max(longest, group.length);
    }
    double[] items = new double[longest];
    if (value.isWide()) {
      double[] from = value.wide();
      double[] to = result.wide();
      call.step(
          () -> {
            for (int i = 0; i < groups.length; i++) {
              int[] group = groups[i];
              for (int k = 0; k < group.length; k++) {
                items[k] = from[group[k]];
              }
              to[i] = reduced(kind, items, group.length);
            }
          });
      return;
    }
    float[] from = value.data();
    float[] to = result.data();
    call.step(
        () -> {
          for (int i = 0; i < groups.length; i++) {
            int[] group = groups[i];
            for (int k = 0; k < group.length; k++) {
              items[k] = from[group[k]];
            }
            to[i] = (float) reduced(kind, items, group.length);
          }
        });
  }

  private static double reduced(Kind kind, double[] items, int n) {
    double result =
        switch (kind) {
          case SUM, MEAN, SQUARES, ABSOLUTES, NORM, LOG_SUM -> 0;
          case PRODUCT -> 1;
          case MAX, MIN, LOG_SUM_EXP -> items[0];
        };
    for (int i = 0; i < n; i++) {
      double x = items[i];
      switch (kind) {
        case SUM, MEAN, LOG_SUM -> result += x;
        case SQUARES, NORM -> result += x * x;
        case ABSOLUTES -> result += Math.abs(x);
        case PRODUCT -> result *= x;
        case MAX, LOG_SUM_EXP -> result = Math.max(result, x);
        case MIN -> result = Math.min(result, x);
      }
    }
    return switch (kind) {
      case MEAN -> result / n;
      case NORM -> Math.sqrt(result);
      case LOG_SUM -> StrictMath.log(result);
      case LOG_SUM_EXP -> logSumExp(items, n, result);
      default -> result;
    };
  }

  private static double logSumExp(double[] items, int n, double largest) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += Elementary.exp(items[i] - largest);
    }
    return largest + StrictMath.log(sum);
  }

  private static void pool(Call call, Kind kind) {
    Value value = call.in(0);
    if (value.rank() < 3 || value.dimension(0) != 1 || call.wants(1)) {
      throw call.unsupported("only over one row's [1,C,…], without indices");
    }
    Windows windows = Windows.of(call, value.shape(), Shapes.ints(call.integers("kernel_shape")));
    boolean padded = call.integer("count_include_pad", 0) != 0;
    int channels = value.dimension(1);
    int area = value.size() / channels;
    int[][] groups = new int[channels * windows.positions()][];
    for (int i = 0; i < groups.length; i++) {
      int[] group = new int[windows.taps()];
      int count = 0;
      for (int tap = 0; tap < group.length; tap++) {
        int source = windows.source(i % windows.positions(), tap);
        if (source >= 0) {
          group[count++] = i / windows.positions() * area + source;
        }
      }
      if (count == 0 || padded && kind == Kind.MEAN && count < group.length) {
        throw call.unsupported("windows that count what lies over the edge");
      }
      groups[i] = Arrays.copyOf(group, count);
    }
    Value result = call.result(windows.shape(channels));
    over(call, value, kind, groups, result);
  }

  private static void extremePlace(Call call, int sign) {
    Value value = call.in(0);
    int axis = Shapes.axis(call.integer("axis", 0), value.rank());
    int length = value.dimension(axis);
    int inner = Shapes.product(value.shape(), axis + 1, value.rank());
    int outer = Shapes.product(value.shape(), 0, axis);
    boolean last = call.integer("select_last_index", 0) != 0;
    int[] shape = value.shape().clone();
    shape[axis] = 1;
    if (call.integer("keepdims", 1) == 0) {
      int[] less = new int[shape.length - 1];
      System.arraycopy(shape, 0, less, 0, axis);
      System.arraycopy(shape, axis + 1, less, axis, less.length - axis);
      shape = less;
    }
    float[] from = value.data();
    float[] to = call.result(0, OnnxModel.INT64, shape).data();
    call.step(
        () -> {
          for (int i = 0; i < outer * inner; i++) {
            int start = i / inner * length * inner + i % inner;
            int best = 0;
            for (int k = 1; k < length; k++) {
              float difference = sign * (from[start + k * inner] - from[start + best * inner]);
              best = difference > 0 || last && difference == 0 ? k : best;
            }
            to[i] = best;
          }
        });
  }
}

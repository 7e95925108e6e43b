package io.semnal.inference.compiled;

import io.semnal.inference.onnx.OnnxModel;
import io.semnal.inference.onnx.OnnxModel.Tensor;
import java.util.Arrays;
import java.util.Map;

/** What makes constants, asks for shapes, or gives the same elements another shape or type. */
final class ShapeOperators {
  private ShapeOperators() {}

  static void addTo(Map<String, Operator> operators) {
    operators.put("Constant", ShapeOperators::constant);
    operators.put("ConstantOfShape", ShapeOperators::constantOfShape);
    operators.put("Range", ShapeOperators::range);
    operators.put("Shape", ShapeOperators::shape);
    operators.put("Size", call -> call.result(0, integers(call.in(0).size()).as(new int[0], 7)));
    operators.put("Identity", call -> same(call, call.in(0).shape()));
    operators.put("Dropout", ShapeOperators::dropout);
    operators.put("Reshape", ShapeOperators::reshape);
    operators.put("Flatten", ShapeOperators::flatten);
    operators.put("Squeeze", ShapeOperators::squeeze);
    operators.put("Unsqueeze", ShapeOperators::unsqueeze);
    operators.put("Cast", ShapeOperators::cast);
    operators.put("CastLike", call -> cast(call, call.in(1).element()));
  }

  static Value integers(long... values) {
    double[] reals = new double[values.length];
    for (int i = 0; i < reals.length; i++) {
      reals[i] = values[i];
    }
    return Value.constant(new int[] {values.length}, OnnxModel.INT64, reals);
  }

  /** The first input's elements under another shape. */
  static void same(Call call, int[] shape) {
    call.result(0, same(call, shape, call.in(0).element()));
  }

  private static Value same(Call call, int[] shape, int element) {
    Value value = call.in(0).as(shape, element);
    if (!call.isOnlyReader(0)) {
      value.madeBy(null);
    }
    return value;
  }

  private static void constant(Call call) {
    Tensor tensor = call.tensor("value");
    if (tensor != null) {
      call.result(0, Value.constant(tensor.shape(), tensor.element(), tensor.values()));
    } else if (call.hasAttribute("value_float")) {
      double[] value = {call.real("value_float", 0)};
      call.result(0, Value.constant(new int[0], OnnxModel.FLOAT32, value));
    } else if (call.hasAttribute("value_int")) {
      call.result(0, integers(call.integer("value_int", 0)).as(new int[0], OnnxModel.INT64));
    } else if (call.hasAttribute("value_ints")) {
      call.result(0, integers(call.integers("value_ints")));
    } else if (call.hasAttribute("value_floats")) {
      float[] reals = call.reals("value_floats");
      double[] values = new double[reals.length];
      for (int i = 0; i < reals.length; i++) {
        values[i] = reals[i];
      }
      call.result(0, Value.constant(new int[] {values.length}, OnnxModel.FLOAT32, values));
    } else {
      throw call.unsupported("only numbers are covered");
    }
  }

  private static void constantOfShape(Call call) {
    int[] shape = Shapes.ints(call.integers(0));
    Tensor tensor = call.tensor("value");
    double[] values = new double[Shapes.size(shape)];
    Arrays.fill(values, tensor == null ? 0 : tensor.values()[0]);
    int element = tensor == null ? OnnxModel.FLOAT32 : tensor.element();
    call.result(0, Value.constant(shape, element, values));
  }

  private static void range(Call call) {
    double start = call.constants(0)[0];
    double limit = call.constants(1)[0];
    double delta = call.constants(2)[0];
    double count = Math.max(0, Math.ceil((limit - start) / delta));
    if (!(count <= Value.MAX_SIZE)) {
      throw call.unsupported("a range of " + count + " values");
    }
    double[] values = new double[(int) count];
    for (int i = 0; i < values.length; i++) {
      values[i] = start + i * delta;
    }
    call.result(0, Value.constant(new int[] {values.length}, call.in(0).element(), values));
  }

  private static void shape(Call call) {
    int[] shape = call.in(0).shape();
    int start = clamp(call.integer("start", 0), shape.length);
    int end = clamp(call.integer("end", shape.length), shape.length);
    long[] part = new long[Math.max(0, end - start)];
    for (int i = 0; i < part.length; i++) {
      part[i] = shape[start + i];
    }
    call.result(0, integers(part));
  }

  private static int clamp(long index, int rank) {
    long counted = index < 0 ? index + rank : index;
    return (int) Math.max(0, Math.min(rank, counted));
  }

  private static void dropout(Call call) {
    if (call.wants(1)) {
      throw call.unsupported("its mask is read");
    }
    if (call.has(2) && call.constants(2)[0] != 0) {
      throw call.unsupported("it is in training mode");
    }
    same(call, call.in(0).shape());
  }

  private static void reshape(Call call) {
    Value value = call.in(0);
    long[] wanted = call.integers(1);
    boolean zeros = call.integer("allowzero", 0) != 0;
    long known = 1;
    int open = -1;
    for (int i = 0; i < wanted.length; i++) {
      if (wanted[i] == 0 && !zeros) {
        if (i >= value.rank()) {
          throw call.unsupported("dimension " + i + " has nothing to be copied from");
        }
        wanted[i] = value.dimension(i);
      }
      if (wanted[i] == -1) {
        open = open < 0 ? i : wanted.length;
      } else {
        known = Math.max(0, Math.min(known * wanted[i], Integer.MAX_VALUE));
      }
    }
    if (open >= 0 && (open == wanted.length || known == 0 || value.size() % known != 0)) {
      throw call.unsupported(value + " cannot become " + Arrays.toString(wanted));
    }
    if (open >= 0) {
      wanted[open] = value.size() / known;
    }
    int[] shape = Shapes.ints(wanted);
    if (Shapes.size(shape) != value.size()) {
      throw call.unsupported(value + " cannot become " + Arrays.toString(wanted));
    }
    same(call, shape);
  }

  private static void flatten(Call call) {
    int[] shape = call.in(0).shape();
    long given = call.integer("axis", 1);
    int axis = given == shape.length ? shape.length : Shapes.axis(given, shape.length);
    int rows = Shapes.product(shape, 0, axis);
    same(call, new int[] {rows, Shapes.product(shape, axis, shape.length)});
  }

  private static void squeeze(Call call) {
    int[] shape = call.in(0).shape();
    long[] axes = call.integers(1, "axes");
    boolean[] gone = new boolean[shape.length];
    for (int i = 0; axes == null && i < shape.length; i++) {
      gone[i] = shape[i] == 1;
    }
    for (int i = 0; axes != null && i < axes.length; i++) {
      int axis = Shapes.axis(axes[i], shape.length);
      if (shape[axis] != 1) {
        throw call.unsupported("axis " + axis + " of " + call.in(0) + " is not 1");
      }
      gone[axis] = true;
    }
    int[] kept = new int[shape.length];
    int rank = 0;
    for (int i = 0; i < shape.length; i++) {
      if (!gone[i]) {
        kept[rank++] = shape[i];
      }
    }
    same(call, Arrays.copyOf(kept, rank));
  }

  private static void unsqueeze(Call call) {
    int[] shape = call.in(0).shape();
    long[] axes = call.integers(1, "axes");
    if (axes == null) {
      throw call.unsupported("it names no axes");
    }
    int[] result = new int[shape.length + axes.length];
    for (long axis : axes) {
      result[Shapes.axis(axis, result.length)] = -1;
    }
    int next = 0;
    for (int i = 0; i < result.length; i++) {
      if (result[i] == -1) {
        result[i] = 1;
      } else if (next < shape.length) {
        result[i] = shape[next++];
      } else {
        throw call.unsupported("an axis is named twice");
      }
    }
    same(call, result);
  }

  private static void cast(Call call) {
    cast(call, (int) call.integer("to", 0));
  }

  private static void cast(Call call, int to) {
    Value value = call.in(0);
    if (value.isConstant()) {
      call.result(0, Value.constant(value.shape(), to, converted(call, value, to)));
      return;
    }
    boolean real = value.element() == OnnxModel.FLOAT32 || value.element() == OnnxModel.FLOAT64;
    switch (to) {
      case OnnxModel.FLOAT32 -> {
        if (value.isWide()) {
          call.result(0, call.narrow(value));
        } else {
          call.result(0, same(call, value.shape(), to));
        }
      }
      case OnnxModel.FLOAT64 -> {
        if (value.isWide()) {
          call.result(0, same(call, value.shape(), to));
        } else {
          widen(call, value);
        }
      }
      case OnnxModel.INT64, OnnxModel.INT32 -> {
        if (value.isWide()) {
          throw call.unsupported("from float64 to an integer");
        }
        if (real) {
          ActivationOperators.apply(call, Unary.TRUNCATE, to, 0, 0);
        } else {
          call.result(0, same(call, value.shape(), to));
        }
      }
      case OnnxModel.BOOL -> ActivationOperators.apply(call, Unary.TRUTH, to, 0, 0);
      default -> throw call.unsupported("to element type " + to);
    }
  }

  private static void widen(Call call, Value value) {
    float[] from = value.data();
    double[] to = call.result(0, OnnxModel.FLOAT64, value.shape()).wide();
    int n = value.size();
    call.step(
        () -> {
          for (int i = 0; i < n; i++) {
            to[i] = from[i];
          }
        });
  }

  private static double[] converted(Call call, Value value, int to) {
    double[] from = value.constants();
    double[] values = new double[from.length];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (to) {
            case OnnxModel.FLOAT32 -> (float) from[i];
            case OnnxModel.FLOAT64 -> from[i];
            case OnnxModel.INT64 -> (double) (long) from[i];
            case OnnxModel.INT32 -> (int) (long) from[i];
            case OnnxModel.BOOL -> from[i] != 0 ? 1 : 0;
            default -> throw call.unsupported("to element type " + to);
          };
    }
    return values;
  }
}

package io.semnal.inference.compiled;

import java.util.Arrays;
import java.util.Map;

/** What picks, repeats, joins or rearranges elements by places that are known beforehand. */
final class MovementOperators {
  private MovementOperators() {}

  static void addTo(Map<String, Operator> operators) {
    operators.put("Transpose", MovementOperators::transpose);
    operators.put("Slice", MovementOperators::slice);
    operators.put("Gather", MovementOperators::gather);
    operators.put("Split", MovementOperators::split);
    operators.put("Concat", MovementOperators::concat);
    operators.put("Expand", MovementOperators::expand);
    operators.put("Tile", MovementOperators::tile);
    operators.put("Pad", MovementOperators::pad);
    operators.put("ai.onnx.ml.ArrayFeatureExtractor", MovementOperators::pickFeatures);
    operators.put("ai.onnx.ml.FeatureVectorizer", call -> join(call, 1));
  }

  private static void transpose(Call call) {
    Value value = call.in(0);
    long[] order = call.integers("perm");
    int rank = value.rank();
    int[] own = Shapes.strides(value.shape());
    int[] shape = new int[rank];
    int[] strides = new int[rank];
    for (int i = 0; i < rank; i++) {
      int axis = order.length == 0 ? rank - 1 - i : Shapes.axis(order[i], rank);
      shape[i] = value.dimension(axis);
      strides[i] = own[axis];
    }
    Movement.move(call, 0, value, shape, Shapes.walk(shape, strides, 0));
  }

  private static void slice(Call call) {
    Value value = call.in(0);
    long[] starts = call.integers(1, "starts");
    long[] ends = call.integers(2, "ends");
    long[] axes = call.integers(3, "axes");
    long[] steps = call.has(4) ? call.integers(4) : null;
    int[] shape = value.shape().clone();
    int[] strides = Shapes.strides(value.shape());
    int from = 0;
    for (int i = 0; i < starts.length; i++) {
      int axis = Shapes.axis(axes == null ? i : axes[i], shape.length);
      long step = steps == null ? 1 : steps[i];
      int length = value.dimension(axis);
      if (step == 0 || shape[axis] != length) {
        throw call.unsupported("a step of 0, or an axis named twice");
      }
      boolean back = step < 0;
      long start = back ? clamp(starts[i], length, -1, length - 1) : clamp(starts[i], length);
      long end = back ? clamp(ends[i], length, -1, length - 1) : clamp(ends[i], length);
      long count = back ? (start - end - step - 1) / -step : (end - start + step - 1) / step;
      shape[axis] = (int) Math.max(0, count);
      from += shape[axis] == 0 ? 0 : (int) start * strides[axis];
      strides[axis] *= (int) Math.max(-length, Math.min(step, length));
    }
    Movement.move(call, 0, value, shape, Shapes.walk(shape, strides, from));
  }

  private static long clamp(long index, int length) {
    return clamp(index, length, 0, length);
  }

  private static long clamp(long index, int length, int least, int most) {
    long counted = index < 0 ? Math.max(index, Long.MIN_VALUE / 2) + length : index;
    return Math.max(least, Math.min(most, counted));
  }

  private static void gather(Call call) {
    Value indices = call.in(1);
    pick(call, Shapes.axis(call.integer("axis", 0), call.in(0).rank()), indices.shape());
  }

  private static void pickFeatures(Call call) {
    Value value = call.in(0);
    pick(call, value.rank() - 1, new int[] {call.in(1).size()});
  }

  private static void pick(Call call, int axis, int[] places) {
    Value value = call.in(0);
    long[] indices = call.integers(1);
    int[] from = value.shape();
    int length = from[axis];
    int outer = Shapes.product(from, 0, axis);
    int inner = Shapes.product(from, axis + 1, from.length);
    int[] shape = new int[from.length - 1 + places.length];
    System.arraycopy(from, 0, shape, 0, axis);
    System.arraycopy(places, 0, shape, axis, places.length);
    System.arraycopy(from, axis + 1, shape, axis + places.length, from.length - axis - 1);
    int[] map = new int[Shapes.size(shape)];
    int at = 0;
    for (int o = 0; o < outer; o++) {
      for (long given : indices) {
        long index = given < 0 ? given + length : given;
        if (index < 0 || index >= length) {
          throw call.unsupported("index " + given + " of " + value);
        }
        for (int i = 0; i < inner; i++) {
          map[at++] = (o * length + (int) index) * inner + i;
        }
      }
    }
    Movement.move(call, 0, value, shape, map);
  }

  private static void split(Call call) {
    Value value = call.in(0);
    int axis = Shapes.axis(call.integer("axis", 0), value.rank());
    int length = value.dimension(axis);
    long[] sizes = call.integers(1, "split");
    if (sizes == null) {
      int parts = call.outputs();
      sizes = new long[parts];
      int each = (length + parts - 1) / parts;
      Arrays.fill(sizes, each);
      sizes[parts - 1] = length - (long) each * (parts - 1);
    }
    int[] strides = Shapes.strides(value.shape());
    int start = 0;
    for (int i = 0; i < sizes.length; i++) {
      int[] shape = value.shape().clone();
      shape[axis] = Shapes.ints(sizes[i])[0];
      if (start + shape[axis] > length) {
        throw call.unsupported("the parts are longer than " + value);
      }
      int[] map = Shapes.walk(shape, strides, start * strides[axis]);
      if (call.wants(i)) {
        Movement.move(call, i, value, shape, map);
      }
      start += shape[axis];
    }
  }

  private static void concat(Call call) {
    join(call, Shapes.axis(call.integer("axis", 1), call.in(0).rank()));
  }

  private static void join(Call call, int axis) {
    int[] shape = call.in(0).shape().clone();
    shape[axis] = 0;
    boolean fixed = true;
    for (int i = 0; i < call.inputs(); i++) {
      shape[axis] += call.in(i).dimension(axis);
      fixed &= call.in(i).isConstant();
    }
    double[] constants = new double[fixed ? Shapes.size(shape) : 0];
    Value result = fixed ? null : Value.buffer(shape, call.in(0).element());
    int[] strides = Shapes.strides(shape);
    int start = 0;
    for (int i = 0; i < call.inputs(); i++) {
      Value part = call.in(i);
      int[] places = Shapes.walk(part.shape(), strides, start * strides[axis]);
      if (fixed) {
        for (int k = 0; k < places.length; k++) {
          constants[places[k]] = part.constants()[k];
        }
      } else if (part.isConstant()) {
        Movement.scatter(part, places, result).run();
      } else {
        call.step(Movement.scatter(part, places, result));
      }
      start += part.dimension(axis);
    }
    call.result(0, fixed ? Value.constant(shape, call.in(0).element(), constants) : result);
  }

  private static void expand(Call call) {
    Value value = call.in(0);
    int[] shape = Shapes.broadcast(value.shape(), Shapes.ints(call.integers(1)));
    call.result(0, Movement.expanded(call, value, shape));
  }

  private static void tile(Call call) {
    Value value = call.in(0);
    int[] repeats = Shapes.ints(call.integers(1));
    int[] shape = value.shape().clone();
    for (int i = 0; i < shape.length; i++) {
      shape[i] = Shapes.ints((long) shape[i] * repeats[i])[0];
    }
    int[] strides = Shapes.strides(value.shape());
    int[] along = Shapes.strides(shape);
    int[] map = new int[Shapes.size(shape)];
    for (int i = 0; i < map.length; i++) {
      for (int axis = 0; axis < shape.length; axis++) {
        map[i] += i / along[axis] % shape[axis] % value.dimension(axis) * strides[axis];
      }
    }
    Movement.move(call, 0, value, shape, map);
  }

  private static void pad(Call call) {
    Value value = call.in(0);
    if (!call.text("mode", "constant").equals("constant") || call.has(3)) {
      throw call.unsupported("only constant padding of all axes is covered");
    }
    long[] pads = call.integers(1, "pads");
    int rank = value.rank();
    int[] shape = new int[rank];
    int start = 0;
    for (int i = 0; i < rank; i++) {
      shape[i] = Shapes.ints(pads[i] + value.dimension(i) + pads[i + rank])[0];
    }
    int[] strides = Shapes.strides(shape);
    for (int i = 0; i < rank; i++) {
      if (pads[i] < 0 || pads[i + rank] < 0) {
        throw call.unsupported("negative padding");
      }
      start += (int) pads[i] * strides[i];
    }
    Value result = Value.buffer(shape, value.element());
    double filling = call.has(2) ? call.constants(2)[0] : call.real("value", 0);
    if (result.isWide()) {
      Arrays.fill(result.wide(), filling);
    } else {
      Arrays.fill(result.data(), (float) filling);
    }
    int[] places = Shapes.walk(value.shape(), strides, start);
    call.step(Movement.scatter(value, places, result));
    call.result(0, result);
  }
}

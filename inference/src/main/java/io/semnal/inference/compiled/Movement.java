package io.semnal.inference.compiled;

/** Brings elements of a value into another order, once for constants, else at each row. */
final class Movement {
  private Movement() {}

  /** The elements of a source that a map names, as a result of a call. */
  static void move(Call call, int output, Value source, int[] shape, int[] map) {
    call.result(output, moved(call, source, shape, map));
  }

  static Value moved(Call call, Value source, int[] shape, int[] map) {
    if (Shapes.isIdentity(map, source.size())) {
      return source.as(shape, source.element());
    }
    if (source.isConstant()) {
      double[] from = source.constants();
      double[] values = new double[map.length];
      for (int i = 0; i < map.length; i++) {
        values[i] = from[map[i]];
      }
      return Value.constant(shape, source.element(), values);
    }
    Value result = Value.buffer(shape, source.element());
    call.step(copy(source, map, result));
    return result;
  }

  /** A value repeated to fill a larger shape. */
  static Value expanded(Call call, Value value, int[] shape) {
    return moved(call, value, shape, Shapes.expansion(value.shape(), shape));
  }

  private static Step copy(Value source, int[] map, Value result) {
    if (source.isWide()) {
      double[] from = source.wide();
      double[] to = result.wide();
      return () -> {
        for (int i = 0; i < map.length; i++) {
          to[i] = from[map[i]];
        }
      };
    }
    return copy(source.data(), map, result.data());
  }

  private static Step copy(float[] from, int[] map, float[] to) {
    boolean straight = true;
    for (int i = 1; i < map.length; i++) {
      straight &= map[i] == map[i - 1] + 1;
    }
    if (straight && map.length > 0) {
      int start = map[0];
      int length = map.length;
      return () -> System.arraycopy(from, start, to, 0, length);
    }
    return () -> {
      for (int i = 0; i < map.length; i++) {
        to[i] = from[map[i]];
      }
    };
  }

  /** Writes a source's elements to the places that a map names. */
  static Step scatter(Value source, int[] map, Value result) {
    if (!result.isWide()) {
      return scatter(source.data(), map, result.data());
    }
    double[] from = source.wide();
    double[] to = result.wide();
    return () -> {
      for (int i = 0; i < map.length; i++) {
        to[map[i]] = from[i];
      }
    };
  }

  /** Writes a source's elements to the places that a map names. */
  static Step scatter(float[] from, int[] map, float[] to) {
    return () -> {
      for (int i = 0; i < map.length; i++) {
        to[map[i]] = from[i];
      }
    };
  }
}

package io.semnal.inference.compiled;

import io.semnal.inference.registry.ModelRefusedException;
import java.util.Arrays;

/** Arithmetic of shapes, and maps that tell for each element of a result where it comes from. */
final class Shapes {
  private Shapes() {}

  static int size(int[] shape) {
    long size = 1;
    for (int dimension : shape) {
      size *= dimension;
      if (size > Value.MAX_SIZE) {
        throw new ModelRefusedException(
            "a value would have the shape " + Arrays.toString(shape) + ": too large for one row");
      }
    }
    return (int) size;
  }

  static int product(int[] shape, int from, int to) {
    return size(Arrays.copyOfRange(shape, from, to));
  }

  /** An axis counted from the end where negative. */
  static int axis(long axis, int rank) {
    long counted = axis < 0 ? axis + rank : axis;
    if (counted < 0 || counted >= rank) {
      throw new UnsupportedModelException("axis " + axis + " of a value of rank " + rank);
    }
    return (int) counted;
  }

  /** The distance of neighbours along each axis. */
  static int[] strides(int[] shape) {
    int[] strides = new int[shape.length];
    int stride = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= shape[i];
    }
    return strides;
  }

  /** The shape of two values that are combined element by element. */
  static int[] broadcast(int[] a, int[] b) {
    int[] result = new int[Math.max(a.length, b.length)];
    for (int i = 1; i <= result.length; i++) {
      int left = i > a.length ? 1 : a[a.length - i];
      int right = i > b.length ? 1 : b[b.length - i];
      if (left != right && left != 1 && right != 1) {
        throw new UnsupportedModelException(
            "shapes " + Arrays.toString(a) + " and " + Arrays.toString(b) + " do not go together");
      }
      result[result.length - i] = left == 1 ? right : left;
    }
    return result;
  }

  /** Where each element of the larger shape comes from in the smaller. */
  static int[] expansion(int[] from, int[] to) {
    int[] strides = new int[to.length];
    int[] own = strides(from);
    for (int i = 1; i <= from.length; i++) {
      strides[to.length - i] = from[from.length - i] == 1 ? 0 : own[from.length - i];
    }
    return walk(to, strides, 0);
  }

  /** Element numbers of a source, walked through in the order of a result's shape. */
  static int[] walk(int[] shape, int[] strides, int start) {
    int[] map = new int[size(shape)];
    int[] at = new int[shape.length];
    int from = start;
    for (int i = 0; i < map.length; i++) {
      map[i] = from;
      for (int axis = shape.length - 1; axis >= 0; axis--) {
        from += strides[axis];
        if (++at[axis] < shape[axis]) {
          break;
        }
        from -= strides[axis] * shape[axis];
        at[axis] = 0;
      }
    }
    return map;
  }

  static boolean isIdentity(int[] map, int sourceSize) {
    if (map.length != sourceSize) {
      return false;
    }
    for (int i = 0; i < map.length; i++) {
      if (map[i] != i) {
        return false;
      }
    }
    return true;
  }

  static int[] ints(long... values) {
    int[] ints = new int[values.length];
    for (int i = 0; i < ints.length; i++) {
      if (values[i] < 0 || values[i] > Value.MAX_SIZE) {
        throw new UnsupportedModelException("a dimension is " + values[i]);
      }
      ints[i] = (int) values[i];
    }
    return ints;
  }
}

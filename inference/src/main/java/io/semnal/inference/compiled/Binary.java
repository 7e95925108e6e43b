package io.semnal.inference.compiled;

/** A function of two values, element by element over buffers of one size. */
enum Binary {
  ADD(
      (a, b, to, n) -> {
        for (int i = 0; i < n; i++) {
          to[i] = a[i] + b[i];
        }
      }),
  SUBTRACT(
      (a, b, to, n) -> {
        for (int i = 0; i < n; i++) {
          to[i] = a[i] - b[i];
        }
      }),
  MULTIPLY(
      (a, b, to, n) -> {
        for (int i = 0; i < n; i++) {
          to[i] = a[i] * b[i];
        }
      }),
  DIVIDE(
      (a, b, to, n) -> {
        for (int i = 0; i < n; i++) {
          to[i] = a[i] / b[i];
        }
      }),
  POWER(
      (a, b, to, n) -> {
        for (int i = 0; i < n; i++) {
          to[i] = (float) StrictMath.pow(a[i], b[i]);
        }
      }),
  /** The remainder has the sign of the dividend, as C's fmod. */
  REMAINDER(
      (a, b, to, n) -> {
        for (int i = 0; i < n; i++) {
          to[i] = a[i] % b[i];
        }
      }),
  MINIMUM(
      (a, b, to, n) -> {
        for (int i = 0; i < n; i++) {
          to[i] = Math.min(a[i], b[i]);
        }
      }),
  MAXIMUM(
      (a, b, to, n) -> {
        for (int i = 0; i < n; i++) {
          to[i] = Math.max(a[i], b[i]);
        }
      }),
  /** The second is the slope below zero. */
  PRELU(
      (a, b, to, n) -> {
        for (int i = 0; i < n; i++) {
          to[i] = a[i] >= 0 ? a[i] : a[i] * b[i];
        }
      }),
  EQUAL(
      (a, b, to, n) -> {
        for (int i = 0; i < n; i++) {
          to[i] = a[i] == b[i] ? 1 : 0;
        }
      }),
  GREATER(
      (a, b, to, n) -> {
        for (int i = 0; i < n; i++) {
          to[i] = a[i] > b[i] ? 1 : 0;
        }
      }),
  GREATER_OR_EQUAL(
      (a, b, to, n) -> {
        for (int i = 0; i < n; i++) {
          to[i] = a[i] >= b[i] ? 1 : 0;
        }
      }),
  LESS(
      (a, b, to, n) -> {
        for (int i = 0; i < n; i++) {
          to[i] = a[i] < b[i] ? 1 : 0;
        }
      }),
  LESS_OR_EQUAL(
      (a, b, to, n) -> {
        for (int i = 0; i < n; i++) {
          to[i] = a[i] <= b[i] ? 1 : 0;
        }
      }),
  AND(
      (a, b, to, n) -> {
        for (int i = 0; i < n; i++) {
          to[i] = a[i] != 0 && b[i] != 0 ? 1 : 0;
        }
      }),
  OR(
      (a, b, to, n) -> {
        for (int i = 0; i < n; i++) {
          to[i] = a[i] != 0 || b[i] != 0 ? 1 : 0;
        }
      }),
  XOR(
      (a, b, to, n) -> {
        for (int i = 0; i < n; i++) {
          to[i] = a[i] != 0 ^ b[i] != 0 ? 1 : 0;
        }
      });

  /** Over n values; the result may be one of the operands. */
  @FunctionalInterface
  private interface Loop {
    void run(float[] a, float[] b, float[] to, int n);
  }

  private final Loop loop;

  Binary(Loop loop) {
    this.loop = loop;
  }

  void apply(float[] a, float[] b, float[] to, int n) {
    loop.run(a, b, to, n);
  }

  /** Whether the result is a truth value. */
  boolean isComparison() {
    return ordinal() >= EQUAL.ordinal();
  }

  /** Of two integers that stand in doubles, as shapes are computed. */
  double ofIntegers(double a, double b) {
    return switch (this) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> b == 0 ? Double.NaN : (double) ((long) a / (long) b);
      case REMAINDER -> a % b;
      case MINIMUM -> Math.min(a, b);
      case MAXIMUM -> Math.max(a, b);
      case POWER -> StrictMath.pow(a, b);
      case EQUAL -> a == b ? 1 : 0;
      case GREATER -> a > b ? 1 : 0;
      case GREATER_OR_EQUAL -> a >= b ? 1 : 0;
      case LESS -> a < b ? 1 : 0;
      case LESS_OR_EQUAL -> a <= b ? 1 : 0;
      case AND -> a != 0 && b != 0 ? 1 : 0;
      case OR -> a != 0 || b != 0 ? 1 : 0;
      case XOR -> a != 0 ^ b != 0 ? 1 : 0;
      case PRELU -> a >= 0 ? a : a * b;
    };
  }
}

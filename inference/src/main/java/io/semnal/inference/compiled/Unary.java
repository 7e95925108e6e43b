package io.semnal.inference.compiled;

/**
 * A function of one value, over a whole buffer: each with a loop of its own, so that the compiler
 * can inline it.
 *
 * <p>Transcendental ones are computed in double and rounded once to float32.
 */
enum Unary {
  IDENTITY(
      (from, to, n, a, b) -> {
        if (from != to) {
          System.arraycopy(from, 0, to, 0, n);
        }
      }),
  /** Keeps NaN, as ONNX Runtime does. */
  RELU(
      (from, to, n, a, b) -> {
        for (int i = 0; i < n; i++) {
          to[i] = Math.max(from[i], 0f);
        }
      }),
  LEAKY_RELU(
      (from, to, n, a, b) -> {
        for (int i = 0; i < n; i++) {
          to[i] = from[i] >= 0 ? from[i] : a * from[i];
        }
      }),
  THRESHOLDED_RELU(
      (from, to, n, a, b) -> {
        for (int i = 0; i < n; i++) {
          to[i] = from[i] > a ? from[i] : 0;
        }
      }),
  ELU(
      (from, to, n, a, b) -> {
        for (int i = 0; i < n; i++) {
          float x = from[i];
          to[i] = x >= 0 ? x : (float) (a * (Elementary.exp(x) - 1));
        }
      }),
  CELU(
      (from, to, n, a, b) -> {
        for (int i = 0; i < n; i++) {
          float x = from[i];
          to[i] = x >= 0 ? x : (float) (a * (Elementary.exp((double) x / a) - 1));
        }
      }),
  SELU(
      (from, to, n, a, b) -> {
        for (int i = 0; i < n; i++) {
          float x = from[i];
          to[i] = x > 0 ? b * x : (float) (b * (a * Elementary.exp(x) - a));
        }
      }),
  GELU(
      (from, to, n, a, b) -> {
        for (int i = 0; i < n; i++) {
          double x = from[i];
          to[i] = (float) (0.5 * x * (1 + Elementary.erf(x * Constants.SQRT_HALF)));
        }
      }),
  GELU_TANH(
      (from, to, n, a, b) -> {
        for (int i = 0; i < n; i++) {
          double x = from[i];
          double inner = Constants.SQRT_2_BY_PI * (x + 0.044715 * x * x * x);
          to[i] = (float) (0.5 * x * (1 + Elementary.tanh(inner)));
        }
      }),
  TANH(
      (from, to, n, a, b) -> {
        for (int i = 0; i < n; i++) {
          to[i] = (float) Elementary.tanh(from[i]);
        }
      }),
  SIGMOID(
      (from, to, n, a, b) -> {
        for (int i = 0; i < n; i++) {
          to[i] = (float) Elementary.sigmoid(from[i]);
        }
      }),
  /** x · sigmoid(a · x). */
  SWISH(
      (from, to, n, a, b) -> {
        for (int i = 0; i < n; i++) {
          to[i] = (float) (from[i] * Elementary.sigmoid((double) a * from[i]));
        }
      }),
  HARD_SIGMOID(
      (from, to, n, a, b) -> {
        for (int i = 0; i < n; i++) {
          to[i] = Math.max(0, Math.min(1, a * from[i] + b));
        }
      }),
  HARD_SWISH(
      (from, to, n, a, b) -> {
        for (int i = 0; i < n; i++) {
          to[i] = from[i] * Math.max(0, Math.min(1, from[i] * (1f / 6) + 0.5f));
        }
      }),
  SOFTPLUS(
      (from, to, n, a, b) -> {
        for (int i = 0; i < n; i++) {
          to[i] = (float) Elementary.softplus(from[i]);
        }
      }),
  MISH(
      (from, to, n, a, b) -> {
        for (int i = 0; i < n; i++) {
          to[i] = (float) (from[i] * Elementary.tanh(Elementary.softplus(from[i])));
        }
      }),
  SOFTSIGN(
      (from, to, n, a, b) -> {
        for (int i = 0; i < n; i++) {
          to[i] = from[i] / (1 + Math.abs(from[i]));
        }
      }),
  EXP(
      (from, to, n, a, b) -> {
        for (int i = 0; i < n; i++) {
          to[i] = (float) Elementary.exp(from[i]);
        }
      }),
  LOG(
      (from, to, n, a, b) -> {
        for (int i = 0; i < n; i++) {
          to[i] = (float) StrictMath.log(from[i]);
        }
      }),
  ERF(
      (from, to, n, a, b) -> {
        for (int i = 0; i < n; i++) {
          to[i] = (float) Elementary.erf(from[i]);
        }
      }),
  SQRT(
      (from, to, n, a, b) -> {
        for (int i = 0; i < n; i++) {
          to[i] = (float) Math.sqrt(from[i]);
        }
      }),
  SQUARE(
      (from, to, n, a, b) -> {
        for (int i = 0; i < n; i++) {
          to[i] = from[i] * from[i];
        }
      }),
  CUBE(
      (from, to, n, a, b) -> {
        for (int i = 0; i < n; i++) {
          to[i] = from[i] * from[i] * from[i];
        }
      }),
  SIN(
      (from, to, n, a, b) -> {
        for (int i = 0; i < n; i++) {
          to[i] = (float) StrictMath.sin(from[i]);
        }
      }),
  COS(
      (from, to, n, a, b) -> {
        for (int i = 0; i < n; i++) {
          to[i] = (float) StrictMath.cos(from[i]);
        }
      }),
  NEGATE(
      (from, to, n, a, b) -> {
        for (int i = 0; i < n; i++) {
          to[i] = -from[i];
        }
      }),
  ABSOLUTE(
      (from, to, n, a, b) -> {
        for (int i = 0; i < n; i++) {
          to[i] = Math.abs(from[i]);
        }
      }),
  RECIPROCAL(
      (from, to, n, a, b) -> {
        for (int i = 0; i < n; i++) {
          to[i] = 1 / from[i];
        }
      }),
  FLOOR(
      (from, to, n, a, b) -> {
        for (int i = 0; i < n; i++) {
          to[i] = (float) Math.floor(from[i]);
        }
      }),
  CEIL(
      (from, to, n, a, b) -> {
        for (int i = 0; i < n; i++) {
          to[i] = (float) Math.ceil(from[i]);
        }
      }),
  /** Halves to the even neighbour. */
  ROUND(
      (from, to, n, a, b) -> {
        for (int i = 0; i < n; i++) {
          to[i] = (float) Math.rint(from[i]);
        }
      }),
  /** Towards zero, as a cast to an integer does. */
  TRUNCATE(
      (from, to, n, a, b) -> {
        for (int i = 0; i < n; i++) {
          to[i] = (long) from[i];
        }
      }),
  SIGN(
      (from, to, n, a, b) -> {
        for (int i = 0; i < n; i++) {
          to[i] = Math.signum(from[i]);
        }
      }),
  /** From a to b. */
  CLIP(
      (from, to, n, a, b) -> {
        for (int i = 0; i < n; i++) {
          float x = from[i];
          to[i] = x < a ? a : x > b ? b : x;
        }
      }),
  /** 1 where above a, else 0. */
  ABOVE(
      (from, to, n, a, b) -> {
        for (int i = 0; i < n; i++) {
          to[i] = from[i] > a ? 1 : 0;
        }
      }),
  /** 1 where not 0, else 0. */
  TRUTH(
      (from, to, n, a, b) -> {
        for (int i = 0; i < n; i++) {
          to[i] = from[i] != 0 ? 1 : 0;
        }
      }),
  NOT(
      (from, to, n, a, b) -> {
        for (int i = 0; i < n; i++) {
          to[i] = from[i] == 0 ? 1 : 0;
        }
      }),
  IS_NAN(
      (from, to, n, a, b) -> {
        for (int i = 0; i < n; i++) {
          to[i] = from[i] != from[i] ? 1 : 0;
        }
      });

  /** Over n values; from and to may be the same. */
  @FunctionalInterface
  private interface Loop {
    void run(float[] from, float[] to, int n, float a, float b);
  }

  /** Apart: an enum's own constants cannot be read by what its constructor is given. */
  private static final class Constants {
    static final double SQRT_HALF = 0.7071067811865476;
    static final double SQRT_2_BY_PI = 0.7978845608028654;
  }

  private final Loop loop;

  Unary(Loop loop) {
    this.loop = loop;
  }

  void apply(float[] from, float[] to, int n, float a, float b) {
    loop.run(from, to, n, a, b);
  }
}

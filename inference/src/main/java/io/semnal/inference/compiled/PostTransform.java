package io.semnal.inference.compiled;

/** What {@code ai.onnx.ml} operators do to their raw scores, as ONNX Runtime does it. */
enum PostTransform {
  NONE,
  LOGISTIC,
  SOFTMAX,
  SOFTMAX_ZERO,
  PROBIT;

  /** Scores this near to zero are no class's to {@link #SOFTMAX_ZERO}. */
  private static final float NEARLY_ZERO = 1e-7f;

  private static final float SQRT_2 = 1.41421356f;

  static PostTransform of(Call call) {
    String name = call.text("post_transform", "NONE");
    for (PostTransform transform : values()) {
      if (transform.name().equals(name)) {
        return transform;
      }
    }
    throw call.unsupported("post_transform " + name);
  }

  /** To the first n values in place. */
  void apply(float[] scores, int n) {
    switch (this) {
      case NONE -> {
        return;
      }
      case LOGISTIC -> {
        for (int i = 0; i < n; i++) {
          scores[i] = logistic(scores[i]);
        }
      }
      case PROBIT -> {
        for (int i = 0; i < n; i++) {
          scores[i] = probit(scores[i]);
        }
      }
      case SOFTMAX, SOFTMAX_ZERO -> softmax(scores, n);
    }
  }

  static float logistic(float score) {
    return (float) Elementary.sigmoid(score);
  }

  private void softmax(float[] scores, int n) {
    float largest = -Float.MAX_VALUE;
    for (int i = 0; i < n; i++) {
      largest = scores[i] > largest ? scores[i] : largest;
    }
    float ofZero = (float) Elementary.exp(-largest);
    float sum = 0;
    for (int i = 0; i < n; i++) {
      boolean counts = this == SOFTMAX || scores[i] > NEARLY_ZERO || scores[i] < -NEARLY_ZERO;
      if (counts) {
        scores[i] = (float) Elementary.exp((double) scores[i] - largest);
        sum += scores[i];
      } else {
        scores[i] *= ofZero;
      }
    }
    for (int i = 0; i < n; i++) {
      scores[i] /= sum;
    }
  }

  /** Winitzki's approximation of the inverse error function, which ONNX Runtime uses. */
  static float probit(float score) {
    float x = 2 * score - 1;
    float sign = x < 0 ? -1 : 1;
    float log = (float) StrictMath.log((1 - x) * (1 + x));
    float v = 2 / (3.14159f * 0.147f) + 0.5f * log;
    float v2 = 1 / 0.147f * log;
    float v3 = -v + (float) Math.sqrt(v * v - v2);
    return SQRT_2 * (sign * (float) Math.sqrt(v3));
  }
}

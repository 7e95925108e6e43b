package io.semnal.inference.compiled;

/**
 * What {@code ai.onnx.ml} operators do to their raw scores, as ONNX Runtime does it. PROBIT is left
 * to ONNX Runtime: near 1/2 its formula in float32 loses more digits than two scorers may differ
 * by.
 */
enum PostTransform {
  NONE,
  LOGISTIC,
  SOFTMAX,
  SOFTMAX_ZERO;

  /** Scores this near to zero are no class's to {@link #SOFTMAX_ZERO}. */
  private static final float NEARLY_ZERO = 1e-7f;

  static PostTransform of(Call call) {
    String name = call.text("post_transform", "NONE");
    for (PostTransform transform : values()) {
      if (transform.name().equals(name)) {
        return transform;
      }
    }
    throw call.unsupported("post_transform " + name);
  }

  /**
   * By its number in {@code TreeEnsemble}. The format says 1 is SOFTMAX and 2 LOGISTIC, ONNX
   * Runtime takes them the other way round: what a model means by them only its exporter knows.
   */
  static PostTransform of(Call call, long number) {
    if (number != 0 && number != 3) {
      throw call.unsupported("post_transform " + number + ", which is not read alike by all");
    }
    return number == 0 ? NONE : SOFTMAX_ZERO;
  }

  /** To the first n values in place, in float64. */
  void apply(double[] scores, int n) {
    switch (this) {
      case NONE -> {
        return;
      }
      case LOGISTIC -> {
        for (int i = 0; i < n; i++) {
          scores[i] = Elementary.sigmoid(scores[i]);
        }
      }
      case SOFTMAX, SOFTMAX_ZERO -> softmax(scores, n);
    }
  }

  private void softmax(double[] scores, int n) {
    double largest = scores[0];
    for (int i = 1; i < n; i++) {
      largest = scores[i] > largest ? scores[i] : largest;
    }
    double ofZero = Elementary.exp(-largest);
    double sum = 0;
    for (int i = 0; i < n; i++) {
      boolean counts = this == SOFTMAX || Math.abs(scores[i]) > NEARLY_ZERO;
      scores[i] = counts ? Elementary.exp(scores[i] - largest) : scores[i] * ofZero;
      sum += counts ? scores[i] : 0;
    }
    for (int i = 0; i < n; i++) {
      scores[i] /= sum;
    }
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
}

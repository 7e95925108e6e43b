package io.semnal.inference.compiled;

import java.util.Arrays;
import java.util.Map;

/** The operators of {@code ai.onnx.ml}, as scikit-learn, LightGBM and XGBoost are exported. */
final class MlOperators {
  private static final String DOMAIN = "ai.onnx.ml.";

  private MlOperators() {}

  static void addTo(Map<String, Operator> operators) {
    operators.put(DOMAIN + "TreeEnsembleRegressor", TreeOperators::regressor);
    operators.put(DOMAIN + "TreeEnsemble", TreeOperators::flat);
    operators.put(DOMAIN + "TreeEnsembleClassifier", TreeOperators::classifier);
    operators.put(DOMAIN + "LinearRegressor", MlOperators::linearRegressor);
    operators.put(DOMAIN + "LinearClassifier", MlOperators::linearClassifier);
    operators.put(DOMAIN + "Scaler", MlOperators::scaler);
    operators.put(DOMAIN + "Normalizer", MlOperators::normalizer);
    operators.put(DOMAIN + "Imputer", MlOperators::imputer);
  }

  private static void linearRegressor(Call call) {
    int targets = (int) call.integer("targets", 1);
    Value scores = linear(call, targets);
    PostTransform transform = PostTransform.of(call);
    // ONNX Runtime leaves a single score as it is.
    transform(call, scores, targets == 1 ? PostTransform.NONE : transform);
    call.result(0, scores);
  }

  static void linearClassifier(Call call) {
    if (call.wants(0)) {
      throw call.unsupported("only the scores of a classifier are computed");
    }
    int scored = call.reals("intercepts").length;
    int labels = call.texts("classlabels_strings").size();
    labels = labels == 0 ? call.integers("classlabels_ints").length : labels;
    Value scores = linear(call, scored);
    PostTransform transform = PostTransform.of(call);
    if (scored != 1) {
      transform(call, scores, transform);
      call.result(1, scores);
      return;
    }
    if (labels != 2) {
      throw call.unsupported("one score for " + labels + " classes");
    }
    Value both = Value.buffer(new int[] {1, 2}, scores.element());
    float[] from = scores.data();
    float[] to = both.data();
    call.step(
        () -> {
          to[0] = 1 - from[0];
          to[1] = from[0];
        });
    call.result(1, both);
  }

  private static Value linear(Call call, int targets) {
    Value row = call.in(0);
    float[] coefficients = call.reals("coefficients");
    float[] intercepts = call.reals("intercepts");
    int features = row.rank() == 0 ? 0 : row.dimension(row.rank() - 1);
    if (row.size() != features
        || targets < 1
        || (long) targets * features != coefficients.length
        || intercepts.length != 0 && intercepts.length != targets) {
      throw call.unsupported(
          coefficients.length + " coefficients do not fit " + row + " to " + targets);
    }
    float[] matrix = new float[coefficients.length];
    for (int i = 0; i < matrix.length; i++) {
      matrix[i % features * targets + i / features] = coefficients[i];
    }
    int[] shape = {1, targets};
    Value scores = LinearOperators.dense(call, row, matrix, shape, features, targets, 1);
    if (intercepts.length > 0) {
      scores.maker().addBias(intercepts);
    }
    scores.madeBy(null);
    return scores;
  }

  private static void transform(Call call, Value scores, PostTransform transform) {
    if (transform != PostTransform.NONE) {
      float[] values = scores.data();
      int n = scores.size();
      call.step(() -> transform.apply(values, n));
    }
  }

  private static void scaler(Call call) {
    Value value = call.in(0);
    float[] offset = perFeature(call, "offset", 0);
    float[] scale = perFeature(call, "scale", 1);
    float[] from = value.data();
    float[] to = call.result(value.shape()).data();
    int n = value.size();
    call.step(
        () -> {
          for (int i = 0; i < n; i++) {
            to[i] = (from[i] - offset[i]) * scale[i];
          }
        });
  }

  /** One for all or one each, repeated over the rows. */
  private static float[] perFeature(Call call, String attribute, float otherwise) {
    float[] given = call.reals(attribute);
    Value value = call.in(0);
    int width = value.rank() == 0 ? 1 : value.dimension(value.rank() - 1);
    if (given.length > 1 && given.length != width) {
      throw call.unsupported(given.length + " values of " + attribute + " for " + value);
    }
    float[] all = new float[value.size()];
    Arrays.fill(all, otherwise);
    for (int i = 0; given.length > 0 && i < all.length; i++) {
      all[i] = given.length == 1 ? given[0] : given[i % width];
    }
    return all;
  }

  private static void imputer(Call call) {
    Value value = call.in(0);
    if (call.hasAttribute("imputed_value_int64s")) {
      throw call.unsupported("of integers");
    }
    float[] imputed = perFeature(call, "imputed_value_floats", 0);
    float replaced = call.real("replaced_value_float", 0);
    boolean missing = Float.isNaN(replaced);
    float[] from = value.data();
    float[] to = call.result(value.shape()).data();
    int n = value.size();
    call.step(
        () -> {
          for (int i = 0; i < n; i++) {
            float x = from[i];
            to[i] = missing && x != x || x == replaced ? imputed[i] : x;
          }
        });
  }

  private static void normalizer(Call call) {
    Value value = call.in(0);
    String norm = call.text("norm", "MAX");
    int width = value.rank() == 0 ? 1 : value.dimension(value.rank() - 1);
    int rows = width == 0 ? 0 : value.size() / width;
    float[] from = value.data();
    float[] to = call.result(value.shape()).data();
    if (!norm.equals("MAX") && !norm.equals("L1") && !norm.equals("L2")) {
      throw call.unsupported("norm " + norm);
    }
    boolean largest = norm.equals("MAX");
    boolean square = norm.equals("L2");
    call.step(
        () -> {
          for (int row = 0; row < rows; row++) {
            normalize(from, to, row * width, width, largest, square);
          }
        });
  }

  private static void normalize(
      float[] from, float[] to, int start, int width, boolean largest, boolean square) {
    float size = largest ? Float.NEGATIVE_INFINITY : 0;
    for (int i = start; i < start + width; i++) {
      float x = from[i];
      size = largest ? Math.max(size, x) : size + (square ? x * x : Math.abs(x));
    }
    float divisor = square ? (float) Math.sqrt(size) : size;
    for (int i = start; i < start + width; i++) {
      to[i] = divisor == 0 ? from[i] : from[i] / divisor;
    }
  }
}

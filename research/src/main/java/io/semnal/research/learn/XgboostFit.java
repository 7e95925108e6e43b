package io.semnal.research.learn;

import io.semnal.inference.onnx.TreeModel.Tree;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

/** Drives XGBoost, and reads the trees that it made. Needs OpenMP's library, libgomp, on Linux. */
final class XgboostFit {
  private static final double WATCHED = 0.15;
  private static final int PATIENCE = 30;

  private final Rows rows;
  private final Map<String, Object> settings = new HashMap<>();
  private final int parallel;
  private final FitContext context;

  /**
   * @param parallel trees to a class in each round
   */
  XgboostFit(Rows rows, Map<String, Object> own, int parallel, FitContext context) {
    if (rows.size() < 10 * context.classes()) {
      throw new IllegalArgumentException(rows.size() + " rows are too few for trees");
    }
    this.rows = rows;
    this.parallel = parallel;
    this.context = context;
    settings.putAll(own);
    settings.put("objective", "multi:softprob");
    settings.put("num_class", context.classes());
    settings.put("num_parallel_tree", parallel);
    settings.put("base_score", 0.5);
    settings.put("tree_method", "hist");
    settings.put("max_bin", 128);
    settings.put("nthread", context.threads());
    settings.put("seed", (int) (context.seed() & 0x7FFF_FFFF));
    settings.put("verbosity", 0);
  }

  Classifier forest() {
    DMatrix data = null;
    Booster booster = null;
    try {
      data = matrix(rows);
      context.checkStop();
      booster = XGBoost.train(data, settings, 1, Map.of(), null, null);
      return ensemble(booster, 1);
    } catch (XGBoostError e) {
      throw failed(e);
    } finally {
      close(data, booster);
    }
  }

  Classifier boosted(int rounds) {
    FitContext.Split split = context.split(rows, WATCHED);
    if (split.fit().size() < context.classes() || split.watch().size() < 10) {
      throw new IllegalArgumentException(
          rows.size() + " rows are too few to fit trees on the first and watch the last of them");
    }
    DMatrix fit = null;
    DMatrix watch = null;
    Booster booster = null;
    try {
      fit = matrix(split.fit());
      watch = matrix(split.watch());
      booster = XGBoost.train(fit, settings, 0, Map.of(), null, null);
      return ensemble(booster, bestRound(booster, fit, watch, split.watch(), rounds));
    } catch (XGBoostError e) {
      throw failed(e);
    } finally {
      close(fit, null);
      close(watch, booster);
    }
  }

  /** Boosts until the watched rows have not gained for a while. */
  private int bestRound(Booster booster, DMatrix fit, DMatrix watch, Rows watched, int rounds)
      throws XGBoostError {
    double least = Double.MAX_VALUE;
    int best = 1;
    for (int round = 1; round <= rounds && round - best < PATIENCE; round++) {
      context.checkStop();
      booster.update(fit, round - 1);
      double loss = LogLoss.of(watched, flat(booster.predict(watch)));
      if (loss < least) {
        least = loss;
        best = round;
      }
    }
    return best;
  }

  private Classifier ensemble(Booster booster, int rounds) throws XGBoostError {
    String[] dump = booster.getModelDump("", false, "json");
    List<Tree> trees = XgboostTrees.read(dump, rounds, parallel, context.classes());
    return new TreeEnsemble(
        trees, rows.columns(), context.classes(), rounds, booster.toByteArray("ubj"));
  }

  static DMatrix matrix(Rows rows) throws XGBoostError {
    DMatrix matrix = new DMatrix(rows.features(), rows.size(), rows.columns(), Float.NaN);
    float[] labels = new float[rows.size()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = rows.label(i);
    }
    matrix.setLabel(labels);
    return matrix;
  }

  static double[] flat(float[][] table) {
    int width = table.length == 0 ? 0 : table[0].length;
    double[] values = new double[table.length * width];
    for (int i = 0; i < values.length; i++) {
      values[i] = table[i / width][i % width];
    }
    return values;
  }

  static IllegalStateException failed(XGBoostError e) {
    return new IllegalStateException("XGBoost failed: " + e.getMessage(), e);
  }

  static void close(DMatrix data, Booster booster) {
    if (data != null) {
      data.dispose();
    }
    if (booster != null) {
      booster.dispose();
    }
  }
}

package io.semnal.research.learn;

import io.semnal.inference.onnx.TreeModel;
import io.semnal.inference.onnx.TreeModel.Tree;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

/**
 * Additive trees, and the library's own model that they were read from.
 *
 * @param rounds that the trees stand for
 * @param library the library's model, which may hold later rounds
 */
record TreeEnsemble(List<Tree> trees, int columns, int classes, int rounds, byte[] library)
    implements Classifier {
  @Override
  public void logits(float[] rows, int from, double[] into) {
    Arrays.fill(into, 0.0);
    for (Tree tree : trees) {
      into[tree.target()] += tree.value(rows, from);
    }
  }

  @Override
  public double[] own(Rows rows, double temperature) {
    DMatrix data = null;
    Booster booster = null;
    try {
      data = XgboostFit.matrix(rows);
      booster = XGBoost.loadModel(library);
      double[] all = XgboostFit.flat(booster.predict(data, true, rounds));
      for (int i = 0; i < all.length; i++) {
        all[i] /= temperature;
      }
      for (int i = 0; i < all.length; i += classes) {
        Softmax.apply(all, i, classes);
      }
      return all;
    } catch (XGBoostError e) {
      throw XgboostFit.failed(e);
    } catch (IOException e) {
      throw new IllegalStateException("XGBoost's model cannot be read from memory", e);
    } finally {
      XgboostFit.close(data, booster);
    }
  }

  @Override
  public boolean acceptsNaN() {
    return true;
  }

  @Override
  public byte[] onnx(double temperature, List<String> names) {
    return TreeModel.write(trees, columns, temperature, names);
  }

  @Override
  public String summary() {
    return rounds + (rounds == 1 ? " round, " : " rounds, ") + trees.size() + " trees";
  }
}

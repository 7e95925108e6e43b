package io.semnal.research.learn;

import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Gradient-boosted trees by XGBoost: at most {@code rounds} rounds of learning rate {@code rate},
 * trees of {@code depth}, stopped early on the last rows.
 */
public record BoostedTrees() implements Learner {
  @Override
  public String name() {
    return "xgboost";
  }

  @Override
  public Parameters defaults() {
    return Parameters.of(
        Map.of(
            "rounds", 400.0,
            "rate", 0.05,
            "depth", 4.0,
            "childWeight", 20.0,
            "rowShare", 0.7,
            "columnShare", 0.7,
            "l2", 5.0,
            "gamma", 0.0));
  }

  @Override
  public Parameters draw(RandomGenerator random) {
    return defaults()
        .with("rate", StrictMath.pow(10, random.nextDouble(-2, -0.7)))
        .with("depth", 2 + random.nextInt(4))
        .with("childWeight", Math.rint(StrictMath.pow(10, random.nextDouble(0.5, 2.5))))
        .with("rowShare", random.nextDouble(0.4, 0.9))
        .with("columnShare", random.nextDouble(0.4, 0.9))
        .with("l2", StrictMath.pow(10, random.nextDouble(-1, 2)))
        .with("gamma", random.nextBoolean() ? 0 : random.nextDouble(0, 2));
  }

  @Override
  public boolean acceptsNaN() {
    return true;
  }

  @Override
  public Classifier fit(Rows rows, Parameters parameters, FitContext context) {
    Map<String, Object> settings = new TreeMap<>();
    settings.put("eta", parameters.get("rate"));
    settings.put("max_depth", parameters.whole("depth"));
    settings.put("min_child_weight", parameters.get("childWeight"));
    settings.put("subsample", parameters.get("rowShare"));
    settings.put("colsample_bytree", parameters.get("columnShare"));
    settings.put("lambda", parameters.get("l2"));
    settings.put("gamma", parameters.get("gamma"));
    return new XgboostFit(rows, settings, 1, context).boosted(parameters.whole("rounds"));
  }
}

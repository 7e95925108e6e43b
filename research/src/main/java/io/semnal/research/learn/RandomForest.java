package io.semnal.research.learn;

import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * A random forest by XGBoost: one round of {@code trees} trees to a class, each on its own share of
 * rows and, at each node, of columns.
 */
public record RandomForest() implements Learner {
  @Override
  public String name() {
    return "forest";
  }

  @Override
  public Parameters defaults() {
    return Parameters.of(
        Map.of(
            "trees", 100.0,
            "depth", 8.0,
            "childWeight", 20.0,
            "rowShare", 0.632,
            "columnShare", 0.4,
            "l2", 1.0));
  }

  @Override
  public Parameters draw(RandomGenerator random) {
    return defaults()
        .with("depth", 3 + random.nextInt(8))
        .with("childWeight", Math.rint(StrictMath.pow(10, random.nextDouble(0.5, 2.5))))
        .with("rowShare", random.nextDouble(0.3, 0.8))
        .with("columnShare", random.nextDouble(0.2, 0.8))
        .with("l2", StrictMath.pow(10, random.nextDouble(-1, 2)));
  }

  @Override
  public boolean acceptsNaN() {
    return true;
  }

  @Override
  public Classifier fit(Rows rows, Parameters parameters, FitContext context) {
    Map<String, Object> settings = new TreeMap<>();
    settings.put("eta", 1.0);
    settings.put("max_depth", parameters.whole("depth"));
    settings.put("min_child_weight", parameters.get("childWeight"));
    settings.put("subsample", parameters.get("rowShare"));
    settings.put("colsample_bynode", parameters.get("columnShare"));
    settings.put("lambda", parameters.get("l2"));
    return new XgboostFit(rows, settings, parameters.whole("trees"), context).forest();
  }
}

package io.semnal.research.learn;

import java.util.Arrays;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** A way to fit a classifier. The same rows, parameters and context give the same classifier. */
public sealed interface Learner permits LogisticLearner, MlpLearner, BoostedTrees, RandomForest {
  /** As the command line calls it. */
  String name();

  /** What it uses where nothing is said. */
  Parameters defaults();

  /** A point of its search space. */
  Parameters draw(RandomGenerator random);

  /** Whether rows with missing values can be learned from. */
  boolean acceptsNaN();

  /**
   * @throws StoppedException where the context said so
   * @throws IllegalArgumentException where there is nothing to learn from
   */
  Classifier fit(Rows rows, Parameters parameters, FitContext context);

  /**
   * @throws IllegalArgumentException naming those that there are
   */
  static Learner of(String name) {
    Map<String, Learner> known =
        Arrays.<Learner>asList(
                new BoostedTrees(), new RandomForest(), new LogisticLearner(), new MlpLearner())
            .stream()
            .collect(Collectors.toMap(Learner::name, learner -> learner));
    Learner learner = known.get(name);
    if (learner == null) {
      throw new IllegalArgumentException(
          "there is no learner '" + name + "'; xgboost, forest, logistic and mlp are there");
    }
    return learner;
  }
}

package io.semnal.research.learn;

import java.util.Map;
import java.util.random.RandomGenerator;

/** Multinomial logistic regression; one parameter, the L2 penalty {@code l2}. */
public record LogisticLearner() implements Learner {
  @Override
  public String name() {
    return "logistic";
  }

  @Override
  public Parameters defaults() {
    return Parameters.of(Map.of("l2", 10.0));
  }

  @Override
  public Parameters draw(RandomGenerator random) {
    return Parameters.of(Map.of("l2", StrictMath.pow(10, random.nextDouble(-1, 4))));
  }

  @Override
  public boolean acceptsNaN() {
    return false;
  }

  @Override
  public Classifier fit(Rows rows, Parameters parameters, FitContext context) {
    context.checkStop();
    return LogisticRegression.fit(rows, context.classes(), parameters.get("l2"));
  }
}

package io.semnal.research.learn;

import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * A small multilayer perceptron: two hidden layers of {@code width} and half of it, learning rate
 * {@code rate}, weight decay {@code decay}, at most {@code epochs}, stopped early on the last rows.
 */
public record MlpLearner() implements Learner {
  @Override
  public String name() {
    return "mlp";
  }

  @Override
  public Parameters defaults() {
    return Parameters.of(
        Map.of("width", 16.0, "rate", 0.003, "decay", 0.001, "batch", 256.0, "epochs", 40.0));
  }

  @Override
  public Parameters draw(RandomGenerator random) {
    return defaults()
        .with("width", 8 << random.nextInt(3))
        .with("rate", StrictMath.pow(10, random.nextDouble(-3.5, -1.8)))
        .with("decay", StrictMath.pow(10, random.nextDouble(-5, -1)));
  }

  @Override
  public boolean acceptsNaN() {
    return false;
  }

  @Override
  public Classifier fit(Rows rows, Parameters parameters, FitContext context) {
    return new MlpFit(rows, parameters, context).run();
  }
}

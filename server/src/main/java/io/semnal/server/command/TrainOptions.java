package io.semnal.server.command;

import io.semnal.research.learn.Learner;
import io.semnal.research.learn.Parameters;
import io.semnal.research.train.Protocol;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** The options that say how a model is learned. */
public final class TrainOptions {
  @Option(
      names = "--learner",
      paramLabel = "NAME",
      defaultValue = "xgboost",
      description = "xgboost, forest, logistic or mlp; ${DEFAULT-VALUE} by default.")
  private String learner;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "A parameter of the learner for the first trial, such as depth=4.")
  private Map<String, Double> parameters = new LinkedHashMap<>();

  @Option(
      names = "--trials",
      paramLabel = "N",
      defaultValue = "12",
      description = "Sets of parameters to try, the first as given; ${DEFAULT-VALUE} by default.")
  private int trials;

  @Option(
      names = "--folds",
      paramLabel = "N",
      defaultValue = "4",
      description = "Walk-forward tests of the search; ${DEFAULT-VALUE} by default.")
  private int folds;

  @Option(
      names = "--held-out",
      paramLabel = "SHARE",
      defaultValue = "0.2",
      description = "Last share of the rows, looked at once; ${DEFAULT-VALUE} by default.")
  private double heldOut;

  @Option(
      names = "--calibration",
      paramLabel = "SHARE",
      defaultValue = "0.15",
      description = "Share before that for the temperature; ${DEFAULT-VALUE} by default.")
  private double calibration;

  @Option(
      names = "--stride",
      paramLabel = "N",
      defaultValue = "1",
      description = "Learn from every n-th bar; ${DEFAULT-VALUE} by default.")
  private int stride;

  @Option(
      names = "--shuffles",
      paramLabel = "N",
      defaultValue = "5",
      description = "Fits on shuffled labels, for comparison; ${DEFAULT-VALUE} by default.")
  private int shuffles;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "42",
      description = "Of everything that is drawn; ${DEFAULT-VALUE} by default.")
  private long seed;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Most threads of a learner; by default one less than there are processors.")
  private Integer threads;

  Learner learner() {
    try {
      return Learner.of(learner);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure("--learner: " + e.getMessage(), e);
    }
  }

  Parameters parameters(Learner chosen) {
    Parameters given = chosen.defaults();
    for (Map.Entry<String, Double> one : parameters.entrySet()) {
      if (!given.values().containsKey(one.getKey())) {
        throw new CommandFailure(
            "--set "
                + one.getKey()
                + ": "
                + chosen.name()
                + " has "
                + String.join(", ", given.values().keySet()));
      }
      if (!(one.getValue() >= 0) || one.getValue().isInfinite()) {
        throw new CommandFailure("--set " + one.getKey() + ": must be 0 or more");
      }
      given = given.with(one.getKey(), one.getValue());
    }
    return given;
  }

  Protocol protocol() {
    int most = Runtime.getRuntime().availableProcessors();
    try {
      return new Protocol(
          folds,
          trials,
          calibration,
          heldOut,
          stride,
          shuffles,
          seed,
          threads == null ? Math.max(1, most - 1) : threads);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(e.getMessage(), e);
    }
  }
}

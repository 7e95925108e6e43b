package io.semnal.research.evaluate;

import io.semnal.inference.registry.LoadedModel;
import io.semnal.inference.registry.ModelCard;
import io.semnal.inference.scorer.Scorer;
import io.semnal.inference.signal.ModelOutput;
import io.semnal.inference.signal.Scores;
import io.semnal.research.sample.Samples;
import java.lang.foreign.ValueLayout;

/** Scores rows with a registered model, reading its output as the engine does. One thread. */
public final class ModelScorer implements Predictions.RowScorer {
  private final Scorer scorer;
  private final ModelOutput output;
  private final Scores scores = new Scores();
  private final String reference;

  /**
   * @throws IllegalArgumentException where the model gives no probabilities
   */
  public ModelScorer(LoadedModel model) {
    scorer = model.scorer();
    reference = model.card().name() + "@" + model.card().version();
    if (model.card().output() == ModelCard.Output.REGRESSION) {
      throw new IllegalArgumentException(
          reference + " is a regression; evaluation needs probabilities");
    }
    output = new ModelOutput(model.card());
  }

  @Override
  public void score(float[] row, double[] into) {
    for (int i = 0; i < row.length; i++) {
      if (scorer.isDouble()) {
        scorer.input().setAtIndex(ValueLayout.JAVA_DOUBLE, i, row[i]);
      } else {
        scorer.input().setAtIndex(ValueLayout.JAVA_FLOAT, i, row[i]);
      }
    }
    if (!scorer.score() || !output.read(scorer, 1, 1, 1, scores)) {
      throw new IllegalStateException(
          reference + " gives no probabilities for a row: " + scorer.lastError());
    }
    into[Samples.SELL] = scores.sell;
    into[Samples.NEUTRAL] = Math.max(0, 1 - scores.sell - scores.buy);
    into[Samples.BUY] = scores.buy;
  }
}

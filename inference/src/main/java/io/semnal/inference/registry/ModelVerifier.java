package io.semnal.inference.registry;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.semnal.core.config.RuntimeConfig.Models.ScorerChoice;
import io.semnal.inference.onnx.OnnxReader;
import io.semnal.inference.scorer.Scorer;
import io.semnal.protocol.sbe.ScorerKind;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Turns bytes and a card into a model that is known to keep what its card promises. */
final class ModelVerifier {
  private static final Logger LOG = LoggerFactory.getLogger(ModelVerifier.class);
  private static final double SUM_TOLERANCE = 1e-4;

  /** Enough for the compiler to have made machine code of the scoring path. */
  private static final int WARM_UP_RUNS = 20_000;

  private static final long WARM_UP_NANOS = 100_000_000;

  private ModelVerifier() {}

  /**
   * Loads, chooses the scorer, checks and warms up.
   *
   * @throws ModelRefusedException with what was expected and what is there
   */
  static LoadedModel load(ModelFiles files, ScorerChoice choice) {
    checkFiles(files);
    LoadedModel model = verified(files, ScorerSelection.choose(files, choice));
    LOG.atLevel(isFallback(choice, model) ? Level.INFO : Level.DEBUG)
        .log(
            "Model {}@{} is scored by {}: {}",
            files.card().name(),
            files.card().version(),
            model.kind(),
            model.reason());
    return model;
  }

  /**
   * Checks against ONNX Runtime alone, without the warm-up.
   *
   * @throws ModelRefusedException with what was expected and what is there
   */
  static void check(ModelFiles files) {
    checkFiles(files);
    ScorerSelection selection = ScorerSelection.pinned(files, ScorerKind.ONNX_RUNTIME);
    try (Scorer scorer = selection.scorer()) {
      check(files, scorer);
    }
  }

  private static void checkFiles(ModelFiles files) {
    ModelContract.checkCard(files.card());
    ModelWindow window = ModelWindow.of(files.card().columns());
    if (window.rows() > 1) {
      window.check(OnnxReader.read(files.onnx()), "feature set " + files.card().featureSet());
    }
  }

  private static boolean isFallback(ScorerChoice choice, LoadedModel model) {
    return choice == ScorerChoice.AUTO && model.kind() == ScorerKind.ONNX_RUNTIME;
  }

  /** The same with the scorer that a run's header names. */
  static LoadedModel load(ModelFiles files, ScorerKind kind) {
    checkFiles(files);
    return verified(files, ScorerSelection.pinned(files, kind));
  }

  private static LoadedModel verified(ModelFiles files, ScorerSelection selection) {
    Scorer scorer = selection.scorer();
    try {
      check(files, scorer);
      warmUp(scorer);
      return new LoadedModel(
          files.card(), files.sha256(), selection.kind(), scorer, selection.reason());
    } catch (RuntimeException e) {
      scorer.close();
      throw e;
    }
  }

  private static void check(ModelFiles files, Scorer scorer) {
    ModelCard card = files.card();
    checkOutputs(card, scorer.outputs());
    checkRow(card, scorer, "zeros", i -> 0);
    checkRow(card, scorer, "ones", i -> 1);
    checkRow(card, scorer, "alternating -1 and 1", i -> i % 2 == 0 ? -1 : 1);
    if (card.acceptsNaN()) {
      checkRow(card, scorer, "NaN (the card says acceptsNaN)", i -> Double.NaN);
    }
    if (files.rows().isPresent()) {
      checkKept(card, scorer, files.rows().get());
    }
    checkRepeats(scorer);
  }

  private static void checkOutputs(ModelCard card, int outputs) {
    int expected = card.output() == ModelCard.Output.CLASSES ? card.classes().size() : 1;
    if (outputs == expected) {
      return;
    }
    String advice =
        card.output() == ModelCard.Output.UP_PROBABILITY && outputs == 2
            ? "; for two probabilities say output CLASSES and their order, [SELL, BUY] or"
                + " [BUY, SELL]"
            : "";
    throw new ModelRefusedException(
        "the card says output "
            + card.output()
            + (card.output() == ModelCard.Output.CLASSES ? " " + card.classes() : "")
            + ", so "
            + expected
            + " value"
            + (expected == 1 ? "" : "s")
            + "; the model gives "
            + outputs
            + advice);
  }

  private static void checkRow(
      ModelCard card, Scorer scorer, String row, IntToDoubleFunction value) {
    write(scorer, value);
    checkScores(card, scorer, row);
  }

  /** What it keeps of its registration must come out again, be it another machine or scorer. */
  private static void checkKept(ModelCard card, Scorer scorer, ParityRows rows) {
    for (int i = 0; i < rows.size(); i++) {
      RowScores.write(scorer, rows.inputs()[i]);
      String row = "line " + (i + 2) + " of " + ParityRows.FILE;
      checkScores(card, scorer, row);
      for (int k = 0; k < scorer.outputs(); k++) {
        double expected = rows.expected()[i][k];
        if (RowScores.difference(expected, scorer.output(k)) > ParityCheck.TOLERANCE) {
          throw refused(row, scorer, "output " + k + " was " + expected + " at registration");
        }
      }
    }
  }

  private static void checkScores(ModelCard card, Scorer scorer, String row) {
    if (!scorer.score()) {
      throw new ModelRefusedException("scoring a row of " + row + " fails: " + scorer.lastError());
    }
    double sum = 0;
    for (int i = 0; i < scorer.outputs(); i++) {
      double score = scorer.output(i);
      if (!Double.isFinite(score)) {
        throw refused(row, scorer, "output " + i + " is " + score);
      }
      boolean probability = card.output() != ModelCard.Output.REGRESSION;
      if (probability && (score < -SUM_TOLERANCE || score > 1 + SUM_TOLERANCE)) {
        throw refused(
            row,
            scorer,
            "output "
                + i
                + " is no probability; end the model with "
                + (card.output() == ModelCard.Output.CLASSES ? "a Softmax" : "a Sigmoid")
                + " or register it with --logits");
      }
      sum += score;
    }
    if (card.output() == ModelCard.Output.CLASSES && Math.abs(sum - 1) > SUM_TOLERANCE) {
      throw refused(
          row,
          scorer,
          String.format(
              Locale.ROOT,
              "they sum to %s, not to 1 ± 1e-4; end the model with a Softmax or register it with"
                  + " --logits",
              sum));
    }
  }

  /** Scores must depend on the row alone: a journal replays only then. */
  private static void checkRepeats(Scorer scorer) {
    write(scorer, i -> i % 3 - 1);
    scorer.score();
    double[] first = scores(scorer);
    scorer.score();
    double[] second = scores(scorer);
    if (!Arrays.equals(first, second)) {
      throw new ModelRefusedException(
          "one row scores "
              + Arrays.toString(first)
              + ", then "
              + Arrays.toString(second)
              + ": the model draws random numbers; export it in evaluation mode");
    }
  }

  private static double[] scores(Scorer scorer) {
    return IntStream.range(0, scorer.outputs()).mapToDouble(scorer::output).toArray();
  }

  private static ModelRefusedException refused(String row, Scorer scorer, String reason) {
    return new ModelRefusedException(
        "a row of " + row + " scores " + Arrays.toString(scores(scorer)) + ": " + reason);
  }

  private static void write(Scorer scorer, IntToDoubleFunction value) {
    for (int i = 0; i < scorer.features(); i++) {
      if (scorer.isDouble()) {
        scorer.input().setAtIndex(JAVA_DOUBLE, i, value.applyAsDouble(i));
      } else {
        scorer.input().setAtIndex(JAVA_FLOAT, i, (float) value.applyAsDouble(i));
      }
    }
  }

  private static void warmUp(Scorer scorer) {
    write(scorer, i -> 0);
    long start = System.nanoTime();
    for (int i = 0; i < WARM_UP_RUNS && System.nanoTime() - start < WARM_UP_NANOS; i++) {
      scorer.score();
    }
  }
}

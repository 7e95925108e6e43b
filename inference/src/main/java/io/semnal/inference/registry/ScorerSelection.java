package io.semnal.inference.registry;

import io.semnal.core.config.RuntimeConfig.Models.ScorerChoice;
import io.semnal.inference.compiled.CompiledScorer;
import io.semnal.inference.compiled.UnsupportedModelException;
import io.semnal.inference.onnx.OnnxModel;
import io.semnal.inference.onnx.OnnxReader;
import io.semnal.inference.scorer.OnnxScorer;
import io.semnal.inference.scorer.Scorer;
import io.semnal.protocol.sbe.ScorerKind;
import java.util.Locale;

/**
 * Decides by what a model is scored.
 *
 * <p>{@code compiled} and {@code auto} compile it and compare the result with ONNX Runtime; where
 * it is not covered or differs, {@code auto} takes ONNX Runtime and {@code compiled} refuses. A
 * run's header names the choice: a replay does not choose, nor compare, again.
 *
 * @param reason for people: why this one
 */
record ScorerSelection(Scorer scorer, ScorerKind kind, String reason) {

  /**
   * @throws ModelRefusedException where the model is unsound, or not scored as chosen
   */
  static ScorerSelection choose(ModelFiles files, ScorerChoice choice) {
    ModelCard card = files.card();
    OnnxModel model = OnnxReader.read(files.onnx());
    CompiledScorer compiled = null;
    String reason;
    try {
      compiled = compile(model, card);
      reason = "the configuration says onnxruntime";
    } catch (UnsupportedModelException e) {
      reason = e.getMessage();
    }
    if (choice == ScorerChoice.COMPILED && compiled == null) {
      throw new ModelRefusedException(
          "models.scorer = compiled, which does not cover it: " + reason);
    }
    OnnxScorer reference = null;
    try {
      reference = openRuntime(files);
      if (choice != ScorerChoice.ONNXRUNTIME && compiled != null) {
        ParityCheck.Result parity =
            ParityCheck.compare(
                model,
                compiled,
                reference,
                card.acceptsNaN(),
                files.rows().map(ParityRows::inputs).orElse(new double[0][]));
        if (parity.matches()) {
          reference.close();
          return new ScorerSelection(compiled, ScorerKind.COMPILED, agreement(parity));
        }
        reason = "compiled, it differs from ONNX Runtime: " + parity.mismatch();
        if (choice == ScorerChoice.COMPILED) {
          throw new ModelRefusedException("models.scorer = compiled, but " + reason);
        }
      }
    } catch (RuntimeException e) {
      close(compiled);
      close(reference);
      throw e;
    }
    close(compiled);
    return new ScorerSelection(reference, ScorerKind.ONNX_RUNTIME, reason);
  }

  private static String agreement(ParityCheck.Result parity) {
    return String.format(
        Locale.ROOT,
        "compiled, it equals ONNX Runtime on %d rows to %.1e",
        parity.rows(),
        parity.largest());
  }

  /**
   * The scorer that a run's header names.
   *
   * @throws ModelRefusedException where this build cannot make it
   */
  static ScorerSelection pinned(ModelFiles files, ScorerKind kind) {
    String reason = "the run's header says so";
    if (kind == ScorerKind.ONNX_RUNTIME) {
      return new ScorerSelection(openRuntime(files), kind, reason);
    }
    if (kind != ScorerKind.COMPILED) {
      throw new ModelRefusedException(
          "the run scored it with " + kind + ", which this build lacks");
    }
    try {
      OnnxModel model = OnnxReader.read(files.onnx());
      return new ScorerSelection(compile(model, files.card()), kind, reason);
    } catch (UnsupportedModelException e) {
      throw new ModelRefusedException(
          "the run scored it compiled, which this build cannot: " + e.getMessage(), e);
    }
  }

  private static CompiledScorer compile(OnnxModel model, ModelCard card) {
    return CompiledScorer.open(model, card.columns().size(), card.outputName());
  }

  private static OnnxScorer openRuntime(ModelFiles files) {
    ModelCard card = files.card();
    return OnnxScorer.open(files.onnx(), card.columns().size(), card.outputName());
  }

  private static void close(Scorer scorer) {
    if (scorer != null) {
      scorer.close();
    }
  }
}

package io.semnal.inference.registry;

import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.RuntimeConfig.Models.ScorerChoice;
import io.semnal.inference.compiled.CompiledScorer;
import io.semnal.inference.compiled.UnsupportedModelException;
import io.semnal.inference.scorer.OnnxScorer;
import io.semnal.inference.scorer.Scorer;
import io.semnal.protocol.sbe.ScorerKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Everything that a version can be checked for, each check with its own finding; a failed one does
 * not hide the next.
 */
public record VersionCheck(List<Finding> findings) {
  /**
   * @param what was checked
   * @param text for people: how it went
   */
  public record Finding(String what, boolean isGood, String text) {}

  public VersionCheck {
    findings = List.copyOf(findings);
  }

  public boolean isGood() {
    return findings.stream().allMatch(Finding::isGood);
  }

  /**
   * @param set that it shall score, as configured; empty = there is none of the card's name
   * @param featureHash of that set
   */
  public static VersionCheck of(
      ModelRegistry registry, ModelCard card, Optional<FeatureSetConfig> set, byte[] featureHash) {
    List<Finding> findings = new ArrayList<>();
    ModelFiles files;
    try {
      files = registry.read(card.reference());
    } catch (ModelRefusedException e) {
      return new VersionCheck(List.of(new Finding("files", false, e.getMessage())));
    }
    findings.add(
        new Finding(
            "files",
            true,
            "card, model" + (files.rows().isPresent() ? " and rows" : "") + " have their SHA-256"));
    findings.add(contract(card, set, featureHash));
    double[][] rows =
        files
            .rows()
            .map(ParityRows::inputs)
            .orElseGet(() -> ParityCheck.randomRows(card.columns().size()));
    int columns = card.columns().size();
    Finding runtime =
        scores(
            "onnxruntime",
            () -> OnnxScorer.open(files.onnx(), columns, card.outputName()),
            files,
            rows);
    findings.add(runtime);
    if (runtime.isGood()) {
      findings.add(
          scores(
              "compiled",
              () -> CompiledScorer.open(files.onnx(), columns, card.outputName()),
              files,
              rows));
    }
    findings.add(choice(files));
    return new VersionCheck(findings);
  }

  private static Finding contract(
      ModelCard card, Optional<FeatureSetConfig> set, byte[] featureHash) {
    if (set.isEmpty()) {
      return new Finding(
          "contract",
          false,
          "the configuration has no feature set " + card.featureSet() + ", which the card names");
    }
    try {
      ModelContract.check(card, set.get(), featureHash);
    } catch (ModelRefusedException e) {
      return new Finding("contract", false, e.getMessage());
    }
    return new Finding(
        "contract",
        true,
        card.columns().size()
            + " columns"
            + (card.featureHash().isEmpty() ? "" : " and the hash")
            + " of feature set "
            + set.get().name());
  }

  /** Against what was kept at registration; without that, against ONNX Runtime. */
  private static Finding scores(
      String what, Supplier<Scorer> opener, ModelFiles files, double[][] rows) {
    try (Scorer scorer = opener.get()) {
      double[][] scores = RowScores.of(scorer, rows);
      boolean isKept = files.rows().isPresent();
      if (!isKept && what.equals("onnxruntime")) {
        return new Finding(what, true, "scores " + rows.length + " random rows; none were kept");
      }
      double[][] expected = isKept ? files.rows().get().expected() : byRuntime(files, rows);
      double largest = RowScores.largestDifference(expected, scores);
      return new Finding(
          what,
          largest <= ParityCheck.TOLERANCE,
          String.format(
              Locale.ROOT,
              "%d %s rows, largest difference %.1e from %s",
              rows.length,
              isKept ? "kept" : "random",
              largest,
              isKept ? "the scores at registration" : "ONNX Runtime"));
    } catch (UnsupportedModelException e) {
      return new Finding(what, true, "not covered: " + e.getMessage());
    } catch (ModelRefusedException e) {
      return new Finding(what, false, e.getMessage());
    }
  }

  private static double[][] byRuntime(ModelFiles files, double[][] rows) {
    ModelCard card = files.card();
    try (Scorer scorer = OnnxScorer.open(files.onnx(), card.columns().size(), card.outputName())) {
      return RowScores.of(scorer, rows);
    }
  }

  private static Finding choice(ModelFiles files) {
    try (LoadedModel model = ModelVerifier.load(files, ScorerChoice.AUTO)) {
      String kind = model.kind() == ScorerKind.COMPILED ? "compiled" : "onnxruntime";
      return new Finding("auto", true, "takes " + kind + ": " + model.reason());
    } catch (ModelRefusedException e) {
      return new Finding("auto", false, e.getMessage());
    }
  }
}

package io.semnal.inference.registry;

import io.semnal.core.config.FeatureSetConfig;
import io.semnal.inference.onnx.GraphEdit;
import io.semnal.inference.onnx.OnnxModel;
import io.semnal.inference.onnx.OnnxModel.Node;
import io.semnal.inference.onnx.OnnxReader;
import io.semnal.inference.registry.ModelTraining.Deciles;
import io.semnal.inference.scorer.OnnxScorer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Makes a registered model of an ONNX file that was trained elsewhere: its card from what its owner
 * says, the operator that it lacks, and what its rows tell.
 *
 * @param onnx as it will be registered
 * @param rows with the scores of ONNX Runtime
 */
public record ModelImport(byte[] onnx, ModelCard card, Optional<ParityRows> rows) {
  /** Of a model whose maker is not known. */
  private static final String LEARNER = "elsewhere";

  /**
   * What the owner says.
   *
   * @param file the name it was brought under
   * @param name to register it as
   * @param set whose columns it takes, in that order
   * @param featureHash of that set, by the feature pipeline
   * @param isLogits whether a Softmax (for one value, a Sigmoid) is to be added
   * @param outputName empty = the first of float32 or float64
   */
  public record Request(
      String file,
      String name,
      FeatureSetConfig set,
      byte[] featureHash,
      OutputSpec output,
      boolean isLogits,
      String outputName,
      boolean acceptsNaN,
      String labelPolicy,
      String description) {}

  /**
   * @param rows real ones, by column; empty = none
   * @param rowsName for people: where they are from
   * @throws ModelRefusedException where the file does not do what its owner says, with the mismatch
   */
  public static ModelImport of(byte[] brought, Request request, double[][] rows, String rowsName) {
    OnnxModel model = OnnxReader.read(brought);
    checkClassOrder(model, request.output());
    int columns = request.set().width();
    ModelWindow.of(request.set().inputs()).check(model, "feature set " + request.set().name());
    String read;
    try (OnnxScorer scorer = OnnxScorer.open(brought, columns, request.outputName())) {
      read = scorer.outputName();
    }
    byte[] onnx = brought;
    String outputName = request.outputName();
    String added = "";
    if (request.isLogits()) {
      GraphEdit.Edited edited = withProbabilities(brought, model, request, read);
      onnx = edited.onnx();
      outputName = edited.outputName();
      added =
          "; registration added a "
              + operator(request.output())
              + " behind its output "
              + read
              + " (--logits)";
    }
    ModelCard card = card(request, outputName, origin(request.file(), brought) + added);
    ModelVerifier.check(new ModelFiles(onnx, card));
    if (rows.length == 0) {
      return new ModelImport(onnx, card, Optional.empty());
    }
    return withRows(onnx, card, rows, rowsName);
  }

  /** A file's bytes, where it is no larger than models are. */
  public static byte[] read(Path file) {
    return VersionFolder.bytes(file);
  }

  private static String origin(String file, byte[] brought) {
    return file + ", SHA-256 " + ModelFiles.hex(ModelFiles.sha256(brought));
  }

  private static ModelCard card(Request request, String outputName, String origin) {
    OutputSpec output = request.output();
    return new ModelCard(
        request.name(),
        1,
        request.set().name(),
        HexFormat.of().formatHex(request.featureHash()),
        request.set().inputs(),
        output.output(),
        output.classes(),
        output.unit(),
        outputName,
        request.acceptsNaN(),
        request.labelPolicy(),
        request.description(),
        "",
        "",
        Optional.empty(),
        origin);
  }

  /** A classifier that names its classes must name them as its owner does. */
  private static void checkClassOrder(OnnxModel model, OutputSpec output) {
    for (Node node : model.graph().nodes()) {
      for (String key : List.of("classlabels_strings", "classlabels")) {
        if (node.attributes().get(key) instanceof List<?> labels
            && new HashSet<>(labels).equals(new HashSet<>(output.classes()))
            && !labels.equals(output.classes())) {
          throw new ModelRefusedException(
              "--output says classes="
                  + String.join(",", output.classes())
                  + ", the model's "
                  + node.describe()
                  + " says "
                  + labels
                  + ": the wrong order would trade backwards");
        }
      }
    }
  }

  private static String operator(OutputSpec output) {
    return output.output() == ModelCard.Output.CLASSES ? "Softmax" : "Sigmoid";
  }

  private static GraphEdit.Edited withProbabilities(
      byte[] onnx, OnnxModel model, Request request, String read) {
    if (request.output().output() == ModelCard.Output.REGRESSION) {
      throw new ModelRefusedException("--logits is for probabilities, not for a regression");
    }
    boolean isClasses = request.output().output() == ModelCard.Output.CLASSES;
    if (isClasses ? givesDistribution(onnx, request) : endsInSigmoid(model, read)) {
      throw new ModelRefusedException(
          "its output "
              + read
              + " holds probabilities already, and a second "
              + operator(request.output())
              + " would flatten them: leave --logits away");
    }
    return isClasses ? GraphEdit.withSoftmax(onnx, read) : GraphEdit.withSigmoid(onnx, read);
  }

  private static boolean givesDistribution(byte[] onnx, Request request) {
    try {
      ModelVerifier.check(new ModelFiles(onnx, card(request, request.outputName(), "")));
      return true;
    } catch (ModelRefusedException e) {
      // Whatever is wrong: the changed model is verified in any case, and says it again.
      return false;
    }
  }

  private static boolean endsInSigmoid(OnnxModel model, String output) {
    return model.graph().nodes().stream()
        .anyMatch(node -> node.outputs().contains(output) && node.operator().equals("Sigmoid"));
  }

  private static ModelImport withRows(
      byte[] onnx, ModelCard card, double[][] rows, String rowsName) {
    checkRows(card, rows);
    double[][] scores;
    try (OnnxScorer scorer = OnnxScorer.open(onnx, card.columns().size(), card.outputName())) {
      scores = RowScores.of(scorer, rows);
    }
    List<Deciles> deciles = new ArrayList<>();
    for (int i = 0; i < card.columns().size(); i++) {
      deciles.add(Deciles.of(card.columns().get(i), column(rows, i)));
    }
    for (int i = 0; i < card.scoreNames().size(); i++) {
      deciles.add(Deciles.of("score." + card.scoreNames().get(i), column(scores, i)));
    }
    ModelTraining training =
        new ModelTraining(
            LEARNER,
            new TreeMap<>(),
            0,
            0,
            new TreeMap<>(Map.of("rows", (double) rows.length)),
            new TreeMap<>(Map.of("rows", rowsName)),
            deciles);
    return new ModelImport(
        onnx, card.withTraining(training), Optional.of(new ParityRows(rows, scores)));
  }

  private static void checkRows(ModelCard card, double[][] rows) {
    for (int i = 0; i < rows.length; i++) {
      for (int k = 0; k < rows[i].length; k++) {
        double value = rows[i][k];
        if (Double.isInfinite(value) || Double.isNaN(value) && !card.acceptsNaN()) {
          throw new ModelRefusedException(
              "row "
                  + (i + 1)
                  + " of --rows has "
                  + (Double.isNaN(value) ? "no value" : "an infinite value")
                  + " in column "
                  + card.columns().get(k)
                  + (Double.isNaN(value) ? "; say --accepts-nan if the model takes that" : ""));
        }
      }
    }
  }

  private static double[] column(double[][] rows, int index) {
    double[] values = new double[rows.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = rows[i][index];
    }
    return values;
  }
}

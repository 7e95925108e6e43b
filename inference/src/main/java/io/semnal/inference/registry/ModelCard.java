package io.semnal.inference.registry;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * What a model version says of itself: the contract that loading checks.
 *
 * @param name {@code [a-z0-9][a-z0-9-]{0,31}}
 * @param version from 1
 * @param featureSet name of the set it was trained on
 * @param featureHash hex SHA-256 of that set
 * @param columns its columns
 * @param output what the numbers mean
 * @param classes for {@code CLASSES}: a permutation of SELL, NEUTRAL, BUY in the model's own order
 * @param unit for {@code REGRESSION}: return, pips or atr
 * @param outputName the ONNX output to read; empty = the first
 * @param acceptsNaN whether missing features may be scored
 * @param labelPolicy the policy whose labels it was trained on, canonical text; empty = unknown
 * @param description for people: data, method, limits
 * @param trainedFrom ISO-8601, or empty
 * @param trainedTo ISO-8601, or empty
 * @param training how it was made, where its maker says so
 * @param origin the file that was brought: its name, its hash, and what registration added to its
 *     graph; empty = not brought from elsewhere
 */
public record ModelCard(
    String name,
    int version,
    String featureSet,
    String featureHash,
    List<String> columns,
    Output output,
    List<String> classes,
    String unit,
    String outputName,
    boolean acceptsNaN,
    String labelPolicy,
    String description,
    String trainedFrom,
    String trainedTo,
    Optional<ModelTraining> training,
    String origin) {
  /** Kind of the model's output. */
  public enum Output {
    CLASSES,
    UP_PROBABILITY,
    REGRESSION
  }

  public ModelCard {
    columns = List.copyOf(columns);
    classes = List.copyOf(classes);
  }

  /** Without a word on how it was made, and not brought from elsewhere. */
  public ModelCard(
      String name,
      int version,
      String featureSet,
      String featureHash,
      List<String> columns,
      Output output,
      List<String> classes,
      String unit,
      String outputName,
      boolean acceptsNaN,
      String labelPolicy,
      String description,
      String trainedFrom,
      String trainedTo) {
    this(
        name,
        version,
        featureSet,
        featureHash,
        columns,
        output,
        classes,
        unit,
        outputName,
        acceptsNaN,
        labelPolicy,
        description,
        trainedFrom,
        trainedTo,
        Optional.empty(),
        "");
  }

  /** {@code name@version}. */
  public String reference() {
    return name + "@" + version;
  }

  /** Names of the scored values in the model's order: the classes, UP, or MOVE. */
  public List<String> scoreNames() {
    return switch (output) {
      case CLASSES -> classes;
      case UP_PROBABILITY -> List.of("UP");
      case REGRESSION -> List.of("MOVE");
    };
  }

  /** As {@code card.json} holds it. */
  public String toJson() {
    return new String(CardJson.write(this), StandardCharsets.UTF_8);
  }

  /** The same under another number. */
  public ModelCard withVersion(int other) {
    return new ModelCard(
        name,
        other,
        featureSet,
        featureHash,
        columns,
        output,
        classes,
        unit,
        outputName,
        acceptsNaN,
        labelPolicy,
        description,
        trainedFrom,
        trainedTo,
        training,
        origin);
  }

  /** The same with how it was made. */
  public ModelCard withTraining(ModelTraining made) {
    return new ModelCard(
        name,
        version,
        featureSet,
        featureHash,
        columns,
        output,
        classes,
        unit,
        outputName,
        acceptsNaN,
        labelPolicy,
        description,
        trainedFrom,
        trainedTo,
        Optional.of(made),
        origin);
  }
}

package io.semnal.inference.registry;

import java.util.List;
import java.util.Locale;

/**
 * What whoever brings a model says of its numbers; nothing is guessed.
 *
 * @param classes for {@code CLASSES}, in the model's order
 * @param unit for {@code REGRESSION}
 */
public record OutputSpec(ModelCard.Output output, List<String> classes, String unit) {
  /** The forms of {@link #parse}, for people. */
  public static final String FORMS =
      "classes=SELL,NEUTRAL,BUY (the model's own order), up-probability,"
          + " regression:return|pips|atr";

  private static final String CLASSES = "classes=";
  private static final String REGRESSION = "regression:";

  public OutputSpec {
    classes = List.copyOf(classes);
  }

  /**
   * @throws IllegalArgumentException saying what it may be
   */
  public static OutputSpec parse(String text) {
    if (text.equals("up-probability")) {
      return new OutputSpec(ModelCard.Output.UP_PROBABILITY, List.of(), "");
    }
    if (text.startsWith(CLASSES)) {
      List<String> classes =
          List.of(text.substring(CLASSES.length()).toUpperCase(Locale.ROOT).split(",", -1));
      if (ModelContract.isClassOrder(classes)) {
        return new OutputSpec(ModelCard.Output.CLASSES, classes, "");
      }
      throw new IllegalArgumentException(
          "'" + text + "' must order SELL, NEUTRAL, BUY or SELL, BUY as the model gives them");
    }
    String unit = text.startsWith(REGRESSION) ? text.substring(REGRESSION.length()) : "";
    if (ModelContract.UNITS.contains(unit)) {
      return new OutputSpec(ModelCard.Output.REGRESSION, List.of(), unit);
    }
    throw new IllegalArgumentException("'" + text + "' is none of " + FORMS);
  }
}

package io.semnal.inference.registry;

import io.semnal.core.config.FeatureSetConfig;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What a card must say to be used, and whether it fits the features that it shall score. */
public final class ModelContract {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
  private static final Set<Set<String>> CLASS_SETS =
      Set.of(Set.of("SELL", "NEUTRAL", "BUY"), Set.of("SELL", "BUY"));
  static final Set<String> UNITS = Set.of("return", "pips", "atr");

  private ModelContract() {}

  /**
   * Checks that a model was trained on the features that it shall score.
   *
   * @param set as configured
   * @param actualHash of that set, by the feature pipeline
   * @throws ModelRefusedException listing the columns that differ, or the hashes
   */
  public static void check(ModelCard card, FeatureSetConfig set, byte[] actualHash) {
    String model = card.name() + "@" + card.version();
    List<String> inputs = set.inputs();
    if (!card.columns().equals(inputs)) {
      throw new ModelRefusedException(
          model
              + " was trained on other columns than feature set "
              + set.name()
              + " has: "
              + String.join("; ", ModelWindow.differences(card.columns(), inputs)));
    }
    String actual = HexFormat.of().formatHex(actualHash);
    if (!card.featureHash().isEmpty() && !card.featureHash().equals(actual)) {
      throw new ModelRefusedException(
          model
              + " was trained on feature set "
              + card.featureSet()
              + " with hash "
              + card.featureHash()
              + ", feature set "
              + set.name()
              + " has hash "
              + actual
              + ": the columns are the same, so timeframe, price or the version of the indicators"
              + " differ; train again or use the set that the card names");
    }
  }

  /**
   * Checks the card by itself.
   *
   * @throws ModelRefusedException naming the field, what it says and what it may say
   */
  static void checkCard(ModelCard card) {
    requireName(card.name());
    require(card.version() >= 1, "version is " + card.version() + ", must be 1 or more");
    require(!card.featureSet().isBlank(), "featureSet is empty");
    require(
        card.featureHash().isEmpty() || HASH.matcher(card.featureHash()).matches(),
        "featureHash is '" + card.featureHash() + "', must be 64 lower-case hex digits or empty");
    require(!card.columns().isEmpty(), "columns is empty");
    boolean classes = card.output() == ModelCard.Output.CLASSES;
    require(
        !classes || isClassOrder(card.classes()),
        "classes is " + card.classes() + ", must order SELL, NEUTRAL, BUY or SELL, BUY");
    require(
        classes || card.classes().isEmpty(),
        "classes is " + card.classes() + ", must be empty for output " + card.output());
    boolean regression = card.output() == ModelCard.Output.REGRESSION;
    require(
        !regression || UNITS.contains(card.unit()),
        "unit is '" + card.unit() + "', must be return, pips or atr for a regression");
    require(
        regression || card.unit().isEmpty(),
        "unit is '" + card.unit() + "', must be empty for output " + card.output());
  }

  static void requireName(String name) {
    require(NAME.matcher(name).matches(), "name is '" + name + "', must match " + NAME.pattern());
  }

  static boolean isClassOrder(List<String> classes) {
    for (Set<String> allowed : CLASS_SETS) {
      if (classes.size() == allowed.size()
          && allowed.containsAll(classes)
          && Set.copyOf(classes).size() == classes.size()) {
        return true;
      }
    }
    return false;
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new ModelRefusedException("card.json: " + otherwise);
    }
  }
}

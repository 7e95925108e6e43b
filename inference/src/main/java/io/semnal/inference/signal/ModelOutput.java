package io.semnal.inference.signal;

import io.semnal.inference.registry.ModelCard;
import io.semnal.inference.scorer.Scorer;
import java.util.List;

/**
 * Reads a scorer's output as its card says, and refuses what cannot be true: probabilities that are
 * not within 0 to 1 or do not sum to 1, both to 1e-4, and values that are not finite.
 */
public final class ModelOutput {
  private static final double TOLERANCE = 1e-4;

  private enum Unit {
    RETURN,
    PIPS,
    ATR
  }

  private final ModelCard.Output kind;
  private final int buy;
  private final int sell;
  private final int neutral;
  private final Unit unit;

  /**
   * @throws IllegalArgumentException where the card does not say what its numbers mean
   */
  public ModelOutput(ModelCard card) {
    kind = card.output();
    boolean classes = kind == ModelCard.Output.CLASSES;
    buy = classes ? place(card.classes(), "BUY") : -1;
    sell = classes ? place(card.classes(), "SELL") : -1;
    neutral = classes ? card.classes().indexOf("NEUTRAL") : -1;
    unit = kind == ModelCard.Output.REGRESSION ? unit(card.unit()) : null;
  }

  private static int place(List<String> classes, String name) {
    int place = classes.indexOf(name);
    if (place < 0) {
      throw new IllegalArgumentException(
          "classes must hold BUY and SELL in the model's order, not " + classes);
    }
    return place;
  }

  private static Unit unit(String text) {
    return switch (text) {
      case "return" -> Unit.RETURN;
      case "pips" -> Unit.PIPS;
      case "atr" -> Unit.ATR;
      default ->
          throw new IllegalArgumentException(
              "the unit of a regression must be return, pips or atr, not '" + text + "'");
    };
  }

  /**
   * @param mid price of the decision, not a mantissa
   * @param pip in price units
   * @param atr in price units
   * @return whether the output makes sense; if not, {@code into} holds no number
   */
  public boolean read(Scorer scorer, double mid, double pip, double atr, Scores into) {
    into.clear();
    return switch (kind) {
      case CLASSES -> readClasses(scorer, into);
      case UP_PROBABILITY -> readUp(scorer.output(0), into);
      case REGRESSION -> readMove(scorer.output(0), mid, pip, atr, into);
    };
  }

  private boolean readClasses(Scorer scorer, Scores into) {
    double b = scorer.output(buy);
    double s = scorer.output(sell);
    double n = neutral < 0 ? 0 : scorer.output(neutral);
    if (!isProbability(b)
        || !isProbability(s)
        || !isProbability(n)
        || Math.abs(b + s + n - 1) > TOLERANCE) {
      return false;
    }
    into.buy = b;
    into.sell = s;
    into.neutral = n;
    return true;
  }

  private static boolean readUp(double up, Scores into) {
    if (!isProbability(up)) {
      return false;
    }
    into.buy = up;
    into.sell = 1 - up;
    into.neutral = 0;
    return true;
  }

  private boolean readMove(double value, double mid, double pip, double atr, Scores into) {
    double move =
        switch (unit) {
          case RETURN -> value * mid / atr;
          case PIPS -> value * pip / atr;
          case ATR -> value;
        };
    if (!Double.isFinite(value) || !Double.isFinite(move)) {
      return false;
    }
    into.output = value;
    into.atrs = move;
    return true;
  }

  /** False for NaN. */
  private static boolean isProbability(double p) {
    return p >= -TOLERANCE && p <= 1 + TOLERANCE;
  }
}

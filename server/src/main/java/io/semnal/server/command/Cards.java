package io.semnal.server.command;

import io.semnal.inference.registry.ModelCard;
import io.semnal.inference.registry.ModelWindow;

/** Says in a line what a card says. */
final class Cards {
  private Cards() {}

  /** For example {@code probabilities of SELL, NEUTRAL, BUY}. */
  static String output(ModelCard card) {
    return switch (card.output()) {
      case CLASSES -> "probabilities of " + String.join(", ", card.classes());
      case UP_PROBABILITY -> "the probability of a rise";
      case REGRESSION -> "a move in " + unit(card.unit());
    };
  }

  /** For example {@code 17 columns} or {@code 20 rows of 8 columns}. */
  static String takes(ModelCard card) {
    ModelWindow window = ModelWindow.of(card.columns());
    return window.rows() > 1 ? window.shape() : card.columns().size() + " columns";
  }

  private static String unit(String unit) {
    return switch (unit) {
      case "return" -> "parts of the price";
      case "atr" -> "ATRs";
      default -> unit;
    };
  }
}

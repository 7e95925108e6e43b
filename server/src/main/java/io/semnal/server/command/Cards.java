package io.semnal.server.command;

import io.semnal.inference.registry.ModelCard;

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

  private static String unit(String unit) {
    return switch (unit) {
      case "return" -> "parts of the price";
      case "atr" -> "ATRs";
      default -> unit;
    };
  }
}

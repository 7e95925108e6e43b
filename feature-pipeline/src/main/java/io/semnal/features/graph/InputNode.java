package io.semnal.features.graph;

import io.semnal.features.Bar;

/** A field of the bar. */
public final class InputNode extends Node {
  /** Which one; prices and spreads in units of the quote currency. */
  public enum Field {
    OPEN,
    HIGH,
    LOW,
    CLOSE,
    /** Ticks of a bar made from quotes, the volume of a bar from a file, NaN where unknown. */
    VOLUME,
    SPREAD_LAST,
    SPREAD_MEAN,
    SPREAD_MIN,
    SPREAD_MAX,
    /** Last spread by mid price. */
    SPREAD_RELATIVE
  }

  private static final double ONE = 1e8;

  private final BarInputs inputs;
  private final Field field;

  public InputNode(GraphContext context, Field field) {
    this.inputs = context.inputs();
    this.field = field;
  }

  @Override
  protected double compute() {
    Bar bar = inputs.bar;
    return switch (field) {
      case OPEN -> inputs.open;
      case HIGH -> inputs.high;
      case LOW -> inputs.low;
      case CLOSE -> inputs.close;
      case VOLUME -> bar.volume;
      case SPREAD_LAST -> (bar.askClose - bar.bidClose) / ONE;
      case SPREAD_MEAN -> bar.spreadSum / (bar.ticks * ONE);
      case SPREAD_MIN -> bar.spreadMin / ONE;
      case SPREAD_MAX -> bar.spreadMax / ONE;
      case SPREAD_RELATIVE ->
          2.0 * (bar.askClose - bar.bidClose) / (double) (bar.askClose + bar.bidClose);
    };
  }
}

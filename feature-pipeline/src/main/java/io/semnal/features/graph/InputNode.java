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
    SPREAD_RELATIVE,
    /** Quotes of the bar whose mid lay above that of the quote before. */
    UP_TICKS,
    DOWN_TICKS,
    /** Sum of squared logarithmic changes of the mid, quote by quote. */
    INTRABAR_VARIANCE,
    /** Size at the last bid, in units of the base currency; NaN where unknown. */
    BID_SIZE,
    ASK_SIZE,
    /** Last bid and ask, each weighted by the other side's size. */
    MICRO_PRICE,
    /** Seconds from the last quote to now: to the close, or to the engine's time while forming. */
    QUOTE_AGE
  }

  private static final double ONE = 1e8;

  private static final double HUNDRED = 100;
  private static final double SECOND = 1e9;

  private final GraphContext context;
  private final BarInputs inputs;
  private final Field field;

  public InputNode(GraphContext context, Field field) {
    this.context = context;
    this.inputs = context.inputs();
    this.field = field;
  }

  @Override
  boolean movesWithinBar(boolean inputsMove) {
    return field != Field.OPEN;
  }

  @Override
  protected double compute() {
    return switch (field) {
      case OPEN -> inputs.open;
      case HIGH -> inputs.high;
      case LOW -> inputs.low;
      case CLOSE -> inputs.close;
      default -> other(inputs.bar);
    };
  }

  /** Apart, so that the prices stay short enough to be inlined. */
  private double other(Bar bar) {
    return switch (field) {
      case OPEN, HIGH, LOW, CLOSE -> throw new IllegalStateException(field.name());
      case VOLUME -> bar.volume;
      case SPREAD_LAST -> (bar.askClose - bar.bidClose) / ONE;
      case SPREAD_MEAN -> bar.spreadSum / (bar.ticks * ONE);
      case SPREAD_MIN -> bar.spreadMin / ONE;
      case SPREAD_MAX -> bar.spreadMax / ONE;
      case SPREAD_RELATIVE ->
          2.0 * (bar.askClose - bar.bidClose) / (double) (bar.askClose + bar.bidClose);
      case UP_TICKS -> bar.upTicks;
      case DOWN_TICKS -> bar.downTicks;
      case INTRABAR_VARIANCE -> bar.intrabarVariance;
      case BID_SIZE -> size(bar.bidSize);
      case ASK_SIZE -> size(bar.askSize);
      case MICRO_PRICE -> {
        double bidSize = size(bar.bidSize);
        double askSize = size(bar.askSize);
        yield (bar.bidClose * askSize + bar.askClose * bidSize) / ((bidSize + askSize) * ONE);
      }
      case QUOTE_AGE ->
          bar.quoteTime == Bar.UNKNOWN ? Double.NaN : (context.now() - bar.quoteTime) / SECOND;
    };
  }

  private static double size(long mantissa) {
    return mantissa > 0 ? mantissa / HUNDRED : Double.NaN;
  }
}

package io.semnal.features.graph;

import io.semnal.core.config.FeatureSetConfig.Price;
import io.semnal.features.Bar;

/**
 * The bar that a context's nodes see, prices in double.
 *
 * <p>Order of operations, the same everywhere: {@code (bid + ask)} exactly in integers, then one
 * division by 2e8; bid or ask alone divided by 1e8. The result is the double nearest to the decimal
 * price.
 */
final class BarInputs {
  private static final double ONE = 1e8;
  private static final double TWO = 2e8;

  double open;
  double high;
  double low;
  double close;

  /** The bar itself, for what is asked more rarely. */
  Bar bar;

  void load(Bar source, Price price) {
    bar = source;
    switch (price) {
      case MID -> {
        open = (source.bidOpen + source.askOpen) / TWO;
        high = (source.bidHigh + source.askHigh) / TWO;
        low = (source.bidLow + source.askLow) / TWO;
        close = (source.bidClose + source.askClose) / TWO;
      }
      case BID -> {
        open = source.bidOpen / ONE;
        high = source.bidHigh / ONE;
        low = source.bidLow / ONE;
        close = source.bidClose / ONE;
      }
      case ASK -> {
        open = source.askOpen / ONE;
        high = source.askHigh / ONE;
        low = source.askLow / ONE;
        close = source.askClose / ONE;
      }
    }
  }
}

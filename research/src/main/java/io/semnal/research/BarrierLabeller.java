package io.semnal.research;

import io.semnal.core.config.PolicyConfig;
import io.semnal.core.market.Instrument;
import io.semnal.core.market.MarketCalendar;
import io.semnal.core.market.Timeframe;
import io.semnal.inference.signal.Levels;
import io.semnal.inference.signal.MarketQuote;
import io.semnal.inference.signal.TrackedSignal;
import io.semnal.protocol.sbe.EndReason;
import io.semnal.protocol.sbe.SignalState;
import io.semnal.protocol.sbe.SignalType;
import java.util.ArrayList;
import java.util.List;

/**
 * Labels one instrument's rows by letting a buy and a sell live through the quotes that followed,
 * as the engine's own signals would: BUY if the buy reaches its target, SELL if the sell does,
 * NEUTRAL if both end otherwise. A row whose signals could not be entered gets no label.
 */
final class BarrierLabeller {
  static final int SELL = 0;
  static final int NEUTRAL = 1;
  static final int BUY = 2;

  /** Class names by label. */
  static final List<String> CLASSES = List.of("SELL", "NEUTRAL", "BUY");

  private static final double MANTISSA = 1e8;

  private final Samples samples;
  private final PolicyConfig policy;
  private final MarketCalendar calendar;
  private final long horizon;
  private final long step;
  private final List<Undecided> undecided = new ArrayList<>();

  private record Undecided(int row, TrackedSignal buy, TrackedSignal sell) {}

  BarrierLabeller(
      Samples samples,
      Instrument instrument,
      PolicyConfig policy,
      Timeframe timeframe,
      MarketCalendar calendar) {
    this.samples = samples;
    this.policy = policy;
    this.calendar = calendar;
    horizon = policy.horizonBars() * timeframe.nanos();
    step = Levels.step(instrument.priceDecimals());
  }

  /**
   * Begins the two lives of a row at the quote that stands.
   *
   * @param atr in price units
   */
  void open(int row, long time, long bid, long ask, double atr) {
    long slippage = Math.round(policy.maxSlippageAtr() * atr * MANTISSA);
    long expiration = calendar.addOpenTime(time, horizon);
    TrackedSignal buy = new TrackedSignal();
    buy.open(
        SignalType.BUY,
        ask,
        Levels.below(ask, policy.stopAtr(), atr, step),
        Levels.above(ask, policy.targetAtr(), atr, step),
        slippage,
        expiration);
    TrackedSignal sell = new TrackedSignal();
    sell.open(
        SignalType.SELL,
        bid,
        Levels.above(bid, policy.stopAtr(), atr, step),
        Levels.below(bid, policy.targetAtr(), atr, step),
        slippage,
        expiration);
    undecided.add(new Undecided(row, buy, sell));
  }

  /** Shows the next quote to all that is undecided. */
  void onQuote(MarketQuote quote) {
    int kept = 0;
    for (int i = 0; i < undecided.size(); i++) {
      Undecided open = undecided.get(i);
      if (!decide(open, quote)) {
        undecided.set(kept++, open);
      }
    }
    undecided.subList(kept, undecided.size()).clear();
  }

  private boolean decide(Undecided open, MarketQuote quote) {
    if (quote.time >= open.buy.expiration()) {
      if (open.buy.state() != SignalState.PENDING) {
        samples.label(open.row, NEUTRAL, quote.time);
      }
      return true;
    }
    open.buy.onQuote(quote, false);
    open.sell.onQuote(quote, false);
    if (invalidated(open.buy) || invalidated(open.sell)) {
      return true;
    }
    if (open.buy.reason() == EndReason.TARGET) {
      samples.label(open.row, BUY, quote.time);
    } else if (open.sell.reason() == EndReason.TARGET) {
      samples.label(open.row, SELL, quote.time);
    } else if (!open.buy.isOpen() && !open.sell.isOpen()) {
      samples.label(open.row, NEUTRAL, quote.time);
    } else {
      return false;
    }
    return true;
  }

  private static boolean invalidated(TrackedSignal signal) {
    return signal.state() == SignalState.INVALIDATED;
  }
}

package io.semnal.research.sample;

import io.semnal.core.market.Instrument;
import io.semnal.core.market.MarketCalendar;
import io.semnal.core.market.Timeframe;
import io.semnal.features.Bar;
import io.semnal.inference.signal.Levels;
import io.semnal.inference.signal.MarketQuote;
import io.semnal.inference.signal.TrackedSignal;
import io.semnal.protocol.sbe.EndReason;
import io.semnal.protocol.sbe.SignalState;
import io.semnal.protocol.sbe.SignalType;
import java.util.ArrayList;
import java.util.List;

/**
 * Labels one instrument's rows by letting a buy and a sell live through the prices that followed,
 * as the engine's own signals would. The side that wins first is the label, NEUTRAL where neither
 * does; a row whose signals could not be entered gets none.
 *
 * <p>A bar stands for its ticks: its opening is a quote, its extremes come after that, its close is
 * the last. A level inside of it fills at the level; where both lie inside, the stop came first.
 */
final class Labeller {
  private final Samples samples;
  private final Instrument instrument;
  private final LabelRule rule;
  private final MarketCalendar calendar;
  private final long horizon;
  private final long step;
  private final List<Lives> open = new ArrayList<>();
  private final MarketQuote quote = new MarketQuote();
  private long lastBid;
  private long lastAsk;

  private static final class Lives {
    final int row;
    final double atrPips;
    final TrackedSignal buy = new TrackedSignal();
    final TrackedSignal sell = new TrackedSignal();
    boolean decided;

    Lives(int row, double atrPips) {
      this.row = row;
      this.atrPips = atrPips;
    }

    boolean anyOpen() {
      return buy.isOpen() || sell.isOpen();
    }
  }

  Labeller(
      Samples samples,
      Instrument instrument,
      LabelRule rule,
      Timeframe timeframe,
      MarketCalendar calendar) {
    this.samples = samples;
    this.instrument = instrument;
    this.rule = rule;
    this.calendar = calendar;
    horizon = rule.policy().horizonBars() * timeframe.nanos();
    step = Levels.step(instrument.priceDecimals());
  }

  /**
   * Begins the two lives of a row at the quote that stands.
   *
   * @param atr in price units
   */
  void open(int row, long time, long bid, long ask, double atr) {
    Lives lives = new Lives(row, atr * 1e8 / instrument.pip());
    long expiration = calendar.addOpenTime(time, horizon);
    rule.open(lives.buy, SignalType.BUY, bid, ask, atr, step, expiration);
    rule.open(lives.sell, SignalType.SELL, bid, ask, atr, step, expiration);
    lastBid = bid;
    lastAsk = ask;
    open.add(lives);
  }

  /** Shows the next unflagged quote to all that is open. */
  void onQuote(MarketQuote next) {
    for (Lives lives : open) {
      if (expires(lives, next.time)) {
        expire(lives, lives.buy.expiration(), lastBid, lastAsk);
      } else {
        show(lives, next);
      }
    }
    keepOpen(next.bid, next.ask);
  }

  /** Shows the next bar to all that is open. */
  void onBar(Bar bar) {
    for (Lives lives : open) {
      if (expires(lives, bar.openTime)) {
        expire(lives, lives.buy.expiration(), lastBid, lastAsk);
        continue;
      }
      show(lives, quote.set(bar.openTime, bar.openTime, bar.bidOpen, bar.askOpen));
      if (lives.anyOpen()) {
        show(lives, inside(bar, lives));
      }
      if (expires(lives, bar.closeTime)) {
        expire(lives, bar.closeTime, bar.bidClose, bar.askClose);
      }
    }
    keepOpen(bar.bidClose, bar.askClose);
  }

  /** After the opening the price came through every level, so no fill is worse than the stop. */
  private MarketQuote inside(Bar bar, Lives lives) {
    long floor = lives.buy.stop();
    long ceiling = lives.sell.stop();
    // Just before the close, which is when the next row is decided on.
    long time = bar.closeTime - 1;
    return quote
        .set(time, time, Math.max(bar.bidClose, floor), Math.min(bar.askClose, ceiling))
        .range(
            Math.max(bar.bidLow, floor), bar.bidHigh, bar.askLow, Math.min(bar.askHigh, ceiling));
  }

  private static boolean expires(Lives lives, long time) {
    return lives.anyOpen() && time >= lives.buy.expiration();
  }

  private void expire(Lives lives, long time, long bid, long ask) {
    boolean entered = lives.buy.state() != SignalState.PENDING;
    end(lives, lives.buy, time, bid, ask);
    end(lives, lives.sell, time, bid, ask);
    if (entered) {
      decide(lives, time);
    }
  }

  private void end(Lives lives, TrackedSignal signal, long time, long bid, long ask) {
    if (signal.isOpen()) {
      signal.end(EndReason.EXPIRED, bid, ask);
      record(lives, signal, time);
    }
  }

  private void show(Lives lives, MarketQuote next) {
    show(lives, lives.buy, next);
    show(lives, lives.sell, next);
    decide(lives, next.time);
  }

  private void show(Lives lives, TrackedSignal signal, MarketQuote next) {
    if (!signal.isOpen() || !signal.onQuote(next, false)) {
      return;
    }
    if (signal.isOpen()) {
      samples.entered(lives.row, signal == lives.buy, signal.fill());
    } else {
      record(lives, signal, next.time);
    }
  }

  private void record(Lives lives, TrackedSignal signal, long time) {
    samples.ended(lives.row, signal == lives.buy, signal, time, pips(signal));
  }

  private double pips(TrackedSignal signal) {
    return signal.pips(instrument.pip(), rule.policy().commissionPips());
  }

  private void decide(Lives lives, long time) {
    if (lives.decided) {
      return;
    }
    if (lives.buy.state() == SignalState.INVALIDATED
        || lives.sell.state() == SignalState.INVALIDATED) {
      lives.decided = true;
    } else if (wins(lives, lives.buy)) {
      label(lives, Samples.BUY, time);
    } else if (wins(lives, lives.sell)) {
      label(lives, Samples.SELL, time);
    } else if (!lives.anyOpen()) {
      label(lives, Samples.NEUTRAL, time);
    }
  }

  private boolean wins(Lives lives, TrackedSignal signal) {
    return !signal.isOpen() && rule.wins(signal, pips(signal), lives.atrPips);
  }

  private void label(Lives lives, int label, long time) {
    lives.decided = true;
    samples.label(lives.row, label, time);
  }

  private void keepOpen(long bid, long ask) {
    lastBid = bid;
    lastAsk = ask;
    int kept = 0;
    for (int i = 0; i < open.size(); i++) {
      Lives lives = open.get(i);
      if (lives.anyOpen()) {
        open.set(kept++, lives);
      }
    }
    open.subList(kept, open.size()).clear();
  }
}

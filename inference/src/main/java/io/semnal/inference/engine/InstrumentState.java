package io.semnal.inference.engine;

import io.semnal.core.market.Instrument;
import io.semnal.core.state.StateVisitor;
import io.semnal.core.state.Stateful;
import io.semnal.inference.signal.Levels;
import io.semnal.inference.signal.MarketQuote;
import io.semnal.protocol.MessageLayout;

/** What the engine knows of one configured instrument now. */
final class InstrumentState implements Stateful {
  final int index;
  final Instrument instrument;

  /** Smallest price step, a mantissa. */
  final long step;

  /** One pip in price units. */
  final double pip;

  /** All its slots, and those that score each quote; both by strategy name. */
  StrategySlot[] slots = {};

  StrategySlot[] tickSlots = {};

  /** By timeframe. */
  final int[] barTopics;

  /** 0 until the journal has given it one. */
  int id;

  /** The last unflagged quote; absent before the first. */
  long bid = MessageLayout.ABSENT;

  long ask = MessageLayout.ABSENT;
  long quoteTime = MessageLayout.ABSENT;

  /** Of the last quote. */
  int sourceId;

  /** Its source said DOWN, and no unflagged quote came since. */
  boolean down;

  /** Its source said DOWN or STALE, and no unflagged quote came since. */
  boolean stale;

  InstrumentState(int index, Instrument instrument, int timeframes) {
    this.index = index;
    this.instrument = instrument;
    step = Levels.step(instrument.priceDecimals());
    pip = (double) instrument.pip() / MessageLayout.PRICE_SCALE;
    barTopics = new int[timeframes];
  }

  boolean hasQuote() {
    return quoteTime != MessageLayout.ABSENT;
  }

  void take(MarketQuote quote) {
    bid = quote.bid;
    ask = quote.ask;
    quoteTime = quote.time;
    down = false;
    stale = false;
  }

  @Override
  public void state(StateVisitor s) {
    s.section(instrument.symbol());
    s.of(barTopics);
    id = s.of(id);
    bid = s.of(bid);
    ask = s.of(ask);
    quoteTime = s.of(quoteTime);
    sourceId = s.of(sourceId);
    down = s.of(down);
    stale = s.of(stale);
  }

  /** Mid of the last unflagged quote in price units. */
  double mid() {
    return ((double) bid + ask) / 2 / MessageLayout.PRICE_SCALE;
  }
}

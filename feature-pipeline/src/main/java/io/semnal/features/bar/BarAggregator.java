package io.semnal.features.bar;

import io.semnal.core.market.Alignment;
import io.semnal.core.market.MarketCalendar;
import io.semnal.core.market.Timeframe;
import io.semnal.core.state.StateVisitor;
import io.semnal.core.state.Stateful;
import io.semnal.features.Bar;
import java.util.List;

/**
 * Turns quotes into bars of every instrument and timeframe.
 *
 * <p>A quote costs one update: it goes to the forming bar of the base timeframe, the first. Bars
 * cover [open, close) of the engine's time. Single-threaded; allocates nothing once built.
 */
public final class BarAggregator implements Stateful {
  private final Timeframe[] timeframes;
  private final Alignment alignment;
  private final MarketCalendar calendar;
  private final InstrumentBars[] bars;

  /** The closed bars of all, by {@code instrument × timeframes + timeframe}. */
  private final Bar[] closedByKey;

  private final CloseListener listener;

  /** The period of each timeframe that holds the time last asked for. */
  private final long[] periodOpen;

  private final long[] periodClose;
  private final int[] closing;
  private long nextBoundary = Long.MAX_VALUE;

  /** Bars of history that closed at one instant, ascending, and are not told yet. */
  private final int[] pending;

  private int pendingCount;
  private long pendingClose;

  /** No bar that history alone began ends before; {@link Long#MAX_VALUE} = there is none. */
  private long historyDue = Long.MAX_VALUE;

  /**
   * @param timeframes ascending, each a multiple of the first
   * @param listener told of the bars that close, boundary by boundary
   */
  public BarAggregator(
      int instruments,
      List<Timeframe> timeframes,
      Alignment alignment,
      MarketCalendar calendar,
      CloseListener listener) {
    this.timeframes = timeframes.toArray(new Timeframe[0]);
    for (int i = 0; i < this.timeframes.length; i++) {
      Timeframe timeframe = this.timeframes[i];
      alignment.check(timeframe);
      if (timeframe.seconds() % this.timeframes[0].seconds() != 0
          || (i > 0 && timeframe.seconds() <= this.timeframes[i - 1].seconds())) {
        throw new IllegalArgumentException(
            "timeframes " + timeframes + " must rise, each a multiple of the first");
      }
    }
    this.alignment = alignment;
    this.calendar = calendar;
    this.listener = listener;
    bars = new InstrumentBars[instruments];
    closedByKey = new Bar[instruments * this.timeframes.length];
    for (int i = 0; i < instruments; i++) {
      bars[i] = new InstrumentBars(this.timeframes.length);
      for (int t = 0; t < this.timeframes.length; t++) {
        closedByKey[i * this.timeframes.length + t] = bars[i].closed[t];
      }
    }
    periodOpen = new long[this.timeframes.length];
    periodClose = new long[this.timeframes.length];
    closing = new int[instruments * this.timeframes.length];
    pending = new int[instruments * this.timeframes.length];
  }

  /**
   * Takes a quote in.
   *
   * @return the flags, with {@code late} added where the event belongs before the base bar that
   *     holds {@code time}
   * @throws IllegalStateException if a boundary was passed over
   */
  public int onQuote(
      int instrument,
      long time,
      long eventTime,
      long bid,
      long ask,
      long bidSize,
      long askSize,
      int flags) {
    return onQuotes(
        instrument, time, eventTime, bid, ask, bidSize, askSize, bid, bid, ask, ask, 1, flags);
  }

  /** Takes in a quote that stands for {@code count} of them, with their extremes. */
  public int onQuotes(
      int instrument,
      long time,
      long eventTime,
      long bid,
      long ask,
      long bidSize,
      long askSize,
      long bidHigh,
      long bidLow,
      long askHigh,
      long askLow,
      long count,
      int flags) {
    InstrumentBars own = bars[instrument];
    Bar bar = own.forming[0];
    if (time >= nextBoundary) {
      throw new IllegalStateException("quote at " + time + " before boundary " + nextBoundary);
    }
    if (bar.ticks == 0) {
      seek(time);
      if (eventTime < periodOpen[0]) {
        return flags | BarFlagBits.QUOTE_LATE;
      }
      begin(own);
      bar.bidOpen = bid;
      bar.askOpen = ask;
      bar.bidHigh = bidHigh;
      bar.bidLow = bidLow;
      bar.askHigh = askHigh;
      bar.askLow = askLow;
      bar.spreadMin = ask - bid;
      bar.spreadMax = ask - bid;
      bar.spreadSum = 0;
      bar.upTicks = 0;
      bar.downTicks = 0;
      bar.intrabarVariance = 0;
    } else if (eventTime < bar.openTime) {
      bar.flags |= BarFlagBits.LATE;
      return flags | BarFlagBits.QUOTE_LATE;
    } else {
      BarMath.step(bar, bid, ask);
    }
    bar.bidHigh = Math.max(bar.bidHigh, bidHigh);
    bar.bidLow = Math.min(bar.bidLow, bidLow);
    bar.askHigh = Math.max(bar.askHigh, askHigh);
    bar.askLow = Math.min(bar.askLow, askLow);
    bar.bidClose = bid;
    bar.askClose = ask;
    bar.bidSize = bidSize;
    bar.askSize = askSize;
    bar.quoteTime = time;
    long spread = ask - bid;
    bar.spreadMin = Math.min(bar.spreadMin, spread);
    bar.spreadMax = Math.max(bar.spreadMax, spread);
    bar.spreadSum += spread * count;
    bar.ticks += count;
    bar.flags |= BarFlagBits.ofQuote(flags) | (calendar.isOpen(time) ? 0 : BarFlagBits.OFF_HOURS);
    return flags;
  }

  /** When the next armed bar closes, or {@link Long#MAX_VALUE}. */
  public long nextBoundary() {
    return nextBoundary;
  }

  /** Closes what ends at {@code boundary} or before, oldest boundary first. */
  public void closeBoundary(long boundary) {
    while (nextBoundary <= boundary) {
      long due = nextBoundary;
      int count = 0;
      long next = Long.MAX_VALUE;
      for (int i = 0; i < bars.length; i++) {
        InstrumentBars own = bars[i];
        for (int t = 0; t < timeframes.length; t++) {
          if (!own.armed[t]) {
            continue;
          }
          if (own.forming[t].closeTime <= due) {
            own.close(t);
            closing[count++] = i * timeframes.length + t;
          } else {
            next = Math.min(next, own.forming[t].closeTime);
          }
        }
      }
      nextBoundary = next;
      listener.onClosed(due, closing, count);
    }
  }

  /**
   * Takes in a closed bar of a file; those of one closing time, whatever their instrument and
   * timeframe, close together, when {@link #closeHistory} is called or a bar of another time comes.
   * Of one closing time the longer bar comes first. A base bar also goes into the longer ones,
   * which close with the base bar that ends their period, or when a later bar or quote shows that
   * it will not come.
   *
   * <p>Left out: a bar that begins before the end of the last closed one of its timeframe, and one
   * of a timeframe in which quotes are forming a bar.
   *
   * @return whether it was taken in
   */
  public boolean addHistoricalBar(int instrument, int timeframe, Bar bar) {
    if (pendingCount > 0 && bar.closeTime != pendingClose) {
      closeHistory();
    }
    InstrumentBars own = bars[instrument];
    if (own.armed[timeframe] || own.lastClose[timeframe] > bar.openTime) {
      return false;
    }
    if (pendingCount == 0) {
      settleHistory(bar.closeTime - 1);
      pendingClose = bar.closeTime;
    }
    Bar closed = own.closed[timeframe];
    int continuity = own.continuity(timeframe, bar.openTime);
    closed.set(bar);
    closed.flags |= continuity;
    BarMath.complete(closed);
    own.lastClose[timeframe] = bar.closeTime;
    own.forming[timeframe].ticks = 0;
    addPending(instrument * timeframes.length + timeframe);
    if (timeframe == 0) {
      for (int t = 1; t < timeframes.length; t++) {
        if (appendHistory(own, t, closed)) {
          addPending(instrument * timeframes.length + t);
        }
      }
    }
    return true;
  }

  private void addPending(int key) {
    int at = pendingCount++;
    while (at > 0 && pending[at - 1] > key) {
      pending[at] = pending[at - 1];
      at--;
    }
    pending[at] = key;
  }

  /**
   * Tells the listener of the historical bars that were added last, and of longer ones that end
   * with them though the base bar that would end them is missing.
   */
  public void closeHistory() {
    if (pendingCount == 0) {
      return;
    }
    for (int i = 0; i < bars.length && historyDue <= pendingClose; i++) {
      for (int t = 1; t < timeframes.length; t++) {
        if (bars[i].isHistoryDue(t, pendingClose)) {
          bars[i].close(t);
          addPending(i * timeframes.length + t);
        }
      }
    }
    int count = pendingCount;
    pendingCount = 0;
    listener.onClosed(pendingClose, pending, count);
  }

  /** Whether a quote at {@code time} finds historical bars that are still to close. */
  public boolean hasHistory(long time) {
    return pendingCount > 0 || historyDue <= time;
  }

  /** The earliest opening of a historical bar that would be taken in now, or once a bar closes. */
  public long historyFrom(int instrument, int timeframe) {
    InstrumentBars own = bars[instrument];
    return own.armed[timeframe] ? own.forming[timeframe].closeTime : own.lastClose[timeframe];
  }

  /** The last closed bar; no ticks if there is none. */
  public Bar closed(int instrument, int timeframe) {
    return bars[instrument].closed[timeframe];
  }

  /** The same by a key that a {@link CloseListener} gets. */
  public Bar closed(int key) {
    return closedByKey[key];
  }

  /** The forming bar, or one with no ticks; valid until the next call. */
  public Bar forming(int instrument, int timeframe) {
    return bars[instrument].view(timeframe);
  }

  /** The period last asked for is found again by the next quote. */
  @Override
  public void state(StateVisitor s) {
    s.section("bars of " + bars.length + " by " + timeframes.length);
    for (InstrumentBars own : bars) {
      own.state(s);
    }
    nextBoundary = s.of(nextBoundary);
    s.of(pending);
    pendingCount = s.of(pendingCount);
    pendingClose = s.of(pendingClose);
    historyDue = s.of(historyDue);
  }

  /** Begins the base bar of the current period, and the longer ones that are not forming yet. */
  private void begin(InstrumentBars own) {
    int afterHistory = own.isHistorical() ? BarFlagBits.PARTIAL : 0;
    for (int t = 0; t < timeframes.length; t++) {
      if (own.armed[t]) {
        continue;
      }
      if (own.forming[t].ticks == 0) {
        own.begin(t, periodOpen[t], periodClose[t]);
        own.forming[t].flags |= afterHistory;
      }
      own.armed[t] = true;
      nextBoundary = Math.min(nextBoundary, own.forming[t].closeTime);
    }
  }

  /** Makes the periods that hold {@code time} the current ones. */
  private void seek(long time) {
    for (int t = 0; t < timeframes.length; t++) {
      if (time < periodOpen[t] || time >= periodClose[t]) {
        periodOpen[t] = alignment.open(time, timeframes[t]);
        periodClose[t] = alignment.close(periodOpen[t], timeframes[t]);
      }
    }
  }

  /**
   * Closes what history has left open: the bars added last, and those longer ones, begun by history
   * alone, whose period is over at {@code time}; earliest first.
   */
  public void settleHistory(long time) {
    closeHistory();
    while (historyDue <= time) {
      long due = historyDue;
      int count = 0;
      long next = Long.MAX_VALUE;
      for (int i = 0; i < bars.length; i++) {
        InstrumentBars own = bars[i];
        for (int t = 1; t < timeframes.length; t++) {
          if (own.isHistoryDue(t, due)) {
            own.close(t);
            closing[count++] = i * timeframes.length + t;
          } else if (own.isHistoryDue(t, Long.MAX_VALUE)) {
            next = Math.min(next, own.forming[t].closeTime);
          }
        }
      }
      historyDue = next;
      if (count > 0) {
        listener.onClosed(due, closing, count);
      }
    }
  }

  /**
   * @return whether the longer bar closes with this part
   */
  private boolean appendHistory(InstrumentBars own, int timeframe, Bar part) {
    if (own.lastClose[timeframe] > part.openTime) {
      return false;
    }
    Bar whole = own.forming[timeframe];
    if (whole.ticks == 0) {
      long open = alignment.open(part.openTime, timeframes[timeframe]);
      own.begin(timeframe, open, alignment.close(open, timeframes[timeframe]));
    }
    BarMath.append(whole, part);
    if (part.closeTime < whole.closeTime || own.armed[timeframe]) {
      historyDue = own.armed[timeframe] ? historyDue : Math.min(historyDue, whole.closeTime);
      return false;
    }
    own.close(timeframe);
    return true;
  }
}

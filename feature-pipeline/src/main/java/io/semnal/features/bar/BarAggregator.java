package io.semnal.features.bar;

import io.semnal.core.market.Alignment;
import io.semnal.core.market.MarketCalendar;
import io.semnal.core.market.Timeframe;
import io.semnal.features.Bar;
import java.util.List;

/**
 * Turns quotes into bars of every instrument and timeframe.
 *
 * <p>A quote costs one update: it goes to the forming bar of the base timeframe, the first. Bars
 * cover [open, close) of the engine's time. Single-threaded; allocates nothing once built.
 */
public final class BarAggregator {
  private final Timeframe[] timeframes;
  private final Alignment alignment;
  private final MarketCalendar calendar;
  private final InstrumentBars[] bars;
  private final CloseListener listener;

  /** The period of each timeframe that holds the time last asked for. */
  private final long[] periodOpen;

  private final long[] periodClose;
  private final int[] closing;
  private long nextBoundary = Long.MAX_VALUE;

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
    for (int i = 0; i < instruments; i++) {
      bars[i] = new InstrumentBars(this.timeframes.length);
    }
    periodOpen = new long[this.timeframes.length];
    periodClose = new long[this.timeframes.length];
    closing = new int[instruments * this.timeframes.length];
  }

  /**
   * Takes a quote in.
   *
   * @return the flags, with {@code late} added where the event belongs before the base bar that
   *     holds {@code time}
   * @throws IllegalStateException if a boundary was passed over
   */
  public int onQuote(int instrument, long time, long eventTime, long bid, long ask, int flags) {
    return onQuotes(instrument, time, eventTime, bid, ask, bid, bid, ask, ask, 1, flags);
  }

  /** Takes in a quote that stands for {@code count} of them, with their extremes. */
  public int onQuotes(
      int instrument,
      long time,
      long eventTime,
      long bid,
      long ask,
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
      begin(instrument, own, time);
      bar.bidOpen = bid;
      bar.askOpen = ask;
      bar.bidHigh = bidHigh;
      bar.bidLow = bidLow;
      bar.askHigh = askHigh;
      bar.askLow = askLow;
      bar.spreadMin = ask - bid;
      bar.spreadMax = ask - bid;
      bar.spreadSum = 0;
    } else if (eventTime < bar.openTime) {
      bar.flags |= BarFlagBits.LATE;
      return flags | BarFlagBits.QUOTE_LATE;
    }
    bar.bidHigh = Math.max(bar.bidHigh, bidHigh);
    bar.bidLow = Math.min(bar.bidLow, bidLow);
    bar.askHigh = Math.max(bar.askHigh, askHigh);
    bar.askLow = Math.min(bar.askLow, askLow);
    bar.bidClose = bid;
    bar.askClose = ask;
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
   * Takes in a closed bar of a file. A base bar also goes into the longer ones, which close with
   * the base bar that ends their period, or when a later bar or quote shows that it will not come.
   * A bar that does not follow the last closed one is left out, and so is all history while quotes
   * form bars.
   *
   * @return whether it was taken in
   */
  public boolean onHistoricalBar(int instrument, int timeframe, Bar bar) {
    InstrumentBars own = bars[instrument];
    if (own.lastClose[timeframe] > bar.openTime || own.isLive()) {
      return false;
    }
    settle(instrument, bar.openTime);
    Bar closed = own.closed[timeframe];
    int continuity = own.continuity(timeframe, bar.openTime);
    closed.set(bar);
    closed.flags |= continuity;
    BarMath.complete(closed);
    own.lastClose[timeframe] = bar.closeTime;
    own.forming[timeframe].ticks = 0;
    int count = 0;
    closing[count++] = instrument * timeframes.length + timeframe;
    if (timeframe == 0) {
      for (int t = 1; t < timeframes.length; t++) {
        if (appendHistory(own, t, closed)) {
          closing[count++] = instrument * timeframes.length + t;
        }
      }
    }
    listener.onClosed(bar.closeTime, closing, count);
    return true;
  }

  /** The last closed bar; no ticks if there is none. */
  public Bar closed(int instrument, int timeframe) {
    return bars[instrument].closed[timeframe];
  }

  /** The forming bar, or one with no ticks; valid until the next call. */
  public Bar forming(int instrument, int timeframe) {
    return bars[instrument].view(timeframe);
  }

  /** Begins the base bar that holds {@code time}, and the longer ones that are not forming yet. */
  private void begin(int instrument, InstrumentBars own, long time) {
    if (own.unsettled) {
      settle(instrument, time);
      own.unsettled = false;
    }
    for (int t = 0; t < timeframes.length; t++) {
      if (own.armed[t]) {
        continue;
      }
      if (own.forming[t].ticks == 0) {
        own.begin(t, periodOpen[t], periodClose[t]);
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

  /** Closes the bars of history whose period is over at {@code time}. */
  private void settle(int instrument, long time) {
    InstrumentBars own = bars[instrument];
    while (true) {
      long due = Long.MAX_VALUE;
      for (int t = 1; t < timeframes.length; t++) {
        if (!own.armed[t] && own.forming[t].ticks != 0) {
          due = Math.min(due, own.forming[t].closeTime);
        }
      }
      if (due > time) {
        return;
      }
      int count = 0;
      for (int t = 1; t < timeframes.length; t++) {
        if (!own.armed[t] && own.forming[t].ticks != 0 && own.forming[t].closeTime == due) {
          own.close(t);
          closing[count++] = instrument * timeframes.length + t;
        }
      }
      listener.onClosed(due, closing, count);
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
    own.unsettled = true;
    if (part.closeTime < whole.closeTime) {
      return false;
    }
    own.close(timeframe);
    return true;
  }
}

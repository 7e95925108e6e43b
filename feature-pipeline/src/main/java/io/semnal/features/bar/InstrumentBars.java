package io.semnal.features.bar;

import io.semnal.core.state.StateVisitor;
import io.semnal.core.state.Stateful;
import io.semnal.features.Bar;

/**
 * The bars of one instrument: for each timeframe the last closed one and the forming one.
 *
 * <p>Only the forming bar of the base timeframe (position 0) takes quotes. A longer forming bar
 * holds the base bars of its period that have closed; what is forming in the base is added when
 * somebody looks.
 */
final class InstrumentBars implements Stateful {
  static final long NEVER = Long.MIN_VALUE;

  /** Position 0 takes quotes; the others take closed base bars. */
  final Bar[] forming;

  final Bar[] closed;

  /** Closing time of the last closed bar, or {@link #NEVER}. */
  final long[] lastClose;

  /** Whether the forming bar waits for its boundary. A bar begun by history alone does not. */
  final boolean[] armed;

  private final Bar[] views;

  InstrumentBars(int timeframes) {
    forming = new Bar[timeframes];
    closed = new Bar[timeframes];
    views = new Bar[timeframes];
    lastClose = new long[timeframes];
    armed = new boolean[timeframes];
    for (int i = 0; i < timeframes; i++) {
      forming[i] = new Bar();
      closed[i] = new Bar();
      views[i] = new Bar();
      lastClose[i] = NEVER;
    }
  }

  /** Empties the forming bar and gives it its period. */
  void begin(int timeframe, long open, long close) {
    Bar bar = forming[timeframe];
    bar.openTime = open;
    bar.closeTime = close;
    bar.ticks = 0;
    bar.flags = continuity(timeframe, open);
  }

  /**
   * Whether the last closed base bar came from a file: what quotes begin after it may lack its
   * beginning.
   */
  boolean isHistorical() {
    return closed[0].ticks != 0 && (closed[0].flags & BarFlagBits.HISTORICAL) != 0;
  }

  /** Whether a bar that history alone began ends at {@code time} or before. */
  boolean isHistoryDue(int timeframe, long time) {
    return !armed[timeframe]
        && forming[timeframe].ticks != 0
        && forming[timeframe].closeTime <= time;
  }

  /** Whether a bar opening at {@code open} is the first one, or comes after a hole. */
  int continuity(int timeframe, long open) {
    long last = lastClose[timeframe];
    if (last == NEVER) {
      return BarFlagBits.PARTIAL;
    }
    return last < open ? BarFlagBits.GAP : 0;
  }

  /** Moves the forming bar to the closed ones; a base bar also goes into the longer ones. */
  void close(int timeframe) {
    Bar bar = forming[timeframe];
    if (timeframe == 0) {
      bar.volume = bar.ticks;
      for (int i = 1; i < forming.length; i++) {
        BarMath.append(forming[i], bar);
      }
    }
    closed[timeframe].set(bar);
    lastClose[timeframe] = bar.closeTime;
    armed[timeframe] = false;
    bar.ticks = 0;
  }

  @Override
  public void state(StateVisitor s) {
    for (int i = 0; i < forming.length; i++) {
      forming[i].state(s);
      closed[i].state(s);
    }
    s.of(lastClose);
    s.of(armed);
  }

  /** The forming bar with all that it has taken in, or one with no ticks. */
  Bar view(int timeframe) {
    Bar base = forming[0];
    if (timeframe == 0) {
      base.volume = base.ticks;
      return base;
    }
    Bar view = views[timeframe];
    view.set(forming[timeframe]);
    if (base.ticks != 0) {
      base.volume = base.ticks;
      BarMath.append(view, base);
    }
    return view;
  }
}

package io.semnal.inference.engine;

import io.semnal.core.state.StateVisitor;
import io.semnal.core.state.Stateful;
import io.semnal.protocol.sbe.EndReason;
import io.semnal.protocol.sbe.ScoreReason;
import io.semnal.protocol.sbe.SignalType;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What the engine has done in this run. The engine's thread counts; any thread reads, without a
 * promise that two numbers are of the same instant.
 */
public final class EngineCounters implements Stateful {
  private static final int QUOTES = 0;
  private static final int DROPPED = 1;
  private static final int LATE = 2;
  private static final int FLAGGED = 3;
  private static final int UNKNOWN = 4;
  private static final int BARS = 5;
  private static final int OPEN = 6;
  private static final int SCORES = 16;
  private static final int SIGNALS = 48;
  private static final int ENDS = 64;
  private final AtomicLongArray counts = new AtomicLongArray(96);

  private void count(int at) {
    counts.lazySet(at, counts.getPlain(at) + 1);
  }

  void quote() {
    count(QUOTES);
  }

  void dropped() {
    count(DROPPED);
  }

  void late() {
    count(LATE);
  }

  void flagged() {
    count(FLAGGED);
  }

  void unknownInstrument() {
    count(UNKNOWN);
  }

  void bar() {
    count(BARS);
  }

  void score(ScoreReason reason) {
    count(SCORES + reason.ordinal());
  }

  void signal(SignalType type) {
    count(SIGNALS + type.ordinal());
  }

  void end(EndReason reason) {
    count(ENDS + reason.ordinal());
  }

  void open(int signals) {
    counts.lazySet(OPEN, signals);
  }

  @Override
  public void state(StateVisitor s) {
    s.section("counters of " + counts.length());
    for (int i = 0; i < counts.length(); i++) {
      counts.lazySet(i, s.of(counts.getPlain(i)));
    }
  }

  /** Quotes seen, whatever became of them. */
  public long quotes() {
    return counts.get(QUOTES);
  }

  /** Quotes left out of bars because of a flag. */
  public long quotesDropped() {
    return counts.get(DROPPED);
  }

  /** Quotes for a bar that had closed. */
  public long quotesLate() {
    return counts.get(LATE);
  }

  /** Quotes that filled and scored nothing because of a flag, the late ones included. */
  public long quotesFlagged() {
    return counts.get(FLAGGED);
  }

  /** Quotes of instruments that are not configured. */
  public long quotesUnknown() {
    return counts.get(UNKNOWN);
  }

  /** Bars published. */
  public long bars() {
    return counts.get(BARS);
  }

  public long scores(ScoreReason reason) {
    return counts.get(SCORES + reason.ordinal());
  }

  /** All scores. */
  public long scores() {
    long sum = 0;
    for (ScoreReason reason : ScoreReason.values()) {
      sum += scores(reason);
    }
    return sum;
  }

  public long signals(SignalType type) {
    return counts.get(SIGNALS + type.ordinal());
  }

  /** Signals that ended or were invalidated. */
  public long ends(EndReason reason) {
    return counts.get(ENDS + reason.ordinal());
  }

  /** Signals pending or active now. */
  public long openSignals() {
    return counts.get(OPEN);
  }
}

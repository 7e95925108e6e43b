package io.semnal.client;

import io.semnal.protocol.sbe.EndReason;
import io.semnal.protocol.sbe.ScoreReason;
import io.semnal.protocol.sbe.SignalState;
import io.semnal.protocol.sbe.SignalType;
import java.time.Duration;
import java.time.Instant;

/**
 * A published message as values of its own, for those who would rather keep it than save its
 * allocation: what {@link MessageStream} gives. Absent prices are NaN, absent times {@code null}.
 */
public sealed interface Published {
  /** The message's place in the stream; 0 for quotes, which have none. */
  long outSeq();

  /** Engine time. */
  Instant time();

  /** The symbol; empty where the message is about none in particular. */
  String instrument();

  /** Whether it was published before this client asked for it. */
  boolean replayed();

  /**
   * A published signal; its id is its {@code outSeq}.
   *
   * @param model {@code name@version}
   * @param strength calibrated probability of its class
   */
  record Signal(
      long outSeq,
      Instant time,
      String instrument,
      boolean replayed,
      Duration timeframe,
      String strategy,
      String model,
      SignalType type,
      double strength,
      double entry,
      double stopLoss,
      double takeProfit,
      Instant expiration)
      implements Published {}

  /**
   * A change in the life of a signal.
   *
   * @param price entry when it became active, exit when it ended
   * @param pips after spread and commission; NaN before the end
   */
  record Event(
      long outSeq,
      Instant time,
      String instrument,
      boolean replayed,
      Duration timeframe,
      String strategy,
      long signalId,
      SignalType type,
      SignalState state,
      EndReason reason,
      double price,
      double pips)
      implements Published {}

  /**
   * A model's output, and what became of it.
   *
   * @param output regression: the raw value; else NaN
   */
  record Score(
      long outSeq,
      Instant time,
      String instrument,
      boolean replayed,
      Duration timeframe,
      String strategy,
      String model,
      double buy,
      double sell,
      double neutral,
      double output,
      ScoreReason reason)
      implements Published {}

  /** The four prices of one side of a bar. */
  record Ohlc(double open, double high, double low, double close) {}

  /**
   * A closed bar.
   *
   * @param time when it closed for the engine
   */
  record Bar(
      long outSeq,
      Instant time,
      String instrument,
      boolean replayed,
      Duration timeframe,
      Instant openTime,
      Instant closeTime,
      Ohlc bid,
      Ohlc ask,
      long ticks)
      implements Published {}

  /**
   * A quote.
   *
   * @param eventTime by its source
   * @param outSeq always 0
   */
  record Quote(
      long outSeq,
      Instant time,
      String instrument,
      boolean replayed,
      Instant eventTime,
      double bid,
      double ask)
      implements Published {}

  /**
   * State of the engine or of a feed, or a hole in the numbering.
   *
   * @param state RUNNING, PAUSED; UP, DOWN, STALE; DISCONTINUITY
   */
  record Status(
      long outSeq, Instant time, String instrument, boolean replayed, String state, String reason)
      implements Published {}
}

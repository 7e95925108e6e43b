package io.semnal.inference.engine;

import io.semnal.inference.signal.OutcomeStatistics;
import io.semnal.protocol.sbe.SignalState;
import io.semnal.protocol.sbe.SignalType;
import java.util.List;

/**
 * What an engine knows between two messages, for a reader. Prices are mantissas (exponent -8),
 * times UTC nanoseconds.
 *
 * @param outSeq the last outbound message
 * @param bars those that are forming, by instrument, timeframe
 * @param inputs by strategy, instrument
 * @param signals those that are open, by strategy, instrument
 * @param outcomes what became of earlier ones
 * @param models by strategy
 * @param streams by channel, instrument, timeframe, strategy
 */
public record EngineReport(
    long outSeq,
    List<FormingBar> bars,
    List<Inputs> inputs,
    List<OpenSignal> signals,
    List<OutcomeStatistics.Outcome> outcomes,
    List<ActiveModel> models,
    List<Stream> streams) {
  /** A bar that has not closed. */
  public record FormingBar(
      String instrument,
      String timeframe,
      int decimals,
      long openTime,
      long closeTime,
      long bidOpen,
      long bidHigh,
      long bidLow,
      long bidClose,
      long askOpen,
      long askHigh,
      long askLow,
      long askClose,
      long ticks) {}

  /**
   * What a strategy's model would see on an instrument: the last closed bar's values, or the
   * forming one's where the strategy scores ticks.
   *
   * @param warm whether all of it is converged
   * @param columns their texts
   * @param values NaN where missing
   */
  public record Inputs(
      String strategy,
      String instrument,
      String timeframe,
      boolean warm,
      List<String> columns,
      List<Double> values) {}

  /**
   * A signal that is pending or active.
   *
   * @param id the {@code outSeq} of its first message
   * @param model {@code name@version}
   * @param fill price that it was entered at; absent before
   */
  public record OpenSignal(
      long id,
      String strategy,
      String instrument,
      int decimals,
      SignalType type,
      SignalState state,
      double strength,
      String model,
      long entry,
      long stopLoss,
      long takeProfit,
      long expiration,
      long fill,
      int repeats) {}

  /**
   * How far a topic has come.
   *
   * @param channel by its number
   */
  public record Stream(
      int channel, int instrumentId, int timeframe, int strategyId, long streamSeq) {}

  public EngineReport {
    bars = List.copyOf(bars);
    inputs = List.copyOf(inputs);
    signals = List.copyOf(signals);
    outcomes = List.copyOf(outcomes);
    models = List.copyOf(models);
    streams = List.copyOf(streams);
  }
}

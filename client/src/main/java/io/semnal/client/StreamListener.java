package io.semnal.client;

import io.semnal.protocol.sbe.BarDecoder;
import io.semnal.protocol.sbe.ConflatedDecoder;
import io.semnal.protocol.sbe.DiscontinuityDecoder;
import io.semnal.protocol.sbe.EngineStatusDecoder;
import io.semnal.protocol.sbe.FeedQualityDecoder;
import io.semnal.protocol.sbe.ScoreDecoder;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.protocol.sbe.SignalEventDecoder;
import io.semnal.protocol.sbe.SlowWarningDecoder;
import io.semnal.protocol.sbe.ViewerQuoteDecoder;

/**
 * What a {@link SemnalClient} hands to its owner by kind, on the thread that polls.
 *
 * <p>Decoders and {@link Arrival} are flyweights: they are valid during the call only, and the same
 * objects come again. Nothing is allocated for a message; to keep one, copy its fields, or use
 * {@link MessageStream}. Variable-length fields (the features of a signal, a reason) are read once,
 * after all others.
 */
public interface StreamListener extends ConnectionListener {
  /** A signal is published. */
  default void onSignal(SignalDecoder signal, Arrival arrival) {}

  /** A signal's life goes on: it became active, invalid, or ended. */
  default void onSignalEvent(SignalEventDecoder event, Arrival arrival) {}

  /** A model said something, and this came of it. */
  default void onScore(ScoreDecoder score, Arrival arrival) {}

  /** A bar closed. */
  default void onBar(BarDecoder bar, Arrival arrival) {}

  /** A quote; it has no place in the stream and is not resumed. */
  default void onQuote(ViewerQuoteDecoder quote, Arrival arrival) {}

  /** A source or an instrument went up, down or stale. */
  default void onFeedQuality(FeedQualityDecoder quality, Arrival arrival) {}

  /** The engine was paused, resumed, and why. */
  default void onEngineStatus(EngineStatusDecoder status, Arrival arrival) {}

  /** Numbering went on past a lost tail. */
  default void onDiscontinuity(DiscontinuityDecoder discontinuity, Arrival arrival) {}

  /** Quotes or scores of a topic were left out; the topic's next message follows. */
  default void onConflated(ConflatedDecoder conflated, Arrival arrival) {}

  /** This client reads too slowly, and will be disconnected if that goes on. */
  default void onSlow(SlowWarningDecoder warning) {}

  /** The replay that a token asked for is over: from here on messages are live. */
  default void onLive(long lastOutSeq) {}

  /**
   * The server will stop.
   *
   * @param deadline when it will be gone, nanoseconds since the epoch
   */
  default void onShutdown(long deadline, String reason) {}
}

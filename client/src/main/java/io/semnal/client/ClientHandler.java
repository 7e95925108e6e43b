package io.semnal.client;

import io.semnal.protocol.session.SessionTerms;
import org.agrona.DirectBuffer;

/** What a {@link SemnalClient} tells its owner, on the thread that polls. */
public interface ClientHandler {
  /**
   * One SBE message: outbound messages, and what the session says about them (Subscribed,
   * SnapshotBegin, ReplayBegin, Conflated, SessionError, …). Heartbeats are left out.
   *
   * @param buffer valid during the call only; decode with the classes of {@code
   *     io.semnal.protocol.sbe}
   */
  default void onMessage(DirectBuffer buffer, int offset, int length) {}

  /** One JSON object, in place of {@link #onMessage}, where JSON was asked for. */
  default void onText(String json) {}

  /** A session stands, the first or another one. */
  default void onConnected(SessionTerms terms) {}

  /** The connection was lost; the client will try again. */
  default void onDisconnected(String why) {}

  /**
   * Messages of a topic did not come: {@code streamSeq} jumped. The message after the gap follows.
   *
   * @param channel ordinal of {@code io.semnal.protocol.Channel}
   * @param fromStreamSeq first that is missing
   * @param toStreamSeq last that is missing
   */
  default void onGap(
      int channel,
      int instrumentId,
      int timeframe,
      int strategyId,
      long fromStreamSeq,
      long toStreamSeq) {}
}

package io.semnal.client;

import io.semnal.protocol.session.SessionTerms;

/** What a client is told of its connection, on the thread that polls. */
public interface ConnectionListener {
  /** A session stands, the first or another one. */
  default void onConnected(SessionTerms terms) {}

  /** The connection was lost; the client will try again. */
  default void onDisconnected(String why) {}

  /**
   * The server complains. A refused request leaves the session as it was; a fatal error is followed
   * by {@link #onDisconnected}, or ends the client where the server does not want it back.
   */
  default void onError(ServerError error) {}

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

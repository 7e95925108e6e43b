package io.semnal.client;

import org.agrona.DirectBuffer;

/**
 * What a {@link SemnalClient} hands to its owner as it came, on the thread that polls. {@link
 * StreamListener} is the typed form.
 */
public interface ClientHandler extends ConnectionListener {
  /**
   * One SBE message: outbound messages, and what the session says about them (Subscribed,
   * SnapshotBegin, ReplayBegin, Conflated, SessionError, …). Heartbeats and answers about the
   * server's clock are left out.
   *
   * @param buffer valid during the call only; decode with the classes of {@code
   *     io.semnal.protocol.sbe}
   */
  default void onMessage(DirectBuffer buffer, int offset, int length) {}

  /** One JSON object, in place of {@link #onMessage}, where JSON was asked for. */
  default void onText(String json) {}
}

package io.semnal.client;

import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.SessionTerms;
import java.io.IOException;
import java.time.Duration;
import org.agrona.DirectBuffer;

/** One connection to a server, in one encoding. One thread. */
interface Transport extends AutoCloseable {
  /** Takes what arrives. */
  interface Receiver {
    void onMessage(DirectBuffer buffer, int offset, int length) throws IOException;

    void onText(String json) throws IOException;
  }

  SessionTerms login(ClientKey key, String clientName, Duration timeout) throws IOException;

  void subscribe(long requestId, Subscription subscription) throws IOException;

  void unsubscribe(long requestId, int channelBits) throws IOException;

  /** Sends one SBE message as it is. */
  void send(DirectBuffer buffer, int offset, int length) throws IOException;

  void heartbeat() throws IOException;

  /** Asks for the server's clock. */
  void timeSync(long clientSend) throws IOException;

  /**
   * Sends what waits, and hands over what arrived.
   *
   * @return messages handed over
   * @throws IOException when the connection is at its end
   */
  int poll(Receiver receiver, int most) throws IOException;

  /** Blocks until something arrives or time is over. */
  void await(long millis) throws IOException;

  /** Ends an {@link #await}. Any thread. */
  void wakeup();

  @Override
  void close() throws IOException;
}

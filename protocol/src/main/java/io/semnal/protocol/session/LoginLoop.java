package io.semnal.protocol.session;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * The one way in which a client waits for the server's answer to its login, whatever carries the
 * messages.
 */
public final class LoginLoop {
  private static final long MILLI = 1_000_000L;

  private LoginLoop() {}

  /** What carries the messages of a login. */
  public interface Connection {
    /**
     * Sends what waits, and hands at most one message to the handshake.
     *
     * @return messages handed over
     */
    int step() throws IOException;

    /** Blocks until something can be received or time is over. */
    void await(long millis) throws IOException;
  }

  /**
   * Goes on until the server has answered. Hello must be on its way.
   *
   * @throws LoginRefusedException if the server said no
   * @throws IOException if it did not answer in time, or not as the protocol says
   */
  public static SessionTerms run(ClientHandshake handshake, Connection connection, Duration timeout)
      throws IOException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      int handled = connection.step();
      switch (handshake.state()) {
        case OPEN -> {
          return handshake.terms();
        }
        case REJECTED ->
            throw new LoginRefusedException(
                handshake.rejectCode(), handshake.rejectRetryable(), handshake.rejectText());
        case FAILED -> throw new IOException(handshake.rejectText());
        default -> {
          long left = (deadline - System.nanoTime()) / MILLI;
          if (left <= 0) {
            throw new SocketTimeoutException(
                "the server did not answer the login within " + timeout.toMillis() + " ms");
          }
          if (handled == 0) {
            connection.await(left);
          }
        }
      }
    }
  }
}

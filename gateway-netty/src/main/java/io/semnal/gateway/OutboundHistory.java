package io.semnal.gateway;

import io.semnal.core.ingress.MessageHandler;

/**
 * The outbound messages that stand in the journal: what the gateway needs of it to serve a client
 * that resumes from further back than the window. Any thread may ask and open.
 */
public interface OutboundHistory {
  /** {@code outSeq} of the oldest message kept; {@code head() + 1} if there is none. */
  long oldest();

  /** {@code outSeq} of the newest message; 0 if there never was one. */
  long head();

  /**
   * A cursor before the first message whose {@code outSeq} is above {@code afterOutSeq}. The thread
   * that opens it reads and closes it.
   *
   * @throws DamagedHistoryException where no way leads there
   */
  Cursor open(long afterOutSeq);

  /**
   * A cursor before the first message whose engine time is {@code time} or later, or before an
   * earlier one: who reads skips what is too old. Like {@link #open} otherwise.
   */
  default Cursor openAt(long time) {
    return open(oldest() - 1);
  }

  /** Reads on, in the order of {@code outSeq}. One thread. */
  interface Cursor extends AutoCloseable {
    /**
     * Hands over the next message.
     *
     * @return {@code false} if there is none yet
     * @throws DamagedHistoryException if it is not what was published
     */
    boolean readNext(MessageHandler handler);

    @Override
    void close();
  }
}

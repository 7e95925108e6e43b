package io.semnal.core.ingress;

import org.agrona.DirectBuffer;

/**
 * An append-only log of SBE messages, one a record. One thread appends; appends allocate nothing.
 */
public interface MessageLog extends AutoCloseable {
  void append(DirectBuffer buffer, int offset, int length);

  /**
   * Returns when what was appended is as safe as configured: before anybody is told of it. From the
   * appending thread, behind a batch.
   */
  default void sync() {}

  /** Touches the next page ahead of need, from the appending thread when it is idle. */
  default void idle() {}

  @Override
  void close();
}

package io.semnal.bench.wire;

import java.io.IOException;
import java.util.function.LongConsumer;

/** A connection that answers each numbered message: Semnal's, or the bare echo's. One thread. */
interface WireLink extends AutoCloseable {
  /**
   * Adds one message to what the next {@link #flush} gives to the system.
   *
   * @return whether there was room for it
   */
  boolean queue(long index);

  /** Gives what was queued to the system, as far as it takes it. */
  void flush() throws IOException;

  /** What can be readied for the next message while nothing is due. */
  default void prepare() {}

  /** Reads what has come, and tells the numbers of the messages that were answered. */
  void poll(LongConsumer answered) throws IOException;

  /** Says and hears what a session needs to live on, about once a second. */
  default void keepAlive() throws IOException {}

  /** The process at the other end. */
  long pid();

  @Override
  void close() throws IOException;
}

package io.semnal.bench;

import java.io.IOException;
import java.util.function.LongConsumer;

/** A connection that answers each numbered message: Semnal's, or the bare echo's. One thread. */
interface WireLink extends AutoCloseable {
  /** Queues one message and gives it to the system. */
  void send(long index) throws IOException;

  /** Reads what has come, and tells the numbers of the messages that were answered. */
  void poll(LongConsumer answered) throws IOException;

  /** Says and hears what a session needs to live on, about once a second. */
  default void keepAlive() throws IOException {}

  @Override
  void close() throws IOException;
}

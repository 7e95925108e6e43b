package io.semnal.research.export;

import org.agrona.DirectBuffer;

/** Makes rows of the messages of one queue, in their order. */
interface ExportRows {
  /** Takes a message of the range of time. */
  void onMessage(DirectBuffer buffer, int offset);

  /** Takes a message after the range, as long as {@link #isComplete} says that one is needed. */
  default void onLater(DirectBuffer buffer, int offset) {
    // The range says it all.
  }

  /** Whether nothing after the range of time could change a row. */
  default boolean isComplete() {
    return true;
  }

  /** Writes what is left: no message comes any more. */
  void end();
}

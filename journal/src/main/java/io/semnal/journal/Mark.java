package io.semnal.journal;

/**
 * A point in a queue.
 *
 * @param sequence {@code journalSeq} or {@code outSeq}; 0 = before the first message
 * @param time engine time
 */
public record Mark(long sequence, long time) {
  public static final Mark NONE = new Mark(0, 0);
}

package io.semnal.journal.last;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * How far the last values have come, and when they were written.
 *
 * @param journalSeq of the last inbound message taken in
 * @param outSeq of the last outbound message taken in
 * @param time engine time of the former
 * @param wallMillis when this was written, by the wall clock
 * @param process id of the server's process
 */
public record LastPosition(long journalSeq, long outSeq, long time, long wallMillis, long process) {
  /** Where it is kept. */
  public static final long KEY = LastKey.of(LastKey.Kind.POSITION, 0, 0, 0);

  public static final int BYTES = 5 * Long.BYTES;

  /** Writes the same without an object. */
  public static void write(
      MutableDirectBuffer buffer,
      long journalSeq,
      long outSeq,
      long time,
      long wallMillis,
      long process) {
    put(buffer, 0, journalSeq);
    put(buffer, 1, outSeq);
    put(buffer, 2, time);
    put(buffer, 3, wallMillis);
    put(buffer, 4, process);
  }

  public static LastPosition read(DirectBuffer buffer) {
    return new LastPosition(
        get(buffer, 0), get(buffer, 1), get(buffer, 2), get(buffer, 3), get(buffer, 4));
  }

  private static void put(MutableDirectBuffer buffer, int at, long value) {
    buffer.putLong(at * Long.BYTES, value, ByteOrder.LITTLE_ENDIAN);
  }

  private static long get(DirectBuffer buffer, int at) {
    return buffer.getLong(at * Long.BYTES, ByteOrder.LITTLE_ENDIAN);
  }
}

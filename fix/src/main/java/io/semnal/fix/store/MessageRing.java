package io.semnal.fix.store;

import java.util.Arrays;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.AtomicBuffer;

/**
 * Messages one behind the other in a ring of bytes, the newest overwriting the oldest, found by
 * their number.
 *
 * <p>A record is its length, the checksum of number and bytes, its number, its bytes, and padding
 * to eight. A record never wraps: a length of −1 says that the ring goes on at its beginning.
 * Positions count all bytes ever written. The index is a table by number, as large as the ring can
 * hold records of some size; a number whose place was taken is not found.
 */
final class MessageRing {
  static final int HEADER = 16;
  private static final int SEQ = 8;
  private static final int CHECKSUM = 4;
  private static final int WRAP = -1;

  /** Smallest bytes of a record that the index provides for. */
  private static final int BYTES_PER_ENTRY = 64;

  private final AtomicBuffer bytes;
  private final int capacity;
  private final long[] seqs;
  private final long[] positions;
  private final RecordChecksum checksum = new RecordChecksum();
  private long tail;
  private long head;

  MessageRing(AtomicBuffer bytes) {
    this.bytes = bytes;
    capacity = bytes.capacity();
    if (!BitUtil.isPowerOfTwo(capacity) || capacity < 1024) {
      throw new IllegalArgumentException("the ring's bytes must be a power of two from 1024");
    }
    seqs = new long[capacity / BYTES_PER_ENTRY];
    positions = new long[seqs.length];
  }

  /** Where the oldest record is; to be made durable before the bytes before it are overwritten. */
  long tail() {
    return tail;
  }

  /** Behind the newest record. */
  long head() {
    return head;
  }

  /** Longest message that can be kept. */
  int longest() {
    return capacity / 4 - HEADER;
  }

  /** Moves the tail so far that a message fits. False: it is longer than can be kept. */
  boolean makeRoom(int length) {
    if (length > longest()) {
      return false;
    }
    long end = place(length) + size(length);
    while (end - tail > capacity) {
      tail = after(tail);
    }
    return true;
  }

  /** The position that a record of that length will have. */
  private long place(int length) {
    int left = capacity - index(head);
    return left < size(length) ? head + left : head;
  }

  private long after(long position) {
    int at = index(position);
    int length = bytes.getInt(at);
    return length == WRAP ? position + capacity - at : position + size(length);
  }

  private int index(long position) {
    return (int) (position & capacity - 1);
  }

  private static int size(int length) {
    return BitUtil.align(HEADER + length, Long.BYTES);
  }

  /** Writes a record behind the newest; a message that is too long is not kept. */
  void append(long seq, DirectBuffer message, int offset, int length) {
    if (!makeRoom(length)) {
      return;
    }
    long position = place(length);
    if (position != head) {
      bytes.putInt(index(head), WRAP);
    }
    int at = index(position);
    bytes.putBytes(at + HEADER, message, offset, length);
    bytes.putLong(at + SEQ, seq);
    bytes.putInt(at + CHECKSUM, checksum.of(seq, bytes, at + HEADER, length));
    bytes.putIntRelease(at, length);
    head = position + size(length);
    enter(seq, position);
  }

  private void enter(long seq, long position) {
    int slot = (int) (seq % seqs.length);
    seqs[slot] = seq;
    positions[slot] = position;
  }

  /** See {@link MessageStore#read}. */
  int read(long seq, MutableDirectBuffer to) {
    int slot = (int) (seq % seqs.length);
    if (seq <= 0 || seqs[slot] != seq || positions[slot] < tail) {
      return 0;
    }
    int at = index(positions[slot]);
    int length = bytes.getInt(at);
    to.putBytes(0, bytes, at + HEADER, length);
    return length;
  }

  void clear() {
    Arrays.fill(seqs, 0);
    tail = 0;
    head = 0;
  }

  /**
   * Finds again what a file holds. What is torn, and all behind it, is dropped: after a killed
   * process nothing is, after a power cut the pages that were not written back.
   *
   * @return the largest number found; 0: none
   */
  long recover(long tailBefore, long headBefore) {
    tail = tailBefore;
    head = tailBefore;
    long last = 0;
    while (head < headBefore) {
      int at = index(head);
      int length = bytes.getInt(at);
      if (length == WRAP) {
        head += capacity - at;
      } else if (isWhole(at, length)) {
        last = bytes.getLong(at + SEQ);
        enter(last, head);
        head += size(length);
      } else {
        return last;
      }
    }
    return last;
  }

  private boolean isWhole(int at, int length) {
    return length >= 0
        && length <= longest()
        && at + size(length) <= capacity
        && bytes.getLong(at + SEQ) > 0
        && bytes.getInt(at + CHECKSUM)
            == checksum.of(bytes.getLong(at + SEQ), bytes, at + HEADER, length);
  }
}

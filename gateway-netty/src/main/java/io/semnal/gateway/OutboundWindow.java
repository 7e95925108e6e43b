package io.semnal.gateway;

import io.semnal.protocol.MessageLayout;
import java.nio.ByteBuffer;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The last outbound messages, kept in memory by the loop that serves the sessions, so that a client
 * that is a little behind needs no journal.
 *
 * <p>An off-heap circle of bytes and an index by {@code outSeq}. It holds at most the given number
 * of messages, fewer where they are long. One thread; appending allocates nothing.
 */
public final class OutboundWindow {
  private static final int MEAN_LENGTH = 256;

  private final UnsafeBuffer arena;
  private final int arenaMask;
  private final long[] positions;
  private final int[] lengths;
  private final int indexMask;
  private long writePosition;
  private long oldest = 1;
  private long head;

  /**
   * @param messages most messages kept, a power of two; the arena has 256 bytes for each
   */
  public OutboundWindow(int messages) {
    this(messages, Math.multiplyExact(messages, MEAN_LENGTH));
  }

  /**
   * @param messages a power of two
   * @param arenaBytes a power of two
   */
  public OutboundWindow(int messages, int arenaBytes) {
    if (!BitUtil.isPowerOfTwo(messages) || !BitUtil.isPowerOfTwo(arenaBytes)) {
      throw new IllegalArgumentException(
          "window of " + messages + " messages, " + arenaBytes + " bytes: not powers of two");
    }
    arena = new UnsafeBuffer(ByteBuffer.allocateDirect(arenaBytes));
    arenaMask = arenaBytes - 1;
    positions = new long[messages];
    lengths = new int[messages];
    indexMask = messages - 1;
  }

  /** Empties the window: the next message is {@code headOutSeq + 1}. */
  public void startAt(long headOutSeq) {
    head = headOutSeq;
    oldest = headOutSeq + 1;
  }

  /**
   * Takes the next message. Where its {@code outSeq} does not follow the last one, the window
   * begins anew with it.
   */
  public void append(DirectBuffer buffer, int offset, int length) {
    long outSeq = MessageLayout.outSeq(buffer, offset);
    if (length > arena.capacity()) {
      throw new IllegalArgumentException(
          "message of " + length + " bytes in a window of " + arena.capacity());
    }
    if (outSeq != head + 1) {
      startAt(outSeq - 1);
    }
    int at = (int) (writePosition & arenaMask);
    if (at + length > arena.capacity()) {
      writePosition += arena.capacity() - at;
      at = 0;
    }
    writePosition += length;
    long firstKept = writePosition - arena.capacity();
    long oldestByCount = outSeq - indexMask;
    while (oldest < outSeq
        && (oldest < oldestByCount || positions[(int) oldest & indexMask] < firstKept)) {
      oldest++;
    }
    arena.putBytes(at, buffer, offset, length);
    int index = (int) outSeq & indexMask;
    positions[index] = writePosition - length;
    lengths[index] = length;
    head = outSeq;
  }

  /** The oldest message held; {@code head() + 1} if there is none. */
  public long oldest() {
    return oldest;
  }

  /** The last message appended, or what {@link #startAt} said. */
  public long head() {
    return head;
  }

  /** Whether all that follows {@code outSeq} is held. */
  public boolean continuesFrom(long outSeq) {
    return outSeq + 1 >= oldest && outSeq <= head;
  }

  /** Where message {@code outSeq}, which must be held, begins in {@link #buffer}. */
  public int offset(long outSeq) {
    return (int) (positions[(int) outSeq & indexMask] & arenaMask);
  }

  public int length(long outSeq) {
    return lengths[(int) outSeq & indexMask];
  }

  public DirectBuffer buffer() {
    return arena;
  }
}

package io.semnal.feed.fix;

import io.semnal.protocol.MessageLayout;
import java.util.Arrays;
import org.agrona.DirectBuffer;

/**
 * One instrument's prices at one venue: entries by the venue's id (278, 299) or, where it gives
 * none, by price; and the best of each side. Prices are mantissas of exponent −8, sizes of exponent
 * −2. One thread; allocates only when it grows, up to its limit.
 */
final class DepthBook {
  static final int BID = 0;
  static final int ASK = 1;

  /** Entries of one side; more are refused. */
  static final int MOST = 4096;

  /** Bytes of the longest id told apart. */
  static final int LONGEST_ID = 64;

  private final Side bids = new Side(1);
  private final Side asks = new Side(-1);

  /** Entries of one side, in no order. */
  private static final class Side {
    private final int sign;
    private long[] prices = new long[8];
    private long[] sizes = new long[8];
    private byte[] ids = new byte[8 * LONGEST_ID];
    private int[] idLengths = new int[8];
    private int count;

    private Side(int sign) {
      this.sign = sign;
    }

    private int find(DirectBuffer id, int offset, int length, long price) {
      for (int i = 0; i < count; i++) {
        if (length == 0 ? idLengths[i] == 0 && prices[i] == price : isId(i, id, offset, length)) {
          return i;
        }
      }
      return -1;
    }

    private boolean isId(int entry, DirectBuffer id, int offset, int length) {
      if (idLengths[entry] != length) {
        return false;
      }
      int from = entry * LONGEST_ID;
      for (int i = 0; i < length; i++) {
        if (ids[from + i] != id.getByte(offset + i)) {
          return false;
        }
      }
      return true;
    }

    private boolean add(DirectBuffer id, int offset, int length, long price, long size) {
      if (count == prices.length && !grow()) {
        return false;
      }
      rename(count, id, offset, length);
      prices[count] = price;
      sizes[count] = size;
      count++;
      return true;
    }

    private void rename(int entry, DirectBuffer id, int offset, int length) {
      idLengths[entry] = length;
      if (length > 0) {
        id.getBytes(offset, ids, entry * LONGEST_ID, length);
      }
    }

    private boolean grow() {
      if (count >= MOST) {
        return false;
      }
      int larger = Math.min(MOST, 2 * count);
      prices = Arrays.copyOf(prices, larger);
      sizes = Arrays.copyOf(sizes, larger);
      ids = Arrays.copyOf(ids, larger * LONGEST_ID);
      idLengths = Arrays.copyOf(idLengths, larger);
      return true;
    }

    private void remove(int entry) {
      int last = --count;
      prices[entry] = prices[last];
      sizes[entry] = sizes[last];
      idLengths[entry] = idLengths[last];
      System.arraycopy(ids, last * LONGEST_ID, ids, entry * LONGEST_ID, idLengths[last]);
    }

    private long best() {
      long best = MessageLayout.ABSENT;
      for (int i = 0; i < count; i++) {
        if (best == MessageLayout.ABSENT || sign * prices[i] > sign * best) {
          best = prices[i];
        }
      }
      return best;
    }

    /** At the best price in all; absent if no entry there has a size. */
    private long sizeAt(long price) {
      long sum = MessageLayout.ABSENT;
      for (int i = 0; i < count; i++) {
        if (prices[i] == price && sizes[i] != MessageLayout.ABSENT) {
          sum = sum == MessageLayout.ABSENT ? sizes[i] : sum + sizes[i];
        }
      }
      return sum;
    }
  }

  private Side side(int side) {
    return side == BID ? bids : asks;
  }

  void clear() {
    bids.count = 0;
    asks.count = 0;
  }

  void clear(int side) {
    side(side).count = 0;
  }

  /**
   * Adds an entry, or changes the one of that id, or of that price where {@code length} is 0.
   *
   * @param price absent: as it was
   * @param size absent: as it was, or not known
   * @return false: the book is full, the id is too long, or a new entry has no price
   */
  boolean put(int side, DirectBuffer id, int offset, int length, long price, long size) {
    if (length > LONGEST_ID) {
      return false;
    }
    Side entries = side(side);
    int at = entries.find(id, offset, length, price);
    if (at < 0) {
      return price != MessageLayout.ABSENT && entries.add(id, offset, length, price, size);
    }
    if (price != MessageLayout.ABSENT) {
      entries.prices[at] = price;
    }
    if (size != MessageLayout.ABSENT) {
      entries.sizes[at] = size;
    }
    return true;
  }

  /** The entry of one id goes by another from here on; false: there is none. */
  boolean rename(
      int side, DirectBuffer buffer, int oldOffset, int oldLength, int newOffset, int newLength) {
    Side entries = side(side);
    int at = oldLength == 0 ? -1 : entries.find(buffer, oldOffset, oldLength, 0);
    if (at < 0 || newLength == 0 || newLength > LONGEST_ID) {
      return false;
    }
    entries.rename(at, buffer, newOffset, newLength);
    return true;
  }

  /** Takes away the entry of that id, or of that price where {@code length} is 0. */
  boolean remove(int side, DirectBuffer id, int offset, int length, long price) {
    Side entries = side(side);
    int at = entries.find(id, offset, length, price);
    if (at < 0) {
      return false;
    }
    entries.remove(at);
    return true;
  }

  /** Takes away what goes by that id, whichever its side. */
  boolean remove(DirectBuffer id, int offset, int length) {
    boolean bid = length > 0 && remove(BID, id, offset, length, 0);
    boolean ask = length > 0 && remove(ASK, id, offset, length, 0);
    return bid || ask;
  }

  /** The side on which something goes by that id; −1: none. */
  int sideOf(DirectBuffer id, int offset, int length) {
    if (length == 0) {
      return -1;
    }
    return bids.find(id, offset, length, 0) >= 0
        ? BID
        : asks.find(id, offset, length, 0) >= 0 ? ASK : -1;
  }

  /** The highest bid; absent: there is none. */
  long bid() {
    return bids.best();
  }

  /** The lowest ask; absent: there is none. */
  long ask() {
    return asks.best();
  }

  /** Size in all at that bid. */
  long bidSize(long bid) {
    return bids.sizeAt(bid);
  }

  long askSize(long ask) {
    return asks.sizeAt(ask);
  }

  int entries() {
    return bids.count + asks.count;
  }
}

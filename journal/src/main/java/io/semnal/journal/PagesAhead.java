package io.semnal.journal;

import java.io.IOException;
import net.openhft.chronicle.bytes.MappedBytesStore;
import net.openhft.chronicle.bytes.MappedFile;
import net.openhft.chronicle.core.io.ReferenceOwner;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueStore;

/**
 * Keeps the memory that a queue's appender writes next ready, from another thread: the file's pages
 * are read in before the appender meets them, the nearest made writable, the next block mapped.
 * Else the appending thread does all that in page faults. Those of a file's hole read ahead: as
 * many megabytes as the disk is set to are found and zeroed for one message.
 *
 * <p>What is only read takes no room on disk; what is made writable does, so that a file holds at
 * most {@link #WRITABLE} bytes more than was written to it. One thread, any but the appender's.
 */
final class PagesAhead implements AutoCloseable, ReferenceOwner {
  /** Bytes beyond the appender's place whose pages are in memory. */
  static final long RESIDENT = 8L << 20;

  /** Bytes beyond the appender's place whose pages can be written without a fault. */
  static final long WRITABLE = 1L << 20;

  private static final long PAGE = 4096;

  private final SingleChronicleQueue queue;
  private SingleChronicleQueueStore store;
  private MappedFile file;
  private MappedBytesStore block;
  private MappedBytesStore following;
  private long resident;
  private long writable;
  private byte read;

  PagesAhead(SingleChronicleQueue queue) {
    this.queue = queue;
  }

  /**
   * Touches what the appender's progress has brought within reach.
   *
   * @return pages touched
   */
  int work() throws IOException {
    int cycle = queue.lastCycle();
    if (store == null || store.cycle() != cycle) {
      follow(cycle);
      if (store == null) {
        return 0;
      }
    }
    long position = store.writePosition();
    take(position);
    writable = Math.max(writable, page(position));
    resident = Math.max(resident, page(position));
    int pages = 0;
    for (long end = position + WRITABLE; writable < end; writable += PAGE) {
      // Whatever stands there stays; the page is the appender's to write afterwards.
      at(writable).compareAndSwapLong(writable, 0, 0);
      pages++;
    }
    for (long end = position + RESIDENT; resident < end; resident += PAGE) {
      read ^= at(resident).readVolatileByte(resident);
      pages++;
    }
    return pages;
  }

  private void follow(int cycle) {
    close();
    store = queue.storeForCycle(cycle, queue.epoch(), false, null);
    if (store != null) {
      store.singleThreadedCheckDisabled(true);
      file = store.bytes().mappedFile();
    }
  }

  /** Holds the block that the appender writes to, and from shortly before its end the next. */
  private void take(long position) throws IOException {
    if (block == null || position >= block.safeLimit() + WRITABLE) {
      MappedBytesStore left = block;
      block = file.acquireByteStore(this, position, following);
      if (following != null && following != block) {
        following.release(this);
      }
      following = null;
      if (left != null) {
        // The last one to hold it unmaps it: not the appender, which went on long ago.
        left.release(this);
      }
    }
    if (following == null && position + RESIDENT >= block.safeLimit()) {
      following = file.acquireByteStore(this, block.safeLimit());
    }
  }

  private MappedBytesStore at(long offset) {
    return offset < block.safeLimit() ? block : following;
  }

  private static long page(long offset) {
    return offset & -PAGE;
  }

  @Override
  public void close() {
    if (block != null) {
      block.release(this);
      block = null;
    }
    if (following != null) {
      following.release(this);
      following = null;
    }
    if (store != null) {
      queue.closeStore(store);
      store = null;
      file = null;
    }
    writable = 0;
    resident = 0;
  }
}

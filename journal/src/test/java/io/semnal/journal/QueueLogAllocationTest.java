package io.semnal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.semnal.core.allocation.StringConstants;
import io.semnal.core.ingress.MessageHandler;
import io.semnal.core.ingress.MessageLog;
import io.semnal.protocol.MessageLayout;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.function.LongConsumer;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueueLogAllocationTest {
  private static final int COUNT = 1_000_000;
  private static final long WARM = 200_000;
  private static final long ROUND = 20_000;

  /** Mapping a new block of the file allocates a few hundred bytes, once in 64 MiB. */
  private static final long BLOCK_CHANGES = 16 * 1024;

  @TempDir Path dir;
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final Messages messages = new Messages();
  private Object kept;

  @Test
  void appendsAndReadsWithoutGarbage() {
    try (JournalDirectory journal = JournalDirectory.open(dir, "FAST_DAILY")) {
      MessageLog log = journal.inboundLog();
      int length = messages.quote(1, 1, 1, 1, 1, 1);
      LongConsumer append =
          i -> {
            MessageLayout.stamp(messages.buffer, 0, i, i);
            log.append(messages.buffer, 0, length);
            if ((i & 15) == 0) {
              log.idle();
            }
          };
      run(append, 0, 50_000);
      assertThat(allocated(append, 50_000)).isLessThan(BLOCK_CHANGES);

      QueueReader reader = journal.inboundReader();
      LastSequence last = new LastSequence();
      LongConsumer read = i -> reader.readNext(last);
      run(read, 0, 50_000);
      assertThat(allocated(read, 50_000)).isLessThan(BLOCK_CHANGES);
      assertThat(last.value).isEqualTo(COUNT + 50_000L - 1);

      journal.sums().begin();
      journal.sums().complete();
      reader.seekToStart();
      run(read, 0, 50_000);
      assertThat(allocated(read, 50_000)).as("against checksums").isLessThan(BLOCK_CHANGES);
      assertThat(last.value).isEqualTo(COUNT + 50_000L - 1);
      reader.close();
      assertThat(journal.checkedMessages(Side.INBOUND)).isEqualTo(COUNT + 50_000L);
    }
  }

  /**
   * Whatever else in the process makes garbage: what the vendor's index holds weakly is not made
   * anew behind each collection.
   */
  @Test
  void appendsWithoutGarbageBehindACollection() {
    try (JournalDirectory journal = JournalDirectory.open(dir, "FAST_DAILY")) {
      MessageLog log = journal.inboundLog();
      int length = messages.quote(1, 1, 1, 1, 1, 1);
      LongConsumer append =
          i -> {
            MessageLayout.stamp(messages.buffer, 0, i, i);
            log.append(messages.buffer, 0, length);
          };
      run(append, 0, WARM);
      StringConstants.make();
      // All within the file's first block and the first page of its index.
      long[] allocated = new long[10];
      for (int i = 0; i < allocated.length; i++) {
        System.gc();
        long before = threads.getCurrentThreadAllocatedBytes();
        run(append, WARM + i * ROUND, WARM + (i + 1) * ROUND);
        allocated[i] = threads.getCurrentThreadAllocatedBytes() - before;
      }
      assertThat(allocated).containsOnly(0);
    }
  }

  @Test
  void noticesOneSmallObjectPerAppend() {
    LongConsumer wasteful = i -> kept = new long[] {i};
    run(wasteful, 0, 50_000);
    assertThat(allocated(wasteful, 50_000)).isGreaterThan(16L * COUNT);
    assertThat(kept).isNotNull();
  }

  private long allocated(LongConsumer action, long from) {
    long before = threads.getCurrentThreadAllocatedBytes();
    run(action, from, from + COUNT);
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  private static void run(LongConsumer action, long from, long to) {
    for (long i = from; i < to; i++) {
      action.accept(i);
    }
  }

  private static final class LastSequence implements MessageHandler {
    long value;

    @Override
    public void onMessage(DirectBuffer buffer, int offset, int length) {
      value = MessageLayout.journalSeq(buffer, offset);
    }
  }
}

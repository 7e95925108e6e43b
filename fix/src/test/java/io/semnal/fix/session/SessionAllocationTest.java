package io.semnal.fix.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.semnal.core.allocation.StringConstants;
import io.semnal.fix.codec.FixEncoder;
import io.semnal.fix.codec.FixGroup;
import io.semnal.fix.codec.FixMessage;
import io.semnal.fix.codec.FixVersion;
import io.semnal.fix.codec.MsgType;
import io.semnal.fix.codec.Tag;
import io.semnal.fix.dictionary.FixDictionary;
import io.semnal.fix.store.MappedStore;
import io.semnal.fix.store.MemoryStore;
import io.semnal.fix.store.MessageStore;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A market-data message written, kept, sent, cut into fields, checked and read: no garbage. */
class SessionAllocationTest {
  private static final int WARM_UP = 40_000;
  private static final int MESSAGES = 20_000;
  private static final int ROUNDS = 4;

  /** Far below one byte a message. */
  private static final long TOLERANCE = 1_000;

  @TempDir Path folder;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private long now = 1_790_000_000_000_000_000L;
  private long sum;
  private Object sink;

  @Test
  void sendsAndReceivesWithoutGarbage() {
    try (MappedStore kept = MappedStore.open(folder.resolve("store"), 1 << 20)) {
      Bench bench = new Bench(kept);
      StringConstants.make();
      bench.run(WARM_UP, false);
      StringConstants.make();
      // What each message allocates is in every round; what the compiler does once is not.
      long least = Long.MAX_VALUE;
      for (int round = 0; round < ROUNDS; round++) {
        least = Math.min(least, bench.allocated(MESSAGES, false));
      }
      assertThat(least).isLessThan(TOLERANCE);
      assertThat(bench.allocated(MESSAGES, true)).isGreaterThan(16L * MESSAGES);
      assertThat(sum)
          .isEqualTo((WARM_UP + (ROUNDS + 1L) * MESSAGES) * (110_000_000L + 110_010_000L));
    }
  }

  /** A sender whose bytes go straight into a receiver's connection. */
  private final class Bench {
    private final FixGroup group = new FixGroup();
    private final FixSession sender;
    private final FixConnection atSender;
    private final FixConnection atReceiver;
    private int received;

    Bench(MessageStore store) {
      sender =
          new FixSession(
              SessionConfig.initiator(FixVersion.FIX44, "A", "B").timestampDigits(9).build(),
              store,
              (session, message, time) -> {});
      FixSession receiver =
          new FixSession(
              SessionConfig.acceptor(FixVersion.FIX44, "B", "A")
                  .dictionary(FixDictionary.of(FixVersion.FIX44, true))
                  .build(),
              new MemoryStore(),
              (session, message, time) -> read(message));
      FixConnection[] ends = new FixConnection[2];
      ends[1] = new FixConnection(to(ends, 0), SessionDirectory.of(List.of(receiver)), 65_536);
      ends[0] = new FixConnection(to(ends, 1), sender);
      atReceiver = ends[1];
      atSender = ends[0];
      atReceiver.opened(now);
      atSender.opened(now);
    }

    private FixTransport to(FixConnection[] ends, int end) {
      return new FixTransport() {
        @Override
        public void send(DirectBuffer buffer, int offset, int length) {
          ends[end].received(buffer, offset, length, now);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };
    }

    private void read(FixMessage message) {
      received++;
      group.open(message, Tag.NO_MD_ENTRIES);
      while (group.next()) {
        sum += group.decimal(Tag.MD_ENTRY_PX);
      }
    }

    void run(int messages, boolean garbage) {
      for (int i = 0; i < messages; i++) {
        now += 1_000_000;
        FixEncoder out = sender.begin(MsgType.MARKET_DATA_SNAPSHOT, now);
        out.text(Tag.MD_REQ_ID, "1").text(Tag.SYMBOL, "EUR/USD").integer(Tag.NO_MD_ENTRIES, 2);
        out.character(Tag.MD_ENTRY_TYPE, '0').decimal(Tag.MD_ENTRY_PX, 110_000_000, 5);
        out.character(Tag.MD_ENTRY_TYPE, '1').decimal(Tag.MD_ENTRY_PX, 110_010_000, 5);
        sender.send();
        atSender.doWork(now);
        atReceiver.doWork(now);
        if (garbage) {
          sink = new byte[1];
        }
      }
    }

    long allocated(int messages, boolean garbage) {
      received = 0;
      long before = threads.getCurrentThreadAllocatedBytes();
      run(messages, garbage);
      long after = threads.getCurrentThreadAllocatedBytes();
      assertThat(received).isEqualTo(messages);
      assertThat(sink != null).isEqualTo(garbage);
      return after - before;
    }
  }
}

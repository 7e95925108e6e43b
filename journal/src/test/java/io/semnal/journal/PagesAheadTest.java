package io.semnal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.semnal.core.ingress.MessageLog;
import io.semnal.protocol.MessageLayout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PagesAheadTest {
  private static final Path STAT = Path.of("/proc/thread-self/stat");
  private static final int PAGE = 4096;
  private static final int LARGE = 64 * 1024;
  private static final int TAIL = 256;

  @TempDir Path dir;
  private final Messages messages = new Messages();
  private final MutableDirectBuffer large = new UnsafeBuffer(new byte[LARGE]);

  @Test
  void leavesTheAppendingThreadNoPageFaults() throws IOException {
    assumeTrue(Files.isReadable(STAT), "counts page faults as Linux tells them");
    try (JournalDirectory journal = JournalDirectory.open(dir, "FAST_DAILY")) {
      MessageLog log = journal.inboundLog();
      quotes(log, 0, 20_000);
      faults();
      long alone = faultsOf(() -> quotes(log, 20_000, 24_000));

      PagesAheadAgent ahead = journal.pagesAhead();
      assertThat(ahead.doWork()).isPositive();
      assertThat(ahead.doWork()).isZero();
      long helped = faultsOf(() -> quotes(log, 24_000, 28_000));
      ahead.onClose();

      int pages = 4_000 * 150 / PAGE;
      assertThat(alone).isGreaterThan(pages / 2);
      assertThat(helped).isLessThan(pages / 10);
    }
  }

  @Test
  void goesOnIntoTheNextBlockAndChangesNothing() throws IOException {
    int count = (int) (5 * QueueFiles.BLOCK / 2 / LARGE);
    try (JournalDirectory journal = JournalDirectory.open(dir, "FAST_DAILY")) {
      PagesAheadAgent ahead = journal.pagesAhead();
      MessageLog log = journal.inboundLog();
      for (int i = 0; i < count; i++) {
        // Now close behind, now half a block, once more than a whole one.
        if (i % 7 == 0 && i % 500 < 250 && (i < 600 || i > 1_800)) {
          ahead.doWork();
        }
        append(log, i);
      }
      ahead.doWork();
      ahead.onClose();
      assertThat(readBack(journal)).isEqualTo(count);
    }
  }

  @Test
  void maySeeEveryAppendOfAnotherThread() throws Exception {
    int count = (int) (3 * QueueFiles.BLOCK / 2 / LARGE);
    try (JournalDirectory journal = JournalDirectory.open(dir, "FAST_DAILY")) {
      PagesAheadAgent ahead = journal.pagesAhead();
      AtomicBoolean running = new AtomicBoolean(true);
      Thread thread =
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (running.get()) {
                      ahead.doWork();
                    }
                    ahead.onClose();
                  });
      MessageLog log = journal.inboundLog();
      for (int i = 0; i < count; i++) {
        append(log, i);
      }
      running.set(false);
      thread.join();
      assertThat(readBack(journal)).isEqualTo(count);
    }
  }

  @Test
  void takesLittleRoomOnDisk() throws IOException, InterruptedException {
    try (JournalDirectory journal = JournalDirectory.open(dir, "FAST_DAILY")) {
      PagesAheadAgent ahead = journal.pagesAhead();
      quotes(journal.inboundLog(), 0, 100);
      while (ahead.doWork() > 0) {
        // Until nothing is left to make ready.
      }
      ahead.onClose();
    }
    try (Stream<Path> files = Files.walk(dir.resolve("inbound"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".cq4")).toList()) {
        assertThat(allocated(file)).isLessThan(2 * PagesAhead.WRITABLE);
      }
    }
  }

  /** What the file takes on disk once all of it is written there. */
  private static long allocated(Path file) throws IOException, InterruptedException {
    Process stat;
    try {
      new ProcessBuilder("sync", file.toString()).start().waitFor();
      stat = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
    } catch (IOException e) {
      assumeTrue(false, "needs sync and stat");
      throw e;
    }
    String blocks = new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    return Long.parseLong(blocks.strip()) * 512;
  }

  private void quotes(MessageLog log, int from, int to) {
    int length = messages.quote(1, 1, 1, 1, 1, 1);
    for (int i = from; i < to; i++) {
      MessageLayout.stamp(messages.buffer, 0, i, i);
      log.append(messages.buffer, 0, length);
    }
  }

  /** A quote with a long tail that holds {@code i} over and over. */
  private void append(MessageLog log, int i) {
    int length = messages.quote(i + 1L, i, 1, i, 1, i);
    large.putBytes(0, messages.buffer, 0, length);
    for (int at = TAIL; at < LARGE; at += Integer.BYTES) {
      large.putInt(at, i);
    }
    log.append(large, 0, LARGE);
  }

  private int readBack(JournalDirectory journal) {
    try (QueueReader reader = journal.inboundReader()) {
      int count = 0;
      int[] expected = new int[1];
      while (true) {
        expected[0] = count;
        if (!reader.readNext((buffer, offset, length) -> holds(buffer, offset, expected[0]))) {
          return count;
        }
        count++;
      }
    }
  }

  private static void holds(DirectBuffer buffer, int offset, int i) {
    for (int at = TAIL; at < LARGE; at += Integer.BYTES) {
      if (buffer.getInt(offset + at) != i) {
        throw new AssertionError("message " + i + " differs at " + at);
      }
    }
  }

  private static long faultsOf(Runnable action) throws IOException {
    long before = faults();
    action.run();
    return faults() - before;
  }

  /** Minor faults of the calling thread: the eighth field after the name in parentheses. */
  private static long faults() throws IOException {
    String stat = Files.readString(STAT, StandardCharsets.US_ASCII);
    return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[7]);
  }
}

package io.semnal.bench;

import com.sun.management.ThreadMXBean;
import io.semnal.core.allocation.StringConstants;
import io.semnal.core.ingress.MessageLog;
import io.semnal.journal.JournalDirectory;
import io.semnal.journal.PagesAheadAgent;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import net.openhft.chronicle.bytes.PointerBytesStore;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;

/**
 * Appends the same quotes through the journal's log, with the agent that readies its pages, and
 * through a bare appender of the vendor's, in slices that alternate.
 */
final class AppendBench {
  private static final double TARGET = 1.3;
  private static final int SLICE = 100_000;
  private static final int WARM_SLICES = 4;

  /** As the journal has it. */
  private static final long BLOCK = 64L << 20;

  /** What the vendor makes for a new block or index page, on the appending thread. */
  private static final long MOST_FOR_A_BLOCK = 4096;

  private static final long INDEX_PAGE = 1 << 20;
  private static final long PAUSE_NANOS = 1_000_000;
  private static final double MIDDLE = 0.5;
  private static final double HIGH = 0.99;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final Report report;
  private final Path folder;
  private final int rounds;
  private final QuoteJournal quotes = new QuoteJournal();
  private final long[] nanos = new long[SLICE];
  private final PointerBytesStore pointer = new PointerBytesStore();
  private ExcerptAppender bare;
  private MessageLog log;
  private long allocated;
  private long appended;
  private long garbage;
  private int judged;
  private long stood;
  private long mostForBlock;

  AppendBench(Report report, Path folder, int rounds) {
    this.report = report;
    this.folder = folder;
    this.rounds = rounds;
  }

  void run() throws IOException, InterruptedException {
    double[][] ours = new double[2][rounds];
    double[][] theirs = new double[2][rounds];
    try (JournalDirectory journal = JournalDirectory.open(folder.resolve("journal"), "FAST_DAILY");
        SingleChronicleQueue queue = bareQueue()) {
      PagesAheadAgent ahead = journal.pagesAhead();
      Thread readier = start(ahead);
      try {
        log = journal.inboundLog();
        bare = queue.createAppender();
        for (int i = -WARM_SLICES; i < rounds; i++) {
          // Who goes first changes, so that nobody always follows the other's cold start.
          boolean first = (i & 1) == 0;
          for (boolean us : new boolean[] {first, !first}) {
            round(i, us, us ? ours : theirs);
          }
        }
      } finally {
        readier.interrupt();
        readier.join();
        ahead.onClose();
        bare.close();
      }
    }
    report("p50", ours[0], theirs[0]);
    report("p99", ours[1], theirs[1]);
    report.add(
        Figure.atMost(
            0,
            "append, allocated",
            (double) garbage / ((long) rounds * SLICE),
            "B/op",
            Double.NaN,
            judged
                + " of "
                + rounds
                + " slices judged, each behind a garbage collection; in or before the others a block was mapped or an index page begun:"
                + " there the vendor may allocate "
                + MOST_FOR_A_BLOCK
                + " bytes, most "
                + mostForBlock));
  }

  /** One slice; before round 0 it only warms up. */
  private void round(int round, boolean us, double[][] into) throws IOException {
    if (us) {
      // Else HotSpot makes those of a class when it is first asked to compile it, in some slice.
      StringConstants.make();
    }
    // What is held weakly only, a slice would have to make anew.
    System.gc();
    long before = storage();
    double[] quantiles = slice(us);
    // Pages are readied ahead, and between two slices as well: the appender may come to a new block
    // in the slice after.
    boolean isJudged = us && stood == storage();
    stood = us ? before : stood;
    if (round < 0) {
      return;
    }
    into[0][round] = quantiles[0];
    into[1][round] = quantiles[1];
    if (us) {
      judged += isJudged ? 1 : 0;
      mostForBlock = isJudged ? mostForBlock : Math.max(mostForBlock, allocated);
      garbage += isJudged || allocated > MOST_FOR_A_BLOCK ? allocated : 0;
    }
  }

  private void report(String quantile, double[] ours, double[] theirs) {
    report.add(
        Figure.timesAtMost(
            TARGET,
            "append of a quote, " + quantile,
            ours,
            "ns",
            "bare Chronicle",
            theirs,
            rounds
                + " slices of "
                + SLICE
                + " each, alternating; ours "
                + Statistics.range(ours)
                + ", bare "
                + Statistics.range(theirs)
                + "; both with the clock's two calls"));
  }

  private double[] slice(boolean us) {
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < SLICE; i++) {
      int length = quotes.next();
      long began = System.nanoTime();
      if (us) {
        log.append(quotes.buffer(), 0, length);
        appended++;
      } else {
        pointer.set(quotes.buffer().addressOffset(), length);
        bare.writeBytes(pointer);
      }
      nanos[i] = System.nanoTime() - began;
    }
    allocated = threads.getCurrentThreadAllocatedBytes() - before;
    Arrays.sort(nanos);
    return new double[] {nanos[(int) (SLICE * MIDDLE)], nanos[(int) (SLICE * HIGH)]};
  }

  private SingleChronicleQueue bareQueue() {
    return SingleChronicleQueueBuilder.binary(folder.resolve("bare"))
        .rollCycle(RollCycles.FAST_DAILY)
        .blockSize(BLOCK)
        .build();
  }

  private static Thread start(PagesAheadAgent ahead) {
    return Thread.ofPlatform()
        .name("pages-ahead")
        .start(
            () -> {
              while (!Thread.currentThread().isInterrupted()) {
                ahead.doWork();
                LockSupport.parkNanos(PAUSE_NANOS);
              }
            });
  }

  /** Changes when the journal's file grows by a block, or once in 2^20 messages of an index. */
  private long storage() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder.resolve("journal"))) {
      files = all.filter(file -> file.toString().endsWith(".cq4")).toList();
    }
    long bytes = appended / INDEX_PAGE;
    for (Path file : files) {
      bytes += Files.size(file);
    }
    return bytes;
  }
}

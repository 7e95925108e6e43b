package io.semnal.bench;

import io.semnal.journal.JournalDirectory;
import io.semnal.journal.Progress;
import io.semnal.journal.QueueReader;
import io.semnal.journal.ReplayVerifier;
import io.semnal.journal.RunReport;
import io.semnal.journal.VerifyResult;
import io.semnal.server.BuildId;
import io.semnal.server.JournalEngines;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.List;

/**
 * Replay at full speed on one thread, as {@code semnal replay --verify} does it: the journal's
 * scan, the inbound queue, the engine, and the comparison of every byte that it says with the
 * outbound queue. The floor reads the inbound queue and does nothing with it. Rounds are judged
 * once as many ticks were replayed as the compilers need: short rounds then show the same as long
 * ones.
 */
final class ReplayBench {
  private static final double TARGET = 2_000_000;

  /** By then the compilers are done, however long a round is. */
  private static final long WARM_TICKS = 8_000_000;

  private final Report report;
  private final long ticks;
  private final int rounds;
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private double byProcessor;
  private long bytes;

  ReplayBench(Report report, long ticks, int rounds) {
    this.report = report;
    this.ticks = ticks;
    this.rounds = rounds;
  }

  void run() throws IOException, InterruptedException {
    try (WorkFolder folder = new WorkFolder("replay")) {
      try (ChildProcess maker =
          ChildProcess.start(
              "512m",
              BenchJournal.class.getName(),
              List.of(folder.path().toString(), Long.toString(ticks)))) {
        maker.awaitEnd(report::say);
      }
      measure(BenchJournal.journal(folder.path()));
    }
  }

  private void measure(Path journal) {
    double[] verify = new double[rounds];
    double[] floor = new double[rounds];
    double[] processor = new double[rounds];
    double first = verify(journal);
    for (long done = ticks; done < WARM_TICKS; done += ticks) {
      read(journal);
      verify(journal);
    }
    for (int i = 0; i < rounds; i++) {
      floor[i] = read(journal);
      verify[i] = verify(journal);
      processor[i] = byProcessor;
    }
    report.add(
        Figure.atLeast(
            TARGET,
            "replay --verify",
            Statistics.median(verify),
            "ticks/s",
            Statistics.median(floor),
            "one thread, "
                + ticks
                + " ticks, bar-close, 2 instruments x 6 timeframes x 32 columns (bench-32); "
                + Statistics.range(verify)
                + " rounds; by the thread's processor time "
                + Figure.number(Statistics.median(processor))
                + "; first, cold "
                + Figure.number(first)
                + "; floor: reading inbound only"));
  }

  private double verify(Path journal) {
    long started = System.nanoTime();
    long processor = threads.getCurrentThreadCpuTime();
    try (JournalDirectory directory = JournalDirectory.openReadOnly(journal)) {
      VerifyResult result =
          ReplayVerifier.verify(
              directory,
              JournalEngines.of(directory),
              BuildId.current(),
              Long.MAX_VALUE,
              Progress.NONE);
      long inbound = result.runs().stream().mapToLong(RunReport::inbound).sum();
      if (!result.isIdentical() || inbound < ticks) {
        throw new IllegalStateException("the replay is not identical:\n" + result.text());
      }
    }
    byProcessor = ticks * 1e9 / (threads.getCurrentThreadCpuTime() - processor);
    return ticks * 1e9 / (System.nanoTime() - started);
  }

  private double read(Path journal) {
    long started = System.nanoTime();
    long messages = 0;
    try (JournalDirectory directory = JournalDirectory.openReadOnly(journal);
        QueueReader reader = directory.inboundReader()) {
      while (reader.readNext((buffer, offset, length) -> bytes += length)) {
        messages++;
      }
    }
    if (messages < ticks || bytes == 0) {
      throw new IllegalStateException("only " + messages + " messages in the journal");
    }
    return ticks * 1e9 / (System.nanoTime() - started);
  }
}

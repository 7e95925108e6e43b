package io.semnal.bench;

import com.sun.management.OperatingSystemMXBean;
import io.semnal.journal.JournalDirectory;
import io.semnal.research.export.ExportKind;
import io.semnal.research.export.ExportRequest;
import io.semnal.research.export.JournalExport;
import io.semnal.research.export.TableFormat;
import io.semnal.server.BuildId;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The journal by itself: appending, reading, exporting; then replay and restart, which have parts
 * of their own, on the same configuration.
 */
final class JournalBench {
  private static final double EXPORT_TARGET = 1_000_000;
  private static final long QUOTES = 10_000_000;
  private static final long QUICK_QUOTES = 2_000_000;
  private final OperatingSystemMXBean process =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private final Report report;
  private final boolean quick;

  JournalBench(Report report, boolean quick) {
    this.report = report;
    this.quick = quick;
  }

  void run() throws IOException, InterruptedException {
    try (WorkFolder folder = new WorkFolder("append")) {
      new AppendBench(report, folder.path(), quick ? 8 : 24).run();
    }
    try (WorkFolder folder = new WorkFolder("quotes")) {
      long quotes = quick ? QUICK_QUOTES : QUOTES;
      Path journal = folder.path().resolve("journal");
      make(journal, quotes);
      new ReadBench(report, journal, quotes, quick ? 3 : 5).run();
      export(journal, quotes, quick ? 2 : 3);
    }
    new ReplayBench(report, quick ? 1_000_000 : 4_000_000, quick ? 2 : 3).run();
    new RestartBench(report, quick ? 500_000 : QUOTES, quick ? 1 : 3).run();
  }

  /** In a process of its own: what is measured here is compiled by what is measured. */
  private void make(Path journal, long quotes) throws IOException, InterruptedException {
    try (ChildProcess maker =
        ChildProcess.start(
            "256m",
            QuoteJournal.class.getName(),
            List.of(journal.toString(), Long.toString(quotes)))) {
      maker.awaitEnd(report::say);
    }
  }

  private void export(Path journal, long quotes, int rounds) throws IOException {
    double[] rate = new double[rounds];
    double[] floor = new double[rounds];
    double[] processor = new double[rounds];
    long bytes = 0;
    Path out = journal.resolveSibling("quotes.parquet");
    for (int i = 0; i < rounds; i++) {
      floor[i] = ReadBench.passOver(journal, quotes);
      long began = System.nanoTime();
      long before = process.getProcessCpuTime();
      try (JournalDirectory directory = JournalDirectory.openReadOnly(journal)) {
        JournalExport.Result result =
            JournalExport.write(
                directory,
                ExportRequest.all(ExportKind.QUOTES),
                TableFormat.PARQUET,
                out,
                BuildId.current(),
                count -> {});
        if (result.rows() != quotes) {
          throw new IllegalStateException("exported " + result.rows() + " of " + quotes);
        }
        bytes = result.bytes();
      }
      processor[i] = (process.getProcessCpuTime() - before) / 1e9;
      rate[i] = quotes * 1e9 / (System.nanoTime() - began);
      Files.delete(out);
    }
    report.add(
        Figure.atLeast(
            EXPORT_TARGET,
            "export of quotes to Parquet",
            Statistics.median(rate),
            "rows/s",
            Statistics.median(floor),
            quotes
                + " quotes of 17 columns, "
                + Figure.number((double) bytes / quotes)
                + " bytes a row; "
                + Statistics.range(rate)
                + "; two threads, "
                + Figure.number(Statistics.median(processor))
                + " s of processor time in all; first, cold "
                + Figure.number(rate[0])
                + "; floor: reading the queue only"));
  }
}

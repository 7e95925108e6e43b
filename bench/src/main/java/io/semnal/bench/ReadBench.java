package io.semnal.bench;

import io.semnal.core.ingress.MessageHandler;
import io.semnal.journal.JournalDirectory;
import io.semnal.journal.QueueReader;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.QuoteDecoder;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import org.agrona.DirectBuffer;

/** Reads a journal's quotes on one thread, every field of each, beside looking at none. */
final class ReadBench {
  private static final double TARGET = 8_000_000;
  private final Report report;
  private final Path journal;
  private final long quotes;
  private final int rounds;
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final QuoteDecoder quote = new QuoteDecoder();
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private double byProcessor;
  private long sum;

  ReadBench(Report report, Path journal, long quotes, int rounds) {
    this.report = report;
    this.journal = journal;
    this.quotes = quotes;
    this.rounds = rounds;
  }

  void run() {
    double[] decoded = new double[rounds];
    double[] bare = new double[rounds];
    double[] processor = new double[rounds];
    double first = decode();
    passOver(journal, quotes);
    long check = sum;
    for (int i = 0; i < rounds; i++) {
      bare[i] = passOver(journal, quotes);
      sum = 0;
      decoded[i] = decode();
      processor[i] = byProcessor;
      if (sum != check) {
        throw new IllegalStateException("two readings differ");
      }
    }
    report.add(
        Figure.atLeast(
            TARGET,
            "read and decode quotes",
            Statistics.median(decoded),
            "messages/s",
            Statistics.median(bare),
            "one thread, "
                + quotes
                + " quotes, all 12 fields; "
                + Statistics.range(decoded)
                + "; by the thread's processor time "
                + Figure.number(Statistics.median(processor))
                + "; first, cold "
                + Figure.number(first)
                + "; floor: no field looked at"));
  }

  private double decode() {
    MessageHandler handler = this::onMessage;
    long began = System.nanoTime();
    long processor = threads.getCurrentThreadCpuTime();
    try (JournalDirectory directory = JournalDirectory.openReadOnly(journal);
        QueueReader reader = directory.inboundReader()) {
      while (reader.readNext(handler)) {
        // On to the next.
      }
    }
    byProcessor = quotes * 1e9 / (threads.getCurrentThreadCpuTime() - processor);
    return quotes * 1e9 / (System.nanoTime() - began);
  }

  private void onMessage(DirectBuffer buffer, int offset, int length) {
    if (MessageLayout.templateId(buffer, offset) != QuoteDecoder.TEMPLATE_ID) {
      return;
    }
    QuoteDecoder q = quote.wrapAndApplyHeader(buffer, offset, header);
    sum +=
        q.journalSeq()
            ^ q.time()
            ^ q.eventTime()
            ^ q.receiveTime()
            ^ q.bid()
            ^ q.ask()
            ^ q.bidSize()
            ^ q.askSize()
            ^ q.sourceSeq()
            ^ q.sourceId()
            ^ q.instrumentId()
            ^ q.flags().getRaw();
  }

  /** Messages a second that a reader hands over to somebody who does not look at them. */
  static double passOver(Path journal, long least) {
    long began = System.nanoTime();
    long messages = 0;
    long[] length = new long[1];
    try (JournalDirectory directory = JournalDirectory.openReadOnly(journal);
        QueueReader reader = directory.inboundReader()) {
      while (reader.readNext((buffer, offset, size) -> length[0] += size)) {
        messages++;
      }
    }
    if (messages < least || length[0] == 0) {
      throw new IllegalStateException("only " + messages + " messages in " + journal);
    }
    return messages * 1e9 / (System.nanoTime() - began);
  }
}

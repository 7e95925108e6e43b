package io.semnal.bench;

import io.semnal.core.ingress.MessageLog;
import io.semnal.journal.JournalDirectory;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.DefineInstrumentEncoder;
import io.semnal.protocol.sbe.DefineSourceEncoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.QuoteEncoder;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Fills a journal with quotes of two instruments at random moments, prices walking by tenths of a
 * pip, without an engine. A process of its own.
 */
final class QuoteJournal {
  private static final long START = Instant.parse("2026-01-05T00:00:00Z").getEpochSecond();
  private static final long NANOS = 1_000_000_000L;
  private static final int MICRO = 1_000;
  private static final String[] SYMBOLS = {"EURUSD", "USDJPY"};

  private final SplittableRandom random = new SplittableRandom(7);
  private final long[] mids = {110_000_000L, 15_000_000_000L};
  private final long[] steps = {1_000, 100_000};
  private final long[] sourceSeq = new long[SYMBOLS.length];
  private final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(512));
  private final MessageHeaderEncoder header = new MessageHeaderEncoder();
  private final QuoteEncoder quote = new QuoteEncoder();
  private long time = START * NANOS;
  private long seq;

  /**
   * @param args the journal to make, and how many quotes
   */
  public static void main(String[] args) {
    long count = Long.parseLong(args[1]);
    QuoteJournal quotes = new QuoteJournal();
    try (JournalDirectory journal = JournalDirectory.open(Path.of(args[0]), "FAST_DAILY")) {
      MessageLog log = journal.inboundLog();
      quotes.define(log);
      for (long i = 0; i < count; i++) {
        log.append(quotes.buffer, 0, quotes.next());
      }
    }
  }

  UnsafeBuffer buffer() {
    return buffer;
  }

  private void define(MessageLog log) {
    for (int i = 0; i < SYMBOLS.length; i++) {
      DefineInstrumentEncoder e =
          new DefineInstrumentEncoder().wrapAndApplyHeader(buffer, 0, header);
      e.instrumentId(i + 1).symbol(SYMBOLS[i]).priceDecimals((short) 5).pip(10_000);
      append(log, e.encodedLength());
    }
    DefineSourceEncoder source = new DefineSourceEncoder().wrapAndApplyHeader(buffer, 0, header);
    source.sourceId(1).name("bench");
    append(log, source.encodedLength());
  }

  private void append(MessageLog log, int encoded) {
    MessageLayout.stamp(buffer, 0, ++seq, time);
    log.append(buffer, 0, MessageLayout.HEADER + encoded);
  }

  /**
   * Encodes the next quote into the buffer.
   *
   * @return its length
   */
  int next() {
    int i = random.nextInt(SYMBOLS.length);
    time += (1 + random.nextInt(500_000)) * (long) MICRO;
    mids[i] += (random.nextInt(7) - 3) * steps[i];
    long half = steps[i] * (2 + random.nextInt(5));
    quote
        .wrapAndApplyHeader(buffer, 0, header)
        .eventTime(time)
        .receiveTime(MessageLayout.ABSENT)
        .bid(mids[i] - half)
        .ask(mids[i] + half)
        .bidSize(100_000_00L * (1 + random.nextInt(10)))
        .askSize(100_000_00L * (1 + random.nextInt(10)))
        .sourceSeq(++sourceSeq[i])
        .sourceId(1)
        .instrumentId(i + 1);
    quote.flags().clear();
    MessageLayout.stamp(buffer, 0, ++seq, time);
    return MessageLayout.HEADER + quote.encodedLength();
  }
}

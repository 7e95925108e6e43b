package io.semnal.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.QuoteDecoder;
import io.semnal.server.JournalView.Message;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;

/** What has to be true of a journal whatever happened to the processes that wrote it. */
final class JournalProof {
  private JournalProof() {}

  /** Every tick of the files is in the inbound journal, in order, at its price, once; how many. */
  static long standsOnce(Path journal, List<Path> files) throws IOException {
    List<Message> quotes = JournalView.inbound(journal, t -> t == QuoteDecoder.TEMPLATE_ID);
    QuoteDecoder quote = new QuoteDecoder();
    int at = 0;
    for (Path file : files) {
      long midnight = RealTicks.midnightMillis(file, ZoneOffset.UTC);
      for (String[] row : RealTicks.rows(file)) {
        assertTrue(at < quotes.size(), "the journal ends after " + at + " ticks");
        quote.wrapAndApplyHeader(quotes.get(at).buffer(), 0, new MessageHeaderDecoder());
        at++;
        assertEquals(at, quote.sourceSeq());
        assertEquals((midnight + Long.parseLong(row[0])) * 1_000_000L, quote.eventTime());
        assertEquals(RealTicks.mantissa(row[1]), quote.bid());
        assertEquals(RealTicks.mantissa(row[2]), quote.ask());
      }
    }
    assertEquals(at, quotes.size());
    return at;
  }

  /** Replayed from the headers alone, it says the same bytes; the command's text. */
  static String verifies(Path journal, int runs) {
    String text = CommandRun.done("replay", "--verify", "--journal", journal.toString()).out();
    assertTrue(text.contains("identical: " + runs + " run(s)"), text);
    return text;
  }
}

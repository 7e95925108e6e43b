package io.semnal.server;

import io.semnal.protocol.sbe.FeedState;
import io.semnal.protocol.sbe.FeedStatusDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.QuoteDecoder;
import io.semnal.server.JournalView.Message;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a journal of one instrument says by FeedStatus that ticks may be missing: from the last
 * quote before a source is down or stale to the first one behind.
 */
record MarkedStretches(List<Stretch> all) {
  /** Event times of both quotes; nothing came behind: the greatest. */
  record Stretch(long from, long to) {}

  static MarkedStretches of(Path journal) {
    List<Stretch> found = new ArrayList<>();
    MessageHeaderDecoder header = new MessageHeaderDecoder();
    QuoteDecoder quote = new QuoteDecoder();
    FeedStatusDecoder status = new FeedStatusDecoder();
    long last = Long.MIN_VALUE;
    boolean marked = false;
    for (Message m :
        JournalView.inbound(
            journal, t -> t == QuoteDecoder.TEMPLATE_ID || t == FeedStatusDecoder.TEMPLATE_ID)) {
      if (m.template() == QuoteDecoder.TEMPLATE_ID) {
        long at = quote.wrapAndApplyHeader(m.buffer(), 0, header).eventTime();
        if (marked) {
          found.add(new Stretch(last, at));
          marked = false;
        }
        last = Math.max(last, at);
      } else if (status.wrapAndApplyHeader(m.buffer(), 0, header).state() != FeedState.UP) {
        marked = true;
      }
    }
    if (marked) {
      found.add(new Stretch(last, Long.MAX_VALUE));
    }
    return new MarkedStretches(List.copyOf(found));
  }

  /** Whether a bar of that time may lack ticks. */
  boolean touch(long openTime, long closeTime) {
    return all.stream().anyMatch(s -> openTime <= s.to() && closeTime > s.from());
  }
}

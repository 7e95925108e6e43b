package io.semnal.feed.session;

import io.semnal.core.ingress.InboundPort;
import io.semnal.core.source.SourceRegistry;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.DefineSourceDecoder;
import io.semnal.protocol.sbe.FeedStatusDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.QuoteDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Stands for ingress and journal: refuses at random, drops repeats, keeps the rest. */
final class CapturingPort implements InboundPort {
  record Taken(
      int sourceId, long seq, int instrument, long eventTime, long bid, long ask, int flags) {}

  final SourceRegistry sources;
  final List<Taken> quotes = new ArrayList<>();
  final List<String> statuses = new CopyOnWriteArrayList<>();
  final List<byte[]> bytes = new ArrayList<>();
  private final Random random;
  volatile int refusePercent;
  volatile RuntimeException failure;
  boolean keepBytes;

  CapturingPort(SourceRegistry sources, long seed) {
    this.sources = sources;
    random = new Random(seed);
  }

  @Override
  public synchronized boolean offer(DirectBuffer buffer, int offset, int length) {
    if (failure != null) {
      throw failure;
    }
    if (random.nextInt(100) < refusePercent) {
      return false;
    }
    int template = MessageLayout.templateId(buffer, offset);
    MessageHeaderDecoder header = new MessageHeaderDecoder();
    if (template == QuoteDecoder.TEMPLATE_ID) {
      QuoteDecoder q = new QuoteDecoder();
      q.wrapAndApplyHeader(buffer, offset, header);
      long journalSeq = q.journalSeq();
      long time = q.time();
      Taken taken = taken(q);
      if (taken.seq() <= sources.lastSeq(taken.sourceId())) {
        return true;
      }
      if (journalSeq != 0 || time != 0 || length != QuoteGate.LENGTH) {
        throw new AssertionError("not as the port's contract says");
      }
      quotes.add(taken);
      sources.journaled(taken.sourceId(), taken.seq());
      if (keepBytes) {
        byte[] copy = new byte[length];
        new UnsafeBuffer(buffer, offset, length).getBytes(0, copy);
        bytes.add(copy);
      }
    } else if (template == FeedStatusDecoder.TEMPLATE_ID) {
      FeedStatusDecoder s = new FeedStatusDecoder().wrapAndApplyHeader(buffer, offset, header);
      statuses.add(s.sourceId() + " " + s.state());
    } else {
      DefineSourceDecoder d = new DefineSourceDecoder().wrapAndApplyHeader(buffer, offset, header);
      statuses.add(d.sourceId() + " = " + d.name());
    }
    return true;
  }

  private static Taken taken(QuoteDecoder q) {
    long eventTime = q.eventTime();
    q.receiveTime();
    long seq = q.sourceSeq();
    long bid = q.bid();
    long ask = q.ask();
    q.bidSize();
    q.askSize();
    int source = q.sourceId();
    int instrument = q.instrumentId();
    return new Taken(source, seq, instrument, eventTime, bid, ask, q.flags().getRaw());
  }

  synchronized List<Taken> quotes() {
    return List.copyOf(quotes);
  }
}

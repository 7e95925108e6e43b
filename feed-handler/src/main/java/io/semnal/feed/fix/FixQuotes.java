package io.semnal.feed.fix;

import io.semnal.core.ingress.InboundPort;
import io.semnal.core.metrics.Counter;
import io.semnal.core.metrics.Metrics;
import io.semnal.feed.normalise.QuoteNormalizer;
import io.semnal.feed.normalise.QuoteWriter;
import io.semnal.feed.normalise.RejectLog;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Brings one source's best prices to the ingress: judged and flagged as any feed's, numbered, and
 * conflated while there is no room, because a venue cannot be made to wait. One thread; allocates
 * nothing per price.
 */
final class FixQuotes {
  private final InboundPort port;
  private final QuoteNormalizer normalizer;
  private final SourceArbiter arbiter;
  private final int source;
  private final int sourceId;
  private final int[] places;
  private final int[] ids;
  private final LongSupplier now;
  private final LongConsumer receivedAt;
  private final Counter quotes;
  private final Counter conflated;
  private final Counter outranked;
  private final RejectLog rejects;
  private final QuoteWriter writer = new QuoteWriter();
  private final Conflation waiting;
  private long sourceSeq;

  /**
   * @param source its place in the arbiter
   * @param places of our instruments in the arbiter
   * @param name for counters and log
   * @param sourceSeq of its last journaled quote
   * @param ids instrument ids by place
   * @param now the wall clock; {@code MessageLayout.ABSENT} with the source clock
   */
  FixQuotes(
      InboundPort port,
      QuoteNormalizer normalizer,
      SourceArbiter arbiter,
      int source,
      int[] places,
      String name,
      int sourceId,
      long sourceSeq,
      int[] ids,
      LongSupplier now,
      LongConsumer receivedAt,
      Metrics metrics) {
    this.port = port;
    this.normalizer = normalizer;
    this.arbiter = arbiter;
    this.source = source;
    this.sourceId = sourceId;
    this.sourceSeq = sourceSeq;
    this.places = places;
    this.ids = ids;
    this.now = now;
    this.receivedAt = receivedAt;
    waiting = new Conflation(ids.length);
    rejects = new RejectLog(name);
    quotes = counter(metrics, "fix_quotes_total", name, "Quotes taken from a FIX session");
    conflated =
        counter(metrics, "fix_conflated_total", name, "Quotes that went into a conflated one");
    outranked =
        counter(
            metrics,
            "fix_outranked_total",
            name,
            "Quotes left out because another source speaks for the instrument");
  }

  private static Counter counter(Metrics metrics, String name, String session, String help) {
    return metrics.counter(name + "{session=\"" + session + "\"}", help);
  }

  /**
   * Takes an instrument's best prices.
   *
   * @param open whether the journal may be offered a quote now; else it waits
   */
  void take(
      int instrument,
      long eventTime,
      long bid,
      long ask,
      long bidSize,
      long askSize,
      boolean open) {
    if (!arbiter.admits(source, places[instrument], eventTime)) {
      outranked.incrementOwned();
      return;
    }
    int flags = normalizer.flags(ids[instrument], eventTime, bid, ask, now.getAsLong());
    if (flags == QuoteNormalizer.REJECTED) {
      rejects.onReject(
          normalizer.lastReject(),
          ids[instrument],
          sourceSeq + 1,
          eventTime,
          bid,
          ask,
          System.nanoTime());
      return;
    }
    quotes.incrementOwned();
    long seq = ++sourceSeq;
    if (open) {
      drain();
      if (waiting.isEmpty()) {
        int length =
            writer.encode(
                eventTime, bid, ask, bidSize, askSize, sourceId, seq, ids[instrument], flags);
        receivedAt.accept(System.nanoTime());
        if (port.offer(writer.buffer(), 0, length)) {
          return;
        }
      }
    }
    if (waiting.add(instrument, eventTime, seq, bid, ask, bidSize, askSize, flags)) {
      conflated.incrementOwned();
    }
  }

  /** Offers what waits, oldest first; returns messages taken. */
  int drain() {
    int taken = 0;
    while (!waiting.isEmpty()) {
      int instrument = waiting.first();
      Conflation.Pending p = waiting.of(instrument);
      boolean done =
          p.count == 1
              ? port.offer(writer.buffer(), 0, single(p, instrument))
              : port.offer(waiting.buffer(), 0, waiting.encode(p, sourceId, ids[instrument]));
      if (!done) {
        break;
      }
      waiting.poll();
      taken++;
    }
    return taken;
  }

  private int single(Conflation.Pending p, int instrument) {
    return writer.encode(
        p.eventTime,
        p.bid,
        p.ask,
        p.bidSize,
        p.askSize,
        sourceId,
        p.sourceSeq,
        ids[instrument],
        p.flags);
  }

  /** What waited is old by now: it is left out. */
  void forget() {
    waiting.clear();
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  int sourceId() {
    return sourceId;
  }
}

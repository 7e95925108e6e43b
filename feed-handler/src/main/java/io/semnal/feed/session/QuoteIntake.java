package io.semnal.feed.session;

import io.semnal.core.source.SourceRegistry;
import io.semnal.protocol.sbe.ErrorCode;
import org.agrona.MutableDirectBuffer;

/**
 * Where a session's quotes stand: which came last, which is judged and waits for room, which are
 * acknowledged. Allocates nothing per quote.
 */
final class QuoteIntake {
  /** {@link #take}: the quote is dealt with: offered, rejected, or known already. */
  static final int TAKEN = 0;

  /** {@link #take}: no room; the same quote, as it is in the buffer now, has to come again. */
  static final int NO_ROOM = 1;

  /** {@link #take}: quotes before this one are missing. */
  static final int GAP = 2;

  private static final long ERROR_EVERY = 10_000_000L;

  private final FeedListener listener;
  private final FeedCounters counters;
  private final FeedLimits limits;
  private final SourceRegistry sources;
  private final FeedReply reply;
  private final QuoteGate gate;
  private final int sourceId;
  private final String peer;
  private boolean holding;
  private long passedSeq;
  private long offeredSeq;
  private long ackedSeq;
  private long ackedAt = System.nanoTime();
  private long errorAt = ackedAt - ERROR_EVERY;

  /**
   * @param peer for the log
   */
  QuoteIntake(FeedListener listener, FeedReply reply, int sourceId, String peer) {
    this.listener = listener;
    this.reply = reply;
    this.sourceId = sourceId;
    this.peer = peer;
    counters = listener.counters();
    limits = listener.context().limits();
    sources = listener.context().sources();
    gate = new QuoteGate(sourceId, listener.check(sourceId));
    passedSeq = sources.lastSeq(sourceId);
    sources.settle();
    offeredSeq = passedSeq;
    ackedSeq = passedSeq;
  }

  void allow(int instrumentId) {
    gate.allow(instrumentId);
  }

  /** {@code sourceSeq} of the last quote dealt with. */
  long passedSeq() {
    return passedSeq;
  }

  /** Whether the next quote was judged already, and found no room. */
  boolean isHolding() {
    return holding;
  }

  /**
   * Deals with the next quote, whose message was checked.
   *
   * @param readAt {@link System#nanoTime()} of its reading
   */
  int take(MutableDirectBuffer buffer, int offset, long readAt) {
    long seq = QuoteGate.sourceSeq(buffer, offset);
    if (!holding) {
      if (seq <= passedSeq) {
        counters.repeats.incrementOwned();
        return TAKEN;
      }
      if (seq != passedSeq + 1) {
        return GAP;
      }
      int verdict = gate.admit(buffer, offset);
      if (verdict != QuoteGate.ADMITTED) {
        reject(ErrorCode.get(verdict), buffer, offset, readAt);
        passedSeq = seq;
        return TAKEN;
      }
    }
    holding = !offer(buffer, offset, readAt);
    if (holding) {
      return NO_ROOM;
    }
    counters.quotes.incrementOwned();
    passedSeq = seq;
    offeredSeq = seq;
    return TAKEN;
  }

  private boolean offer(MutableDirectBuffer buffer, int offset, long readAt) {
    StatusQueue statuses = listener.statuses();
    try {
      if (!statuses.isEmpty()) {
        statuses.drain();
        if (!statuses.isEmpty()) {
          return false;
        }
      }
      listener.context().receivedAt().accept(readAt);
      return listener.context().port().offer(buffer, offset, QuoteGate.LENGTH);
    } catch (RuntimeException | Error e) {
      listener.fail(e);
      return false;
    }
  }

  private void reject(ErrorCode code, MutableDirectBuffer buffer, int offset, long readAt) {
    switch (code) {
      case BAD_PRICE -> counters.badPrice.increment();
      case UNKNOWN_INSTRUMENT -> counters.unknownInstrument.increment();
      default -> counters.badTime.increment();
    }
    // A feed that sends nothing else, and reads nothing, must not fill our memory or log.
    if (readAt - errorAt >= ERROR_EVERY && reply.hasRoom()) {
      errorAt = readAt;
      String what = code + ": " + QuoteGate.describe(buffer, offset);
      counters.log(peer, what);
      reply.error(code, what);
    }
  }

  /**
   * Sends an acknowledgement when one is due. What was rejected counts as settled once all that was
   * offered before stands in the journal.
   *
   * @return messages sent
   */
  int acknowledge(long now) {
    long journaled = sources.lastSeq(sourceId);
    long settled = journaled >= offeredSeq ? passedSeq : journaled;
    long more = settled - ackedSeq;
    if (more <= 0
        || more < limits.ackEvery() && now - ackedAt < limits.ackAfter().toNanos()
        || !reply.hasRoom()) {
      return 0;
    }
    ackedSeq = settled;
    ackedAt = now;
    sources.settle();
    reply.ack(settled);
    reply.flush();
    return 1;
  }
}

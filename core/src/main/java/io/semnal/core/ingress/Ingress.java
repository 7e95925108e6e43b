package io.semnal.core.ingress;

import io.semnal.core.metrics.Counter;
import io.semnal.core.metrics.Metrics;
import io.semnal.core.metrics.StageRecorder;
import io.semnal.core.ring.MessageRing;
import io.semnal.core.ring.Slot;
import io.semnal.core.source.SourceRegistry;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.ClockEncoder;
import io.semnal.protocol.sbe.ConflatedQuoteDecoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.QuoteDecoder;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The one door to the engine: stamps {@code journalSeq} and {@code time}, appends to the inbound
 * journal, and then publishes to the inbound ring, whose only producer it is. What was journaled
 * once is not taken again.
 *
 * <p>One thread, for {@link #offer} as for {@link #tick}; other threads go through {@link
 * IngressQueue}.
 */
public final class Ingress implements InboundPort {
  private static final int EVENT_TIME =
      MessageLayout.HEADER + QuoteDecoder.eventTimeEncodingOffset();
  private static final int RECEIVE_TIME =
      MessageLayout.HEADER + QuoteDecoder.receiveTimeEncodingOffset();
  private static final int SOURCE_SEQ =
      MessageLayout.HEADER + QuoteDecoder.sourceSeqEncodingOffset();
  private static final int SOURCE_ID = MessageLayout.HEADER + QuoteDecoder.sourceIdEncodingOffset();
  private static final int CLOCK_LENGTH = MessageLayout.HEADER + ClockEncoder.BLOCK_LENGTH;

  private final MessageRing ring;
  private final MessageLog log;
  private final EngineTime time;
  private final SourceRegistry sources;
  private final StageRecorder stages;
  private final Counter quotes;
  private final Counter repeats;
  private final Counter full;
  private final int sampleMask;
  private final MessageHeaderEncoder header = new MessageHeaderEncoder();
  private final ClockEncoder clock = new ClockEncoder();
  private final long clockInterval;
  private long journalSeq;
  private long nextClock;
  private long origin;

  /**
   * @param sampleEvery one message in so many, a power of two, is timed; 0 = none
   * @param clockIntervalNanos between Clock messages, with the wall clock
   */
  public Ingress(
      MessageRing ring,
      MessageLog log,
      EngineTime time,
      SourceRegistry sources,
      Metrics metrics,
      int sampleEvery,
      long clockIntervalNanos) {
    this.ring = ring;
    this.log = log;
    this.time = time;
    this.sources = sources;
    this.clockInterval = clockIntervalNanos;
    sampleMask = sampleEvery == 0 ? -1 : Integer.highestOneBit(sampleEvery) - 1;
    stages = metrics.stages();
    quotes = metrics.counter("ingress_quotes_total", "Quotes journaled");
    repeats =
        metrics.counter(
            "ingress_repeats_total", "Quotes left out because they were journaled before");
    full = metrics.counter("ingress_full_total", "Times that the inbound ring had no room");
  }

  /** Continues a journal. Before the first {@link #offer}. */
  public void resumeFrom(long lastJournalSeq, long lastTime) {
    journalSeq = lastJournalSeq;
    time.resumeFrom(lastTime);
  }

  public long journalSeq() {
    return journalSeq;
  }

  public long time() {
    return time.last();
  }

  /**
   * When the message about to be offered was received, {@link System#nanoTime()}; for sampled
   * timing.
   */
  public void receivedAt(long nanos) {
    origin = nanos;
  }

  @Override
  public boolean offer(DirectBuffer buffer, int offset, int length) {
    int template = MessageLayout.templateId(buffer, offset);
    // A ConflatedQuote has the same fields in the same places.
    boolean quote =
        template == QuoteDecoder.TEMPLATE_ID || template == ConflatedQuoteDecoder.TEMPLATE_ID;
    if (quote && isRepeat(buffer, offset)) {
      repeats.incrementOwned();
      return true;
    }
    if (!ring.hasRoom(1)) {
      full.incrementOwned();
      return false;
    }
    long sequence = ring.next();
    Slot slot = ring.get(sequence);
    MutableDirectBuffer target = slot.buffer();
    int at = slot.offset();
    target.putBytes(at, buffer, offset, length);
    long now = time.now();
    long stamp;
    if (quote) {
      stamp = time.ofQuote(target.getLong(at + EVENT_TIME, ByteOrder.LITTLE_ENDIAN), now);
      target.putLong(at + RECEIVE_TIME, now, ByteOrder.LITTLE_ENDIAN);
      quotes.incrementOwned();
    } else {
      stamp = time.ofOther(now);
    }
    publish(sequence, slot, stamp, length);
    if (quote) {
      sources.journaled(
          target.getInt(at + SOURCE_ID, ByteOrder.LITTLE_ENDIAN),
          target.getLong(at + SOURCE_SEQ, ByteOrder.LITTLE_ENDIAN));
    }
    return true;
  }

  private boolean isRepeat(DirectBuffer buffer, int offset) {
    int source = buffer.getInt(offset + SOURCE_ID, ByteOrder.LITTLE_ENDIAN);
    return buffer.getLong(offset + SOURCE_SEQ, ByteOrder.LITTLE_ENDIAN) <= sources.lastSeq(source);
  }

  private void publish(long sequence, Slot slot, long stamp, int length) {
    MessageLayout.stamp(slot.buffer(), slot.offset(), ++journalSeq, stamp);
    slot.length(length);
    log.append(slot.buffer(), slot.offset(), length);
    if ((journalSeq & sampleMask) == 0) {
      long from = origin == 0 ? System.nanoTime() : origin;
      slot.originNanos(from);
      stages.record(StageRecorder.Stage.INBOUND_JOURNAL, System.nanoTime() - from);
    } else {
      slot.originNanos(0);
    }
    origin = 0;
    ring.publish(sequence);
  }

  /**
   * With the wall clock: writes a Clock message when one is due.
   *
   * @return messages written
   */
  public int tick() {
    if (!time.isWall()) {
      return 0;
    }
    long now = time.now();
    if (now < nextClock || !ring.hasRoom(1)) {
      return 0;
    }
    nextClock = now + clockInterval;
    clockTo(time.ofOther(now));
    return 1;
  }

  /**
   * With the source clock: says that time has come to {@code to} without a quote, as a Clock
   * message.
   */
  public boolean advanceTo(long to) {
    if (!ring.hasRoom(1)) {
      return false;
    }
    clockTo(time.advanceTo(to));
    return true;
  }

  private void clockTo(long stamp) {
    long sequence = ring.next();
    Slot slot = ring.get(sequence);
    clock.wrapAndApplyHeader(slot.buffer(), slot.offset(), header).journalSeq(0).time(0);
    publish(sequence, slot, stamp, CLOCK_LENGTH);
  }
}

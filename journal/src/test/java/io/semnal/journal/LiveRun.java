package io.semnal.journal;

import io.semnal.core.engine.Engine;
import io.semnal.core.engine.OutboundSink;
import io.semnal.core.source.SourceRegistry;
import io.semnal.protocol.MessageLayout;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.openhft.chronicle.core.time.SystemTimeProvider;
import net.openhft.chronicle.core.time.TimeProvider;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a server does to a journal, without rings: recovery, then each quote is journaled, given to
 * the engine, and what that says is journaled. Can stop publishing early, as a killed process does.
 */
final class LiveRun implements AutoCloseable {
  static final Duration WARM_UP = Duration.ofSeconds(50);

  final JournalDirectory journal;
  final JournalState found;
  final EngineStart start;
  private final Messages messages = new Messages();
  private final Engine engine;
  private long journalSeq;
  private long outSeq;
  private long publishUpTo = Long.MAX_VALUE;
  private final List<byte[]> heldBack = new ArrayList<>();
  private boolean holding;
  private long flipped = Long.MAX_VALUE;
  private long published;

  LiveRun(Path dir, String build, String text) {
    this(dir, build, text, "FAST_DAILY");
  }

  LiveRun(Path dir, String build, String text, String rollCycle) {
    this(dir, build, text, rollCycle, SystemTimeProvider.INSTANCE);
  }

  /**
   * @param clock by which the journal's files roll
   */
  LiveRun(Path dir, String build, String text, String rollCycle, TimeProvider clock) {
    journal = JournalDirectory.open(dir, rollCycle, clock);
    try {
      SnapshotChoice snapshots = SnapshotChoice.of(journal);
      found = JournalScan.scan(journal, snapshots, new SourceRegistry(), Progress.NONE);
      start =
          Recovery.resume(
              journal, found, snapshots, TestEngine.factory(), request(build, text), Progress.NONE);
    } catch (RuntimeException e) {
      journal.close();
      throw e;
    }
    engine = start.engine();
    journalSeq = start.journalSeq();
    outSeq = start.outSeq();
    published = outSeq;
    start.goLive(new Publisher());
  }

  static RunRequest request(String build, String text) {
    return new RunRequest(
        build, text, List.of(Messages.pin("trend", 3)), true, Messages.START, 0, WARM_UP);
  }

  /** Messages with a higher {@code outSeq} are said, but never reach the journal. */
  LiveRun publishUpTo(long sequence) {
    publishUpTo = sequence;
    return this;
  }

  LiveRun quotes(int count) {
    for (int i = 0; i < count; i++) {
      quote((journalSeq * 31 + 7) % 1_009 + 1_000);
    }
    return this;
  }

  LiveRun quote(long bid) {
    journalSeq++;
    long time = Messages.START + journalSeq * Messages.SECOND;
    int length = messages.quote(journalSeq, time, 1, journalSeq, 1, bid);
    journal.inboundLog().append(messages.buffer, 0, length);
    try {
      engine.onMessage(messages.buffer, 0, length);
    } catch (IllegalStateException e) {
      FatalRecord.write(journal, journalSeq, e);
      throw e;
    }
    return this;
  }

  /** A message of which this engine says nothing. */
  LiveRun clock() {
    journalSeq++;
    int length = messages.clock(journalSeq, Messages.START + journalSeq * Messages.SECOND);
    journal.inboundLog().append(messages.buffer, 0, length);
    engine.onMessage(messages.buffer, 0, length);
    return this;
  }

  long journalSeq() {
    return journalSeq;
  }

  long outSeq() {
    return outSeq;
  }

  /** What the engine says from here on waits until this is called again with {@code false}. */
  LiveRun holdBack(boolean wanted) {
    holding = wanted;
    if (!wanted) {
      heldBack.forEach(m -> publish(new UnsafeBuffer(m), 0, m.length));
      heldBack.clear();
    }
    return this;
  }

  /** The last message that was published. */
  long published() {
    return published;
  }

  /** The first message from that one on is published with a wrong byte. */
  LiveRun flipOneBitOf(long sequence) {
    flipped = sequence;
    return this;
  }

  long flipped() {
    return flipped;
  }

  /** Publishes what no engine says: a message of the last one's cause behind it. */
  LiveRun publishOneTooMany() {
    int length = messages.bar(outSeq + 1, journalSeq, Messages.START + journalSeq * 1_000_000_000L);
    journal.outboundLog().append(messages.buffer, 0, length);
    return this;
  }

  private void publish(MutableDirectBuffer buffer, int offset, int length) {
    published = MessageLayout.outSeq(buffer, offset);
    if (published == flipped) {
      buffer.putByte(offset + 70, (byte) (buffer.getByte(offset + 70) ^ 1));
    }
    journal.outboundLog().append(buffer, offset, length);
  }

  LiveRun endInOrder() {
    new CleanEnd(journalSeq, outSeq).write(journal);
    return this;
  }

  @Override
  public void close() {
    journal.close();
  }

  private final class Publisher implements OutboundSink {
    private final UnsafeBuffer scratch = new UnsafeBuffer(ByteBuffer.allocateDirect(512));

    @Override
    public MutableDirectBuffer claim(int maxLength) {
      return scratch;
    }

    @Override
    public int offset() {
      return 16;
    }

    @Override
    public void commit(int length) {
      outSeq = MessageLayout.outSeq(scratch, offset());
      if (holding) {
        byte[] message = new byte[length];
        scratch.getBytes(offset(), message);
        heldBack.add(message);
      } else if (outSeq <= publishUpTo) {
        publish(scratch, offset(), length);
      }
    }
  }
}

package io.semnal.journal;

import io.semnal.core.engine.Engine;
import io.semnal.core.engine.OutboundSink;
import io.semnal.core.source.SourceRegistry;
import io.semnal.protocol.MessageLayout;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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

  LiveRun(Path dir, String build, String text) {
    this(dir, build, text, "FAST_DAILY");
  }

  LiveRun(Path dir, String build, String text, String rollCycle) {
    journal = JournalDirectory.open(dir, rollCycle);
    try {
      found = JournalScan.scan(journal, new SourceRegistry(), Progress.NONE);
      start =
          Recovery.resume(
              journal, found, TestEngine.factory(), request(build, text), Progress.NONE);
    } catch (RuntimeException e) {
      journal.close();
      throw e;
    }
    engine = start.engine();
    journalSeq = start.journalSeq();
    outSeq = start.outSeq();
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

  long journalSeq() {
    return journalSeq;
  }

  long outSeq() {
    return outSeq;
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
      if (outSeq <= publishUpTo) {
        journal.outboundLog().append(scratch, offset(), length);
      }
    }
  }
}

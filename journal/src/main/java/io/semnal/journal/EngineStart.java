package io.semnal.journal;

import io.semnal.core.engine.Engine;
import io.semnal.core.engine.OutboundSink;
import io.semnal.core.ingress.MessageLog;
import io.semnal.protocol.MessageLayout;
import java.util.ArrayList;
import java.util.List;
import org.agrona.MutableDirectBuffer;

/**
 * An engine that stands at the journal's tail, before any thread runs: still to be told what must
 * be known before the first quote, then set live. Starting thread only.
 */
public final class EngineStart {
  private final JournalDirectory journal;
  private final MessageLog inbound;
  private final Engine engine;
  private final RecoverySink sink;
  private final RunInfo run;
  private final boolean continued;
  private final long snapshotSeq;
  private final List<String> notes;
  private final long foundSeq;
  private long journalSeq;
  private long time;

  /** A new run. */
  EngineStart(
      JournalDirectory journal,
      Engine engine,
      RecoverySink sink,
      RunInfo run,
      Mark tail,
      List<String> notes) {
    this(journal, engine, sink, run, false, 0, tail, notes);
  }

  /** The last run goes on, from a snapshot if {@code snapshotSeq} is not 0. */
  EngineStart(
      JournalDirectory journal,
      Engine engine,
      RecoverySink sink,
      RunInfo run,
      long snapshotSeq,
      Mark tail,
      List<String> notes) {
    this(journal, engine, sink, run, true, snapshotSeq, tail, notes);
  }

  private EngineStart(
      JournalDirectory journal,
      Engine engine,
      RecoverySink sink,
      RunInfo run,
      boolean continued,
      long snapshotSeq,
      Mark tail,
      List<String> notes) {
    this.journal = journal;
    inbound = journal.inboundLog();
    this.engine = engine;
    this.sink = sink;
    this.run = run;
    this.continued = continued;
    this.snapshotSeq = snapshotSeq;
    this.notes = new ArrayList<>(notes);
    journalSeq = tail.sequence();
    foundSeq = journalSeq;
    time = tail.time();
  }

  public Engine engine() {
    return engine;
  }

  /** The run that the engine is in. */
  public RunInfo run() {
    return run;
  }

  /** Whether the journal's last run goes on; else this is a new one. */
  public boolean isContinued() {
    return continued;
  }

  /** {@code journalSeq} of the snapshot from which the run was replayed; 0 = from its header. */
  public long snapshotSeq() {
    return snapshotSeq;
  }

  /** {@code journalSeq} to which the journal was replayed, or of a new run's header. */
  public long foundSeq() {
    return foundSeq;
  }

  /** Last {@code journalSeq}: for {@code Ingress.resumeFrom}. */
  public long journalSeq() {
    return journalSeq;
  }

  /** Last engine time: for {@code Ingress.resumeFrom}. */
  public long time() {
    return time;
  }

  /** Last {@code outSeq}. */
  public long outSeq() {
    return sink.next() - 1;
  }

  /** Messages that the last process had not published any more, and that were appended now. */
  public long published() {
    return sink.appended();
  }

  /** Says more about the recovery. */
  EngineStart withNotes(List<String> more) {
    notes.addAll(more);
    return this;
  }

  /** What an operator should know of the recovery, in sentences. */
  public List<String> notes() {
    return List.copyOf(notes);
  }

  /**
   * One inbound message, such as a definition: stamped, journaled and given to the engine; what the
   * engine says of it is journaled too.
   *
   * @param message SBE message at {@code offset}, stamped in place
   * @throws EngineDiedException if the engine throws; it is written down as {@link FatalRecord}
   */
  public void take(MutableDirectBuffer message, int offset, int length) {
    MessageLayout.stamp(message, offset, journalSeq + 1, time);
    inbound.append(message, offset, length);
    journalSeq++;
    try {
      engine.onMessage(message, offset, length);
    } catch (JournalException e) {
      throw e;
    } catch (RuntimeException | Error e) {
      FatalRecord.write(journal, journalSeq, e);
      throw new EngineDiedException(journalSeq, e);
    }
  }

  /** Engine time of the messages that are taken from here on; it does not go back. */
  public void advanceTo(long to) {
    time = Math.max(time, to);
  }

  /** From here on the engine speaks into the live sink. */
  public void goLive(OutboundSink live) {
    sink.goLive(live);
  }
}

package io.semnal.journal;

import io.semnal.core.engine.Engine;
import io.semnal.core.state.StateWriter;

/**
 * Makes snapshots: what the journal says about itself and an engine's state, behind one message.
 */
public final class Snapshots {
  private Snapshots() {}

  /**
   * Makes one at the end of a journal, of the engine that wrote it. To be called after the last
   * append of an orderly end, by the thread that ends it; reads what was journaled since the last
   * snapshot once.
   *
   * @param keep snapshots kept; 0 = none is made
   * @return whether one was made: not where the last one stands there already
   */
  public static boolean takeAtEnd(JournalDirectory journal, Engine engine, int keep) {
    if (keep == 0) {
      return false;
    }
    SnapshotChoice choice = SnapshotChoice.of(journal);
    JournalState end = JournalScan.scan(journal, choice, null, Progress.NONE).requireSound();
    Snapshot newest = choice.newest();
    if (newest != null && newest.journalSeq() == end.inbound().sequence()) {
      return false;
    }
    write(journal, end, engine, Quarantine.of(journal), keep);
    return true;
  }

  /**
   * @param state of the journal at exactly the message that the engine has come to
   * @return bytes written
   */
  static int write(
      JournalDirectory journal,
      JournalState state,
      Engine engine,
      Quarantine quarantine,
      int keep) {
    journal.sums().complete();
    StateWriter writer = new StateWriter();
    engine.state(writer);
    RunInfo run = state.lastRun();
    long journalSeq = state.inbound().sequence();
    long outSeq = state.outbound().sequence();
    try (QueueReader inbound = journal.inboundReader();
        QueueReader outbound = journal.outboundReader()) {
      Snapshot snapshot =
          new Snapshot(
              run.build(),
              run.runId(),
              run.epoch(),
              Snapshot.hashOf(run.engineText()),
              journalSeq,
              outSeq,
              state.inbound().time(),
              System.currentTimeMillis() * 1_000_000L,
              BootId.current(),
              MessageSum.of(inbound, journalSeq),
              outSeq == 0 ? MessageSum.NONE : MessageSum.of(outbound, outSeq),
              SnapshotChoice.upTo(quarantine, journalSeq),
              state.resumable(),
              writer.toByteArray());
      int bytes = new SnapshotFiles(journal).write(snapshot, keep);
      // Files that came since the start belong to it as well.
      JournalOrigin.write(journal);
      return bytes;
    }
  }
}

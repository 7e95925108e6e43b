package io.semnal.journal;

import io.semnal.core.engine.Engine;
import io.semnal.core.state.StateReader;

/**
 * Where the replay of a run begins: at its header, or behind a snapshot.
 *
 * @param snapshot {@code null} = at the header
 */
record RunBeginning(RunInfo run, Snapshot snapshot) {
  /** For a replay in which the messages from {@code from} on are wanted. */
  static RunBeginning of(RunInfo run, SnapshotChoice snapshots, long from) {
    Snapshot newest = from > run.headerSeq() ? snapshots.before(from, run) : null;
    return new RunBeginning(run, newest != null ? newest : snapshots.floorOf(run));
  }

  /** The first {@code journalSeq} to play. */
  long firstSeq() {
    return snapshot == null ? run.headerSeq() : snapshot.journalSeq() + 1;
  }

  /** The first {@code outSeq} that the engine will say. */
  long firstOutSeq() {
    return (snapshot == null ? run.outSeqBefore() : snapshot.outSeq()) + 1;
  }

  /**
   * Brings a new engine there.
   *
   * @param player in use for it
   * @throws JournalException where the snapshot is not one of such an engine
   */
  void bring(Engine engine, RunPlayer player) {
    if (snapshot == null) {
      player.playEarlier(run.outSeqBefore());
      player.playWarmUp(run.warmFromSeq(), run.headerSeq());
      return;
    }
    try {
      StateReader reader = new StateReader(snapshot.engineBytes());
      engine.state(reader);
      reader.requireEnd();
    } catch (RuntimeException e) {
      throw new JournalException(
          "the snapshot at " + snapshot.journalSeq() + " cannot be used: " + e.getMessage(), e);
    }
  }
}

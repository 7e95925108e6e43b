package io.semnal.journal;

import io.semnal.core.engine.Engine;
import io.semnal.core.state.StateWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Holds an engine's state during a replay against the states that snapshots kept: equal output says
 * little about what has not come out yet.
 */
final class SnapshotStates {
  private final List<Snapshot> snapshots = new ArrayList<>();
  private final List<Long> identical = new ArrayList<>();
  private final List<Long> differing = new ArrayList<>();

  /** Those of one run, up to one inbound message, that can be believed. */
  SnapshotStates(JournalDirectory journal, RunInfo run, long until) {
    SnapshotFiles files = new SnapshotFiles(journal);
    Quarantine quarantine = Quarantine.of(journal);
    for (long sequence : files.newestFirst().reversed()) {
      if (sequence >= run.headerSeq() && sequence <= until) {
        addIfOf(run, files, sequence, quarantine);
      }
    }
  }

  private void addIfOf(RunInfo run, SnapshotFiles files, long sequence, Quarantine quarantine) {
    Snapshot snapshot;
    try {
      snapshot = files.read(sequence);
    } catch (JournalException e) {
      // A start leaves it out and says why; it proves nothing here.
      return;
    }
    if (snapshot.build().equals(run.build())
        && snapshot.runId() == run.runId()
        && Arrays.equals(SnapshotChoice.upTo(quarantine, sequence), snapshot.quarantined())) {
      snapshots.add(snapshot);
    }
  }

  /** Plays a run's messages as {@link RunPlayer#playRun} does, and compares on the way. */
  void play(RunPlayer player, Engine engine, long from, long to) {
    long next = from;
    for (Snapshot snapshot : snapshots) {
      long sequence = snapshot.journalSeq();
      if (sequence < next) {
        continue;
      }
      if (player.playRun(next, sequence) < sequence) {
        return;
      }
      next = sequence + 1;
      StateWriter writer = new StateWriter();
      engine.state(writer);
      if (Arrays.equals(writer.toByteArray(), snapshot.engineBytes())) {
        identical.add(sequence);
      } else {
        differing.add(sequence);
      }
    }
    if (next <= to) {
      player.playRun(next, to);
    }
  }

  /**
   * What was compared, in sentences. A differing state is the snapshot's fault and not the
   * journal's: the bytes that it leads to are compared by themselves, here and at every start.
   */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (!identical.isEmpty()) {
      notes.add("state identical at snapshot(s) " + list(identical));
    }
    if (!differing.isEmpty()) {
      notes.add(
          "ANOTHER state than in the snapshot(s) " + list(differing) + ": delete those files");
    }
    return notes;
  }

  private static String list(List<Long> sequences) {
    return String.join(", ", sequences.reversed().stream().map(String::valueOf).toList());
  }
}

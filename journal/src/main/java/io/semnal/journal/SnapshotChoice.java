package io.semnal.journal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds the snapshots that a start can trust, the newest first, and says why it leaves others out.
 *
 * <p>A snapshot serves if its file is whole and of this format, its last messages stand in both
 * queues byte for byte, and no message before it was put into quarantine since. After the machine
 * has been started anew, what the system had not yet written to disk may be gone from the queues
 * even before a snapshot: then only those serve that are {@link #WRITTEN_BACK} older than the
 * newest, by which time it had.
 */
public final class SnapshotChoice {
  /** Far longer than a kernel keeps a changed page to itself (30 s by default). */
  static final Duration WRITTEN_BACK = Duration.ofMinutes(2);

  private final JournalDirectory journal;
  private final SnapshotFiles files;
  private final String bootId;
  private final List<Long> sequences;
  private final List<String> notes = new ArrayList<>();
  private final List<Snapshot> found = new ArrayList<>();
  private long newestWallTime = Long.MIN_VALUE;
  private int looked;

  private SnapshotChoice(JournalDirectory journal, String bootId, boolean wanted) {
    this.journal = journal;
    this.bootId = bootId;
    files = new SnapshotFiles(journal);
    sequences = wanted ? files.newestFirst() : List.of();
  }

  /** Of a journal that is open for writing or reading. */
  public static SnapshotChoice of(JournalDirectory journal) {
    return of(journal, BootId.current());
  }

  static SnapshotChoice of(JournalDirectory journal, String bootId) {
    return new SnapshotChoice(journal, bootId, true);
  }

  /** No snapshot serves: everything is read from its beginning. */
  public static SnapshotChoice none(JournalDirectory journal) {
    return new SnapshotChoice(journal, "", false);
  }

  /** The newest that serves, or {@code null}. */
  Snapshot newest() {
    return at(0);
  }

  /** The next older one, from 0 on, or {@code null}. */
  Snapshot at(int position) {
    while (found.size() <= position && looked < sequences.size()) {
      look(sequences.get(looked++));
    }
    return position < found.size() ? found.get(position) : null;
  }

  /** The newest of a run that does not hold message {@code journalSeq} yet, or {@code null}. */
  Snapshot before(long journalSeq, RunInfo run) {
    for (int i = 0; at(i) != null; i++) {
      if (at(i).journalSeq() < journalSeq && at(i).isOf(run)) {
        return at(i);
      }
    }
    return null;
  }

  /**
   * The one with which a run begins that has lost its beginning; {@code null} for another run.
   *
   * @throws CorruptJournalException if it does not serve: nothing of the run can be replayed then
   */
  Snapshot floorOf(RunInfo run) {
    Floor floor = journal.floor();
    if (!floor.isInside(run)) {
      return null;
    }
    Snapshot snapshot = servesAt(floor.snapshotSeq());
    if (snapshot == null || !snapshot.isOf(run)) {
      throw new CorruptJournalException(
          "the pruned journal begins with the snapshot at inbound message "
              + floor.snapshotSeq()
              + ", which does not serve"
              + (notes.isEmpty() ? "" : " (" + notes.getLast() + ")")
              + "; restore it from a backup, or begin the replay at a newer one");
    }
    return snapshot;
  }

  /**
   * The one of that message, if it serves, or {@code null}. To begin a replay with it asks nothing
   * of what lies before it, written back or not.
   */
  Snapshot servesAt(long journalSeq) {
    try {
      Snapshot snapshot = files.read(journalSeq);
      String fault = contentFault(snapshot);
      if (fault == null) {
        return snapshot;
      }
      leaveOut(snapshot, fault);
    } catch (JournalException e) {
      notes.add(e.getMessage());
    }
    return null;
  }

  /** Why snapshots were left out, in sentences. */
  List<String> notes() {
    return notes;
  }

  /** Of one that turned out not to serve after all. */
  void leaveOut(Snapshot snapshot, String why) {
    notes.add("the snapshot at " + snapshot.journalSeq() + " is left out: " + why);
  }

  /** Deletes what lies ahead of the journal's end: the journal was restored from a backup. */
  void forgetBeyond(long journalSeq) {
    files.deleteBeyond(journalSeq);
  }

  private void look(long sequence) {
    Snapshot snapshot;
    try {
      snapshot = files.read(sequence);
    } catch (JournalException e) {
      notes.add(e.getMessage());
      return;
    }
    newestWallTime = Math.max(newestWallTime, snapshot.wallTime());
    String fault = fault(snapshot);
    if (fault == null) {
      found.add(snapshot);
    } else {
      leaveOut(snapshot, fault);
    }
  }

  private String fault(Snapshot snapshot) {
    if (isMaybeNotWritten(snapshot)) {
      return "the machine was started anew since, and the journal may lack what it knows";
    }
    return contentFault(snapshot);
  }

  private String contentFault(Snapshot snapshot) {
    if (!Arrays.equals(quarantinedUpTo(snapshot.journalSeq()), snapshot.quarantined())) {
      return "a message before it was put into quarantine since";
    }
    try (QueueReader inbound = journal.inboundReader();
        QueueReader outbound = journal.outboundReader()) {
      if (MessageSum.of(inbound, snapshot.journalSeq()) != snapshot.inboundSum()) {
        return "inbound message " + snapshot.journalSeq() + " is missing or another one";
      }
      if (snapshot.outSeq() > 0
          && MessageSum.of(outbound, snapshot.outSeq()) != snapshot.outboundSum()) {
        return "outbound message " + snapshot.outSeq() + " is missing or another one";
      }
      return null;
    } catch (CorruptJournalException e) {
      return e.getMessage();
    }
  }

  private boolean isMaybeNotWritten(Snapshot snapshot) {
    // A pruning has forced the disk to take what the one at the floor stands on.
    return snapshot.journalSeq() != journal.floor().snapshotSeq()
        && (bootId.isEmpty() || !bootId.equals(snapshot.bootId()))
        && newestWallTime - snapshot.wallTime() < WRITTEN_BACK.toNanos();
  }

  private long[] quarantinedUpTo(long journalSeq) {
    return upTo(Quarantine.of(journal), journalSeq);
  }

  static long[] upTo(Quarantine quarantine, long journalSeq) {
    return quarantine.reasons().keySet().stream()
        .mapToLong(Long::longValue)
        .filter(sequence -> sequence <= journalSeq)
        .sorted()
        .toArray();
  }
}

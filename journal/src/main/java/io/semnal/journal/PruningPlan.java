package io.semnal.journal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which files of a journal can go: those wholly before the header of a run, or a snapshot inside a
 * run, that it is to begin with, before what warms up later runs, and before any file that is being
 * read.
 *
 * @param journalSeq first inbound message that can be replayed: of a run's header, or the one
 *     behind the snapshot
 * @param outSeq first outbound message of that
 * @param snapshotSeq of the snapshot that the journal is to begin with; 0 = a run's header
 * @param inbound cycles of the inbound files that go, ascending
 * @param outbound cycles of the outbound files that go, ascending
 * @param files of both
 * @param bytes that they take of the disk
 * @param note why less goes than was asked for, or {@code null}
 */
public record PruningPlan(
    long journalSeq,
    long outSeq,
    long snapshotSeq,
    List<Integer> inbound,
    List<Integer> outbound,
    List<Path> files,
    long bytes,
    String note) {
  public PruningPlan {
    inbound = List.copyOf(inbound);
    outbound = List.copyOf(outbound);
    files = List.copyOf(files);
  }

  /**
   * Where the journal may begin.
   *
   * @param time of the message there: what is older can go
   * @param firstKept inbound message that stays; of warm-ups of later runs some before it stay too
   * @param firstOutKept outbound message that stays
   * @param run index of the run that it lies in
   */
  private record Beginning(
      long journalSeq,
      long outSeq,
      long snapshotSeq,
      long time,
      long firstKept,
      long firstOutKept,
      int run) {}

  /**
   * Plans by age, by size, or both: whatever asks for more. Of the beginnings that free the same
   * files, the oldest.
   *
   * @param state of the whole journal
   * @param before engine time from which on everything is kept; {@link Long#MIN_VALUE} = no wish
   * @param most bytes of disk that both queues may take; {@link Long#MAX_VALUE} = no wish
   * @param needed engine time from which on everything is kept whatever was wished: what a new run
   *     would warm up with
   */
  public static PruningPlan of(
      JournalDirectory journal, JournalState state, long before, long most, long needed) {
    List<QueueFiles.Found> inbound = QueueFiles.found(journal.queue(Side.INBOUND));
    List<QueueFiles.Found> outbound = QueueFiles.found(journal.queue(Side.OUTBOUND));
    long total =
        DiskUse.of(journal.queue(Side.INBOUND).folder()).allocated()
            + DiskUse.of(journal.queue(Side.OUTBOUND).folder()).allocated();
    PruningPlan best = none(journal.floor(), null);
    SnapshotChoice snapshots = SnapshotChoice.of(journal);
    for (long sequence : beginnings(journal, state)) {
      Beginning beginning = beginning(state, snapshots, sequence);
      if (beginning == null) {
        continue;
      }
      boolean old = beginning.time <= before;
      boolean large = total - best.bytes > most;
      if (beginning.time > needed || !old && !large) {
        break;
      }
      PruningPlan next = from(journal, state, beginning, inbound, outbound);
      if (next.files.size() > best.files.size()) {
        best = next;
      }
    }
    if (best.isEmpty() && (total > most || isOlder(state, before))) {
      return none(journal.floor(), whyNot(journal, state));
    }
    return best;
  }

  /**
   * {@code journalSeq} of headers and snapshots, ascending, from the floor's own on: files that
   * were being read when it was moved may go now.
   */
  private static SortedSet<Long> beginnings(JournalDirectory journal, JournalState state) {
    SortedSet<Long> sequences = new TreeSet<>(SnapshotFiles.sequences(journal));
    state.runs().forEach(run -> sequences.add(run.headerSeq()));
    Floor floor = journal.floor();
    return sequences.tailSet(floor.snapshotSeq() > 0 ? floor.snapshotSeq() : floor.journalSeq());
  }

  /** {@code null} where a snapshot does not serve. */
  private static Beginning beginning(
      JournalState state, SnapshotChoice snapshots, long journalSeq) {
    int index = 0;
    while (index < state.runs().size() && state.runEnds().get(index) < journalSeq) {
      index++;
    }
    if (index == state.runs().size()) {
      return null;
    }
    RunInfo run = state.runs().get(index);
    if (run.headerSeq() == journalSeq) {
      long warm = run.warmFromSeq();
      return new Beginning(
          journalSeq,
          run.outSeqBefore() + 1,
          0,
          run.time(),
          warm > 0 ? Math.min(warm, journalSeq) : journalSeq,
          run.outSeqBefore() + 1,
          index);
    }
    Snapshot snapshot = snapshots.servesAt(journalSeq);
    if (snapshot == null || !snapshot.isOf(run) || snapshot.outSeq() == 0) {
      return null;
    }
    // The messages that it was made at stay: it is held against them.
    return new Beginning(
        journalSeq + 1,
        snapshot.outSeq() + 1,
        journalSeq,
        snapshot.time(),
        journalSeq,
        snapshot.outSeq(),
        index);
  }

  private static boolean isOlder(JournalState state, long before) {
    return !state.runs().isEmpty() && state.runs().getFirst().time() < before;
  }

  private static String whyNot(JournalDirectory journal, JournalState state) {
    return state.runs().size() < 2 && SnapshotFiles.sequences(journal).isEmpty()
        ? "the journal has one run only and no snapshot in it: files go at the beginning of a run,"
            + " or at a snapshot"
        : "no file lies wholly before a run or snapshot that may be the first one, or one is being"
            + " read";
  }

  private static PruningPlan none(Floor floor, String note) {
    return new PruningPlan(
        floor.journalSeq(),
        floor.outSeq(),
        floor.snapshotSeq(),
        List.of(),
        List.of(),
        List.of(),
        0,
        note);
  }

  private static PruningPlan from(
      JournalDirectory journal,
      JournalState state,
      Beginning beginning,
      List<QueueFiles.Found> inbound,
      List<QueueFiles.Found> outbound) {
    long first = beginning.firstKept;
    for (RunInfo later : state.runs().subList(beginning.run + 1, state.runs().size())) {
      if (later.warmFromSeq() > 0) {
        first = Math.min(first, later.warmFromSeq());
      }
    }
    List<QueueFiles.Found> in = before(inbound, first, read(journal, Side.INBOUND));
    List<QueueFiles.Found> out =
        before(outbound, beginning.firstOutKept, read(journal, Side.OUTBOUND));
    Floor floor = journal.floor();
    // A file that stands for others already is no gain.
    in = worthIt(in, floor.inboundCycle());
    out = worthIt(out, floor.outboundCycle());
    if (in.isEmpty() && out.isEmpty()) {
      return none(floor, null);
    }
    List<Path> files = new ArrayList<>();
    in.forEach(f -> files.add(f.file()));
    out.forEach(f -> files.add(f.file()));
    return new PruningPlan(
        beginning.journalSeq,
        beginning.outSeq,
        beginning.snapshotSeq,
        in.stream().map(QueueFiles.Found::cycle).toList(),
        out.stream().map(QueueFiles.Found::cycle).toList(),
        files,
        files.stream().mapToLong(DiskUse::allocated).sum(),
        null);
  }

  /** The oldest file that any reader stands in, of this process or another. */
  static int read(JournalDirectory journal, Side side) {
    return Math.min(
        journal.queue(side).oldestRead(), ReaderPresence.oldestRead(journal.path(), side));
  }

  /** Files whose messages all lie before {@code first}, and that nobody reads. */
  private static List<QueueFiles.Found> before(
      List<QueueFiles.Found> files, long first, int oldestRead) {
    List<QueueFiles.Found> gone = new ArrayList<>();
    for (int i = 0; i + 1 < files.size(); i++) {
      if (files.get(i + 1).firstSequence() > first || files.get(i).cycle() >= oldestRead) {
        break;
      }
      gone.add(files.get(i));
    }
    return gone;
  }

  private static List<QueueFiles.Found> worthIt(List<QueueFiles.Found> files, int standing) {
    return files.size() == 1 && files.getFirst().cycle() == standing ? List.of() : files;
  }

  /** Whether nothing goes. */
  public boolean isEmpty() {
    return files.isEmpty();
  }

  List<Integer> cycles(Side side) {
    return side == Side.INBOUND ? inbound : outbound;
  }
}

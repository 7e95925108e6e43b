package io.semnal.journal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Which files of a journal can go: those wholly before the run to begin with, before what warms up
 * that run or a later one, and before any file that is being read.
 *
 * @param journalSeq of the header of the run that the journal is to begin with
 * @param outSeq first outbound message of that run
 * @param inbound cycles of the inbound files that go, ascending
 * @param outbound cycles of the outbound files that go, ascending
 * @param files of both
 * @param bytes that they take of the disk
 * @param note why less goes than was asked for, or {@code null}
 */
public record PruningPlan(
    long journalSeq,
    long outSeq,
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
   * Plans by age, by size, or both: whatever asks for more.
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
    for (int i = 1; i < state.runs().size(); i++) {
      RunInfo run = state.runs().get(i);
      boolean old = run.time() <= before;
      boolean large = total - best.bytes > most;
      if (run.headerSeq() <= journal.floor().journalSeq()) {
        continue;
      }
      if (run.time() > needed || !old && !large) {
        break;
      }
      best = from(journal, state, i, inbound, outbound);
    }
    if (best.isEmpty() && (total > most || isOlder(state, before))) {
      return none(journal.floor(), whyNot(state));
    }
    return best;
  }

  private static boolean isOlder(JournalState state, long before) {
    return !state.runs().isEmpty() && state.runs().getFirst().time() < before;
  }

  private static String whyNot(JournalState state) {
    return state.runs().size() < 2
        ? "the journal has one run only, which began at its first message: files go at the"
            + " beginning of a run"
        : "no file lies wholly before a run that may be the first one, or one is being read";
  }

  private static PruningPlan none(Floor floor, String note) {
    return new PruningPlan(
        floor.journalSeq(), floor.outSeq(), List.of(), List.of(), List.of(), 0, note);
  }

  private static PruningPlan from(
      JournalDirectory journal,
      JournalState state,
      int index,
      List<QueueFiles.Found> inbound,
      List<QueueFiles.Found> outbound) {
    RunInfo run = state.runs().get(index);
    long first = run.headerSeq();
    for (RunInfo later : state.runs().subList(index, state.runs().size())) {
      if (later.warmFromSeq() > 0) {
        first = Math.min(first, later.warmFromSeq());
      }
    }
    long outSeq = run.outSeqBefore() + 1;
    List<QueueFiles.Found> in = before(inbound, first, read(journal, Side.INBOUND));
    List<QueueFiles.Found> out = before(outbound, outSeq, read(journal, Side.OUTBOUND));
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
        run.headerSeq(),
        outSeq,
        in.stream().map(QueueFiles.Found::cycle).toList(),
        out.stream().map(QueueFiles.Found::cycle).toList(),
        files,
        files.stream().mapToLong(DiskUse::allocated).sum(),
        null);
  }

  private static int read(JournalDirectory journal, Side side) {
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

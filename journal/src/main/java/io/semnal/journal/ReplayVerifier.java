package io.semnal.journal;

import io.semnal.core.engine.Engine;
import io.semnal.core.engine.EngineFactory;
import io.semnal.core.ingress.MessageHandler;
import java.util.ArrayList;
import java.util.List;

/**
 * Proves that a journal replays: gives each run's inbound messages to an engine made from the run's
 * header alone, and holds every byte that it says against the outbound journal. Works beside a
 * running server.
 *
 * <p>Messages that the engine says beyond the journal's end are no failure: a process that was
 * killed, or that still runs, has not published them yet. They are counted and named.
 */
public final class ReplayVerifier {
  private final JournalDirectory journal;
  private final EngineFactory factory;
  private final String build;
  private final ReplayRange range;
  private final MessageHandler said;
  private final Progress progress;
  private final Quarantine quarantine;
  private final SnapshotChoice snapshots;
  private final JournalState state;
  private final Floor floor;

  private ReplayVerifier(
      JournalDirectory journal,
      EngineFactory factory,
      String build,
      ReplayRange range,
      MessageHandler said,
      Progress progress) {
    this.journal = journal;
    this.factory = factory;
    this.build = build;
    this.range = range;
    this.said = said;
    this.progress = progress;
    quarantine = Quarantine.of(journal);
    snapshots = range.from() == 1 ? SnapshotChoice.none(journal) : SnapshotChoice.of(journal);
    state = JournalScan.toCompare(journal, snapshots, progress);
    floor = journal.floor();
  }

  /**
   * Replays and compares.
   *
   * @param build this build's name; runs of another one are named, and not replayed
   * @param until last {@code journalSeq} to replay; {@link Long#MAX_VALUE} = all
   */
  public static VerifyResult verify(
      JournalDirectory journal,
      EngineFactory factory,
      String build,
      long until,
      Progress progress) {
    return verify(
        journal, factory, build, ReplayRange.upTo(until), (buffer, offset, length) -> {}, progress);
  }

  /**
   * The same for a part of the journal. What lies before the snapshot that serves is not read
   * again.
   *
   * @param said is shown every message that the engines say
   */
  public static VerifyResult verify(
      JournalDirectory journal,
      EngineFactory factory,
      String build,
      ReplayRange range,
      MessageHandler said,
      Progress progress) {
    return new ReplayVerifier(journal, factory, build, range, said, progress).run();
  }

  private VerifyResult run() {
    List<RunReport> reports = new ArrayList<>();
    for (int i = 0; i < state.runs().size(); i++) {
      if (state.runs().get(i).headerSeq() <= range.until()
          && state.runEnds().get(i) >= range.from()) {
        reports.add(new RunCheck(i).report());
      }
    }
    List<String> faults = new ArrayList<>(state.faults());
    if (state.runs().isEmpty() && state.inbound().sequence() > 0) {
      faults.add("no run's header stands before its " + state.inbound().sequence() + " messages");
    }
    return new VerifyResult(reports, faults);
  }

  /** The verification of one run. */
  private final class RunCheck {
    private final RunInfo run;
    private final RunInfo next;
    private final long end;
    private final boolean whole;
    private final long outEnd;
    private final List<String> findings = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private String notVerified;
    private long lastSeq;
    private long extra;
    private final RunBeginning beginning;

    RunCheck(int index) {
      run = state.runs().get(index);
      next = index + 1 < state.runs().size() ? state.runs().get(index + 1) : null;
      end = Math.min(range.until(), state.runEnds().get(index));
      whole = end == state.runEnds().get(index);
      beginning = RunBeginning.of(run, snapshots, range.from());
      outEnd =
          next == null
              ? state.outbound().sequence()
              : next.outSeqBefore() - (declaresLoss() ? 1 : 0);
    }

    /** Whether a Discontinuity stands between this run and the next. */
    private boolean declaresLoss() {
      return next != null && next.epoch() > run.epoch();
    }

    RunReport report() {
      VerifySink sink = new VerifySink(journal.rawOutboundReader(), said);
      try (sink;
          RunPlayer player = new RunPlayer(journal, quarantine, progress)) {
        if (run.build().equals(build)) {
          replay(sink, player);
        } else {
          notVerified = "written by build " + run.build() + "; this is build " + build;
        }
      } catch (JournalException e) {
        findings.add(e.getMessage());
      }
      if (sink.first() != null) {
        findings.addFirst(sink.first().toString());
      }
      return new RunReport(
          run,
          beginning.firstSeq(),
          beginning.firstOutSeq(),
          lastSeq,
          lastSeq == 0 ? 0 : lastSeq - beginning.firstSeq() + 1,
          Math.max(0, Math.min(sink.next(), outEnd + 1) - beginning.firstOutSeq()),
          sink.bytes(),
          sink.differing(),
          sink.first(),
          extra,
          sink.unpublished(),
          findings,
          notes,
          notVerified);
    }

    private void replay(VerifySink sink, RunPlayer player) {
      Engine engine;
      try {
        engine = factory.create(run.engineText(), run.models(), sink);
      } catch (RuntimeException e) {
        notVerified = "its engine cannot be made: " + e.getMessage();
        return;
      }
      player.use(engine, sink);
      if (beginning.snapshot() != null) {
        long at = beginning.snapshot().journalSeq();
        notes.add(
            "from the snapshot at inbound message "
                + at
                + (at == floor.snapshotSeq() ? "; what lies before it was pruned" : ""));
      }
      try {
        beginning.bring(engine, player);
        sink.expect(beginning.firstOutSeq(), outEnd);
        SnapshotStates states = new SnapshotStates(journal, run, end);
        states.play(player, engine, beginning.firstSeq(), end);
        notes.addAll(states.notes());
      } finally {
        lastSeq = player.lastOfRun();
        Engines.close(engine);
      }
      if (player.isCutShort()) {
        extra = sink.left();
        notes.add(
            "message "
                + lastSeq
                + " is in quarantine, and "
                + extra
                + " message(s) were published of its effects: the run is replayed no further");
      } else if (whole) {
        checkEnd(sink);
      }
      noteUnpublished(sink);
    }

    private void checkEnd(VerifySink sink) {
      extra = sink.left();
      if (declaresLoss()) {
        checkDeclaredLoss();
      }
      if (extra == 0) {
        return;
      }
      long cause = sink.dueCause();
      String which =
          "outbound message " + sink.next() + " (caused by inbound message " + cause + ")";
      if (cause <= end) {
        findings.add(which + " stands in the journal, but the replay does not say it");
      } else if (declaresLoss()) {
        notes.add(
            extra
                + " message(s) were caused by inbound messages that were lost; the next run"
                + " declares it");
        extra = 0;
      } else {
        findings.add(which + " has a cause beyond the end of inbound, " + end);
      }
    }

    private void checkDeclaredLoss() {
      try (QueueReader reader = journal.outboundReader()) {
        String[] fault = {"outbound message " + next.outSeqBefore() + " is missing"};
        if (reader.seekToSequence(next.outSeqBefore())) {
          reader.readNext((b, offset, n) -> fault[0] = LostTail.fault(b, offset, next, end));
        }
        if (fault[0] != null) {
          findings.add(fault[0]);
        }
      }
    }

    private void noteUnpublished(VerifySink sink) {
      if (sink.unpublished() == 0 || !whole) {
        return;
      }
      notes.add(
          next == null
              ? "tail: " + sink.unpublished() + " message(s) not published yet"
              : sink.unpublished()
                  + " message(s) at the end of the run were never published: the run was given up"
                  + " when the next one began");
    }
  }
}

package io.semnal.journal;

import io.semnal.core.engine.Engine;
import io.semnal.core.engine.EngineFactory;
import io.semnal.core.ingress.MessageLog;
import io.semnal.core.state.StateReader;
import java.util.List;
import java.util.function.Consumer;
import org.agrona.ExpandableDirectByteBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Brings an engine to the end of a journal's last run: from the newest snapshot that serves, else
 * from the run's header. What was published is compared, what was not is appended. Starting thread
 * only.
 */
final class LastRun {
  private final JournalDirectory journal;
  private final JournalState state;
  private final SnapshotChoice snapshots;
  private final EngineFactory factory;
  private final Quarantine quarantine;
  private final Progress progress;
  private final List<String> notes;

  /**
   * @param notes takes what an operator should know
   */
  LastRun(
      JournalDirectory journal,
      JournalState state,
      SnapshotChoice snapshots,
      EngineFactory factory,
      Quarantine quarantine,
      Progress progress,
      List<String> notes) {
    this.journal = journal;
    this.state = state;
    this.snapshots = snapshots;
    this.factory = factory;
    this.quarantine = quarantine;
    this.progress = progress;
    this.notes = notes;
  }

  /**
   * Replays.
   *
   * @return {@code null} if a message in quarantine cuts the run short
   * @throws EngineDiedException written down as {@link FatalRecord}
   */
  EngineStart replay() {
    FatalRecord.read(journal).requireWorthTrying(quarantine);
    RunInfo run = state.lastRun();
    long outHead = declareLoss(run, journal.outboundLog());
    ReplayMismatchException mismatch = null;
    for (int i = 0; snapshots.at(i) != null; i++) {
      Snapshot snapshot = snapshots.at(i);
      if (!snapshot.isOf(run)) {
        break;
      }
      Attempt attempt = new Attempt(run, outHead);
      try {
        return attempt.from(snapshot);
      } catch (UnusableSnapshotException e) {
        snapshots.leaveOut(snapshot, e.getMessage());
      } catch (ReplayMismatchException e) {
        if (attempt.hasAppended()) {
          throw e;
        }
        // Either this state is wrong or the journal is: the run's beginning will tell.
        snapshots.leaveOut(snapshot, e.getMessage());
        mismatch = e;
      }
    }
    if (journal.floor().isInside(run)) {
      if (mismatch != null) {
        throw mismatch;
      }
      notes.add(
          "run "
              + run.runId()
              + " lost its beginning to a pruning, and no snapshot serves: what it had not published"
              + " is given up, and a new run begins");
      return null;
    }
    return new Attempt(run, outHead).fromHeader();
  }

  /** A kill between a header and its Discontinuity left the latter out: it is written now. */
  private long declareLoss(RunInfo run, MessageLog outbound) {
    long head = state.outbound().sequence();
    if (state.runs().size() < 2 || head != run.outSeqBefore() - 1) {
      return head;
    }
    RunInfo before = state.runs().get(state.runs().size() - 2);
    if (before.epoch() == run.epoch()) {
      return head;
    }
    long kept = state.runEnds().get(state.runs().size() - 2);
    MutableDirectBuffer buffer = new ExpandableDirectByteBuffer();
    int length = LostTail.encode(buffer, run, kept, state.statusStreamSeq() + 1);
    outbound.append(buffer, 0, length);
    return head + 1;
  }

  /** The snapshot's bytes are not what this engine wrote. */
  private static final class UnusableSnapshotException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnusableSnapshotException(RuntimeException cause) {
      super(cause.toString(), cause);
    }
  }

  /** One engine on its way to the end. */
  private final class Attempt {
    private final RunInfo run;
    private final long outHead;
    private final RecoverySink sink;
    private Engine engine;

    Attempt(RunInfo run, long outHead) {
      this.run = run;
      this.outHead = outHead;
      sink = new RecoverySink(journal.rawOutboundReader(), journal.outboundLog());
    }

    boolean hasAppended() {
      return sink.appended() > 0;
    }

    EngineStart from(Snapshot snapshot) {
      return play(
          snapshot.journalSeq(),
          player -> {
            try {
              StateReader reader = new StateReader(snapshot.engineBytes());
              engine.state(reader);
              reader.requireEnd();
            } catch (RuntimeException e) {
              throw new UnusableSnapshotException(e);
            }
            sink.expect(snapshot.outSeq() + 1, outHead);
            player.playRun(snapshot.journalSeq() + 1, state.inbound().sequence());
          });
    }

    EngineStart fromHeader() {
      return play(
          0,
          player -> {
            sink.expect(run.outSeqBefore() + 1, outHead);
            player.playEarlier(run.outSeqBefore());
            player.playWarmUp(run.warmFromSeq(), run.headerSeq());
            player.playRun(run.headerSeq(), state.inbound().sequence());
          });
    }

    private EngineStart play(long snapshotSeq, Consumer<RunPlayer> way) {
      try (RunPlayer player = new RunPlayer(journal, quarantine, progress)) {
        engine = create(run, sink);
        player.use(engine, sink);
        way.accept(player);
        return conclude(player, snapshotSeq);
      } catch (EngineDiedException e) {
        abandon();
        FatalRecord fatal = FatalRecord.write(journal, e.journalSeq(), e.getCause());
        fatal.requireWorthTrying(quarantine);
        throw e;
      } catch (RuntimeException | Error e) {
        abandon();
        throw e;
      }
    }

    private EngineStart conclude(RunPlayer player, long snapshotSeq) {
      if (player.isCutShort()) {
        notes.add(
            "a message in quarantine had published some of its effects: a new run begins after it");
        abandon();
        return null;
      }
      if (sink.left() > 0) {
        throw new ReplayMismatchException(
            "outbound messages "
                + sink.next()
                + " to "
                + outHead
                + " were published, but the engine does not say them again");
      }
      FatalRecord.clear(journal);
      return new EngineStart(journal, engine, sink, run, snapshotSeq, state.inbound(), notes);
    }

    private void abandon() {
      sink.close();
      if (engine != null) {
        Engines.close(engine);
      }
    }
  }

  private Engine create(RunInfo run, RecoverySink sink) {
    try {
      return factory.create(run.engineText(), run.models(), sink);
    } catch (RuntimeException e) {
      throw new JournalException("the engine cannot be made: " + e.getMessage(), e);
    }
  }
}

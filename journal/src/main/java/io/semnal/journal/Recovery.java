package io.semnal.journal;

import io.semnal.core.engine.Engine;
import io.semnal.core.engine.EngineFactory;
import io.semnal.core.engine.ModelPin;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.ExpandableDirectByteBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Brings an engine to the tail of a journal, so that nothing is published twice and nothing is left
 * out, whatever instant the last process ended at. Starting thread only.
 *
 * <p>Same build, configuration and models: the last run goes on. Its inbound messages are replayed,
 * from a snapshot on where one serves; what the engine says is compared with what was published,
 * and what lies beyond is published now.
 *
 * <p>Anything else: a new run. Before it begins, the old run is replayed by its own engine, to
 * publish its unpublished tail. Where that engine cannot be had (another build wrote the run, a
 * model is gone) the unpublished tail is given up: what stands in the outbound journal is what was
 * published, the new engine continues from there, and the inbound messages concerned only warm it
 * up. An orderly end leaves no such tail and needs no replay.
 *
 * <p>A journal whose files are copies was restored from a backup, or is one of two that go on: its
 * numbers may have been given to other messages. It goes on in a new run of the next epoch.
 *
 * <p>If outbound names causes beyond inbound's tail, inbound messages were lost. Nothing of the old
 * run can be completed; a new run of the next epoch goes on past the lost numbers, behind a {@code
 * Discontinuity} that names them.
 */
public final class Recovery {
  private static final int FIRST_EPOCH = 1;

  private final JournalDirectory journal;
  private final JournalState state;
  private final EngineFactory factory;
  private final RunRequest request;
  private final Progress progress;
  private final Quarantine quarantine;
  private final SnapshotChoice snapshots;
  private final List<String> notes = new ArrayList<>();
  private final LastRun lastRun;
  private final boolean isCopied;

  private Recovery(
      JournalDirectory journal,
      JournalState state,
      SnapshotChoice snapshots,
      EngineFactory factory,
      RunRequest request,
      Progress progress) {
    this.journal = journal;
    this.state = state;
    this.snapshots = snapshots;
    this.factory = factory;
    this.request = request;
    this.progress = progress;
    quarantine = Quarantine.of(journal);
    isCopied = JournalOrigin.isCopied(journal);
    lastRun = new LastRun(journal, state, snapshots, factory, quarantine, progress, notes);
  }

  /**
   * @param state as {@link JournalScan} has just concluded it
   * @param snapshots those from which the last run may be replayed
   * @throws JournalException in words for the operator: a faulty journal, an engine that does not
   *     say again what it published (naming message and field), an inbound message that kills every
   *     engine
   */
  public static EngineStart resume(
      JournalDirectory journal,
      JournalState state,
      SnapshotChoice snapshots,
      EngineFactory factory,
      RunRequest request,
      Progress progress) {
    state.requireSound();
    Recovery recovery = new Recovery(journal, state, snapshots, factory, request, progress);
    journal.sums().trim();
    EngineStart start = recovery.run();
    journal.sums().begin();
    JournalOrigin.write(journal);
    return start.withNotes(snapshots.notes());
  }

  private EngineStart run() {
    snapshots.forgetBeyond(state.inbound().sequence());
    if (state.lastRun() == null) {
      if (!state.isEmpty()) {
        throw new CorruptJournalException("the journal does not begin with a run's header");
      }
      return newRun(0);
    }
    if (state.hasLostTail()) {
      notes.add(
          "inbound messages "
              + (state.inbound().sequence() + 1)
              + " to "
              + state.lastCauseSeq()
              + " were lost after their effects were published");
      return newRun(state.outbound().sequence());
    }
    if (isCopied) {
      notes.add(
          "the journal's files are others than at its last start: it was copied or restored, and"
              + " goes on in another epoch, in which clients begin with a snapshot");
      return newRun(completeLastRun());
    }
    if (isWantedRun(state.lastRun())) {
      EngineStart start = lastRun.replay();
      if (start == null) {
        return newRun(state.outbound().sequence());
      }
      if (request.history().mayGoOn(start.engine(), start.run())) {
        return start;
      }
      long published = start.outSeq();
      release(start);
      return newRun(published);
    }
    return newRun(completeLastRun());
  }

  private boolean isWantedRun(RunInfo run) {
    return run.build().equals(request.build())
        && run.engineText().equals(request.engineText())
        && run.sourceClock() == request.sourceClock()
        && (request.models().isEmpty() || samePins(scoringAtEnd(run), request.models()));
  }

  /**
   * The models of the last run at its end, by the references of its configuration, which is the
   * wanted one: an activation changed those that follow its name.
   */
  private List<ModelPin> scoringAtEnd(RunInfo run) {
    List<ModelPin> pins = new ArrayList<>(state.models());
    for (int i = 0; i < pins.size() && i < request.follows().size(); i++) {
      if (!request.follows().get(i)) {
        pins.set(i, run.models().get(i));
      }
    }
    return pins;
  }

  /** By place: each stands for one reference. */
  private static boolean samePins(List<ModelPin> a, List<ModelPin> b) {
    boolean same = a.size() == b.size();
    for (int i = 0; same && i < a.size(); i++) {
      same = samePin(a.get(i), b.get(i));
    }
    return same;
  }

  private static boolean samePin(ModelPin a, ModelPin b) {
    return a.name().equals(b.name())
        && a.version() == b.version()
        && a.scorer() == b.scorer()
        && Arrays.equals(a.sha256(), b.sha256());
  }

  /**
   * Publishes what the last run has not published, with an engine of its own.
   *
   * @return last {@code outSeq} after that
   */
  private long completeLastRun() {
    RunInfo run = state.lastRun();
    long published = state.outbound().sequence();
    if (CleanEnd.holds(journal, state)) {
      return published;
    }
    if (!run.build().equals(request.build())) {
      notes.add(
          "run "
              + run.runId()
              + " was written by build "
              + run.build()
              + "; what it had not published is given up");
      return published;
    }
    try {
      EngineStart old = lastRun.replay();
      if (old == null) {
        return published;
      }
      long outSeq = old.outSeq();
      release(old);
      return outSeq;
    } catch (CorruptJournalException e) {
      throw e;
    } catch (JournalException e) {
      notes.add(
          "run "
              + run.runId()
              + " cannot be completed, what it had not published is given up: "
              + e.getMessage());
      return journalHead();
    }
  }

  private long journalHead() {
    try (QueueReader reader = journal.outboundReader()) {
      return reader.head().sequence();
    }
  }

  private static void release(EngineStart old) {
    old.goLive(null);
    Engines.close(old.engine());
  }

  /** The header of a new run behind what was published up to {@code outSeq}. */
  private RunInfo header(long outSeq, long warmFromSeq) {
    boolean lost = renumbers();
    RunInfo last = state.lastRun();
    return new RunInfo(
        last == null ? 1 : last.runId() + 1,
        Math.max(state.inbound().sequence(), state.lastCauseSeq()) + 1,
        Math.max(request.time(), Math.max(state.inbound().time(), state.outbound().time())),
        last == null ? FIRST_EPOCH : state.epoch() + (lost ? 1 : 0),
        outSeq + (lost ? 1 : 0),
        warmFromSeq,
        request.wallTime(),
        request.sourceClock(),
        request.build(),
        request.engineText(),
        request.models());
  }

  /**
   * @param outSeq last message published by the runs before
   */
  private EngineStart newRun(long outSeq) {
    EngineStart start = newRun(outSeq, warmFrom());
    return start == null ? newRun(outSeq, 0) : start;
  }

  /**
   * @param warmFromSeq first message that warms up; 0 = none does
   * @return {@code null} if another history is wanted: nothing was written then
   */
  private EngineStart newRun(long outSeq, long warmFromSeq) {
    RunInfo run = header(outSeq, warmFromSeq);
    RecoverySink sink = new RecoverySink(journal.rawOutboundReader(), journal.outboundLog());
    try (RunPlayer player = new RunPlayer(journal, quarantine, progress)) {
      Engine engine = create(run.engineText(), run.models(), sink);
      player.use(engine, sink);
      player.playEarlier(outSeq);
      MutableDirectBuffer declared = new ExpandableDirectByteBuffer();
      int declaredLength = 0;
      if (renumbers()) {
        declaredLength =
            LostTail.encode(declared, run, state.inbound().sequence(), statusStreamSeq() + 1);
        engine.onEarlierOutbound(declared, 0, declaredLength);
      }
      player.playWarmUp(run.warmFromSeq(), run.headerSeq());
      if (run.warmFromSeq() > 0 && !request.history().suffices(engine)) {
        sink.close();
        Engines.close(engine);
        return null;
      }
      begin(run, engine, sink, declared, declaredLength);
      return new EngineStart(
          journal, engine, sink, run, new Mark(run.headerSeq(), run.time()), notes);
    } catch (EngineDiedException e) {
      sink.close();
      FatalRecord.write(journal, e.journalSeq(), e.getCause()).requireWorthTrying(quarantine);
      throw e;
    } catch (RuntimeException | Error e) {
      sink.close();
      throw e;
    }
  }

  /** The first write of a new run, once its engine has taken everything that came before. */
  private void begin(
      RunInfo run, Engine engine, RecoverySink sink, MutableDirectBuffer loss, int lossLength) {
    MutableDirectBuffer header = new ExpandableDirectByteBuffer(1024 + run.engineText().length());
    int length = RunHeaders.encode(run, header);
    journal.inboundLog().append(header, 0, length);
    if (lossLength > 0) {
      journal.outboundLog().append(loss, 0, lossLength);
    }
    sink.expect(run.outSeqBefore() + 1, run.outSeqBefore());
    try {
      engine.onMessage(header, 0, length);
    } catch (JournalException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new JournalException("the engine refuses the header of its own run: " + e, e);
    }
  }

  /** Whether tokens of the runs before mean nothing in the next one. */
  private boolean renumbers() {
    return state.lastRun() != null && (state.hasLostTail() || isCopied);
  }

  /** The last run may have been completed since the scan. */
  private long statusStreamSeq() {
    return JournalScan.scanOn(journal, state, Progress.NONE).statusStreamSeq();
  }

  private long warmFrom() {
    if (state.inbound().sequence() == 0 || request.warmUp().isZero()) {
      return 0;
    }
    long[] from = {0};
    try (QueueReader reader = journal.inboundReader()) {
      if (reader.seekToTime(state.inbound().time() - request.warmUp().toNanos())) {
        reader.readNext((b, offset, n) -> from[0] = Side.INBOUND.sequence(b, offset));
      }
    }
    // Before the floor messages are missing, should more be wanted than was when it was pruned.
    return from[0] == 0 ? 0 : Math.max(from[0], journal.floor().journalSeq());
  }

  private Engine create(String engineText, List<ModelPin> models, RecoverySink sink) {
    try {
      return factory.create(engineText, models, sink);
    } catch (RuntimeException e) {
      throw new JournalException("the engine cannot be made: " + e.getMessage(), e);
    }
  }
}

package io.semnal.journal;

import io.semnal.core.engine.Engine;
import io.semnal.core.engine.EngineFactory;
import java.util.function.Consumer;

/**
 * Brings an engine to where it stood at one inbound message of a run, for those who want to look
 * into it. Works beside a running server.
 */
public final class RunReplay {
  private RunReplay() {}

  /**
   * What the replay showed about itself.
   *
   * @param lastSeq last {@code journalSeq} that was replayed
   * @param compared outbound messages held against the journal
   * @param difference the first of them that differs, or {@code null}
   */
  public record Result(long lastSeq, long compared, MessageDifference difference) {}

  /**
   * Replays a run from its header, or of a pruned one what is left, and closes the engine.
   *
   * @param until last {@code journalSeq} to replay, not past the run's end
   * @param outEnd last {@code outSeq} known to stand in the journal
   * @param watch is given the new engine before its first message
   * @throws JournalException where the journal cannot be read, or the engine dies
   * @throws RuntimeException of the factory, where no engine can be made
   */
  public static Result play(
      JournalDirectory journal,
      EngineFactory factory,
      RunInfo run,
      long until,
      long outEnd,
      Consumer<Engine> watch,
      Progress progress) {
    RunBeginning beginning = RunBeginning.of(run, SnapshotChoice.none(journal), 1);
    if (until < beginning.firstSeq() - 1) {
      throw new JournalException(
          "what lies before inbound message " + beginning.firstSeq() + " was pruned");
    }
    VerifySink sink = new VerifySink(journal.rawOutboundReader());
    try (sink;
        RunPlayer player = new RunPlayer(journal, Quarantine.of(journal), progress)) {
      Engine engine = factory.create(run.engineText(), run.models(), sink);
      try {
        player.use(engine, sink);
        watch.accept(engine);
        beginning.bring(engine, player);
        sink.expect(beginning.firstOutSeq(), outEnd);
        player.playRun(beginning.firstSeq(), until);
      } finally {
        Engines.close(engine);
      }
      return new Result(
          player.lastOfRun(),
          Math.max(0, Math.min(sink.next(), outEnd + 1) - beginning.firstOutSeq()),
          sink.first());
    }
  }

  /**
   * Replays to one message, from the newest snapshot that serves or the run's header, and closes
   * the engine.
   *
   * @param state of the journal
   * @param snapshots of the journal
   * @param until the last {@code journalSeq}
   * @param look is given the engine behind that message
   * @throws JournalException where there is no such message, the journal cannot be read, or the
   *     engine dies
   * @throws RuntimeException of the factory, where no engine can be made
   */
  public static Result playTo(
      JournalDirectory journal,
      EngineFactory factory,
      JournalState state,
      SnapshotChoice snapshots,
      long until,
      Consumer<Engine> look,
      Progress progress) {
    RunInfo run = state.runAt(until);
    if (run == null) {
      throw new JournalException(
          "no run has an inbound message "
              + until
              + "; the last one is "
              + state.inbound().sequence());
    }
    RunBeginning beginning = RunBeginning.of(run, snapshots, until + 1);
    if (until < beginning.firstSeq() - 1) {
      throw new JournalException(
          "what lies before inbound message " + beginning.firstSeq() + " was pruned");
    }
    long outEnd = state.outbound().sequence();
    VerifySink sink = new VerifySink(journal.rawOutboundReader());
    try (sink;
        RunPlayer player = new RunPlayer(journal, Quarantine.of(journal), progress)) {
      Engine engine = factory.create(run.engineText(), run.models(), sink);
      try {
        player.use(engine, sink);
        beginning.bring(engine, player);
        sink.expect(beginning.firstOutSeq(), outEnd);
        player.playRun(beginning.firstSeq(), until);
        look.accept(engine);
      } finally {
        Engines.close(engine);
      }
      return new Result(
          until,
          Math.max(0, Math.min(sink.next(), outEnd + 1) - beginning.firstOutSeq()),
          sink.first());
    }
  }
}

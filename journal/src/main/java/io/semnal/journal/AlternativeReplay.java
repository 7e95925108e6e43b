package io.semnal.journal;

import io.semnal.core.engine.Engine;
import io.semnal.core.engine.EngineFactory;
import io.semnal.core.ingress.MessageHandler;
import io.semnal.core.ingress.MessageLog;
import java.util.function.UnaryOperator;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableDirectByteBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Gives a journal's inbound messages to other engines, run by run, and journals what they say: what
 * would have been published. The engines begin anew where the original ones did, warm up from the
 * same messages, and leave out what is in quarantine. The original journal is only read.
 */
public final class AlternativeReplay {
  private final JournalDirectory original;
  private final JournalState state;
  private final JournalDirectory target;
  private final boolean keepsInbound;
  private final EngineFactory factory;
  private final UnaryOperator<RunInfo> other;
  private final long until;
  private final Progress progress;
  private final Quarantine quarantine;
  private long outSeq;
  private long inbound;

  private AlternativeReplay(
      JournalDirectory original,
      JournalState state,
      JournalDirectory target,
      boolean keepsInbound,
      EngineFactory factory,
      UnaryOperator<RunInfo> other,
      long until,
      Progress progress) {
    this.original = original;
    this.state = state;
    this.target = target;
    this.keepsInbound = keepsInbound;
    this.factory = factory;
    this.other = other;
    this.until = until;
    this.progress = progress;
    quarantine = Quarantine.of(original);
  }

  /**
   * Replays.
   *
   * @param state of the original journal
   * @param target an empty journal, open for writing
   * @param keepsInbound whether the target gets the inbound messages too, and so replays itself
   * @param factory finds the models of the new headers, and those that the runs activate
   * @param other the header of a run as it would have been: build, configuration and models are
   *     taken from it
   * @param until the last {@code journalSeq}
   * @return inbound messages that were replayed
   * @throws JournalException where the original cannot be read or an engine dies
   * @throws RuntimeException of the factory, where an engine cannot be made
   */
  public static long play(
      JournalDirectory original,
      JournalState state,
      JournalDirectory target,
      boolean keepsInbound,
      EngineFactory factory,
      UnaryOperator<RunInfo> other,
      long until,
      Progress progress) {
    return new AlternativeReplay(
            original, state, target, keepsInbound, factory, other, until, progress)
        .run();
  }

  private long run() {
    beginWhereOriginalDoes();
    for (int i = 0; i < state.runs().size(); i++) {
      RunInfo run = state.runs().get(i);
      if (run.headerSeq() <= until) {
        play(i, header(run, other.apply(run), isBehindLoss(i)), isBehindLoss(i));
      }
    }
    if (keepsInbound) {
      quarantine.copyTo(target);
    }
    target.sums().begin();
    return inbound;
  }

  /** What a pruned journal still holds of its past was published, whatever came later. */
  private void beginWhereOriginalDoes() {
    if (state.runs().isEmpty() || original.floor().equals(Floor.NONE)) {
      return;
    }
    RunInfo first = state.runs().getFirst();
    if (original.floor().isInside(first)) {
      throw new JournalException(
          "run "
              + first.runId()
              + " lost its beginning to a pruning: another engine cannot be given all of it");
    }
    outSeq = first.outSeqBefore();
    copy(original.outboundReader(), target.outboundLog(), outSeq);
    if (keepsInbound) {
      copy(original.inboundReader(), target.inboundLog(), first.headerSeq() - 1);
    }
    new Floor(first.headerSeq(), outSeq + 1, 0, 0, 0).write(target.path());
  }

  /** From the oldest message on. */
  private static void copy(QueueReader from, MessageLog to, long last) {
    long[] at = {0};
    MessageHandler copy =
        (buffer, offset, length) -> {
          at[0] = from.side().sequence(buffer, offset);
          if (at[0] <= last) {
            to.append(buffer, offset, length);
          }
        };
    try (from) {
      while (at[0] < last && from.readNext(copy)) {
        // Up to the last.
      }
    }
  }

  private boolean isBehindLoss(int index) {
    return index > 0 && state.runs().get(index).epoch() > state.runs().get(index - 1).epoch();
  }

  private RunInfo header(RunInfo run, RunInfo wanted, boolean behindLoss) {
    return new RunInfo(
        run.runId(),
        run.headerSeq(),
        run.time(),
        run.epoch(),
        outSeq + (behindLoss ? 1 : 0),
        run.warmFromSeq(),
        run.wallTime(),
        run.sourceClock(),
        wanted.build(),
        wanted.engineText(),
        wanted.models());
  }

  private void play(int index, RunInfo run, boolean behindLoss) {
    long end = Math.min(until, state.runEnds().get(index));
    if (keepsInbound) {
      copyInbound(run, end);
    }
    if (behindLoss) {
      declareLoss(run, state.runEnds().get(index - 1));
    }
    RecoverySink sink = new RecoverySink(target.outboundReader(), target.outboundLog());
    try (sink;
        RunPlayer player =
            new RunPlayer(
                original.inboundReader(), target.outboundReader(), quarantine, progress)) {
      Engine engine = factory.create(run.engineText(), run.models(), sink);
      try {
        player.use(engine, sink);
        player.playEarlier(run.outSeqBefore());
        player.playWarmUp(run.warmFromSeq(), run.headerSeq());
        sink.expect(run.outSeqBefore() + 1, run.outSeqBefore());
        player.playRun(run.headerSeq(), end);
      } finally {
        Engines.close(engine);
      }
      outSeq = sink.next() - 1;
      inbound += end - run.headerSeq() + 1;
    }
  }

  /** What was lost of the original is lost here as well. */
  private void declareLoss(RunInfo run, long lastKept) {
    long streamSeq = JournalScan.scan(target, null, Progress.NONE).statusStreamSeq() + 1;
    MutableDirectBuffer buffer = new ExpandableDirectByteBuffer();
    int length = LostTail.encode(buffer, run, lastKept, streamSeq);
    target.outboundLog().append(buffer, 0, length);
  }

  private void copyInbound(RunInfo run, long end) {
    MutableDirectBuffer header = new ExpandableDirectByteBuffer(1024 + run.engineText().length());
    MessageLog log = target.inboundLog();
    log.append(header, 0, RunHeaders.encode(run, header));
    long[] at = {run.headerSeq()};
    MessageHandler copy =
        (DirectBuffer buffer, int offset, int length) -> {
          at[0] = Side.INBOUND.sequence(buffer, offset);
          if (at[0] <= end) {
            log.append(buffer, offset, length);
          }
        };
    try (QueueReader reader = original.inboundReader()) {
      reader.seekToSequence(run.headerSeq() + 1);
      while (at[0] < end && reader.readNext(copy)) {
        // To the run's end.
      }
    }
  }
}

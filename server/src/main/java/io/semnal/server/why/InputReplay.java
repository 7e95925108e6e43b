package io.semnal.server.why;

import io.semnal.features.FeatureRow;
import io.semnal.inference.engine.SignalEngine;
import io.semnal.journal.JournalDirectory;
import io.semnal.journal.JournalState;
import io.semnal.journal.Progress;
import io.semnal.journal.QueueReader;
import io.semnal.journal.RunInfo;
import io.semnal.journal.RunReplay;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.QuoteDecoder;
import io.semnal.protocol.sbe.ScoreReason;
import io.semnal.protocol.sbe.Trigger;
import io.semnal.server.JournalEngines;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.agrona.DirectBuffer;

/** Computes the inputs of journaled scores again, by replay of the runs that they belong to. */
public final class InputReplay {
  private static final int QUOTE_FLAGS = MessageLayout.HEADER + QuoteDecoder.flagsEncodingOffset();

  private final JournalDirectory journal;
  private final JournalState state;
  private final Progress progress;
  private final Map<Long, ScoreInputs> inputs = new HashMap<>();
  private final Map<RunInfo, String> findings = new HashMap<>();

  public InputReplay(JournalDirectory journal, JournalState state, Progress progress) {
    this.journal = journal;
    this.state = state;
    this.progress = progress;
  }

  /** The run that an inbound message belongs to, or {@code null}. */
  public RunInfo runOf(long journalSeq) {
    for (int i = state.runs().size() - 1; i >= 0; i--) {
      RunInfo run = state.runs().get(i);
      if (run.headerSeq() <= journalSeq && journalSeq <= state.runEnds().get(i)) {
        return run;
      }
    }
    return null;
  }

  /**
   * Replays each run that one of the scores belongs to, up to the last of them.
   *
   * @param build this build's name; runs of another one are replayed all the same, and it is said
   */
  public void replay(List<FoundScore> scores, String build) {
    Map<RunInfo, Long> until = new HashMap<>();
    for (FoundScore score : scores) {
      RunInfo run = runOf(score.causeSeq);
      if (run != null) {
        until.merge(run, score.causeSeq, Math::max);
        inputs.put(score.outSeq, null);
      }
    }
    until.forEach((run, last) -> findings.put(run, replay(run, last, build)));
    readFlags(scores);
  }

  private String replay(RunInfo run, long last, String build) {
    String other =
        run.build().equals(build)
            ? ""
            : "the run was written by build " + run.build() + ", this is build " + build;
    try {
      RunReplay.Result result =
          RunReplay.play(
              journal,
              JournalEngines.of(journal),
              run,
              last,
              state.outbound().sequence(),
              engine -> ((SignalEngine) engine).observe(this::observed),
              progress);
      return result.difference() == null
          ? other
          : (other.isEmpty() ? "" : other + "; ") + "the replay: " + result.difference();
    } catch (RuntimeException e) {
      return "the replay broke off: "
          + e.getMessage()
          + (other.isEmpty() ? "" : " (" + other + ")");
    }
  }

  private void observed(long outSeq, FeatureRow row, FeatureRow atr) {
    if (inputs.containsKey(outSeq)) {
      inputs.put(outSeq, ScoreInputs.of(row, atr));
    }
  }

  /** One pass over the causes: finding a single message costs far more than reading the next. */
  private void readFlags(List<FoundScore> scores) {
    NavigableMap<Long, List<FoundScore>> byCause = new TreeMap<>();
    for (FoundScore score : scores) {
      if (score.reason == ScoreReason.QUALITY && score.trigger == Trigger.TICK) {
        byCause.computeIfAbsent(score.causeSeq, cause -> new ArrayList<>()).add(score);
      }
    }
    if (byCause.isEmpty()) {
      return;
    }
    try (QueueReader reader = journal.inboundReader()) {
      long[] at = {0};
      boolean more = reader.seekToSequence(byCause.firstKey());
      while (more && at[0] < byCause.lastKey()) {
        more =
            reader.readNext(
                (buffer, offset, length) -> {
                  at[0] = MessageLayout.journalSeq(buffer, offset);
                  flag(byCause.getOrDefault(at[0], List.of()), buffer, offset);
                });
      }
    }
  }

  private static void flag(List<FoundScore> caused, DirectBuffer buffer, int offset) {
    if (MessageLayout.templateId(buffer, offset) == QuoteDecoder.TEMPLATE_ID) {
      int flags = buffer.getShort(offset + QUOTE_FLAGS, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
      caused.forEach(score -> score.quoteFlags = flags);
    }
  }

  /** The score's inputs, or {@code null} where the replay did not come to them. */
  public ScoreInputs inputs(FoundScore score) {
    return inputs.get(score.outSeq);
  }

  /** What must be known of the replay of a run; empty if it said the journal's bytes. */
  public String finding(RunInfo run) {
    return findings.getOrDefault(run, "");
  }
}

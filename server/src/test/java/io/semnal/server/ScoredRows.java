package io.semnal.server;

import io.semnal.inference.engine.SignalEngine;
import io.semnal.journal.JournalDirectory;
import io.semnal.journal.JournalScan;
import io.semnal.journal.JournalState;
import io.semnal.journal.Progress;
import io.semnal.journal.RunReplay;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.ScoreDecoder;
import io.semnal.protocol.sbe.ScoreReason;
import io.semnal.protocol.sbe.Trigger;
import io.semnal.server.JournalView.Message;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The scores of a journal's last run with the features that they were made from. */
final class ScoredRows {
  private ScoredRows() {}

  /**
   * One score.
   *
   * @param warm whether all features and the ATR had converged
   */
  record Scored(long time, Trigger trigger, ScoreReason reason, boolean warm, double[] features) {}

  static List<Scored> of(Path journal) {
    Map<Long, ScoreDecoder> scores = new HashMap<>();
    for (Message message : JournalView.outbound(journal, t -> t == ScoreDecoder.TEMPLATE_ID)) {
      scores.put(
          message.outSeq(),
          new ScoreDecoder().wrapAndApplyHeader(message.buffer(), 0, new MessageHeaderDecoder()));
    }
    List<Scored> rows = new ArrayList<>();
    try (JournalDirectory directory = JournalDirectory.openReadOnly(journal)) {
      JournalState state = JournalScan.scan(directory, null, Progress.NONE);
      RunReplay.play(
          directory,
          JournalEngines.of(directory),
          state.lastRun(),
          state.inbound().sequence(),
          state.outbound().sequence(),
          engine ->
              ((SignalEngine) engine)
                  .observe(
                      (outSeq, inputs, atr) -> {
                        double[] values = new double[inputs.columns()];
                        for (int i = 0; i < values.length; i++) {
                          values[i] = inputs.value(i);
                        }
                        ScoreDecoder score = scores.get(outSeq);
                        rows.add(
                            new Scored(
                                score.time(),
                                score.trigger(),
                                score.reason(),
                                inputs.isWarm() && atr.isWarm(),
                                values));
                      }),
          Progress.NONE);
    }
    return rows;
  }
}

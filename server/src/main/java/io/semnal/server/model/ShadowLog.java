package io.semnal.server.model;

import io.semnal.core.ingress.MessageLog;
import io.semnal.inference.engine.ScoredRow;
import io.semnal.inference.registry.LoadedModel;
import io.semnal.inference.signal.Scores;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.ModelDefinitionEncoder;
import io.semnal.protocol.sbe.OutputKind;
import io.semnal.protocol.sbe.ScoreEncoder;
import io.semnal.protocol.sbe.ScoreReason;
import io.semnal.protocol.sbe.SignalType;
import java.util.function.Supplier;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes challengers' scores into the journal's shadow queue: Score messages by {@code causeSeq},
 * without {@code outSeq} and {@code streamSeq}, behind the ModelDefinition that says whose {@code
 * modelId} it is. The queue is made with the first challenger. One thread.
 */
final class ShadowLog {
  private final Supplier<MessageLog> open;
  private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[512]);
  private final MessageHeaderEncoder header = new MessageHeaderEncoder();
  private final ScoreEncoder score = new ScoreEncoder();
  private final ModelDefinitionEncoder definition = new ModelDefinitionEncoder();
  private MessageLog log;

  ShadowLog(Supplier<MessageLog> open) {
    this.open = open;
  }

  /** From here on this id means this model. */
  void define(LoadedModel model, int id, long causeSeq, long time) {
    if (log == null) {
      log = open.get();
    }
    definition
        .wrapAndApplyHeader(buffer, 0, header)
        .modelId(id)
        .name(model.card().name())
        .version(model.card().version())
        .putSha256(model.sha256(), 0, model.sha256().length)
        .scorer(model.kind())
        .outputKind(OutputKind.valueOf(model.card().output().name()));
    MessageLayout.sequence(buffer, 0, 0, causeSeq, 0, time, 0, 0, 0);
    log.append(buffer, 0, MessageLayout.HEADER + ModelDefinitionEncoder.BLOCK_LENGTH);
  }

  void score(ScoredRow row, int modelId, Scores scores, SignalType side, ScoreReason reason) {
    score
        .wrapAndApplyHeader(buffer, 0, header)
        .eventTime(row.eventTime())
        .buy(scores.buy)
        .sell(scores.sell)
        .neutral(scores.neutral)
        .output(scores.output)
        .featureHash(row.featureHash())
        .bid(row.bid())
        .ask(row.ask())
        .modelId(modelId)
        .side(side)
        .reason(reason)
        .trigger(row.trigger());
    MessageLayout.sequence(
        buffer,
        0,
        0,
        row.causeSeq(),
        0,
        row.time(),
        row.instrumentId(),
        row.timeframe(),
        row.strategyId());
    log.append(buffer, 0, MessageLayout.HEADER + ScoreEncoder.BLOCK_LENGTH);
  }
}

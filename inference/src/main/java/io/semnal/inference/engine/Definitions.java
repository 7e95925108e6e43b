package io.semnal.inference.engine;

import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.PolicyConfig;
import io.semnal.core.config.StrategyConfig;
import io.semnal.features.FeaturePipeline;
import io.semnal.inference.registry.LoadedModel;
import io.semnal.inference.registry.ModelCard;
import io.semnal.protocol.Channel;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.DefineInstrumentDecoder;
import io.semnal.protocol.sbe.FeatureSetDefinitionEncoder;
import io.semnal.protocol.sbe.InstrumentDefinitionEncoder;
import io.semnal.protocol.sbe.ModelDefinitionEncoder;
import io.semnal.protocol.sbe.OutputKind;
import io.semnal.protocol.sbe.ScorerKind;
import io.semnal.protocol.sbe.StrategyDefinitionEncoder;
import io.semnal.protocol.sbe.Trigger;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.agrona.MutableDirectBuffer;

/** Gives ids to strategies, models and feature sets, and tells clients of them. Cold. */
final class Definitions {
  private final OutboundWriter writer;
  private final Sequences sequences;
  private final InstrumentDefinitionEncoder instrument = new InstrumentDefinitionEncoder();
  private final StrategyDefinitionEncoder strategy = new StrategyDefinitionEncoder();
  private final ModelDefinitionEncoder model = new ModelDefinitionEncoder();
  private final FeatureSetDefinitionEncoder featureSet = new FeatureSetDefinitionEncoder();

  Definitions(OutboundWriter writer, Sequences sequences) {
    this.writer = writer;
    this.sequences = sequences;
  }

  /** What makes a feature set the same one: its name and what it computes. */
  static String featureSetKey(String name, byte[] hash) {
    return name + "/" + HexFormat.of().formatHex(hash);
  }

  /** What makes a model the same one. */
  static String modelKey(String name, int version, String sha256, ScorerKind scorer) {
    return name + "@" + version + "/" + sha256 + "/" + scorer;
  }

  static String modelKey(LoadedModel model) {
    return modelKey(
        model.card().name(),
        model.card().version(),
        HexFormat.of().formatHex(model.sha256()),
        model.kind());
  }

  /** Whether configured for or not: a client may hear of it. */
  void instrument(DefineInstrumentDecoder inbound) {
    int length = MessageLayout.HEADER + InstrumentDefinitionEncoder.BLOCK_LENGTH;
    int id = inbound.instrumentId();
    MutableDirectBuffer buffer = writer.claim(length);
    instrument
        .wrapAndApplyHeader(buffer, writer.offset(), writer.header())
        .symbol(inbound.symbol())
        .baseCurrency(inbound.baseCurrency())
        .quoteCurrency(inbound.quoteCurrency())
        .pip(inbound.pip())
        .priceDecimals(inbound.priceDecimals());
    writer.publish(topic(id, 0, 0), id, 0, 0, length);
  }

  /** One message per column; of a window, one for each of its rows' columns. */
  void featureSet(FeatureSetConfig set, int id) {
    byte[] hash = FeaturePipeline.hash(set);
    List<String> inputs = set.inputs();
    int columns = inputs.size();
    int seconds = set.timeframe().seconds();
    for (int i = 0; i < columns; i++) {
      byte[] expression = utf8(inputs.get(i));
      int length = featureSetLength(expression.length);
      MutableDirectBuffer buffer = writer.claim(length);
      featureSet
          .wrapAndApplyHeader(buffer, writer.offset(), writer.header())
          .featureSetId(id)
          .name(set.name())
          .putHash(hash, 0, hash.length)
          .column(i)
          .columns(columns)
          .putExpression(expression, 0, expression.length);
      writer.publish(topic(0, seconds, 0), 0, seconds, 0, length);
    }
  }

  void model(LoadedModel loaded, int id) {
    int length = MessageLayout.HEADER + ModelDefinitionEncoder.BLOCK_LENGTH;
    ModelCard card = loaded.card();
    MutableDirectBuffer buffer = writer.claim(length);
    model
        .wrapAndApplyHeader(buffer, writer.offset(), writer.header())
        .modelId(id)
        .name(card.name())
        .version(card.version())
        .putSha256(loaded.sha256(), 0, loaded.sha256().length)
        .scorer(loaded.kind())
        .outputKind(OutputKind.valueOf(card.output().name()));
    writer.publish(topic(0, 0, 0), 0, 0, 0, length);
  }

  void strategy(StrategyState state) {
    byte[] policy = utf8(policyText(state.policy()));
    int length = strategyLength(policy.length);
    MutableDirectBuffer buffer = writer.claim(length);
    strategy
        .wrapAndApplyHeader(buffer, writer.offset(), writer.header())
        .name(state.config.name())
        .featureSetId(state.featureSetId)
        .modelId(state.modelId)
        .trigger(trigger(state.config))
        .putPolicy(policy, 0, policy.length);
    writer.publish(topic(0, state.seconds(), state.id), 0, state.seconds(), state.id, length);
  }

  private int topic(int instrumentId, int timeframe, int strategyId) {
    return sequences.topic(Channel.DEFINITIONS, instrumentId, timeframe, strategyId);
  }

  static Trigger trigger(StrategyConfig config) {
    return config.trigger() == StrategyConfig.Trigger.TICK ? Trigger.TICK : Trigger.BAR_CLOSE;
  }

  static int featureSetLength(int expressionLength) {
    return MessageLayout.HEADER
        + FeatureSetDefinitionEncoder.BLOCK_LENGTH
        + FeatureSetDefinitionEncoder.expressionHeaderLength()
        + expressionLength;
  }

  static int strategyLength(int policyLength) {
    return MessageLayout.HEADER
        + StrategyDefinitionEncoder.BLOCK_LENGTH
        + StrategyDefinitionEncoder.policyHeaderLength()
        + policyLength;
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The policy as HOCON, its keys as in the configuration. */
  static String policyText(PolicyConfig p) {
    return "buyThreshold="
        + p.buyThreshold()
        + ",sellThreshold="
        + p.sellThreshold()
        + ",margin="
        + p.margin()
        + ",cooldownBars="
        + p.cooldownBars()
        + ",maxSpreadPips="
        + p.maxSpreadPips()
        + ",stopAtr="
        + p.stopAtr()
        + ",targetAtr="
        + p.targetAtr()
        + ",atrPeriod="
        + p.atrPeriod()
        + ",horizonBars="
        + p.horizonBars()
        + ",maxSlippageAtr="
        + p.maxSlippageAtr()
        + ",commissionPips="
        + p.commissionPips()
        + ",publishNeutral="
        + p.publishNeutral()
        + ",allowLabelMismatch="
        + p.allowLabelMismatch();
  }
}

package io.semnal.gateway.json;

import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BarDecoder;
import io.semnal.protocol.sbe.DiscontinuityDecoder;
import io.semnal.protocol.sbe.EngineStatusDecoder;
import io.semnal.protocol.sbe.FeatureSetDefinitionDecoder;
import io.semnal.protocol.sbe.FeedQualityDecoder;
import io.semnal.protocol.sbe.InstrumentDefinitionDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.ModelDefinitionDecoder;
import io.semnal.protocol.sbe.ScoreDecoder;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.protocol.sbe.SignalEventDecoder;
import io.semnal.protocol.sbe.StrategyDefinitionDecoder;
import org.agrona.DirectBuffer;

/**
 * Tells outbound messages as JSON objects: enums and ids by name, prices as decimal strings with
 * the instrument's decimals, 64-bit numbers and times (nanoseconds since the epoch) as strings,
 * doubles as numbers, what is absent or not a number as null. One thread.
 */
final class OutboundJson {
  private final JsonText out;
  private final Names names;
  private final Labels labels = new Labels();
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final InstrumentDefinitionDecoder instrument = new InstrumentDefinitionDecoder();
  private final StrategyDefinitionDecoder strategy = new StrategyDefinitionDecoder();
  private final ModelDefinitionDecoder model = new ModelDefinitionDecoder();
  private final FeatureSetDefinitionDecoder featureSet = new FeatureSetDefinitionDecoder();
  private final BarDecoder bar = new BarDecoder();
  private final ScoreDecoder score = new ScoreDecoder();
  private final SignalDecoder signal = new SignalDecoder();
  private final SignalEventDecoder event = new SignalEventDecoder();
  private final FeedQualityDecoder quality = new FeedQualityDecoder();
  private final DiscontinuityDecoder discontinuity = new DiscontinuityDecoder();
  private final EngineStatusDecoder status = new EngineStatusDecoder();
  private byte[] features = new byte[256];

  OutboundJson(JsonText out, Names names) {
    this.out = out;
    this.names = names;
  }

  /**
   * @return {@code false} if the template is not known
   */
  boolean write(DirectBuffer buffer, int offset, boolean withFeatures) {
    switch (MessageLayout.templateId(buffer, offset)) {
      case InstrumentDefinitionDecoder.TEMPLATE_ID -> instrument(buffer, offset);
      case StrategyDefinitionDecoder.TEMPLATE_ID -> strategy(buffer, offset);
      case ModelDefinitionDecoder.TEMPLATE_ID -> model(buffer, offset);
      case FeatureSetDefinitionDecoder.TEMPLATE_ID -> featureSet(buffer, offset);
      case BarDecoder.TEMPLATE_ID -> bar(buffer, offset);
      case ScoreDecoder.TEMPLATE_ID -> score(buffer, offset);
      case SignalDecoder.TEMPLATE_ID -> signal(buffer, offset, withFeatures);
      case SignalEventDecoder.TEMPLATE_ID -> event(buffer, offset);
      case FeedQualityDecoder.TEMPLATE_ID -> quality(buffer, offset);
      case DiscontinuityDecoder.TEMPLATE_ID -> discontinuity(buffer, offset);
      case EngineStatusDecoder.TEMPLATE_ID -> status(buffer, offset);
      default -> {
        return false;
      }
    }
    out.end();
    return true;
  }

  /** What every outbound message begins with; topic parts that are none are left out. */
  private void begin(String type, DirectBuffer buffer, int offset) {
    out.begin(type)
        .int64("outSeq", MessageLayout.outSeq(buffer, offset))
        .int64("causeSeq", MessageLayout.causeSeq(buffer, offset))
        .int64("streamSeq", MessageLayout.streamSeq(buffer, offset))
        .time("time", MessageLayout.outboundTime(buffer, offset));
    int instrumentId = MessageLayout.instrumentId(buffer, offset);
    if (instrumentId != 0) {
      out.text("instrument", names.instrument(instrumentId));
    }
    int seconds = MessageLayout.timeframe(buffer, offset);
    if (seconds != 0) {
      out.text("timeframe", labels.timeframe(seconds));
    }
    int strategyId = MessageLayout.strategyId(buffer, offset);
    if (strategyId != 0) {
      out.text("strategy", names.strategy(strategyId));
    }
  }

  private int decimals(DirectBuffer buffer, int offset) {
    return names.priceDecimals(MessageLayout.instrumentId(buffer, offset));
  }

  private void instrument(DirectBuffer buffer, int offset) {
    instrument.wrapAndApplyHeader(buffer, offset, header);
    begin("instrumentDefinition", buffer, offset);
    out.int32("instrumentId", instrument.instrumentId())
        .text("symbol", instrument.symbol())
        .text("base", instrument.baseCurrency())
        .text("quote", instrument.quoteCurrency())
        .price("pip", instrument.pip(), 0)
        .int32("priceDecimals", instrument.priceDecimals());
  }

  private void strategy(DirectBuffer buffer, int offset) {
    strategy.wrapAndApplyHeader(buffer, offset, header);
    begin("strategyDefinition", buffer, offset);
    out.int32("strategyId", strategy.strategyId())
        .text("name", strategy.name())
        .text("featureSet", names.featureSet(strategy.featureSetId()))
        .int32("featureSetId", strategy.featureSetId())
        .text("model", names.model(strategy.modelId()))
        .int32("modelId", strategy.modelId())
        .text("trigger", strategy.trigger().name())
        .text("policy", strategy.policy());
  }

  private void model(DirectBuffer buffer, int offset) {
    model.wrapAndApplyHeader(buffer, offset, header);
    begin("modelDefinition", buffer, offset);
    byte[] sha256 = new byte[ModelDefinitionDecoder.sha256Length()];
    model.getSha256(sha256, 0, sha256.length);
    out.int32("modelId", model.modelId())
        .text("name", model.name())
        .int32("version", model.version())
        .hex("sha256", sha256)
        .text("scorer", model.scorer().name())
        .text("outputKind", model.outputKind().name());
  }

  private void featureSet(DirectBuffer buffer, int offset) {
    featureSet.wrapAndApplyHeader(buffer, offset, header);
    begin("featureSetDefinition", buffer, offset);
    byte[] hash = new byte[FeatureSetDefinitionDecoder.hashLength()];
    featureSet.getHash(hash, 0, hash.length);
    out.int32("featureSetId", featureSet.featureSetId())
        .text("name", featureSet.name())
        .hex("hash", hash)
        .int32("column", featureSet.column())
        .int32("columns", featureSet.columns())
        .text("expression", featureSet.expression());
  }

  private void bar(DirectBuffer buffer, int offset) {
    bar.wrapAndApplyHeader(buffer, offset, header);
    begin("bar", buffer, offset);
    int decimals = decimals(buffer, offset);
    out.time("openTime", bar.openTime())
        .time("closeTime", bar.closeTime())
        .price("bidOpen", bar.bidOpen(), decimals)
        .price("bidHigh", bar.bidHigh(), decimals)
        .price("bidLow", bar.bidLow(), decimals)
        .price("bidClose", bar.bidClose(), decimals)
        .price("askOpen", bar.askOpen(), decimals)
        .price("askHigh", bar.askHigh(), decimals)
        .price("askLow", bar.askLow(), decimals)
        .price("askClose", bar.askClose(), decimals)
        .price("spreadMin", bar.spreadMin(), decimals)
        .price("spreadMax", bar.spreadMax(), decimals)
        .price("spreadSum", bar.spreadSum(), decimals)
        .int64("ticks", bar.ticks())
        .flags("flags", bar.flags().getRaw(), FlagNames.BAR);
  }

  private void score(DirectBuffer buffer, int offset) {
    score.wrapAndApplyHeader(buffer, offset, header);
    begin("score", buffer, offset);
    int decimals = decimals(buffer, offset);
    out.time("eventTime", score.eventTime())
        .real("buy", score.buy())
        .real("sell", score.sell())
        .real("neutral", score.neutral())
        .real("output", score.output())
        .uint64("featureHash", score.featureHash())
        .price("bid", score.bid(), decimals)
        .price("ask", score.ask(), decimals)
        .text("model", names.model(score.modelId()))
        .text("side", score.side().name())
        .text("reason", score.reason().name())
        .text("trigger", score.trigger().name());
  }

  private void signal(DirectBuffer buffer, int offset, boolean withFeatures) {
    signal.wrapAndApplyHeader(buffer, offset, header);
    begin("signal", buffer, offset);
    int decimals = decimals(buffer, offset);
    out.time("eventTime", signal.eventTime())
        .text("signalType", signal.signalType().name())
        .text("trigger", signal.trigger().name())
        .text("model", names.model(signal.modelId()))
        .real("strength", signal.strength())
        .price("bid", signal.bid(), decimals)
        .price("ask", signal.ask(), decimals)
        .price("entry", signal.entry(), decimals)
        .price("stopLoss", signal.stopLoss(), decimals)
        .price("takeProfit", signal.takeProfit(), decimals)
        .time("expiration", signal.expiration())
        .uint64("featureHash", signal.featureHash());
    if (withFeatures) {
      int length = signal.featuresLength();
      if (length > features.length) {
        features = new byte[length];
      }
      signal.getFeatures(features, 0, length);
      out.floats("features", features, length);
    }
  }

  private void event(DirectBuffer buffer, int offset) {
    event.wrapAndApplyHeader(buffer, offset, header);
    begin("signalEvent", buffer, offset);
    int decimals = decimals(buffer, offset);
    out.int64("signalId", event.signalId())
        .time("eventTime", event.eventTime())
        .text("signalType", event.signalType().name())
        .text("state", event.state().name())
        .text("reason", event.reason().name())
        .text("session", event.session().name())
        .text("model", names.model(event.modelId()))
        .int32("repeats", event.repeats())
        .price("price", event.price(), decimals)
        .price("bid", event.bid(), decimals)
        .price("ask", event.ask(), decimals)
        .real("pips", event.pips());
  }

  private void quality(DirectBuffer buffer, int offset) {
    quality.wrapAndApplyHeader(buffer, offset, header);
    begin("feedQuality", buffer, offset);
    out.int32("sourceId", quality.sourceId())
        .text("state", quality.state().name())
        .flags("flags", quality.flags().getRaw(), FlagNames.QUOTE)
        .text("reason", quality.reason());
  }

  private void discontinuity(DirectBuffer buffer, int offset) {
    discontinuity.wrapAndApplyHeader(buffer, offset, header);
    begin("discontinuity", buffer, offset);
    out.int32("epoch", discontinuity.epoch())
        .int64("lostFrom", discontinuity.lostFrom())
        .int64("lostTo", discontinuity.lostTo())
        .text("reason", discontinuity.reason());
  }

  private void status(DirectBuffer buffer, int offset) {
    status.wrapAndApplyHeader(buffer, offset, header);
    begin("engineStatus", buffer, offset);
    out.text("state", status.state().name())
        .text("command", status.command().name())
        .time("until", status.until())
        .text("reason", status.reason());
  }
}

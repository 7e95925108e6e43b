package io.semnal.inference.engine;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.StrategyConfig;
import io.semnal.inference.registry.LoadedModel;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BarDecoder;
import io.semnal.protocol.sbe.EngineCommandType;
import io.semnal.protocol.sbe.FeedState;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.ScoreDecoder;
import io.semnal.protocol.sbe.ScoreReason;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.protocol.sbe.SignalEventDecoder;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/** An engine, a way to talk to it, and what it said. EURUSD has id 1, USDJPY id 2. */
final class EngineRig {
  static final long SECOND = 1_000_000_000L;
  static final long MINUTE = 60 * SECOND;

  /** A Wednesday in market hours: 2026-03-04T10:00Z. */
  static final long START = Instant.parse("2026-03-04T10:00:00Z").getEpochSecond() * SECOND;

  final EngineConfig config;
  final RecordingSink sink;
  final SignalEngine engine;
  final Inbound in = new Inbound();

  EngineRig(EngineConfig config, Map<String, LoadedModel> models, int seed) {
    this.config = config;
    sink = new RecordingSink(seed);
    engine = new SignalEngine(config, models, sink);
  }

  EngineRig(EngineConfig config, LoadedModel model) {
    this(config, everywhere(config, model), 1);
  }

  static Map<String, LoadedModel> everywhere(EngineConfig config, LoadedModel model) {
    Map<String, LoadedModel> models = new HashMap<>();
    for (StrategyConfig strategy : config.strategies()) {
      models.put(strategy.name(), model);
    }
    return models;
  }

  /** Header and definitions. */
  EngineRig start(long time) {
    send(in.runHeader(time));
    send(in.define(time, 1, "EURUSD"));
    send(in.define(time, 2, "USDJPY"));
    return this;
  }

  void send(byte[] message) {
    engine.onMessage(new UnsafeBuffer(message), 0, message.length);
  }

  void quote(long time, double bid, double ask) {
    quote(1, time, bid, ask, 0);
  }

  void quote(int instrument, long time, double bid, double ask, int flags) {
    send(in.quote(instrument, time, time, price(bid), price(ask), flags));
  }

  void clock(long time) {
    send(in.clock(time));
  }

  void command(EngineCommandType type, long time, int instrumentId, int strategyId, long until) {
    send(in.command(type, time, instrumentId, strategyId, until, "because"));
  }

  void feed(FeedState state, long time, int sourceId, int instrumentId) {
    send(in.feedStatus(state, time, sourceId, instrumentId, "line"));
  }

  /**
   * Bars until everything is warm: one quote a minute, 10 pips range each, last price 1.10000 /
   * 1.10010. Returns the time of the last quote; ATR(1) is 10 pips from the next bar's close on.
   */
  long warmUp(long from) {
    long time = from;
    for (int i = 0; i < 4; i++) {
      quote(time + SECOND, 1.10100, 1.10110);
      quote(time + 30 * SECOND, 1.10000, 1.10010);
      time += MINUTE;
    }
    return time - 30 * SECOND;
  }

  static long price(double value) {
    return Math.round(value * MessageLayout.PRICE_SCALE);
  }

  List<SignalDecoder> signals() {
    return sink.of(SignalDecoder.TEMPLATE_ID).stream()
        .map(b -> new SignalDecoder().wrapAndApplyHeader(b, 0, new MessageHeaderDecoder()))
        .toList();
  }

  List<SignalEventDecoder> events() {
    return sink.of(SignalEventDecoder.TEMPLATE_ID).stream()
        .map(b -> new SignalEventDecoder().wrapAndApplyHeader(b, 0, new MessageHeaderDecoder()))
        .toList();
  }

  List<ScoreDecoder> scores() {
    return sink.of(ScoreDecoder.TEMPLATE_ID).stream()
        .map(b -> new ScoreDecoder().wrapAndApplyHeader(b, 0, new MessageHeaderDecoder()))
        .toList();
  }

  List<BarDecoder> bars() {
    return sink.of(BarDecoder.TEMPLATE_ID).stream()
        .map(b -> new BarDecoder().wrapAndApplyHeader(b, 0, new MessageHeaderDecoder()))
        .toList();
  }

  ScoreReason lastReason() {
    return scores().getLast().reason();
  }
}

package io.semnal.inference.engine;

import io.semnal.core.market.MarketCalendar;
import io.semnal.core.state.StateVisitor;
import io.semnal.core.state.Stateful;
import io.semnal.inference.signal.OutcomeStatistics;
import io.semnal.inference.signal.TrackedSignal;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.EngineCommandType;
import io.semnal.protocol.sbe.EngineStatusDecoder;
import io.semnal.protocol.sbe.FeatureSetDefinitionDecoder;
import io.semnal.protocol.sbe.InstrumentDefinitionDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.ModelDefinitionDecoder;
import io.semnal.protocol.sbe.ScoreDecoder;
import io.semnal.protocol.sbe.ScoreReason;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.protocol.sbe.SignalEventDecoder;
import io.semnal.protocol.sbe.SignalState;
import io.semnal.protocol.sbe.SignalType;
import io.semnal.protocol.sbe.StrategyDefinitionDecoder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.DirectBuffer;

/**
 * Learns from the outbound journal what earlier runs have published: ids by name, open signals,
 * cooldowns, restrictions and outcomes. Cold.
 */
final class EarlierRuns implements Stateful {
  /** Where a signal lived. */
  record Place(int strategyId, int instrumentId, int timeframe) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      int byStrategy = Integer.compare(strategyId, other.strategyId);
      int byInstrument = Integer.compare(instrumentId, other.instrumentId);
      return byStrategy != 0
          ? byStrategy
          : byInstrument != 0 ? byInstrument : Integer.compare(timeframe, other.timeframe);
    }
  }

  /** What is left of a place's past. */
  static final class Past implements Stateful {
    final TrackedSignal signal = new TrackedSignal();

    /** Engine time of the last end; absent if there was none. */
    long lastEnd = MessageLayout.ABSENT;

    SignalType published = SignalType.NEUTRAL;

    @Override
    public void state(StateVisitor s) {
      signal.state(s);
      lastEnd = s.of(lastEnd);
      published = s.of(published);
    }
  }

  final Identities strategies = new Identities();
  final Identities models = new Identities();
  final Identities featureSets = new Identities();
  final Identities instruments = new Identities();
  private final MarketCalendar calendar;
  private final Restrictions restrictions;
  private final OutcomeStatistics outcomes;
  private final TreeMap<Place, Past> pasts = new TreeMap<>();

  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final InstrumentDefinitionDecoder instrument = new InstrumentDefinitionDecoder();
  private final StrategyDefinitionDecoder strategy = new StrategyDefinitionDecoder();
  private final ModelDefinitionDecoder model = new ModelDefinitionDecoder();
  private final FeatureSetDefinitionDecoder featureSet = new FeatureSetDefinitionDecoder();
  private final ScoreDecoder score = new ScoreDecoder();
  private final SignalDecoder signal = new SignalDecoder();
  private final SignalEventDecoder event = new SignalEventDecoder();
  private final EngineStatusDecoder status = new EngineStatusDecoder();
  private final byte[] hash = new byte[32];

  EarlierRuns(MarketCalendar calendar, Restrictions restrictions, OutcomeStatistics outcomes) {
    this.calendar = calendar;
    this.restrictions = restrictions;
    this.outcomes = outcomes;
  }

  /** By strategy id, instrument id, timeframe. */
  Map<Place, Past> pasts() {
    return pasts;
  }

  @Override
  public void state(StateVisitor s) {
    s.section("earlier runs");
    strategies.state(s);
    models.state(s);
    featureSets.state(s);
    instruments.state(s);
    List<Place> places = new ArrayList<>(pasts.keySet());
    int count = s.count(places.size());
    for (int i = 0; i < count; i++) {
      Place place = s.isReading() ? new Place(0, 0, 0) : places.get(i);
      int strategyId = s.of(place.strategyId);
      int instrumentId = s.of(place.instrumentId);
      int timeframe = s.of(place.timeframe);
      pasts
          .computeIfAbsent(new Place(strategyId, instrumentId, timeframe), p -> new Past())
          .state(s);
    }
  }

  void onMessage(DirectBuffer buffer, int offset) {
    switch (MessageLayout.templateId(buffer, offset)) {
      case InstrumentDefinitionDecoder.TEMPLATE_ID -> {
        instrument.wrapAndApplyHeader(buffer, offset, header);
        instruments.learn(instrument.symbol(), instrument.instrumentId());
      }
      case StrategyDefinitionDecoder.TEMPLATE_ID -> {
        strategy.wrapAndApplyHeader(buffer, offset, header);
        strategies.learn(strategy.name(), strategy.strategyId());
      }
      case ModelDefinitionDecoder.TEMPLATE_ID -> onModel(buffer, offset);
      case FeatureSetDefinitionDecoder.TEMPLATE_ID -> {
        featureSet.wrapAndApplyHeader(buffer, offset, header);
        featureSet.getHash(hash, 0, hash.length);
        featureSets.learn(
            Definitions.featureSetKey(featureSet.name(), hash), featureSet.featureSetId());
      }
      case ScoreDecoder.TEMPLATE_ID -> onScore(buffer, offset);
      case SignalDecoder.TEMPLATE_ID -> onSignal(buffer, offset);
      case SignalEventDecoder.TEMPLATE_ID -> onEvent(buffer, offset);
      case EngineStatusDecoder.TEMPLATE_ID -> onStatus(buffer, offset);
      default -> {}
    }
  }

  private void onModel(DirectBuffer buffer, int offset) {
    model.wrapAndApplyHeader(buffer, offset, header);
    model.getSha256(hash, 0, hash.length);
    models.learn(
        Definitions.modelKey(
            model.name(), model.version(), HexFormat.of().formatHex(hash), model.scorer()),
        model.modelId());
  }

  private Past past(DirectBuffer buffer, int offset) {
    return pasts.computeIfAbsent(
        new Place(
            MessageLayout.strategyId(buffer, offset),
            MessageLayout.instrumentId(buffer, offset),
            MessageLayout.timeframe(buffer, offset)),
        place -> new Past());
  }

  private void onScore(DirectBuffer buffer, int offset) {
    score.wrapAndApplyHeader(buffer, offset, header);
    if (score.reason() == ScoreReason.POSITION_OPEN) {
      past(buffer, offset).signal.repeated();
    }
  }

  private void onSignal(DirectBuffer buffer, int offset) {
    signal.wrapAndApplyHeader(buffer, offset, header);
    Past past = past(buffer, offset);
    past.published = signal.signalType();
    if (past.published == SignalType.NEUTRAL) {
      return;
    }
    past.signal.open(
        past.published,
        signal.entry(),
        signal.stopLoss(),
        signal.takeProfit(),
        0,
        signal.expiration());
    past.signal.identify(MessageLayout.outSeq(buffer, offset));
    past.signal.credit(signal.modelId(), signal.strength(), calendar.session(signal.time()));
  }

  private void onEvent(DirectBuffer buffer, int offset) {
    event.wrapAndApplyHeader(buffer, offset, header);
    Past past = past(buffer, offset);
    boolean known = past.signal.id() == event.signalId();
    if (event.state() == SignalState.ACTIVE) {
      if (known) {
        past.signal.resumeActive(event.price());
      }
      return;
    }
    past.lastEnd = event.time();
    if (!Double.isNaN(event.pips())) {
      // A signal older than what is left of the journal: its outcome counts, its strength is lost.
      outcomes
          .row(
              event.modelId(),
              MessageLayout.instrumentId(buffer, offset),
              MessageLayout.timeframe(buffer, offset),
              event.session())
          .add(event.pips(), known ? past.signal.strength() : Double.NaN);
    }
    if (known) {
      past.signal.end(event.reason(), MessageLayout.ABSENT, MessageLayout.ABSENT);
    }
  }

  private void onStatus(DirectBuffer buffer, int offset) {
    status.wrapAndApplyHeader(buffer, offset, header);
    if (status.command() != EngineCommandType.NULL_VAL) {
      restrictions.apply(
          status.command(),
          status.instrumentId(),
          status.strategyId(),
          status.time(),
          status.until());
    }
  }
}

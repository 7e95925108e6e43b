package io.semnal.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.core.config.PolicyConfig;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.ScoreDecoder;
import io.semnal.protocol.sbe.ScoreReason;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.protocol.sbe.SignalEventDecoder;
import io.semnal.protocol.sbe.SignalState;
import io.semnal.protocol.sbe.SignalType;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads the outbound stream alone, keeps what is open and when it last ended, and asks of every
 * score whether its reason follows from its numbers; and that a signal stands behind each SIGNAL
 * and behind nothing else. For streams without market closures.
 */
final class PolicyAudit {
  private static final class Place {
    SignalType open;
    long openId;
    long coolUntil = Long.MIN_VALUE;
    boolean owesSignal;
    SignalType side;
  }

  private final Map<Integer, PolicyConfig> policies;
  private final Map<Long, Place> places = new HashMap<>();
  private final Map<ScoreReason, Integer> seen = new EnumMap<>(ScoreReason.class);
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();

  PolicyAudit(Map<Integer, PolicyConfig> policies) {
    this.policies = policies;
  }

  Map<ScoreReason, Integer> check(List<byte[]> outbound) {
    for (byte[] bytes : outbound) {
      UnsafeBuffer b = new UnsafeBuffer(bytes);
      switch (MessageLayout.templateId(b, 0)) {
        case ScoreDecoder.TEMPLATE_ID ->
            onScore(new ScoreDecoder().wrapAndApplyHeader(b, 0, header));
        case SignalDecoder.TEMPLATE_ID ->
            onSignal(new SignalDecoder().wrapAndApplyHeader(b, 0, header));
        case SignalEventDecoder.TEMPLATE_ID ->
            onEvent(new SignalEventDecoder().wrapAndApplyHeader(b, 0, header));
        default -> {}
      }
    }
    places.values().forEach(place -> assertThat(place.owesSignal).isFalse());
    return seen;
  }

  private Place place(int strategy, int instrument) {
    return places.computeIfAbsent((long) strategy << 32 | instrument, k -> new Place());
  }

  private void onScore(ScoreDecoder s) {
    Place place = place(s.strategyId(), s.instrumentId());
    assertThat(place.owesSignal).isFalse();
    seen.merge(s.reason(), 1, Integer::sum);
    if (Double.isNaN(s.buy())) {
      assertThat(s.reason())
          .isIn(
              ScoreReason.NO_MODEL,
              ScoreReason.PAUSED,
              ScoreReason.CLOSED,
              ScoreReason.NOT_WARM,
              ScoreReason.QUALITY,
              ScoreReason.SCORER_ERROR);
      return;
    }
    PolicyConfig policy = policies.get(s.strategyId());
    boolean buy = s.buy() > s.sell();
    double mine = buy ? s.buy() : s.sell();
    double other = buy ? s.sell() : s.buy();
    SignalType side = buy ? SignalType.BUY : SignalType.SELL;
    double pip = s.instrumentId() == 1 ? 10_000 : 1_000_000;
    ScoreReason expected;
    if (mine < (buy ? policy.buyThreshold() : policy.sellThreshold())) {
      expected = ScoreReason.BELOW_THRESHOLD;
    } else if (mine - other < policy.margin()) {
      expected = ScoreReason.MARGIN;
    } else if (place.open == side) {
      expected = ScoreReason.POSITION_OPEN;
    } else if (place.open == null && s.time() < place.coolUntil) {
      expected = ScoreReason.COOLDOWN;
    } else if ((s.ask() - s.bid()) / pip > policy.maxSpreadPips()) {
      expected = ScoreReason.SPREAD;
    } else {
      expected = ScoreReason.SIGNAL;
    }
    assertThat(s.reason()).isEqualTo(expected);
    place.owesSignal = expected == ScoreReason.SIGNAL;
    place.side = side;
  }

  private void onSignal(SignalDecoder s) {
    Place place = place(s.strategyId(), s.instrumentId());
    if (s.signalType() == SignalType.NEUTRAL) {
      return;
    }
    assertThat(place.owesSignal).isTrue();
    assertThat(place.open).isNull();
    assertThat(s.signalType()).isEqualTo(place.side);
    place.owesSignal = false;
    place.open = s.signalType();
    place.openId = s.outSeq();
  }

  private void onEvent(SignalEventDecoder e) {
    Place place = place(e.strategyId(), e.instrumentId());
    assertThat(e.signalId()).isEqualTo(place.openId);
    if (e.state() != SignalState.ACTIVE) {
      place.open = null;
      int bars = policies.get(e.strategyId()).cooldownBars();
      place.coolUntil =
          bars == 0 ? Long.MIN_VALUE : e.time() + bars * e.timeframe() * EngineRig.SECOND;
    }
  }
}

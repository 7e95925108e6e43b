package io.semnal.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.core.config.PolicyConfig;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.EndReason;
import io.semnal.protocol.sbe.EngineCommandType;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.protocol.sbe.SignalEventDecoder;
import io.semnal.protocol.sbe.SignalState;
import io.semnal.protocol.sbe.SignalType;
import io.semnal.protocol.sbe.Trigger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Works out anew, from what was published and from the quotes alone, how each signal must have
 * lived: signal by signal, walking over all inbound messages, with no book and no due-time queue.
 */
final class LifeAudit {
  /** One change: what, why, at which price, worth how many pips, when. */
  record Change(SignalState state, EndReason reason, long price, double pips, long time) {}

  private record Published(
      long id,
      long cause,
      long time,
      int instrument,
      int strategy,
      boolean tick,
      boolean buy,
      long entry,
      long stop,
      long target,
      long expiration) {}

  private final List<RandomMarket.Message> inbound;
  private final Map<Integer, PolicyConfig> policies;
  private final long[] pips = {0, 10_000, 1_000_000};
  private final List<Published> signals = new ArrayList<>();
  private final Map<Long, List<Change>> actual = new java.util.TreeMap<>();

  LifeAudit(
      List<RandomMarket.Message> inbound,
      List<byte[]> outbound,
      Map<Integer, PolicyConfig> policies) {
    this.inbound = inbound;
    this.policies = policies;
    MessageHeaderDecoder header = new MessageHeaderDecoder();
    for (byte[] bytes : outbound) {
      UnsafeBuffer b = new UnsafeBuffer(bytes);
      int template = MessageLayout.templateId(b, 0);
      if (template == SignalDecoder.TEMPLATE_ID) {
        publish(new SignalDecoder().wrapAndApplyHeader(b, 0, header));
      } else if (template == SignalEventDecoder.TEMPLATE_ID) {
        SignalEventDecoder e = new SignalEventDecoder().wrapAndApplyHeader(b, 0, header);
        actual
            .computeIfAbsent(e.signalId(), id -> new ArrayList<>())
            .add(new Change(e.state(), e.reason(), e.price(), e.pips(), e.time()));
      }
    }
  }

  private void publish(SignalDecoder s) {
    if (s.signalType() != SignalType.NEUTRAL) {
      signals.add(
          new Published(
              s.outSeq(),
              s.causeSeq(),
              s.time(),
              s.instrumentId(),
              s.strategyId(),
              s.trigger() == Trigger.TICK,
              s.signalType() == SignalType.BUY,
              s.entry(),
              s.stopLoss(),
              s.takeProfit(),
              s.expiration()));
    }
  }

  /** Compares every life; returns how many ended for a reason that involves a price. */
  int check() {
    int priced = 0;
    for (Published signal : signals) {
      List<Change> expected = live(signal);
      assertThat(actual.getOrDefault(signal.id(), List.of()))
          .as("signal %d", signal.id())
          .isEqualTo(expected);
      priced +=
          expected.stream()
                  .anyMatch(c -> c.reason() == EndReason.STOP || c.reason() == EndReason.TARGET)
              ? 1
              : 0;
    }
    assertThat(actual.keySet()).isSubsetOf(signals.stream().map(Published::id).toList());
    return priced;
  }

  /** The next signal of the same place, which must have flipped this one if it still lived. */
  private Published successor(Published signal) {
    return signals.stream()
        .filter(
            s ->
                s.id() > signal.id()
                    && s.instrument() == signal.instrument()
                    && s.strategy() == signal.strategy())
        .findFirst()
        .orElse(null);
  }

  private List<Change> live(Published s) {
    List<Change> life = new ArrayList<>();
    Published next = successor(s);
    PolicyConfig policy = policies.get(s.strategy());
    long limit =
        Math.round(Math.abs(s.entry() - s.stop()) * policy.maxSlippageAtr() / policy.stopAtr());
    long[] last = lastQuoteBefore(s);
    long fill = MessageLayout.ABSENT;
    for (RandomMarket.Message m : inbound) {
      if (m.seq() < s.cause() || (s.tick() && m.seq() == s.cause())) {
        continue;
      }
      boolean flippedHere = next != null && next.cause() == m.seq();
      boolean flipsFirst = flippedHere && !next.tick() && next.time() < s.expiration();
      if (s.expiration() <= m.time() && !flipsFirst) {
        return leave(life, s, policy, fill, last, EndReason.EXPIRED, s.expiration());
      }
      if (flippedHere && !next.tick()) {
        return leave(life, s, policy, fill, last, EndReason.FLIPPED, next.time());
      }
      if (m.isQuote() && m.instrument() == s.instrument() && m.fills()) {
        if (fill == MessageLayout.ABSENT) {
          Change first = enter(s, m, limit);
          life.add(first);
          if (first.state() == SignalState.INVALIDATED) {
            return life;
          }
          fill = first.price();
        } else {
          Change end = hit(s, m, policy, fill);
          if (end != null) {
            life.add(end);
            return life;
          }
        }
        last = new long[] {m.bid(), m.ask()};
      }
      if (flippedHere) {
        return leave(life, s, policy, fill, last, EndReason.FLIPPED, next.time());
      }
      if (kills(m, s)) {
        return leave(life, s, policy, fill, last, EndReason.CANCELLED, m.time());
      }
    }
    return life;
  }

  private long[] lastQuoteBefore(Published s) {
    long[] last = {MessageLayout.ABSENT, MessageLayout.ABSENT};
    for (RandomMarket.Message m : inbound) {
      boolean before = s.tick() ? m.seq() <= s.cause() : m.seq() < s.cause();
      if (before && m.isQuote() && m.instrument() == s.instrument() && m.fills()) {
        last = new long[] {m.bid(), m.ask()};
      }
    }
    return last;
  }

  private static Change enter(Published s, RandomMarket.Message m, long limit) {
    long price = s.buy() ? m.ask() : m.bid();
    boolean stopped = s.buy() ? m.bid() <= s.stop() : m.ask() >= s.stop();
    boolean beyond = s.buy() ? m.ask() >= s.target() : m.bid() <= s.target();
    EndReason reason =
        stopped
            ? EndReason.PRICE_BEYOND_STOP
            : beyond
                ? EndReason.PRICE_BEYOND_TARGET
                : Math.abs(price - s.entry()) > limit ? EndReason.SLIPPAGE : EndReason.NONE;
    SignalState state = reason == EndReason.NONE ? SignalState.ACTIVE : SignalState.INVALIDATED;
    return new Change(state, reason, price, Double.NaN, m.time());
  }

  private Change hit(Published s, RandomMarket.Message m, PolicyConfig policy, long fill) {
    if (s.buy() ? m.bid() <= s.stop() : m.ask() >= s.stop()) {
      return ended(s, policy, fill, s.buy() ? m.bid() : m.ask(), EndReason.STOP, m.time());
    }
    if (s.buy() ? m.bid() >= s.target() : m.ask() <= s.target()) {
      return ended(s, policy, fill, s.target(), EndReason.TARGET, m.time());
    }
    return null;
  }

  private boolean kills(RandomMarket.Message m, Published s) {
    return m.command() == EngineCommandType.KILL
        && (m.instrument() == 0 || m.instrument() == s.instrument())
        && (m.strategy() == 0 || m.strategy() == s.strategy())
        && m.strategy() <= policies.size();
  }

  private List<Change> leave(
      List<Change> life,
      Published s,
      PolicyConfig policy,
      long fill,
      long[] last,
      EndReason reason,
      long time) {
    if (fill == MessageLayout.ABSENT) {
      life.add(new Change(SignalState.ENDED, reason, MessageLayout.ABSENT, Double.NaN, time));
    } else {
      life.add(ended(s, policy, fill, s.buy() ? last[0] : last[1], reason, time));
    }
    return life;
  }

  private Change ended(
      Published s, PolicyConfig policy, long fill, long exit, EndReason reason, long time) {
    long gain = s.buy() ? exit - fill : fill - exit;
    double worth = (double) gain / pips[s.instrument()] - policy.commissionPips();
    return new Change(SignalState.ENDED, reason, exit, worth, time);
  }
}

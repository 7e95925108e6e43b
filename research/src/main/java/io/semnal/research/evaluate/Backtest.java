package io.semnal.research.evaluate;

import io.semnal.core.config.PolicyConfig;
import io.semnal.core.market.MarketCalendar;
import io.semnal.core.market.Timeframe;
import io.semnal.inference.signal.DecisionPolicy;
import io.semnal.inference.signal.Scores;
import io.semnal.inference.signal.TrackedSignal;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.EndReason;
import io.semnal.protocol.sbe.ScoreReason;
import io.semnal.protocol.sbe.SignalType;
import io.semnal.research.sample.Samples;
import java.util.ArrayList;
import java.util.List;

/**
 * Lets the engine's decision policy act on predictions: at most one signal an instrument, the
 * opposite side flips it, cooldown and spread limit hold. How a signal ends was settled when the
 * samples were gathered, by the signal book's own lives.
 */
public final class Backtest {
  private final Samples samples;
  private final PolicyConfig policy;
  private final DecisionPolicy decision;
  private final MarketCalendar calendar;
  private final long cooldown;
  private final List<Trade> trades = new ArrayList<>();
  private final Slot[] slots;

  private static final class Slot {
    final TrackedSignal signal = new TrackedSignal();
    int row;
    double strength;
    long coolsUntil = Long.MIN_VALUE;
  }

  private Backtest(
      Predictions predictions, PolicyConfig policy, Timeframe timeframe, MarketCalendar calendar) {
    this.samples = predictions.samples();
    this.policy = policy;
    this.calendar = calendar;
    decision = new DecisionPolicy(policy);
    cooldown = policy.cooldownBars() * timeframe.nanos();
    slots = new Slot[samples.instruments().size()];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = new Slot();
    }
  }

  /** Trades in the order of their ends; those that the data does not end are left out. */
  public static List<Trade> run(
      Predictions predictions, PolicyConfig policy, Timeframe timeframe, MarketCalendar calendar) {
    Backtest backtest = new Backtest(predictions, policy, timeframe, calendar);
    Scores scores = new Scores();
    for (int i = 0; i < predictions.size(); i++) {
      predictions.scores(i, scores);
      backtest.decide(predictions.rows()[i], scores);
    }
    for (Slot slot : backtest.slots) {
      backtest.endUpTo(slot, Samples.OPEN - 1);
    }
    backtest.trades.sort((a, b) -> Long.compare(a.ended(), b.ended()));
    return List.copyOf(backtest.trades);
  }

  private void decide(int row, Scores scores) {
    Slot slot = slots[samples.place(row)];
    long now = samples.time(row);
    endUpTo(slot, now);
    SignalType candidate = DecisionPolicy.candidate(scores);
    double spread = samples.instrument(row).toPips(samples.ask(row) - samples.bid(row));
    ScoreReason reason =
        decision.decide(scores, candidate, slot.signal, now < slot.coolsUntil, spread);
    if (reason != ScoreReason.SIGNAL) {
      return;
    }
    if (slot.signal.isOpen()) {
      flip(slot, row, now);
    }
    slot.row = row;
    slot.strength = DecisionPolicy.strength(scores, candidate);
    slot.signal.open(candidate, 0, 0, 0, 0, Samples.OPEN);
  }

  /** Ends the slot's signal if its life was over before a decision at this time. */
  private void endUpTo(Slot slot, long now) {
    if (!slot.signal.isOpen()) {
      return;
    }
    boolean buy = isBuy(slot);
    long end = samples.end(slot.row, buy);
    EndReason reason = samples.reason(slot.row, buy);
    // What is due at a boundary happens before the decision there, a quote of that time after it.
    if (end > now || end == now && reason != EndReason.EXPIRED) {
      return;
    }
    slot.signal.end(reason, MessageLayout.ABSENT, MessageLayout.ABSENT);
    record(slot, end, samples.pips(slot.row, buy), reason);
  }

  private void flip(Slot slot, int row, long now) {
    long fill = samples.fill(slot.row, isBuy(slot));
    if (fill != MessageLayout.ABSENT) {
      slot.signal.resumeActive(fill);
    }
    slot.signal.end(EndReason.FLIPPED, samples.bid(row), samples.ask(row));
    double pips = slot.signal.pips(samples.instrument(row).pip(), policy.commissionPips());
    record(slot, now, pips, EndReason.FLIPPED);
  }

  private static boolean isBuy(Slot slot) {
    return slot.signal.type() == SignalType.BUY;
  }

  private void record(Slot slot, long end, double pips, EndReason reason) {
    slot.coolsUntil = cooldown == 0 ? Long.MIN_VALUE : calendar.addOpenTime(end, cooldown);
    if (!Double.isNaN(pips)) {
      trades.add(
          new Trade(
              samples.place(slot.row),
              isBuy(slot),
              slot.strength,
              samples.time(slot.row),
              end,
              pips,
              reason,
              samples.session(slot.row)));
    }
  }
}

package io.semnal.inference.engine;

import io.semnal.features.FeatureRow;
import io.semnal.features.WarmUpNeed;
import java.util.ArrayList;
import java.util.List;

/**
 * Says which slots are still cold, and what they wait for. Costs the engine one read a message
 * unless somebody asks.
 */
final class Warmth {
  private final Wiring wiring;
  private volatile boolean asked;
  private volatile List<ColdSlot> last = List.of();

  Warmth(Wiring wiring) {
    this.wiring = wiring;
  }

  /** Any thread: what the engine last found. It looks again with its next message. */
  List<ColdSlot> ask() {
    asked = true;
    return last;
  }

  /** Engine thread, between messages. */
  void answer() {
    if (asked) {
      asked = false;
      look();
    }
  }

  /** Engine thread. */
  List<ColdSlot> look() {
    List<ColdSlot> cold = new ArrayList<>();
    for (StrategySlot slot : wiring.slots) {
      if (!slot.row.isWarm() || !slot.atr.isWarm()) {
        cold.add(describe(slot));
      }
    }
    last = List.copyOf(cold);
    return last;
  }

  private ColdSlot describe(StrategySlot slot) {
    int column = -1;
    WarmUpNeed longest = slot.atr.isWarm() ? null : longest(slot.atr, 0);
    // Of a window, the columns of its oldest row, which come first, are the last to be warm.
    for (int i = 0; i < slot.strategy.set.columns().size(); i++) {
      if (!slot.row.isWarm(i)) {
        WarmUpNeed need = longest(slot.row, i);
        if (longest == null || need.secondsLeft() > longest.secondsLeft()) {
          longest = need;
          column = i;
        }
      }
    }
    StrategyState strategy = slot.strategy;
    return new ColdSlot(
        slot.instrument.instrument.symbol(),
        strategy.config.timeframe(),
        strategy.config.name(),
        strategy.set.name(),
        column < 0
            ? "atr(" + strategy.policy().atrPeriod() + ")"
            : strategy.set.inputs().get(column),
        wiring.instruments[longest.instrument()].instrument.symbol(),
        longest);
  }

  /** A node of constants alone needs no bars, and is never cold. */
  private static WarmUpNeed longest(FeatureRow row, int column) {
    WarmUpNeed longest = null;
    for (WarmUpNeed need : row.warmUp(column)) {
      if (longest == null || need.secondsLeft() > longest.secondsLeft()) {
        longest = need;
      }
    }
    return longest;
  }
}

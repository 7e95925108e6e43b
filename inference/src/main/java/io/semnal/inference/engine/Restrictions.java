package io.semnal.inference.engine;

import io.semnal.core.state.StateVisitor;
import io.semnal.core.state.Stateful;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.EngineCommandType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * What operators have forbidden: pauses, kill switches and blackouts, each for one instrument, one
 * strategy, one of both together, or all (id 0). They hold over runs.
 *
 * <p>RESUME lifts pauses and blackouts, UNKILL lifts kills, each within its own scope: resuming
 * EURUSD leaves a pause of everything alone. A second blackout of the same scope replaces the
 * first.
 */
final class Restrictions implements Stateful {
  private static final class Restriction {
    final EngineCommandType kind;
    final int instrumentId;
    final int strategyId;
    final long until;

    Restriction(EngineCommandType kind, int instrumentId, int strategyId, long until) {
      this.kind = kind;
      this.instrumentId = instrumentId;
      this.strategyId = strategyId;
      this.until = until;
    }

    boolean covers(int instrument, int strategy) {
      return (instrumentId == 0 || instrumentId == instrument)
          && (strategyId == 0 || strategyId == strategy);
    }

    boolean isWithin(int instrument, int strategy) {
      return (instrument == 0 || instrumentId == instrument)
          && (strategy == 0 || strategyId == strategy);
    }
  }

  /** Receives the blackouts that end. */
  @FunctionalInterface
  interface EndHandler {
    void onEnd(int instrumentId, int strategyId, long until);
  }

  private final List<Restriction> list = new ArrayList<>();
  private long nextEnd = Long.MAX_VALUE;

  /** Takes an operator's command. */
  void apply(EngineCommandType command, int instrumentId, int strategyId, long time, long until) {
    switch (command) {
      case PAUSE, KILL -> replace(command, instrumentId, strategyId, MessageLayout.ABSENT);
      case BLACKOUT -> {
        remove(command, instrumentId, strategyId);
        if (until > time) {
          list.add(new Restriction(command, instrumentId, strategyId, until));
        }
      }
      case RESUME ->
          list.removeIf(
              r -> r.kind != EngineCommandType.KILL && r.isWithin(instrumentId, strategyId));
      case UNKILL ->
          list.removeIf(
              r -> r.kind == EngineCommandType.KILL && r.isWithin(instrumentId, strategyId));
      default -> {
        return;
      }
    }
    findNextEnd();
  }

  @Override
  public void state(StateVisitor s) {
    s.section("restrictions");
    List<Restriction> given = List.copyOf(list);
    int count = s.count(given.size());
    list.clear();
    for (int i = 0; i < count; i++) {
      Restriction r =
          s.isReading() ? new Restriction(EngineCommandType.KILL, 0, 0, 0) : given.get(i);
      EngineCommandType kind = s.of(r.kind);
      int instrumentId = s.of(r.instrumentId);
      int strategyId = s.of(r.strategyId);
      list.add(new Restriction(kind, instrumentId, strategyId, s.of(r.until)));
    }
    findNextEnd();
  }

  private void replace(EngineCommandType kind, int instrumentId, int strategyId, long until) {
    remove(kind, instrumentId, strategyId);
    list.add(new Restriction(kind, instrumentId, strategyId, until));
  }

  private void remove(EngineCommandType kind, int instrumentId, int strategyId) {
    list.removeIf(
        r -> r.kind == kind && r.instrumentId == instrumentId && r.strategyId == strategyId);
  }

  private void findNextEnd() {
    nextEnd = Long.MAX_VALUE;
    for (Restriction r : list) {
      if (r.kind == EngineCommandType.BLACKOUT) {
        nextEnd = Math.min(nextEnd, r.until);
      }
    }
  }

  /** Forgets the blackouts of instruments and strategies that are not configured. */
  void forgetBlackouts(IntPredicate unknownInstrument, IntPredicate unknownStrategy) {
    list.removeIf(
        r ->
            r.kind == EngineCommandType.BLACKOUT
                && (unknownInstrument.test(r.instrumentId) || unknownStrategy.test(r.strategyId)));
    findNextEnd();
  }

  /** When the next blackout ends; {@link Long#MAX_VALUE} if there is none. */
  long nextEnd() {
    return nextEnd;
  }

  /** Ends the blackouts that are over at {@code time}, in the order in which they were given. */
  void end(long time, EndHandler handler) {
    int i = 0;
    while (i < list.size()) {
      Restriction r = list.get(i);
      if (r.kind == EngineCommandType.BLACKOUT && r.until <= time) {
        list.remove(i);
        handler.onEnd(r.instrumentId, r.strategyId, r.until);
      } else {
        i++;
      }
    }
    findNextEnd();
  }

  /** Whether something forbids new signals there; 0 asks for what covers all of them. */
  boolean isBlocked(int instrumentId, int strategyId) {
    for (Restriction r : list) {
      if (r.covers(instrumentId, strategyId)) {
        return true;
      }
    }
    return false;
  }
}

package io.semnal.inference.engine;

import io.semnal.protocol.sbe.EngineCommandDecoder;
import io.semnal.protocol.sbe.EngineCommandType;
import io.semnal.protocol.sbe.EngineState;
import io.semnal.protocol.sbe.FeedState;
import io.semnal.protocol.sbe.FeedStatusDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** What operators and feeds say, other than quotes. */
final class Operations {
  private final Wiring wiring;
  private final Restrictions restrictions;
  private final SignalLives lives;
  private final StatusWriter status;
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final EngineCommandDecoder command = new EngineCommandDecoder();
  private final FeedStatusDecoder feed = new FeedStatusDecoder();
  private final UnsafeBuffer reason = new UnsafeBuffer(0, 0);

  Operations(Wiring wiring, Restrictions restrictions, SignalLives lives, StatusWriter status) {
    this.wiring = wiring;
    this.restrictions = restrictions;
    this.lives = lives;
    this.status = status;
  }

  void onCommand(DirectBuffer buffer, int offset, long time) {
    command.wrapAndApplyHeader(buffer, offset, header);
    EngineCommandType type = command.command();
    int instrumentId = command.instrumentId();
    int strategyId = command.strategyId();
    long until = command.until();
    String refusal = refusal(type, instrumentId, strategyId);
    if (refusal != null) {
      EngineState state = state(0, 0);
      status.engine(instrumentId, strategyId, state, EngineCommandType.NULL_VAL, until, refusal);
      return;
    }
    restrictions.apply(type, instrumentId, strategyId, time, until);
    applyToSlots();
    command.skipPrincipal();
    command.wrapReason(reason);
    status.engine(instrumentId, strategyId, state(instrumentId, strategyId), type, until, reason);
    if (type == EngineCommandType.KILL) {
      cancel(instrumentId, strategyId);
    }
  }

  private String refusal(EngineCommandType type, int instrumentId, int strategyId) {
    if (type == EngineCommandType.NULL_VAL) {
      return "refused: unknown command";
    }
    if (instrumentId != 0 && !isInstrument(instrumentId)) {
      return "refused: no configured instrument has id " + instrumentId;
    }
    if (strategyId != 0 && !isStrategy(strategyId)) {
      return "refused: no configured strategy has id " + strategyId;
    }
    return null;
  }

  private boolean isInstrument(int id) {
    for (InstrumentState instrument : wiring.instruments) {
      if (instrument.id == id) {
        return true;
      }
    }
    return false;
  }

  private boolean isStrategy(int id) {
    for (StrategyState strategy : wiring.strategies) {
      if (strategy.id == id) {
        return true;
      }
    }
    return false;
  }

  private void cancel(int instrumentId, int strategyId) {
    for (StrategySlot slot : wiring.slots) {
      if ((instrumentId == 0 || slot.instrument.id == instrumentId)
          && (strategyId == 0 || slot.strategy.id == strategyId)) {
        lives.cancel(slot);
      }
    }
  }

  private EngineState state(int instrumentId, int strategyId) {
    return restrictions.isBlocked(instrumentId, strategyId)
        ? EngineState.PAUSED
        : EngineState.RUNNING;
  }

  /** Brings every slot in line with the restrictions. */
  void applyToSlots() {
    for (StrategySlot slot : wiring.slots) {
      slot.blocked = restrictions.isBlocked(slot.instrument.id, slot.strategy.id);
    }
  }

  void onBlackoutEnd(int instrumentId, int strategyId, long until) {
    status.engine(
        instrumentId,
        strategyId,
        state(instrumentId, strategyId),
        EngineCommandType.BLACKOUT,
        until,
        "blackout over");
  }

  void onFeedStatus(DirectBuffer buffer, int offset) {
    feed.wrapAndApplyHeader(buffer, offset, header);
    FeedState state = feed.state();
    int instrumentId = feed.instrumentId();
    int sourceId = feed.sourceId();
    for (InstrumentState instrument : wiring.instruments) {
      boolean meant =
          instrumentId == 0 ? instrument.sourceId == sourceId : instrument.id == instrumentId;
      if (meant && state != FeedState.UP) {
        instrument.stale = true;
        instrument.down |= state == FeedState.DOWN;
      }
    }
    feed.wrapReason(reason);
    status.feed(instrumentId, sourceId, state, reason);
  }
}

package io.semnal.inference.engine;

import io.semnal.core.state.StateMismatchException;
import io.semnal.core.state.StateVisitor;
import io.semnal.core.state.Stateful;
import io.semnal.protocol.Channel;
import io.semnal.protocol.sbe.DefineInstrumentDecoder;
import java.util.Arrays;

/** Finds the configured instrument of an id that the journal has given. */
final class InstrumentIds implements Stateful {
  private final Wiring wiring;
  private final Sequences sequences;
  private final Definitions definitions;
  private final Restrictions restrictions;
  private final Models models;
  private InstrumentState[] byId = new InstrumentState[16];

  InstrumentIds(
      Wiring wiring,
      Sequences sequences,
      Definitions definitions,
      Restrictions restrictions,
      Models models) {
    this.models = models;
    this.wiring = wiring;
    this.sequences = sequences;
    this.definitions = definitions;
    this.restrictions = restrictions;
  }

  /** {@code null} if it is not configured, or not defined. */
  InstrumentState find(int id) {
    return id > 0 && id < byId.length ? byId[id] : null;
  }

  /** Whether an id other than 0, which means all, is of no configured instrument. */
  boolean isUnknown(int id) {
    return id != 0 && find(id) == null;
  }

  /** Takes the id of a symbol over. */
  void learn(String symbol, int id) {
    int index = wiring.config.instrumentIndex(symbol);
    if (index < 0) {
      return;
    }
    if (id >= byId.length) {
      byId = Arrays.copyOf(byId, Math.max(id + 1, byId.length * 2));
    }
    InstrumentState instrument = wiring.instruments[index];
    byId[id] = instrument;
    instrument.id = id;
    bindTopics(instrument);
  }

  void learn(DefineInstrumentDecoder inbound) {
    learn(inbound.symbol(), inbound.instrumentId());
  }

  /** A definition of this run: clients are told. */
  void define(DefineInstrumentDecoder inbound) {
    boolean isNew = isUnknown(inbound.instrumentId());
    learn(inbound);
    if (isNew) {
      for (StrategySlot slot : wiring.slots) {
        slot.blocked = restrictions.isBlocked(slot.instrument.id, slot.strategy.id);
      }
    }
    definitions.instrument(inbound);
  }

  @Override
  public void state(StateVisitor s) {
    s.section("instrument ids");
    int length = s.count(byId.length);
    byId = Arrays.copyOf(byId, length);
    for (int id = 0; id < length; id++) {
      int index = s.of(byId[id] == null ? -1 : byId[id].index);
      if (index >= wiring.instruments.length) {
        throw new StateMismatchException("there is no instrument " + index);
      }
      byId[id] = index < 0 ? null : wiring.instruments[index];
    }
  }

  /** Looks up the topics of an instrument, as far as its id and the strategies' are known. */
  void bindTopics(InstrumentState instrument) {
    if (instrument.id == 0) {
      return;
    }
    for (int i = 0; i < instrument.barTopics.length; i++) {
      instrument.barTopics[i] =
          sequences.topic(
              Channel.BARS.ordinal(),
              instrument.id,
              wiring.config.timeframes().get(i).seconds(),
              0);
    }
    for (StrategySlot slot : instrument.slots) {
      if (slot.strategy.id != 0) {
        slot.scoreTopic = topic(Channel.SCORES, slot);
        slot.signalTopic = topic(Channel.SIGNALS, slot);
        models.bindOutcomes(slot);
      }
    }
  }

  private int topic(Channel channel, StrategySlot slot) {
    return sequences.topic(
        channel.ordinal(), slot.instrument.id, slot.strategy.seconds(), slot.strategy.id);
  }
}

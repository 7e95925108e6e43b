package io.semnal.inference.engine;

import io.semnal.core.market.Timeframe;
import io.semnal.features.Bar;
import io.semnal.features.FeatureRow;
import io.semnal.inference.signal.OutcomeStatistics;
import io.semnal.inference.signal.TrackedSignal;
import java.util.ArrayList;
import java.util.List;

/** Copies what an engine knows into an {@link EngineReport}. Engine thread; cold. */
final class EngineReporter {
  private final Wiring wiring;
  private final Models models;

  EngineReporter(Wiring wiring, Models models) {
    this.wiring = wiring;
    this.models = models;
  }

  EngineReport report(Sequences sequences, OutcomeStatistics outcomes) {
    return new EngineReport(
        sequences.outSeq(),
        bars(),
        inputs(),
        signals(),
        outcomes.outcomes(),
        models.active(),
        sequences.streams());
  }

  private List<EngineReport.FormingBar> bars() {
    List<EngineReport.FormingBar> bars = new ArrayList<>();
    List<Timeframe> timeframes = wiring.config.timeframes();
    for (InstrumentState instrument : wiring.instruments) {
      for (int t = 0; t < timeframes.size(); t++) {
        Bar bar = wiring.pipeline.forming(instrument.index, t);
        if (bar.ticks > 0) {
          bars.add(
              new EngineReport.FormingBar(
                  instrument.instrument.symbol(),
                  timeframes.get(t).label(),
                  instrument.instrument.priceDecimals(),
                  bar.openTime,
                  bar.closeTime,
                  bar.bidOpen,
                  bar.bidHigh,
                  bar.bidLow,
                  bar.bidClose,
                  bar.askOpen,
                  bar.askHigh,
                  bar.askLow,
                  bar.askClose,
                  bar.ticks));
        }
      }
    }
    return bars;
  }

  private List<EngineReport.Inputs> inputs() {
    List<EngineReport.Inputs> inputs = new ArrayList<>();
    for (StrategySlot slot : wiring.slots) {
      FeatureRow row = slot.row;
      if (slot.strategy.isTick()) {
        row.forming();
      } else {
        row.closed();
      }
      List<Double> values = new ArrayList<>();
      for (int i = 0; i < row.columns(); i++) {
        values.add(row.value(i));
      }
      inputs.add(
          new EngineReport.Inputs(
              slot.strategy.config.name(),
              slot.instrument.instrument.symbol(),
              slot.strategy.config.timeframe().label(),
              row.isWarm() && slot.atr.isWarm(),
              slot.strategy.set.inputs(),
              List.copyOf(values)));
    }
    return inputs;
  }

  private List<EngineReport.OpenSignal> signals() {
    List<EngineReport.OpenSignal> open = new ArrayList<>();
    for (StrategySlot slot : wiring.slots) {
      TrackedSignal signal = slot.signal;
      if (signal.isOpen()) {
        open.add(
            new EngineReport.OpenSignal(
                signal.id(),
                slot.strategy.config.name(),
                slot.instrument.instrument.symbol(),
                slot.instrument.instrument.priceDecimals(),
                signal.type(),
                signal.state(),
                signal.strength(),
                models.name(signal.modelId()),
                signal.entry(),
                signal.stop(),
                signal.target(),
                signal.expiration(),
                signal.fill(),
                signal.repeats()));
      }
    }
    return open;
  }
}

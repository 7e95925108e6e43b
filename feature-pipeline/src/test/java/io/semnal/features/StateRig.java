package io.semnal.features;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.core.config.ConfigLoader;
import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.market.Timeframe;
import io.semnal.core.state.StateReader;
import io.semnal.core.state.StateWriter;
import io.semnal.features.graph.Plans;
import io.semnal.features.indicator.EveryOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A pipeline that has every kind of node, and the rows that look at them. */
final class StateRig {
  /** Windows that are kept in other ways than short ones, and other histories and holes. */
  private static final List<String> MORE =
      List.of(
          "meanDeviation(close, 300)",
          "rank(close, 1100)",
          "alma(close, 300, 0.85, 6)",
          "alma(close, 20, 0.85, 6)",
          "sma(log(close - open), 3)",
          "lag(close, 0)",
          "abs(diff(close, 3))",
          "lesser(open, close)",
          "greater(open, close)",
          "sqrt(ticks)",
          "(close > sma(20)) * rsi(7)",
          "sma(open, 1)",
          "session.hourSin * ema(open, 3)");

  final FeaturePipeline pipeline;
  private final List<FeatureRow> rows = new ArrayList<>();

  StateRig(Plans plans) {
    pipeline =
        new FeaturePipeline(
            Pipelines.config("utc", Timeframe.M1, Timeframe.M5, Timeframe.M15), plans);
    EngineConfig reference = ConfigLoader.load(null, Map.of(), Map.of()).engine();
    List<String> every = new ArrayList<>(EveryOutput.columns());
    every.addAll(MORE);
    rows.add(pipeline.bind(Pipelines.set(Timeframe.M1, every.toArray(String[]::new)), 0));
    rows.add(pipeline.bind(Pipelines.set(Timeframe.M5, Columns.ALL), 1));
    rows.add(pipeline.bind(reference.featureSet("bench-32"), 1));
    FeatureSetConfig bench = reference.featureSet("bench-32");
    rows.add(
        pipeline.bind(
            new FeatureSetConfig("window", Timeframe.M1, bench.price(), bench.columns(), 8), 0));
  }

  void take(StateMarket.Step step) {
    step.apply(pipeline);
    look(step);
  }

  private void look(StateMarket.Step step) {
    for (FeatureRow row : rows) {
      if (step.looksAtForming()) {
        row.forming();
      } else {
        row.closed();
      }
    }
  }

  byte[] state() {
    StateWriter out = new StateWriter();
    pipeline.state(out);
    return out.toByteArray();
  }

  /**
   * @param last the step that the state was taken after: what it made the rows compute is not state
   */
  StateRig restore(byte[] state, StateMarket.Step last) {
    StateReader in = new StateReader(state);
    pipeline.state(in);
    in.requireEnd();
    look(last);
    return this;
  }

  /** Values, whether they are defined and warm, and what the bars say. */
  void requireSame(StateRig twin, int step) {
    assertThat(twin.pipeline.nextBoundary()).isEqualTo(pipeline.nextBoundary());
    for (int r = 0; r < rows.size(); r++) {
      FeatureRow row = rows.get(r);
      FeatureRow other = twin.rows.get(r);
      assertThat(other.isWarm()).isEqualTo(row.isWarm());
      assertThat(other.isDefined()).isEqualTo(row.isDefined());
      for (int c = 0; c < row.columns(); c++) {
        if (Double.doubleToRawLongBits(row.value(c)) != Double.doubleToRawLongBits(other.value(c))
            || row.isWarm(c) != other.isWarm(c)) {
          assertThat(other.value(c))
              .as("row %d column %d after step %d", r, c, step)
              .isEqualTo(row.value(c));
          assertThat(other.isWarm(c)).isEqualTo(row.isWarm(c));
          throw new AssertionError("row " + r + " column " + c + ": other bits, step " + step);
        }
      }
    }
  }

  int warmColumns() {
    int warm = 0;
    for (int c = 0; c < rows.getFirst().columns(); c++) {
      warm += rows.getFirst().isWarm(c) ? 1 : 0;
    }
    return warm;
  }
}

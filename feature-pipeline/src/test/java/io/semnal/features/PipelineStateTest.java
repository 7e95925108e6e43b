package io.semnal.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.core.market.Timeframe;
import io.semnal.core.state.StateMismatchException;
import io.semnal.core.state.StateReader;
import io.semnal.core.state.StateWriter;
import io.semnal.features.graph.Plans;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A pipeline that is written down between any two calls and read back into a new one goes on with
 * the same bits: every output of the catalogue, bars and quotes, whichever plans compute.
 */
class PipelineStateTest {
  /** How many steps a restored pipeline goes on beside the one it was taken from. */
  private static final int COMPANY = 1_800;

  @ParameterizedTest
  @ValueSource(longs = {1})
  void goesOnBitByBitFromAnyStep(long seed) {
    StateMarket market = new StateMarket(seed);
    List<StateMarket.Step> steps = market.steps(9_000);
    Random random = new Random(~seed);
    StateRig original = new StateRig(Plans.written());
    List<StateRig> twins = new ArrayList<>();
    List<Integer> until = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      StateMarket.Step step = steps.get(i);
      original.take(step);
      for (StateRig twin : twins) {
        twin.take(step);
        original.requireSame(twin, i);
      }
      if (!until.isEmpty() && until.getFirst() <= i) {
        assertThat(twins.getFirst().state()).as("state at step %d", i).isEqualTo(original.state());
        twins.removeFirst();
        until.removeFirst();
      }
      if (random.nextInt(1_000) == 0 && twins.size() < 2) {
        byte[] state = original.state();
        Plans plans = random.nextBoolean() ? Plans.written() : Plans.interpreted();
        StateRig twin = new StateRig(plans).restore(state, step);
        assertThat(twin.state()).as("state at step %d", i).isEqualTo(state);
        original.requireSame(twin, i);
        twins.add(twin);
        until.add(i + COMPANY);
      }
    }
    assertThat(original.warmColumns()).as("columns that were compared warm").isGreaterThan(300);
  }

  @Test
  void refusesTheStateOfAnotherGraph() {
    FeaturePipeline written = Pipelines.pipeline(Timeframe.M1);
    written.bind(Pipelines.set(Timeframe.M1, "sma(5)"), 0);
    StateWriter out = new StateWriter();
    written.state(out);
    FeaturePipeline other = Pipelines.pipeline(Timeframe.M1);
    other.bind(Pipelines.set(Timeframe.M1, "sma(6)"), 0);
    assertThatThrownBy(() -> other.state(new StateReader(out.toByteArray())))
        .isInstanceOf(StateMismatchException.class)
        .hasMessageContaining("elements");
    FeaturePipeline third = Pipelines.pipeline(Timeframe.M1);
    third.bind(Pipelines.set(Timeframe.M1, "ema(5)"), 0);
    assertThatThrownBy(() -> third.state(new StateReader(out.toByteArray())))
        .isInstanceOf(StateMismatchException.class)
        .hasMessageContaining("Smoothed")
        .hasMessageContaining("Mean");
  }

  @Test
  void refusesStateOnceQuotesCame() {
    StateRig rig = new StateRig(Plans.interpreted());
    byte[] state = rig.state();
    List<StateMarket.Step> steps = new StateMarket(3).steps(10);
    steps.forEach(rig::take);
    assertThatThrownBy(() -> rig.restore(state, steps.getLast()))
        .isInstanceOf(IllegalStateException.class);
  }
}

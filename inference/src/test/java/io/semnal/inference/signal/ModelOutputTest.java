package io.semnal.inference.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.semnal.core.config.PolicyConfig;
import io.semnal.inference.registry.ModelCard;
import io.semnal.inference.scorer.Scorer;
import io.semnal.protocol.sbe.ScoreReason;
import io.semnal.protocol.sbe.SignalType;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelOutputTest {
  private final Scores scores = new Scores();

  private record Fixed(double... values) implements Scorer {
    @Override
    public int features() {
      return 1;
    }

    @Override
    public boolean isDouble() {
      return false;
    }

    @Override
    public MemorySegment input() {
      return MemorySegment.NULL;
    }

    @Override
    public int outputs() {
      return values.length;
    }

    @Override
    public boolean score() {
      return true;
    }

    @Override
    public double output(int index) {
      return values[index];
    }

    @Override
    public String lastError() {
      return "";
    }

    @Override
    public void close() {}
  }

  private static ModelOutput output(ModelCard.Output kind, List<String> classes, String unit) {
    return new ModelOutput(
        new ModelCard(
            "m", 1, "s", "", List.of("close"), kind, classes, unit, "", false, "", "", "", ""));
  }

  private boolean read(ModelOutput output, double... values) {
    return output.read(new Fixed(values), 1.25, 0.0001, 0.0005, scores);
  }

  @Test
  void readsClassesInTheCardsOrder() {
    ModelOutput output = output(ModelCard.Output.CLASSES, List.of("SELL", "NEUTRAL", "BUY"), "");
    assertThat(read(output, 0.1, 0.2, 0.7)).isTrue();
    assertThat(scores.buy).isEqualTo(0.7);
    assertThat(scores.sell).isEqualTo(0.1);
    assertThat(scores.neutral).isEqualTo(0.2);
    assertThat(scores.output).isNaN();
  }

  @Test
  void readsTwoClasses() {
    ModelOutput output = output(ModelCard.Output.CLASSES, List.of("SELL", "BUY"), "");
    assertThat(read(output, 0.3, 0.7)).isTrue();
    assertThat(scores.buy).isEqualTo(0.7);
    assertThat(scores.neutral).isZero();
  }

  @Test
  void refusesRowsThatAreNoProbabilities() {
    ModelOutput output = output(ModelCard.Output.CLASSES, List.of("BUY", "SELL", "NEUTRAL"), "");
    assertThat(read(output, 0.5, 0.3, 0.20009)).isTrue();
    assertThat(read(output, 0.5, 0.3, 0.2002)).isFalse();
    assertThat(read(output, 1.5, -0.3, -0.2)).isFalse();
    assertThat(read(output, Double.NaN, 0.3, 0.2)).isFalse();
    assertThat(scores.buy).isNaN();
    ModelOutput up = output(ModelCard.Output.UP_PROBABILITY, List.of(), "");
    assertThat(read(up, 1.2)).isFalse();
    assertThat(read(up, Double.POSITIVE_INFINITY)).isFalse();
    assertThat(read(up, 0.8)).isTrue();
    assertThat(scores.sell).isCloseTo(0.2, within(1e-15));
  }

  @Test
  void bringsRegressionsToAtrs() {
    assertThat(read(output(ModelCard.Output.REGRESSION, List.of(), "atr"), -1.5)).isTrue();
    assertThat(scores.atrs).isEqualTo(-1.5);
    assertThat(read(output(ModelCard.Output.REGRESSION, List.of(), "pips"), 10)).isTrue();
    assertThat(scores.atrs).isCloseTo(2, within(1e-12));
    assertThat(scores.output).isEqualTo(10);
    assertThat(read(output(ModelCard.Output.REGRESSION, List.of(), "return"), 0.0004)).isTrue();
    assertThat(scores.atrs).isCloseTo(1, within(1e-12));
    assertThat(read(output(ModelCard.Output.REGRESSION, List.of(), "return"), Double.NaN))
        .isFalse();
  }

  @Test
  void aRegressionIsDecidedByItsSignAndSize() {
    DecisionPolicy policy =
        new DecisionPolicy(new PolicyConfig(0.8, 0.9, 0.5, 0, 2, 1, 1, 14, 10, 1, 0, false, false));
    ModelOutput output = output(ModelCard.Output.REGRESSION, List.of(), "atr");
    TrackedSignal none = new TrackedSignal();
    read(output, 0.8);
    assertThat(DecisionPolicy.candidate(scores)).isEqualTo(SignalType.BUY);
    assertThat(policy.decide(scores, SignalType.BUY, none, false, 1)).isEqualTo(ScoreReason.SIGNAL);
    read(output, -0.89);
    assertThat(DecisionPolicy.candidate(scores)).isEqualTo(SignalType.SELL);
    assertThat(policy.decide(scores, SignalType.SELL, none, false, 1))
        .isEqualTo(ScoreReason.BELOW_THRESHOLD);
    read(output, 0);
    assertThat(DecisionPolicy.candidate(scores)).isEqualTo(SignalType.NEUTRAL);
    assertThat(policy.decide(scores, SignalType.NEUTRAL, none, false, 1))
        .isEqualTo(ScoreReason.BELOW_THRESHOLD);
    assertThat(DecisionPolicy.strength(scores, SignalType.BUY)).isNaN();
  }

  @Test
  void aCardWithoutSidesOrUnitIsRefused() {
    assertThatThrownBy(() -> output(ModelCard.Output.CLASSES, List.of("UP", "DOWN"), ""))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> output(ModelCard.Output.REGRESSION, List.of(), "furlongs"))
        .hasMessageContaining("furlongs");
  }
}

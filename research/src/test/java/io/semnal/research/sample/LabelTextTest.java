package io.semnal.research.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.core.config.ConfigLoader;
import io.semnal.core.config.PolicyConfig;
import io.semnal.core.market.Timeframe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelTextTest {
  private static final PolicyConfig DEFAULTS =
      ConfigLoader.reference().engine().strategies().getFirst().policy();

  @Test
  void readsBarriers() {
    LabelRule rule = LabelRule.parse("Barrier(stop=1.5, target=2, horizon=24)", DEFAULTS);
    assertThat(rule.text(Timeframe.H1))
        .isEqualTo(
            "timeframe=1h stopAtr=1.5 targetAtr=2.0 atrPeriod=14 horizonBars=24"
                + " maxSlippageAtr=0.5");
    assertThat(rule.policy().buyThreshold()).isEqualTo(DEFAULTS.buyThreshold());
  }

  @Test
  void readsHorizon() {
    LabelRule rule = LabelRule.parse("horizon(bars=12, least=0.5, commission=0.2)", DEFAULTS);
    assertThat(rule).isInstanceOf(LabelRule.FixedHorizon.class);
    assertThat(rule.text(Timeframe.H1)).contains("fixedHorizonBars=12 leastAtr=0.5");
    assertThat(rule.policy().commissionPips()).isEqualTo(0.2);
  }

  @Test
  void nothingSaidIsThePolicy() {
    assertThat(LabelRule.parse("barrier", DEFAULTS).policy()).isEqualTo(DEFAULTS);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "walls(stop=2) | there are barrier(…) and horizon(…)",
        "barrier(stop=two) | 'two' of stop is no number",
        "barrier(stopp=2) | 'stopp=2' is none of",
        "barrier(stop=0) | above 0",
        "barrier(horizon=2.5) | whole number of bars",
        "barrier(stop=-1) | 0 or more",
        "barrier(stop=2 | must look like",
        "'' | must look like"
      })
  void saysWhatIsWrong(String text, String message) {
    assertThatThrownBy(() -> LabelRule.parse(text, DEFAULTS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}

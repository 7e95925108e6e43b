package io.semnal.inference.engine;

import static io.semnal.inference.engine.EngineRig.MINUTE;
import static io.semnal.inference.engine.EngineRig.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.StrategyConfig.Trigger;
import io.semnal.core.market.Timeframe;
import io.semnal.inference.registry.LoadedModel;
import io.semnal.protocol.sbe.ScoreReason;
import java.lang.management.ClassLoadingMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A new engine has made what its quotes will need: none waits for classes to be written. */
class EngineSealTest {
  /** Until the slowest column, the RSI of five-minute bars, is warm. */
  private static final int MINUTES = 1_200;

  private final ClassLoadingMXBean classes = ManagementFactory.getClassLoadingMXBean();

  private static EngineConfig config(Trigger trigger) {
    TestConfig c = new TestConfig();
    c.sets.add(
        new FeatureSetConfig(
            "wide",
            Timeframe.M1,
            FeatureSetConfig.Price.MID,
            List.of(
                "rsi(14)",
                "macd(12,26,9).histogram / atr(14)",
                "stochastic(14).k",
                "bollinger(20,2).percentB",
                "cci(20)",
                "rsi(14)@5m")));
    return c.bind("wide", trigger, "wide", "test", "EURUSD", "USDJPY").build();
  }

  private EngineRig begun(Trigger trigger) {
    EngineConfig config = config(trigger);
    LoadedModel model =
        ScriptedScorer.model(
            "test",
            1,
            1,
            config.featureSet("wide").columns(),
            new ScriptedScorer(6, 3, false, EngineSealTest::score));
    EngineRig rig = new EngineRig(config, model);
    return rig.start(START);
  }

  /** Classes loaded from the first quote to the first scores. */
  private long loadedByQuotes(EngineRig rig) {
    long before = classes.getTotalLoadedClassCount();
    for (int i = 0; i < MINUTES; i++) {
      double bid = 1.1 + i * 37 % 100 * 1e-5;
      rig.quote(START + i * MINUTE, bid, bid + 1e-4);
    }
    long loaded = classes.getTotalLoadedClassCount() - before;
    assertThat(rig.engine.counters().scores(ScoreReason.BELOW_THRESHOLD)).isPositive();
    return loaded;
  }

  private static boolean score(float[] row, double[] out) {
    Arrays.fill(out, 1 / 3.0);
    return true;
  }

  @ParameterizedTest
  @EnumSource
  void quotesLoadNoClassThatAnEngineBeforeDidNotNeed(Trigger trigger) {
    loadedByQuotes(begun(trigger));
    assertThat(loadedByQuotes(begun(trigger))).isZero();
  }
}

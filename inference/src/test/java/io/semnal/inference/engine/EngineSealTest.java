package io.semnal.inference.engine;

import static io.semnal.inference.engine.EngineRig.MINUTE;
import static io.semnal.inference.engine.EngineRig.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.StrategyConfig.Trigger;
import io.semnal.core.market.Timeframe;
import java.lang.management.ClassLoadingMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A new engine has made what its first quote needs: nobody waits for classes to be written. */
class EngineSealTest {
  private final ClassLoadingMXBean classes = ManagementFactory.getClassLoadingMXBean();

  private static EngineConfig config() {
    TestConfig c = new TestConfig();
    c.sets.add(
        new FeatureSetConfig(
            "wide",
            Timeframe.M1,
            FeatureSetConfig.Price.MID,
            List.of("rsi(14)", "macd(12,26,9).histogram / atr(14)", "rsi(14)@5m")));
    return c.bind("bar", Trigger.BAR_CLOSE, "wide", "test", "EURUSD", "USDJPY").build();
  }

  private EngineRig begun() {
    EngineRig rig = new EngineRig(config(), Map.of(), 1);
    return rig.start(START);
  }

  private long loadedByTheFirstQuote(EngineRig rig) {
    long before = classes.getTotalLoadedClassCount();
    rig.quote(START, 1.1, 1.1001);
    rig.clock(START + 5 * MINUTE);
    return classes.getTotalLoadedClassCount() - before;
  }

  @Test
  void firstQuoteLoadsNoClassThatAnEngineBeforeDidNotNeed() {
    loadedByTheFirstQuote(begun());
    assertThat(loadedByTheFirstQuote(begun())).isZero();
  }
}

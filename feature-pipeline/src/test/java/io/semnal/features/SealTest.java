package io.semnal.features;

import static io.semnal.features.Pipelines.MINUTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.market.Timeframe;
import java.lang.management.ClassLoadingMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** Sealing does what the first quote would otherwise have to wait for. */
class SealTest {
  private static final FeatureSetConfig SET =
      Pipelines.set(Timeframe.M1, "rsi(14)", "macd(12,26,9).histogram / atr(14)", "rsi(14)@5m");

  private final ClassLoadingMXBean classes = ManagementFactory.getClassLoadingMXBean();

  private static FeaturePipeline bound() {
    FeaturePipeline pipeline = Pipelines.pipeline(Timeframe.M1, Timeframe.M5);
    pipeline.bind(SET, 0);
    return pipeline;
  }

  /** Classes that a quote, and the closing of its bars, cause to be loaded. */
  private long loadedByTheFirstQuote(FeaturePipeline pipeline) {
    long before = classes.getTotalLoadedClassCount();
    pipeline.onQuote(0, 0, 0, 100_000_000, 100_010_000, 0, 0, 0);
    pipeline.closeBoundary(5 * MINUTE, (instrument, timeframe, bar) -> {});
    return classes.getTotalLoadedClassCount() - before;
  }

  @Test
  void firstQuoteAfterSealingLoadsNoClass() {
    loadedByTheFirstQuote(bound());
    FeaturePipeline pipeline = bound();
    pipeline.seal();
    assertThat(loadedByTheFirstQuote(pipeline)).isZero();
  }

  /** The negative control: each pipeline writes classes of its own. */
  @Test
  void firstQuoteOfAnUnsealedPipelineLoadsThem() {
    loadedByTheFirstQuote(bound());
    assertThat(loadedByTheFirstQuote(bound())).isPositive();
  }

  @Test
  void bindingAfterSealingIsRefusedInWords() {
    FeaturePipeline pipeline = bound();
    pipeline.seal();
    pipeline.seal();
    assertThatIllegalStateException()
        .isThrownBy(() -> pipeline.bind(SET, 1))
        .withMessage("bind 'test' before the first quote or bar and before seal()");
  }
}

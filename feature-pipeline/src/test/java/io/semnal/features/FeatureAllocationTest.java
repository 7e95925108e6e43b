package io.semnal.features;

import static io.semnal.features.Pipelines.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.semnal.core.allocation.StringConstants;
import io.semnal.core.config.ConfigLoader;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.market.Timeframe;
import io.semnal.features.graph.Plans;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Closed bars and forming updates allocate exactly nothing, for every name of the catalogue. One
 * round counts, the first after a warm-up that ends with two rounds without a byte.
 */
class FeatureAllocationTest {
  private static final long START = 1_398_931_200L * SECOND;
  private static final int ROUND = 30_000;
  private static final int MOST_WARM_UP_ROUNDS = 12;
  private static final int EVERY = 10_000;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final Random random = new Random(3);
  private final MemorySegment target = MemorySegment.ofBuffer(ByteBuffer.allocateDirect(1 << 14));
  private final long[] price = {138_000_000, 168_000_000};
  private FeaturePipeline pipeline;
  private FeatureRow row;
  private BarHandler handler;
  private long time = START;
  private long closedRows;
  private boolean wasteful;
  private byte[] waste;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void noNameOfTheCatalogueAllocates(boolean written) {
    begin(
        Pipelines.set(Timeframe.M1, Columns.ALL), written ? Plans.written() : Plans.interpreted());
    assertThat(allocatedByRound()).isZero();
  }

  @Test
  void theSetThatBenchmarksMeasureAllocatesNothing() {
    begin(ConfigLoader.load(null, Map.of(), Map.of()).engine().featureSet("bench-32"), null);
    assertThat(allocatedByRound()).isZero();
    assertThat(closedRows).isGreaterThan(1_000);
  }

  @Test
  void aWindowOfManyRowsAllocatesNothing() {
    FeatureSetConfig set =
        ConfigLoader.load(null, Map.of(), Map.of()).engine().featureSet("fx-core");
    begin(new FeatureSetConfig(set.name(), set.timeframe(), set.price(), set.columns(), 60), null);
    assertThat(row.isWarm()).isTrue();
    assertThat(allocatedByRound()).isZero();
    assertThat(closedRows).isGreaterThan(1_000);
  }

  /** The negative control: 16 bytes in one of ten thousand quotes. */
  @Test
  void theMeasureSeesAByteArrayInTenThousandQuotes() {
    begin(Pipelines.set(Timeframe.M1, "rsi(14)"), null);
    wasteful = true;
    assertThat(allocatedByRound()).isEqualTo(ROUND / EVERY * 32L);
    assertThat(waste).hasSize(16);
  }

  private void begin(FeatureSetConfig set, Plans plans) {
    var config = Pipelines.config("utc", Timeframe.M1, Timeframe.M5, Timeframe.M15);
    pipeline = plans == null ? new FeaturePipeline(config) : new FeaturePipeline(config, plans);
    row = pipeline.bind(set, 1);
    handler =
        (instrument, timeframe, bar) -> {
          if (instrument == 1 && timeframe == 0) {
            row.closed();
            row.writeFloats(target, 0);
            closedRows++;
          }
        };
    run(ROUND);
    StringConstants.make();
    int clean = 0;
    for (int i = 0; i < MOST_WARM_UP_ROUNDS && clean < 2; i++) {
      clean = allocatedByRound() == 0 ? clean + 1 : 0;
    }
  }

  private long allocatedByRound() {
    long before = threads.getCurrentThreadAllocatedBytes();
    run(ROUND);
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  private void run(int quotes) {
    for (int i = 0; i < quotes; i++) {
      time += random.nextInt(4_000) == 0 ? 300 * SECOND : random.nextInt(9) * SECOND;
      int instrument = i & 1;
      // Now and then the price stands still, so that the ways of flat windows are gone too.
      price[instrument] += i / 3_000 % 4 == 3 ? 0 : random.nextInt(2_001) - 1_000;
      long bid = price[instrument];
      while (pipeline.nextBoundary() <= time) {
        pipeline.closeBoundary(pipeline.nextBoundary(), handler);
      }
      pipeline.onQuote(instrument, time, time, bid, bid + random.nextInt(3_000), 100, 100, 0);
      row.forming();
      row.writeFloats(target, 0);
      if (wasteful && i % EVERY == 0) {
        waste = new byte[16];
      }
    }
  }
}

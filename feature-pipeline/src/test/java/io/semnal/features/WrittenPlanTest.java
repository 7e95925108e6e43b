package io.semnal.features;

import static io.semnal.features.Pipelines.MINUTE;
import static io.semnal.features.Pipelines.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.core.config.ConfigLoader;
import io.semnal.core.config.EngineConfig;
import io.semnal.core.market.Timeframe;
import io.semnal.features.graph.Plans;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A written plan gives the bits that going from node to node gives. */
class WrittenPlanTest {
  private static final long START = 1_398_931_200L * SECOND;
  private static final int QUOTES = 40_000;

  /** One way to compute, with rows of both instruments over two timeframes. */
  private static final class Way {
    private final FeaturePipeline pipeline;
    private final FeatureRow[] rows;

    Way(Plans plans) {
      EngineConfig config = Pipelines.config("utc", Timeframe.M1, Timeframe.M5, Timeframe.M15);
      pipeline = new FeaturePipeline(config, plans);
      EngineConfig reference = ConfigLoader.load(null, Map.of(), Map.of()).engine();
      rows =
          new FeatureRow[] {
            pipeline.bind(Pipelines.set(Timeframe.M1, Columns.ALL), 0),
            pipeline.bind(Pipelines.set(Timeframe.M5, Columns.ALL), 1),
            pipeline.bind(reference.featureSet("bench-32"), 1),
          };
    }

    void quote(int instrument, long time, long bid, long ask, boolean look) {
      Pipelines.quote(pipeline, instrument, time, bid, ask, (i, t, bar) -> {});
      for (FeatureRow row : rows) {
        if (look) {
          row.forming();
        } else {
          row.closed();
        }
      }
    }
  }

  @Test
  void equalsGoingFromNodeToNode() {
    Way written = new Way(Plans.written());
    Way interpreted = new Way(Plans.interpreted());
    Random random = new Random(11);
    long time = START;
    long[] price = {138_000_000, 168_000_000};
    for (int i = 0; i < QUOTES; i++) {
      time += random.nextInt(2_000) == 0 ? 40 * MINUTE : random.nextLong(12 * SECOND);
      int instrument = random.nextInt(2);
      // Now and then the price stands still, so that the ways of flat windows are gone too.
      price[instrument] += i / 3_000 % 4 == 3 ? 0 : random.nextInt(2_001) - 1_000;
      long ask = price[instrument] + random.nextInt(3_000);
      boolean look = random.nextInt(4) != 0;
      written.quote(instrument, time, price[instrument], ask, look);
      interpreted.quote(instrument, time, price[instrument], ask, look);
      for (int r = 0; r < written.rows.length; r++) {
        compare(written.rows[r], interpreted.rows[r], i);
      }
    }
    assertThat(written.rows[2].isWarm()).as("all of bench-32 was compared warm").isTrue();
  }

  private static void compare(FeatureRow row, FeatureRow twin, int quote) {
    assertThat(row.isWarm()).isEqualTo(twin.isWarm());
    for (int c = 0; c < row.columns(); c++) {
      long bits = Double.doubleToRawLongBits(row.value(c));
      if (bits != Double.doubleToRawLongBits(twin.value(c))) {
        assertThat(row.value(c)).as("column %d after quote %d", c, quote).isEqualTo(twin.value(c));
        assertThat(bits).isEqualTo(Double.doubleToRawLongBits(twin.value(c)));
      }
    }
  }
}

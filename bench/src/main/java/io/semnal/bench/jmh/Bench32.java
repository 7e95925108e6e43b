package io.semnal.bench.jmh;

import io.semnal.core.config.ConfigLoader;
import io.semnal.core.config.EngineConfig;
import io.semnal.features.BarHandler;
import io.semnal.features.FeaturePipeline;
import io.semnal.features.FeatureRow;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * A made-up market for the columns of {@code bench-32}: GBPUSD, whose row it is, and EURUSD, which
 * one column looks at, over bars of 1m and 15m, warm. One step is one second.
 */
public final class Bench32 {
  /** The configured feature set's name. */
  public static final String SET = "bench-32";

  private static final long SECOND = 1_000_000_000L;
  private static final long MINUTE = 60 * SECOND;

  /** 2026-01-13T00:00:00Z, a Tuesday. */
  private static final long START = 1_768_262_400L * SECOND;

  private static final int QUOTES_A_BAR = 20;
  private static final int BYTES = 32 * Float.BYTES;
  private static final BarHandler NOBODY = (instrument, timeframe, bar) -> {};

  private final FeaturePipeline pipeline;
  private final FeatureRow row;
  private final MemorySegment floats = MemorySegment.ofBuffer(ByteBuffer.allocateDirect(BYTES));
  private final long[] mids = {134_000_000L, 110_000_000L};
  private long time = START;
  private long random = 42;

  /** Binds the row and runs three days of bars. */
  public Bench32() {
    EngineConfig config = engine("GBPUSD", "EURUSD");
    pipeline = new FeaturePipeline(config);
    row = pipeline.bind(config.featureSet(SET), 0);
    quote();
    for (int bar = 0; bar < 3 * 1440; bar++) {
      fillBar();
      closeBar();
      quote();
    }
    if (!row.isWarm()) {
      throw new IllegalStateException("the columns of " + SET + " are not warm");
    }
  }

  /** The reference configuration over 1m and 15m bars of some of its instruments. */
  static EngineConfig engine(String... universe) {
    return ConfigLoader.load(
            null,
            Map.of(),
            Map.of("universe", "[" + String.join(",", universe) + "]", "timeframes", "[1m, 15m]"))
        .engine();
  }

  /** One quote of GBPUSD into its forming bars. */
  public int quote() {
    return quote(0);
  }

  /** More quotes of both instruments into the forming minute, one second apart. */
  public void fillBar() {
    for (int i = 1; i < QUOTES_A_BAR; i++) {
      time += SECOND;
      quote(1);
      quote(0);
    }
  }

  /** Moves on to the next minute, closes what ends there and writes the closed row. */
  public MemorySegment closeBar() {
    time += MINUTE - time % MINUTE;
    while (pipeline.nextBoundary() <= time) {
      pipeline.closeBoundary(pipeline.nextBoundary(), NOBODY);
    }
    row.closed();
    row.writeFloats(floats, 0);
    return floats;
  }

  /** Computes and writes the row that a close now would give. */
  public MemorySegment formingRow() {
    row.forming();
    row.writeFloats(floats, 0);
    return floats;
  }

  private int quote(int instrument) {
    random = random * 6364136223846793005L + 1442695040888963407L;
    mids[instrument] += ((random >>> 40) % 41 - 20) * 1_000;
    long mid = mids[instrument];
    long half = 4_000 + (random >>> 33) % 5 * 500;
    return pipeline.onQuote(instrument, time, time, mid - half, mid + half, 1, 1, 0);
  }
}

package io.semnal.core.time;

import io.semnal.core.metrics.Counter;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * UTC in nanoseconds that never jumps. It advances with the monotonic clock and follows the system
 * clock by slewing; a jump of the system clock is held (time goes on at its own pace), counted and
 * reported.
 *
 * <p>One thread.
 */
public final class WallClock {
  private static final long RESYNC_EVERY = 100_000_000L;
  private static final long JUMP = 500_000_000L;

  /** At most this part of the time passed is added or taken when following the system clock. */
  private static final long SLEW_PARTS = 2_000;

  private final LongSupplier monotonic;
  private final LongSupplier system;
  private final Counter jumps;
  private long baseMonotonic;
  private long baseTime;
  private long heldOffset;

  /** The machine's clocks. */
  public WallClock(Counter jumps) {
    this(System::nanoTime, WallClock::systemNanos, jumps);
  }

  /**
   * @param monotonic nanoseconds that only grow
   * @param system UTC nanoseconds
   */
  public WallClock(LongSupplier monotonic, LongSupplier system, Counter jumps) {
    this.monotonic = monotonic;
    this.system = system;
    this.jumps = jumps;
    baseMonotonic = monotonic.getAsLong();
    baseTime = system.getAsLong();
  }

  /** Now, UTC nanoseconds. */
  public long now() {
    long passed = monotonic.getAsLong() - baseMonotonic;
    if (passed > RESYNC_EVERY) {
      resync(passed);
      passed = 0;
    }
    return baseTime + passed;
  }

  private void resync(long passed) {
    long expected = baseTime + passed;
    long error = system.getAsLong() - heldOffset - expected;
    if (Math.abs(error) > JUMP) {
      heldOffset += error;
      error = 0;
      jumps.increment();
    }
    long most = passed / SLEW_PARTS;
    baseTime = expected + Math.max(-most, Math.min(most, error));
    baseMonotonic += passed;
  }

  /** How far the system clock has been left behind or ahead because it jumped, nanoseconds. */
  public long heldOffset() {
    return heldOffset;
  }

  private static long systemNanos() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }
}

package io.semnal.core.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.core.metrics.Counter;
import io.semnal.core.metrics.Metrics;
import org.junit.jupiter.api.Test;

class WallClockTest {
  private static final long SECOND = 1_000_000_000L;
  private final Counter jumps = new Metrics().counter("jumps", "");
  private long monotonic;
  private long system = 1_000 * SECOND;
  private final WallClock clock = new WallClock(() -> monotonic, () -> system, jumps);

  @Test
  void advancesWithTheMonotonicClock() {
    monotonic += 5;
    assertThat(clock.now()).isEqualTo(1_000 * SECOND + 5);
  }

  @Test
  void holdsAndCountsAJumpOfTheSystemClock() {
    pass(SECOND);
    assertThat(clock.now()).isEqualTo(1_001 * SECOND);
    system -= 3_600 * SECOND;
    pass(SECOND);
    assertThat(clock.now()).isEqualTo(1_002 * SECOND);
    assertThat(jumps.get()).isEqualTo(1);
    assertThat(clock.heldOffset()).isEqualTo(-3_600 * SECOND);
    pass(SECOND);
    assertThat(clock.now()).isEqualTo(1_003 * SECOND);
    assertThat(jumps.get()).isEqualTo(1);
  }

  @Test
  void followsDriftSlowlyAndNeverGoesBack() {
    system -= SECOND / 10;
    long before = clock.now();
    for (int i = 0; i < 400; i++) {
      pass(SECOND);
      long now = clock.now();
      assertThat(now - before).isBetween(SECOND - SECOND / 1_000, SECOND);
      before = now;
    }
    assertThat(before).isEqualTo(system);
    assertThat(jumps.get()).isZero();
  }

  private void pass(long nanos) {
    monotonic += nanos;
    system += nanos;
  }
}

package io.semnal.inference.signal;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class LevelsTest {
  @Test
  void aStepIsOneOfTheLastDecimal() {
    assertThat(Levels.step(5)).isEqualTo(1_000);
    assertThat(Levels.step(8)).isEqualTo(1);
    assertThat(Levels.step(0)).isEqualTo(100_000_000);
  }

  @Property
  void levelsAreTheRoundedDecimalAtLeastOneStepAway(
      @ForAll @LongRange(min = 1_000_000_000L, max = 500_000_000_000L) long entry,
      @ForAll @DoubleRange(min = 0, max = 0.5) double atr,
      @ForAll @DoubleRange(min = 0.01, max = 5) double atrs,
      @ForAll @IntRange(min = 2, max = 6) int decimals) {
    long step = Levels.step(decimals);
    long distance =
        BigDecimal.valueOf(atrs * atr * 1e8).setScale(0, RoundingMode.HALF_UP).longValueExact();
    long below = Levels.below(entry, atrs, atr, step);
    long above = Levels.above(entry, atrs, atr, step);
    assertThat(below % step).isZero();
    assertThat(above % step).isZero();
    assertThat(entry - below).isGreaterThanOrEqualTo(step);
    assertThat(above - entry).isGreaterThanOrEqualTo(step);
    if (distance >= 2 * step) {
      assertThat(below).isEqualTo(halfUp(entry - distance, decimals));
      assertThat(above).isEqualTo(halfUp(entry + distance, decimals));
    } else {
      assertThat(entry - below).isLessThanOrEqualTo(3 * step);
      assertThat(above - entry).isLessThanOrEqualTo(3 * step);
    }
  }

  /** Half up as on paper: towards positive infinity, which for prices is away from zero. */
  private static long halfUp(long mantissa, int decimals) {
    return BigDecimal.valueOf(mantissa, 8)
        .setScale(decimals, RoundingMode.HALF_UP)
        .movePointRight(8)
        .longValueExact();
  }
}

package io.semnal.inference.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.semnal.inference.registry.ModelTraining.Deciles;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StabilityTest {
  private static final int WINDOW = 10_000;

  private static Deciles uniform() {
    double[] values = new double[100_000];
    Arrays.setAll(values, i -> i / 100_000.0);
    return Deciles.of("x", values);
  }

  @Test
  void isSmallForTheSameAndLargeForAnother() {
    Stability same = new Stability(uniform(), WINDOW);
    Stability other = new Stability(uniform(), WINDOW);
    Random random = new Random(3);
    for (int i = 0; i < WINDOW; i++) {
      same.add(random.nextDouble());
      other.add(0.5 + random.nextGaussian() * 0.1);
    }
    // Nine degrees of freedom: 0.0009 expected by chance.
    assertThat(same.drift().psi()).isBetween(0.0, 0.004);
    assertThat(other.drift().psi()).isGreaterThan(0.25);
    assertThat(same.drift().outOfRange()).isZero();
  }

  /** By hand: half of the values in the first tenth, half in the last. */
  @Test
  void isTheSumOverTenths() {
    Stability stability = new Stability(uniform(), WINDOW);
    for (int i = 0; i < 1_000; i++) {
      stability.add(i % 2 == 0 ? 0.05 : 0.95);
    }
    double expected =
        2 * (0.5 - 0.1) * Math.log(0.5 / 0.1) + 8 * (1e-4 - 0.1) * Math.log(1e-4 / 0.1);
    assertThat(stability.drift().psi()).isCloseTo(expected, within(1e-5));
  }

  @Test
  void knowsWhatIsMissingAndWhatIsFarOut() {
    double[] trained = new double[1_000];
    Arrays.setAll(trained, i -> i % 4 == 0 ? Double.NaN : i);
    Stability stability = new Stability(Deciles.of("x", trained), WINDOW);
    for (int i = 0; i < 1_000; i++) {
      // Inner eight tenths are about 100 to 900: out of range below -2300 and above 3300.
      stability.add(i < 500 ? Double.NaN : i < 510 ? 3_500 : i < 530 ? -2_500 : 2_000);
    }
    ColumnDrift drift = stability.drift();
    assertThat(drift.missingInTraining()).isEqualTo(0.25);
    assertThat(drift.missing()).isEqualTo(0.5);
    assertThat(drift.outOfRange()).isEqualTo(0.03);
  }

  /** A flag that is set on three rows of ten: nine edges, two values. */
  @Test
  void takesCommonValuesForWhatTheyAre() {
    double[] flag = new double[10_000];
    Arrays.setAll(flag, i -> i % 10 < 7 ? 0 : 1);
    Deciles deciles = Deciles.of("flag", flag);
    Stability same = new Stability(deciles, WINDOW);
    Stability other = new Stability(deciles, WINDOW);
    for (int i = 0; i < WINDOW; i++) {
      same.add(flag[i]);
      other.add(i % 10 < 2 ? 0 : 1);
    }
    assertThat(same.drift().psi()).isLessThan(0.05);
    assertThat(other.drift().psi()).isGreaterThan(0.25);
  }

  @Test
  void forgetsAfterTwoWindows() {
    Stability stability = new Stability(uniform(), 1_000);
    for (int i = 0; i < 1_000; i++) {
      stability.add(5);
    }
    assertThat(stability.drift().psi()).isGreaterThan(1);
    for (int i = 0; i < 2_001; i++) {
      stability.add(i % 1_000 / 1_000.0);
    }
    assertThat(stability.drift().psi()).isLessThan(0.01);
  }

  @Test
  void saysNothingOfFewValuesOrOfAColumnThatWasNeverThere() {
    Stability few = new Stability(uniform(), WINDOW);
    for (int i = 0; i < 499; i++) {
      few.add(0.5);
    }
    assertThat(few.drift().psi()).isNaN();
    Stability absent = new Stability(new Deciles("x", 1, List.of()), WINDOW);
    for (int i = 0; i < 1_000; i++) {
      absent.add(i);
    }
    assertThat(absent.drift().psi()).isNaN();
    assertThat(absent.drift().missing()).isZero();
  }
}

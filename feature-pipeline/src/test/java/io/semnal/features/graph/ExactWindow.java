package io.semnal.features.graph;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;

/** What a window's statistics are by their definitions, in forty digits. */
final class ExactWindow {
  private static final MathContext DIGITS = new MathContext(40);

  private final BigDecimal[] d;
  private final BigDecimal n;

  ExactWindow(double[] values) {
    BigDecimal[] x = Arrays.stream(values).mapToObj(BigDecimal::new).toArray(BigDecimal[]::new);
    n = BigDecimal.valueOf(x.length);
    BigDecimal mean = sum(x).divide(n, DIGITS);
    d = Arrays.stream(x).map(v -> v.subtract(mean)).toArray(BigDecimal[]::new);
    if (Arrays.stream(values).allMatch(v -> v == values[0])) {
      Arrays.fill(d, BigDecimal.ZERO);
    }
  }

  boolean isFlat() {
    return moment(2).signum() == 0;
  }

  double deviation() {
    return moment(2).sqrt(DIGITS).doubleValue();
  }

  double meanDeviation() {
    return sum(Arrays.stream(d).map(BigDecimal::abs).toArray(BigDecimal[]::new))
        .divide(n, DIGITS)
        .doubleValue();
  }

  double skew() {
    BigDecimal variance = moment(2);
    return isFlat()
        ? 0
        : moment(3).divide(variance.multiply(variance.sqrt(DIGITS)), DIGITS).doubleValue();
  }

  double kurtosis() {
    BigDecimal variance = moment(2);
    return isFlat() ? 0 : moment(4).divide(variance.pow(2), DIGITS).doubleValue() - 3;
  }

  double correlation(ExactWindow other) {
    return isFlat() || other.isFlat()
        ? 0
        : covariance(other)
            .divide(moment(2).sqrt(DIGITS).multiply(other.moment(2).sqrt(DIGITS)), DIGITS)
            .doubleValue();
  }

  double slopeOn(ExactWindow other) {
    return isFlat() || other.isFlat()
        ? 0
        : covariance(other).divide(other.moment(2), DIGITS).doubleValue();
  }

  private BigDecimal covariance(ExactWindow other) {
    BigDecimal[] products = new BigDecimal[d.length];
    for (int i = 0; i < d.length; i++) {
      products[i] = d[i].multiply(other.d[i], DIGITS);
    }
    return sum(products).divide(n, DIGITS);
  }

  private BigDecimal moment(int order) {
    return sum(Arrays.stream(d).map(v -> v.pow(order, DIGITS)).toArray(BigDecimal[]::new))
        .divide(n, DIGITS);
  }

  private static BigDecimal sum(BigDecimal[] x) {
    return Arrays.stream(x).reduce(BigDecimal.ZERO, BigDecimal::add);
  }
}

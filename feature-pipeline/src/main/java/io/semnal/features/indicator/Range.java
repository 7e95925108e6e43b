package io.semnal.features.indicator;

/**
 * Where the values of an output lie, ends included and rounding apart.
 *
 * @param least negative infinity where there is no bound
 * @param most infinity where there is no bound
 */
public record Range(double least, double most) {
  private static final double ROUNDING = 1e-9;

  /** Reads {@code 0..100}, {@code >=0}, {@code <=0} or {@code any}. */
  static Range parse(String text) {
    if (text.equals("any")) {
      return new Range(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    }
    if (text.startsWith(">=")) {
      return new Range(Double.parseDouble(text.substring(2)), Double.POSITIVE_INFINITY);
    }
    if (text.startsWith("<=")) {
      return new Range(Double.NEGATIVE_INFINITY, Double.parseDouble(text.substring(2)));
    }
    int dots = text.indexOf("..");
    Range range =
        new Range(
            Double.parseDouble(text.substring(0, dots)),
            Double.parseDouble(text.substring(dots + 2)));
    if (!(range.least < range.most)) {
      throw new IllegalArgumentException("'" + text + "' is no range");
    }
    return range;
  }

  /** Whether the value is missing or lies within, but for rounding at the size of the bound. */
  public boolean allows(double value) {
    return Double.isNaN(value)
        || value >= least - ROUNDING * Math.max(1, Math.abs(least))
            && value <= most + ROUNDING * Math.max(1, Math.abs(most));
  }

  /** {@code 0 to 100}, {@code at least 0}, {@code at most 0} or {@code any}. */
  @Override
  public String toString() {
    if (Double.isInfinite(least)) {
      return Double.isInfinite(most) ? "any" : "at most " + CanonicalText.number(most);
    }
    return Double.isInfinite(most)
        ? "at least " + CanonicalText.number(least)
        : CanonicalText.number(least) + " to " + CanonicalText.number(most);
  }
}

package io.semnal.features.indicator;

/**
 * What an indicator is told.
 *
 * @param series default of a series parameter as an expression, or {@code null} where it must be
 *     given
 * @param number default of a number
 * @param least smallest number allowed
 * @param most largest number allowed
 */
public record Parameter(
    String name, Kind kind, String series, double number, double least, double most) {
  /** Series parameters come first. */
  public enum Kind {
    SERIES,
    INTEGER,
    REAL
  }

  /** Windows are bounded so that a slip of the pen does not eat the memory. */
  public static final int MAX_PERIOD = 10_000;

  static Parameter series(String name, String byDefault) {
    return new Parameter(name, Kind.SERIES, byDefault, Double.NaN, Double.NaN, Double.NaN);
  }

  static Parameter integer(String name, int byDefault, int least) {
    return new Parameter(name, Kind.INTEGER, null, byDefault, least, MAX_PERIOD);
  }

  static Parameter real(String name, double byDefault) {
    return new Parameter(name, Kind.REAL, null, byDefault, 0, 1e9);
  }

  /** A part of a whole, from none to all of it. */
  static Parameter share(String name, double byDefault) {
    return new Parameter(name, Kind.REAL, null, byDefault, 0, 1);
  }

  /** The weight of an average: not zero, at which it would never move. */
  static Parameter weight(String name) {
    return weight(name, Double.NaN);
  }

  static Parameter weight(String name, double byDefault) {
    return new Parameter(name, Kind.REAL, null, byDefault, 1e-4, 1);
  }

  /** A number that must be given. */
  Parameter required() {
    return new Parameter(name, kind, null, Double.NaN, least, most);
  }

  public boolean hasDefault() {
    return kind == Kind.SERIES ? series != null : !Double.isNaN(number);
  }

  /** {@code period = 14}. */
  @Override
  public String toString() {
    if (!hasDefault()) {
      return name;
    }
    return name + " = " + (kind == Kind.SERIES ? series : CanonicalText.number(number));
  }
}

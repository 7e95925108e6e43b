package io.semnal.features.compile;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a value is measured in, as powers of prices: {@code close * close} is the second power of
 * the row's own price, {@code close / close#EURUSD} the first by another instrument's.
 *
 * @param own power of the row's own price
 * @param foreign powers of named instruments' prices, which are the same on every row
 * @param log how often the logarithm of the own price is contained: {@code log(close)} once
 * @param constant the value where it is known without a bar, else NaN
 */
record PriceUnit(double own, SortedMap<String, Double> foreign, double log, double constant) {
  static final PriceUnit NUMBER = new PriceUnit(0, new TreeMap<>(), 0, Double.NaN);
  static final PriceUnit PRICE = new PriceUnit(1, new TreeMap<>(), 0, Double.NaN);

  static PriceUnit constant(double value) {
    return new PriceUnit(0, new TreeMap<>(), 0, value);
  }

  boolean isConstant() {
    return !Double.isNaN(constant);
  }

  /** Whether rows of different instruments can stand in one column. */
  boolean isComparable() {
    return own == 0 && log == 0;
  }

  /** Of a sum, or with −1 of a difference; numbers may be added to anything. */
  PriceUnit plus(PriceUnit other, int sign) {
    if (other.isConstant()) {
      return isConstant() ? constant(constant + sign * other.constant) : this;
    }
    if (isConstant()) {
      return other;
    }
    // Unequal powers make no sense together: the worse of the two counts.
    PriceUnit worse = Math.abs(own) >= Math.abs(other.own) ? this : other;
    return new PriceUnit(worse.own, worse.foreign, log + sign * other.log, Double.NaN);
  }

  /** Of one or the other. */
  PriceUnit or(PriceUnit other) {
    PriceUnit sum = plus(other, 1);
    double logs = Math.abs(log) >= Math.abs(other.log) ? log : other.log;
    return new PriceUnit(sum.own, sum.foreign, logs, Double.NaN);
  }

  /** Of a product, or with −1 of a quotient. */
  PriceUnit times(PriceUnit other, int sign) {
    SortedMap<String, Double> powers = new TreeMap<>(foreign);
    other.foreign.forEach((name, power) -> powers.merge(name, sign * power, Double::sum));
    double logs = log;
    if (other.log != 0) {
      logs = isConstant() && sign > 0 ? constant * other.log : logs + other.log;
    } else if (other.isConstant()) {
      logs *= sign > 0 ? other.constant : 1 / other.constant;
    }
    return new PriceUnit(
        own + sign * other.own,
        powers,
        logs,
        sign > 0 ? constant * other.constant : constant / other.constant);
  }

  PriceUnit squareRoot() {
    SortedMap<String, Double> powers = new TreeMap<>();
    foreign.forEach((name, power) -> powers.put(name, power / 2));
    return new PriceUnit(own / 2, powers, log, Math.sqrt(constant));
  }

  PriceUnit logarithm() {
    return new PriceUnit(0, new TreeMap<>(), own, Math.log(constant));
  }

  PriceUnit exponential() {
    return new PriceUnit(log, new TreeMap<>(), 0, Math.exp(constant));
  }

  /** Seen from the rows of any instrument. */
  PriceUnit of(String instrument) {
    SortedMap<String, Double> powers = new TreeMap<>(foreign);
    powers.merge(instrument, own, Double::sum);
    return new PriceUnit(0, powers, 0, constant);
  }

  /** The same, of a value that changes. */
  PriceUnit varying() {
    return isConstant() ? NUMBER : this;
  }
}

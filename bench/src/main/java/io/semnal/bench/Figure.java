package io.semnal.bench;

import java.util.Locale;

/**
 * One measured number, beside what the machine does without Semnal and what it should be.
 *
 * @param floor the same unit measured bare in the same run; NaN = there is none
 * @param target NaN = there is none
 * @param higherIsBetter whether the target is a least or a most
 * @param remark how it was measured, for the reader of the table
 */
record Figure(
    String name,
    double value,
    String unit,
    double floor,
    double target,
    boolean higherIsBetter,
    String remark) {
  static Figure atLeast(
      double target, String name, double value, String unit, double floor, String remark) {
    return new Figure(name, value, unit, floor, target, true, remark);
  }

  static Figure atMost(
      double target, String name, double value, String unit, double floor, String remark) {
    return new Figure(name, value, unit, floor, target, false, remark);
  }

  /** A number without a target. */
  static Figure plain(String name, double value, String unit, double floor, String remark) {
    return new Figure(name, value, unit, floor, Double.NaN, false, remark);
  }

  String verdict() {
    if (Double.isNaN(target)) {
      return "no target";
    }
    return (higherIsBetter ? value >= target : value <= target) ? "pass" : "short";
  }

  /** {@code name: semnal A unit, floor B unit, ratio R (target T): pass|short}. */
  String line() {
    StringBuilder text = new StringBuilder(name).append(": semnal ").append(number(value));
    text.append(' ').append(unit);
    if (!Double.isNaN(floor)) {
      text.append(", floor ").append(number(floor)).append(' ').append(unit);
      text.append(", ratio ").append(number(value / floor));
    }
    if (!Double.isNaN(target)) {
      text.append(" (target ").append(higherIsBetter ? "at least " : "at most ");
      text.append(number(target)).append(')');
    }
    return text.append(": ").append(verdict()).toString();
  }

  static String number(double value) {
    double size = Math.abs(value);
    String format = size >= 1000 ? "%,.0f" : size >= 10 ? "%.1f" : "%.3f";
    return String.format(Locale.ROOT, format, value);
  }
}

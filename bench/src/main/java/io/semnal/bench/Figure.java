package io.semnal.bench;

import java.util.Locale;

/**
 * One measured number, beside what the machine does without Semnal, or with a peer, and what it
 * should be.
 *
 * @param peer the other one's name: {@code floor}, the same done bare, or a library
 * @param floor the same unit measured there in the same run; NaN = there is none
 * @param target NaN = there is none
 * @param bound what the target is about
 * @param remark how it was measured, for the reader of the table
 */
public record Figure(
    String name,
    double value,
    String unit,
    String peer,
    double floor,
    double target,
    Bound bound,
    String remark) {
  /** What a target says of a figure. */
  public enum Bound {
    LEAST,
    MOST,
    /** Value by floor at least the target, in three quarters of the rounds. */
    RATIO,
    /** The same, where the rounds lie on both sides of the target. */
    UNSURE_RATIO,
    /** Floor by value at least the target: times, of which less is better. */
    FASTER,
    /** The same, where the rounds lie on both sides of the target. */
    UNSURE_FASTER,
    /** Value by floor at most the target: times that may be a little longer than the floor's. */
    RATIO_AT_MOST,
    /** The same, where the rounds lie on both sides of the target. */
    UNSURE_RATIO_AT_MOST
  }

  public static Figure atLeast(
      double target, String name, double value, String unit, double floor, String remark) {
    return new Figure(name, value, unit, "floor", floor, target, Bound.LEAST, remark);
  }

  public static Figure atMost(
      double target, String name, double value, String unit, double floor, String remark) {
    return new Figure(name, value, unit, "floor", floor, target, Bound.MOST, remark);
  }

  /** A number without a target. */
  public static Figure plain(String name, double value, String unit, double floor, String remark) {
    return beside("floor", name, value, unit, floor, remark);
  }

  /** A number beside a peer's, without a target. */
  public static Figure beside(
      String peer, String name, double value, String unit, double other, String remark) {
    return new Figure(name, value, unit, peer, other, Double.NaN, Bound.MOST, remark);
  }

  /**
   * Medians of rounds that alternated; the target is a least ratio of the two. Where a quarter of
   * the rounds or more lies on either side of it, the verdict is open.
   */
  public static Figure ratioAtLeast(
      double target,
      String name,
      double[] values,
      String unit,
      String peer,
      double[] others,
      String remark) {
    int above = 0;
    for (int i = 0; i < values.length; i++) {
      above += values[i] >= target * others[i] ? 1 : 0;
    }
    int below = values.length - above;
    boolean unsure = 4 * above >= values.length && 4 * below >= values.length;
    return new Figure(
        name,
        Statistics.median(values),
        unit,
        peer,
        Statistics.median(others),
        target,
        unsure ? Bound.UNSURE_RATIO : Bound.RATIO,
        remark);
  }

  /** As {@link #ratioAtLeast}, of times: the target is how many times the peer's is longer. */
  public static Figure timesFaster(
      double target,
      String name,
      double[] values,
      String unit,
      String peer,
      double[] others,
      String remark) {
    Figure swapped = ratioAtLeast(target, name, others, unit, peer, values, remark);
    return new Figure(
        name,
        swapped.floor,
        unit,
        peer,
        swapped.value,
        target,
        swapped.bound == Bound.RATIO ? Bound.FASTER : Bound.UNSURE_FASTER,
        remark);
  }

  /** As {@link #ratioAtLeast}, of times: the target is how many times the floor's they may be. */
  public static Figure timesAtMost(
      double target,
      String name,
      double[] values,
      String unit,
      String peer,
      double[] others,
      String remark) {
    Figure swapped = ratioAtLeast(1 / target, name, others, unit, peer, values, remark);
    return new Figure(
        name,
        swapped.floor,
        unit,
        peer,
        swapped.value,
        target,
        swapped.bound == Bound.RATIO ? Bound.RATIO_AT_MOST : Bound.UNSURE_RATIO_AT_MOST,
        remark);
  }

  /** The same, of a run in which the floor did not hold still. */
  public Figure inconclusive() {
    Bound unsure =
        switch (bound) {
          case RATIO -> Bound.UNSURE_RATIO;
          case FASTER -> Bound.UNSURE_FASTER;
          case RATIO_AT_MOST -> Bound.UNSURE_RATIO_AT_MOST;
          default -> bound;
        };
    return new Figure(name, value, unit, peer, floor, target, unsure, remark);
  }

  public double ratio() {
    return bound == Bound.FASTER || bound == Bound.UNSURE_FASTER ? floor / value : value / floor;
  }

  public String verdict() {
    if (Double.isNaN(target)) {
      return "no target";
    }
    return switch (bound) {
      case LEAST -> value >= target ? "pass" : "short";
      case MOST -> value <= target ? "pass" : "short";
      case RATIO, FASTER -> ratio() >= target ? "pass" : "short";
      case RATIO_AT_MOST -> ratio() <= target ? "pass" : "short";
      case UNSURE_RATIO, UNSURE_FASTER, UNSURE_RATIO_AT_MOST -> "inconclusive";
    };
  }

  /** {@code name: semnal A unit, floor B unit, ratio R (target T): pass|short|inconclusive}. */
  public String line() {
    StringBuilder text = new StringBuilder(name).append(": semnal ").append(number(value));
    text.append(' ').append(unit);
    if (!Double.isNaN(floor)) {
      text.append(", ").append(peer).append(' ').append(number(floor)).append(' ').append(unit);
      text.append(", ratio ").append(number(ratio()));
    }
    if (!Double.isNaN(target)) {
      String of = isUpper() ? "at most " : "at least ";
      text.append(" (target ").append(bound.ordinal() >= 2 ? "ratio " : "").append(of);
      text.append(number(target)).append(')');
    }
    return text.append(": ").append(verdict()).toString();
  }

  private boolean isUpper() {
    return switch (bound) {
      case MOST, RATIO_AT_MOST, UNSURE_RATIO_AT_MOST -> true;
      case LEAST, RATIO, UNSURE_RATIO, FASTER, UNSURE_FASTER -> false;
    };
  }

  public static String number(double value) {
    double size = Math.abs(value);
    String format = size >= 1000 ? "%,.0f" : size >= 10 ? "%.1f" : "%.3f";
    return String.format(Locale.ROOT, format, value);
  }
}

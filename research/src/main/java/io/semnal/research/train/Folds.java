package io.semnal.research.train;

import io.semnal.research.learn.Rows;
import java.util.ArrayList;
import java.util.List;

/**
 * Walk-forward: each test lies after all that it is fitted on. Rows whose label was still open when
 * the test began are purged, and the test begins an embargo later.
 */
public final class Folds {
  private Folds() {}

  /** One step of the walk. */
  public record Fold(Rows fit, Rows test) {}

  /**
   * @param count tests of equal length; the first is fitted on as many rows as a test has
   * @param embargo nanoseconds
   */
  public static List<Fold> of(Rows rows, int count, long embargo) {
    List<Fold> folds = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      long begin = rows.timeAt((double) i / (count + 1));
      long end = i == count ? Long.MAX_VALUE : rows.timeAt((i + 1.0) / (count + 1));
      folds.add(at(rows, begin, end, embargo));
    }
    return folds;
  }

  /** A fit on all before {@code begin}, a test from there to {@code end}. */
  public static Fold at(Rows rows, long begin, long end, long embargo) {
    return new Fold(
        rows.between(Long.MIN_VALUE, begin),
        rows.where(i -> rows.time(i) >= begin + embargo && rows.time(i) < end));
  }
}

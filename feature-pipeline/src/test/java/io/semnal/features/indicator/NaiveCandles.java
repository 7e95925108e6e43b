package io.semnal.features.indicator;

import static java.lang.Double.NaN;

import io.semnal.features.indicator.Naive.Column;
import io.semnal.features.indicator.Naive.Market;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntToDoubleFunction;

/** {@link Naive} continued: candle patterns and bands that turn, bar by bar. */
final class NaiveCandles {
  private NaiveCandles() {}

  /** One bar and how it lies to others. */
  private record Candle(double open, double high, double low, double close) {
    static Candle at(Market m, int i) {
      return new Candle(m.open()[i], m.high()[i], m.low()[i], m.close()[i]);
    }

    int side() {
      return Double.compare(close, open);
    }

    double body() {
      return Math.max(open, close) - Math.min(open, close);
    }

    double range() {
      return high - low;
    }

    double above() {
      return high - Math.max(open, close);
    }

    double below() {
      return Math.min(open, close) - low;
    }

    /** Whether this body lies within the other's. */
    boolean within(Candle other) {
      return Math.max(open, close) <= Math.max(other.open, other.close)
          && Math.min(open, close) >= Math.min(other.open, other.close);
    }

    double half() {
      return (open + close) / 2;
    }
  }

  /** A pattern of three bars, the newest first. */
  private interface Pattern {
    double of(Candle now, Candle one, Candle two);
  }

  static Map<String, Column> columns() {
    Map<String, Column> all = new LinkedHashMap<>();
    all.put("candle.doji", one((c, b, a) -> truth(c.body() <= 0.1 * c.range())));
    all.put("candle.marubozu", one((c, b, a) -> c.body() >= 0.95 * c.range() ? c.side() : 0));
    all.put(
        "candle.hammer",
        one(
            (c, b, a) ->
                truth(c.range() > 0 && c.below() >= 2 * c.body() && c.above() <= 0.1 * c.range())));
    all.put(
        "candle.shootingStar",
        one(
            (c, b, a) ->
                truth(c.range() > 0 && c.above() >= 2 * c.body() && c.below() <= 0.1 * c.range())));
    all.put(
        "candle.engulfing",
        over(1, (c, b, a) -> c.side() * b.side() < 0 && b.within(c) ? c.side() : 0));
    all.put(
        "candle.harami",
        over(1, (c, b, a) -> c.side() * b.side() < 0 && c.within(b) ? c.side() : 0));
    all.put(
        "candle.piercing",
        over(
            1,
            (c, b, a) ->
                truth(
                    c.side() > 0
                        && b.side() < 0
                        && c.open() <= b.close()
                        && c.close() > b.half()
                        && c.close() < b.open())));
    all.put(
        "candle.darkCloud",
        over(
            1,
            (c, b, a) ->
                truth(
                    c.side() < 0
                        && b.side() > 0
                        && c.open() >= b.close()
                        && c.close() < b.half()
                        && c.close() > b.open())));
    all.put("candle.star", over(2, (c, b, a) -> truth(star(b, a))));
    all.put(
        "candle.morningStar",
        over(
            2,
            (c, b, a) ->
                truth(star(b, a) && a.side() < 0 && c.side() > 0 && c.close() > a.half())));
    all.put(
        "candle.eveningStar",
        over(
            2,
            (c, b, a) ->
                truth(star(b, a) && a.side() > 0 && c.side() < 0 && c.close() < a.half())));
    all.put("candle.soldier", over(1, (c, b, a) -> truth(steps(c, b, 1))));
    all.put("candle.crow", over(1, (c, b, a) -> truth(steps(c, b, -1))));
    all.put(
        "candle.threeSoldiers",
        over(2, (c, b, a) -> truth(a.side() > 0 && steps(b, a, 1) && steps(c, b, 1))));
    all.put(
        "candle.threeCrows",
        over(2, (c, b, a) -> truth(a.side() < 0 && steps(b, a, -1) && steps(c, b, -1))));
    all.put(
        "candle.inside", over(1, (c, b, a) -> truth(c.high() <= b.high() && c.low() >= b.low())));
    more(all);
    all.put("fractal(2).up", m -> fractal(m.high(), 1));
    all.put("fractal(2).down", m -> fractal(m.low(), -1));
    all.put("qqe(5,3,2)", m -> qqeLine(m));
    all.put("qqe(5,3,2).trail", NaiveCandles::qqeTrail);
    return all;
  }

  private static void more(Map<String, Column> all) {
    all.put(
        "candle.outside", over(1, (c, b, a) -> truth(c.high() > b.high() && c.low() < b.low())));
    all.put(
        "candle.spinningTop",
        one(
            (c, b, a) ->
                truth(
                    c.range() > 0
                        && c.body() <= 0.3 * c.range()
                        && Math.min(c.above(), c.below()) >= 0.25 * c.range())));
    all.put("candle.dragonflyDoji", one((c, b, a) -> truth(doji(c) && c.above() <= tenth(c))));
    all.put("candle.gravestoneDoji", one((c, b, a) -> truth(doji(c) && c.below() <= tenth(c))));
    all.put("candle.tweezerTop", over(1, (c, b, a) -> truth(tweezer(c, b, -1))));
    all.put("candle.tweezerBottom", over(1, (c, b, a) -> truth(tweezer(c, b, 1))));
    all.put("candle.threeInside", over(2, (c, b, a) -> turn(c, b, a, true)));
    all.put("candle.threeOutside", over(2, (c, b, a) -> turn(c, b, a, false)));
    all.put("candle.hangingMan", m -> atExtreme(m, "candle.hammer", m.high(), 1));
    all.put("candle.invertedHammer", m -> atExtreme(m, "candle.shootingStar", m.low(), -1));
  }

  private static boolean doji(Candle c) {
    return c.range() > 0 && c.body() <= 0.1 * c.range();
  }

  private static double tenth(Candle c) {
    return 0.1 * c.range();
  }

  private static boolean tweezer(Candle c, Candle b, int side) {
    double apart = side > 0 ? c.low() - b.low() : c.high() - b.high();
    return c.side() == side && b.side() == -side && Math.abs(apart) <= 0.05 * c.range();
  }

  /** The middle bar turns, inside or outside of the first, and the last one confirms it. */
  private static double turn(Candle c, Candle b, Candle a, boolean inside) {
    int side = b.side();
    boolean shape = side * a.side() < 0 && (inside ? b.within(a) : a.within(b));
    boolean confirmed =
        inside
            ? c.side() == side && side * c.close() > side * a.open()
            : side * c.close() > side * b.close();
    return shape && confirmed ? side : 0;
  }

  private static double[] atExtreme(Market m, String shape, double[] x, int sign) {
    double[] shapes = columns().get(shape).of(m);
    return each(
        x.length,
        i -> {
          boolean best = true;
          for (int j = Math.max(0, i - 9); j < i; j++) {
            best &= sign * x[i] >= sign * x[j];
          }
          return i < 9 ? NaN : best ? shapes[i] : 0;
        });
  }

  private static double truth(boolean holds) {
    return holds ? 1 : 0;
  }

  private static boolean star(Candle middle, Candle first) {
    return first.body() >= 0.5 * first.range() && middle.body() <= 0.3 * first.body();
  }

  private static boolean steps(Candle now, Candle before, int side) {
    return now.side() == side
        && side * now.close() > side * before.close()
        && side * now.open() >= side * before.open();
  }

  private static Column one(Pattern pattern) {
    return over(0, pattern);
  }

  private static Column over(int before, Pattern pattern) {
    return m ->
        each(
            m.close().length,
            i ->
                i < before
                    ? NaN
                    : pattern.of(
                        Candle.at(m, i),
                        Candle.at(m, Math.max(i - 1, 0)),
                        Candle.at(m, Math.max(i - 2, 0))));
  }

  private static double[] each(int length, IntToDoubleFunction f) {
    double[] r = new double[length];
    for (int i = 0; i < length; i++) {
      r[i] = f.applyAsDouble(i);
    }
    return r;
  }

  private static double[] fractal(double[] x, int sign) {
    return each(
        x.length,
        i -> {
          boolean peak = true;
          for (int j = i - 4; i >= 4 && j <= i; j++) {
            peak &= j == i - 2 || sign * x[i - 2] > sign * x[j];
          }
          return i < 4 ? NaN : truth(peak);
        });
  }

  private static double[] qqeLine(Market m) {
    return Naive.ema(Naive.rsi(m.close(), 5), 3);
  }

  private static double[] qqeTrail(Market m) {
    double[] line = qqeLine(m);
    double[] change = Naive.zip(line, Naive.lag(line, 1), (a, b) -> Math.abs(a - b));
    double[] width = Naive.map(Naive.ema(Naive.ema(change, 9), 9), v -> 2 * v);
    return band(line, width, line)[0];
  }

  /** The trailing band, and the side of x on which it lies. */
  static double[][] band(double[] centre, double[] width, double[] x) {
    double[][] r = {width.clone(), width.clone()};
    double upper = NaN;
    double lower = NaN;
    boolean bull = false;
    for (int i = 0; i < x.length; i++) {
      if (Double.isNaN(width[i])) {
        continue;
      }
      double above = centre[i] + width[i];
      double below = centre[i] - width[i];
      if (Double.isNaN(upper)) {
        upper = above;
        lower = below;
        bull = x[i] >= centre[i];
      } else {
        upper = x[i - 1] > upper ? above : Math.min(upper, above);
        lower = x[i - 1] < lower ? below : Math.max(lower, below);
      }
      bull = bull ? x[i] > lower : x[i] > upper;
      r[0][i] = bull ? lower : upper;
      r[1][i] = x[i] > r[0][i] ? 1 : -1;
    }
    return r;
  }
}

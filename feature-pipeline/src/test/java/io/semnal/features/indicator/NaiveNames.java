package io.semnal.features.indicator;

import static io.semnal.features.indicator.Naive.ema;
import static io.semnal.features.indicator.Naive.lag;
import static io.semnal.features.indicator.Naive.map;
import static io.semnal.features.indicator.Naive.max;
import static io.semnal.features.indicator.Naive.min;
import static io.semnal.features.indicator.Naive.sma;
import static io.semnal.features.indicator.Naive.smma;
import static io.semnal.features.indicator.Naive.std;
import static io.semnal.features.indicator.Naive.trueRange;
import static io.semnal.features.indicator.Naive.typical;
import static io.semnal.features.indicator.Naive.window;
import static io.semnal.features.indicator.Naive.zip;
import static java.lang.Double.NaN;

import io.semnal.features.indicator.Naive.Column;
import io.semnal.features.indicator.Naive.Market;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/** {@link Naive} continued: levels, cycles, and the other cuts of price, momentum and volume. */
final class NaiveNames {
  private NaiveNames() {}

  static Map<String, Column> columns() {
    Map<String, Column> all = new LinkedHashMap<>();
    levels(all);
    days(all);
    cycles(all);
    prices(all);
    momentum(all);
    rest(all);
    return all;
  }

  private static void levels(Map<String, Column> all) {
    all.put("valueWhen(close > open, volume)", m -> when(rising(m), m.volume()));
    all.put("fractalBands(2).upper", m -> fractals(m.high(), 1));
    all.put("fractalBands(2).lower", m -> fractals(m.low(), -1));
    all.put("atrStop(4,2).stop", m -> stop(m)[0]);
    all.put("atrStop(4,2).direction", m -> stop(m)[1]);
    all.put(
        "chandelier(5,2).long", m -> zip(max(m.high(), 5), atr(m, 5), (high, a) -> high - 2 * a));
    all.put("chandelier(5,2).short", m -> zip(min(m.low(), 5), atr(m, 5), (low, a) -> low + 2 * a));
    all.put("envelope(6,3)", m -> sma(m.close(), 6));
    all.put("envelope(6,3).upper", m -> map(sma(m.close(), 6), v -> v + 0.03 * v));
    all.put("envelope(6,3).lower", m -> map(sma(m.close(), 6), v -> v - 0.03 * v));
    all.put("keltnerOriginal(6,2)", m -> sma(typical(m), 6));
    all.put(
        "keltnerOriginal(6,2).upper",
        m -> zip(sma(typical(m), 6), sma(range(m), 6), (c, r) -> c + 2 * r));
    all.put(
        "keltnerOriginal(6,2).lower",
        m -> zip(sma(typical(m), 6), sma(range(m), 6), (c, r) -> c - 2 * r));
    all.put(
        "midpoint(5)", m -> zip(max(m.close(), 5), min(m.close(), 5), (h, l) -> l + (h - l) / 2));
    all.put("midprice(5)", m -> zip(max(m.high(), 5), min(m.low(), 5), (h, l) -> l + (h - l) / 2));
  }

  /** Daily bars: each opens a day of its own. Minutes of days are in SessionLevelTest. */
  private static void days(Map<String, Column> all) {
    all.put("sessionMax", Market::high);
    all.put("sessionMin", Market::low);
    all.put("previousSession", m -> lag(m.close(), 1));
    all.put("pivots.high1", m -> lag(m.high(), 1));
    all.put("pivots.low1", m -> lag(m.low(), 1));
    all.put("pivots.pivot", NaiveNames::pivot);
    all.put("pivots.r1", m -> zip(pivot(m), lag(m.low(), 1), (p, l) -> p + (p - l)));
    all.put("pivots.s1", m -> zip(pivot(m), lag(m.high(), 1), (p, h) -> p - (h - p)));
    all.put("pivots.r2", m -> zip(pivot(m), lag(range(m), 1), Double::sum));
    all.put("pivots.s2", m -> zip(pivot(m), lag(range(m), 1), (p, r) -> p - r));
    all.put(
        "pivots.r3",
        m ->
            zip(
                lag(m.high(), 1),
                zip(pivot(m), lag(m.low(), 1), (p, l) -> 2 * (p - l)),
                Double::sum));
    all.put(
        "pivots.s3",
        m ->
            zip(
                lag(m.low(), 1),
                zip(pivot(m), lag(m.high(), 1), (p, h) -> 2 * (p - h)),
                Double::sum));
  }

  private static void cycles(Map<String, Column> all) {
    all.put("cycle.period", m -> new Hilbert(middle(m)).smoothPeriod);
    all.put("cycle.phase", m -> new Hilbert(middle(m)).phase);
    all.put("htTrendline", m -> new Hilbert(middle(m)).trendline());
    all.put("mama(0.5,0.05).alpha", m -> new Hilbert(middle(m)).alpha());
    all.put("mama(0.5,0.05)", m -> new Hilbert(middle(m)).mama());
    all.put("mama(0.5,0.05).fama", m -> new Hilbert(middle(m)).fama());
  }

  private static void prices(Map<String, Column> all) {
    all.put("hlcc4", m -> zip(middle(m), m.close(), (a, c) -> (a + c) / 2));
    all.put("heikinAshi.haClose", NaiveNames::haClose);
    all.put("heikinAshi.haOpen", NaiveNames::haOpen);
    all.put(
        "heikinAshi.haHigh", m -> zip(m.high(), zip(haOpen(m), haClose(m), Math::max), Math::max));
    all.put(
        "heikinAshi.haLow", m -> zip(m.low(), zip(haOpen(m), haClose(m), Math::min), Math::min));
  }

  private static void momentum(Map<String, Column> all) {
    all.put("stochasticFast(5,3).k", m -> Naive.place(m, 5));
    all.put("stochasticFast(5,3).d", m -> sma(Naive.place(m, 5), 3));
    all.put("rocBands(4,3,5).roc", m -> roc(m.close(), 4));
    all.put("rocBands(4,3,5).signal", m -> ema(roc(m.close(), 4), 3));
    all.put("rocBands(4,3,5).upper", m -> rocDeviation(m, 1));
    all.put("rocBands(4,3,5).lower", m -> rocDeviation(m, -1));
    all.put("elderRay(5).bull", m -> zip(m.high(), ema(m.close(), 5), (a, b) -> a - b));
    all.put("elderRay(5).bear", m -> zip(m.low(), ema(m.close(), 5), (a, b) -> a - b));
    all.put("elderRay(5)", m -> zip(middle(m), ema(m.close(), 5), (a, b) -> 2 * (a - b)));
    all.put("relativeVolatility(5,4).up", m -> relative(m, 1));
    all.put("relativeVolatility(5,4).down", m -> relative(m, 0));
    all.put(
        "relativeVolatility(5,4)",
        m ->
            zip(
                relative(m, 1),
                relative(m, 0),
                (u, d) -> u + d == 0 ? 50 : 100 - 100 * d / (u + d)));
    all.put(
        "imi(5)",
        m ->
            window(
                zip(m.close(), m.open(), (c, o) -> c - o),
                5,
                w -> {
                  double up = Arrays.stream(w).filter(v -> v > 0).sum();
                  double down = -Arrays.stream(w).filter(v -> v < 0).sum();
                  return up + down == 0 ? 50 : 100 * up / (up + down);
                }));
    all.put(
        "squeeze(6,2,1.5).on",
        m -> zip(std(m.close(), 6), squeezeShift(m), (s, d) -> 2 * s < d ? 1 : 0));
    all.put("squeeze(6,2,1.5).momentum", NaiveNames::squeezeMomentum);
    all.put("disparity(5)", m -> zip(m.close(), sma(m.close(), 5), (c, a) -> 100 * (c / a - 1)));
    all.put("vhf(5)", m -> window(m.close(), 6, NaiveNames::verticalHorizontal));
    all.put(
        "forecast(6)", m -> window(m.close(), 6, w -> NaiveMore.line(w)[0] + NaiveMore.line(w)[1]));
    all.put(
        "gator.upper",
        m ->
            zip(
                lag(smma(middle(m), 13), 8),
                lag(smma(middle(m), 8), 5),
                (a, b) -> Math.abs(a - b)));
    all.put(
        "gator.lower",
        m ->
            zip(
                lag(smma(middle(m), 8), 5),
                lag(smma(middle(m), 5), 3),
                (a, b) -> -Math.abs(a - b)));
  }

  private static void rest(Map<String, Column> all) {
    all.put(
        "adx(4).adxr",
        m -> zip(smma(Naive.dx(m), 4), lag(smma(Naive.dx(m), 4), 3), (a, b) -> a / 2 + b / 2));
    all.put("variance(7)", m -> map(std(m.close(), 7), v -> Math.pow(v, 2)));
    all.put(
        "covariance(close, open, 6)",
        m ->
            zip(
                sma(zip(shifted(m.close()), shifted(m.open()), (a, b) -> a * b), 6),
                zip(sma(shifted(m.close()), 6), sma(shifted(m.open()), 6), (a, b) -> a * b),
                (a, b) -> a - b));
    all.put(
        "historicalVolatility(6,4)",
        m ->
            map(
                std(zip(m.close(), lag(m.close(), 1), (a, b) -> Math.log(a / b)), 6),
                v -> 200 * v));
    all.put("chaikinVolatility(3,2)", m -> roc(ema(range(m), 3), 2));
    all.put("chaikinOscillator(3,10)", NaiveNames::chaikin);
    all.put(
        "pvt(5)",
        m ->
            window(
                zip(map(roc(m.close(), 1), v -> v / 100), m.volume(), (r, v) -> r * v),
                5,
                NaiveMore::total));
  }

  /** Covariance loses no digits around prices near 100. */
  private static double[] shifted(double[] x) {
    return map(x, v -> v - x[0]);
  }

  private static double[] middle(Market m) {
    return zip(m.high(), m.low(), (h, l) -> (h + l) / 2);
  }

  private static double[] range(Market m) {
    return zip(m.high(), m.low(), (h, l) -> h - l);
  }

  private static double[] atr(Market m, int n) {
    return smma(trueRange(m), n);
  }

  private static double[] roc(double[] x, int n) {
    return zip(x, lag(x, n), (a, b) -> b == 0 ? NaN : 100 * (a / b - 1));
  }

  private static double[] rising(Market m) {
    return zip(m.close(), m.open(), (c, o) -> c > o ? 1 : 0);
  }

  private static double[] when(double[] condition, double[] x) {
    return IntStream.range(0, x.length)
        .mapToDouble(
            i -> {
              int j = i;
              while (j >= 0 && !(Math.abs(condition[j]) > 0)) {
                j--;
              }
              return j < 0 ? NaN : x[j];
            })
        .toArray();
  }

  /** The newest peak that two bars after it have confirmed. */
  private static double[] fractals(double[] x, int sign) {
    double[] r = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      r[i] = NaN;
      for (int j = i - 2; j >= 2 && Double.isNaN(r[i]); j--) {
        boolean peak = true;
        for (int k = j - 2; k <= j + 2; k++) {
          peak &= k == j || sign * x[j] > sign * x[k];
        }
        r[i] = peak ? x[j] : NaN;
      }
    }
    return r;
  }

  private static double[][] stop(Market m) {
    return NaiveCandles.band(m.close(), map(atr(m, 4), v -> 2 * v), m.close());
  }

  private static double[] pivot(Market m) {
    return lag(typical(m), 1);
  }

  private static double[] haClose(Market m) {
    return zip(middle(m), zip(m.open(), m.close(), Double::sum), (a, b) -> (2 * a + b) / 4);
  }

  private static double[] haOpen(Market m) {
    return Naive.smooth(lag(haClose(m), 1), 1, 0.5);
  }

  private static double[] rocDeviation(Market m, int sign) {
    return window(
        roc(m.close(), 4), 5, w -> sign * Math.sqrt(Arrays.stream(w).map(v -> v * v).sum() / 5));
  }

  private static double[] relative(Market m, int side) {
    double[] change = zip(m.close(), lag(m.close(), 1), (a, b) -> a > b ? 1 : 0);
    return ema(zip(change, std(m.close(), 5), (c, s) -> c == side ? s : 0), 4);
  }

  /** How far the Keltner channel's nearer edge lies from the SMA. */
  private static double[] squeezeShift(Market m) {
    double[] off = zip(ema(m.close(), 6), sma(m.close(), 6), (e, s) -> Math.abs(e - s));
    return zip(atr(m, 6), off, (a, o) -> 1.5 * a - o);
  }

  private static double[] squeezeMomentum(Market m) {
    double[] box = zip(max(m.high(), 6), min(m.low(), 6), (h, l) -> (h + l) / 2);
    double[] centre = zip(box, sma(m.close(), 6), (b, s) -> (b + s) / 2);
    return window(zip(m.close(), centre, (c, v) -> c - v), 6, w -> NaiveMore.line(w)[1]);
  }

  private static double verticalHorizontal(double[] w) {
    double path = 0;
    for (int i = 1; i < w.length; i++) {
      path += Math.abs(w[i] - w[i - 1]);
    }
    double high = Arrays.stream(w).max().orElseThrow();
    return path == 0 ? 0 : (high - Arrays.stream(w).min().orElseThrow()) / path;
  }

  /**
   * The difference of two EMAs of a running total, of which each is begun so that it lags by what
   * it would lag behind a total that had always risen by the mean of its first changes.
   */
  private static double[] chaikin(Market m) {
    double[] flow = zip(NaiveRest.multiplier(m), m.volume(), (a, v) -> a * v);
    double[] r = new double[flow.length];
    for (int i = 0; i < r.length; i++) {
      r[i] = i < 9 ? NaN : averageOfTotal(flow, i, 3) - averageOfTotal(flow, i, 10);
    }
    return r;
  }

  private static double averageOfTotal(double[] flow, int end, int n) {
    double total = 0;
    double average = NaN;
    for (int i = 0; i <= end; i++) {
      total += flow[i];
      if (i == n - 1) {
        average = total - (n - 1) / 2.0 * (total / n);
      } else if (i >= n) {
        average += 2.0 / (n + 1) * (total - average);
      }
    }
    return average;
  }
}

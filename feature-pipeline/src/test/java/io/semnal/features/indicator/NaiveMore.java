package io.semnal.features.indicator;

import static io.semnal.features.indicator.Naive.ema;
import static io.semnal.features.indicator.Naive.lag;
import static io.semnal.features.indicator.Naive.map;
import static io.semnal.features.indicator.Naive.max;
import static io.semnal.features.indicator.Naive.min;
import static io.semnal.features.indicator.Naive.rsi;
import static io.semnal.features.indicator.Naive.sma;
import static io.semnal.features.indicator.Naive.smma;
import static io.semnal.features.indicator.Naive.smooth;
import static io.semnal.features.indicator.Naive.trueRange;
import static io.semnal.features.indicator.Naive.window;
import static io.semnal.features.indicator.Naive.wma;
import static io.semnal.features.indicator.Naive.zip;
import static java.lang.Double.NaN;

import io.semnal.features.indicator.Naive.Column;
import io.semnal.features.indicator.Naive.Market;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@link Naive} continued: averages, oscillators, trends. */
final class NaiveMore {
  private NaiveMore() {}

  static Map<String, Column> columns() {
    Map<String, Column> all = new LinkedHashMap<>();
    averages(all);
    oscillators(all);
    trends(all);
    return all;
  }

  private static void averages(Map<String, Column> all) {
    all.put("smoothed(0.3, 4)", m -> smooth(m.close(), 4, 0.3));
    all.put("adaptive(close, close * 0 + 0.4, 0.4)", m -> smooth(m.close(), 1, 0.4));
    all.put("lsma(6)", m -> window(m.close(), 6, w -> line(w)[1]));
    all.put(
        "vwma(5)",
        m ->
            zip(
                window(zip(m.close(), m.volume(), (c, v) -> c * v), 5, NaiveMore::total),
                window(m.volume(), 5, NaiveMore::total),
                (a, b) -> b == 0 ? NaN : a / b));
    all.put("zlema(7)", m -> ema(zip(m.close(), lag(m.close(), 3), (a, b) -> a + (a - b)), 7));
    all.put("gd(4,0.6)", m -> gd(m.close()));
    all.put("t3(4,0.6)", m -> gd(gd(gd(m.close()))));
    all.put("alma(9,0.85,6)", m -> window(m.close(), 9, NaiveMore::alma));
    all.put("efficiency(5)", m -> efficiency(m.close()));
    all.put(
        "kama(5,2,30)",
        m ->
            adaptive(
                m.close(),
                map(efficiency(m.close()), e -> Math.pow(e * (2 / 3.0 - 2 / 31.0) + 2 / 31.0, 2))));
    all.put(
        "vidya(6,4)",
        m -> {
          double[] change = zip(m.close(), lag(m.close(), 1), (a, b) -> a - b);
          double[] cmo =
              window(
                  change,
                  4,
                  w -> {
                    double path = Arrays.stream(w).map(Math::abs).sum();
                    return path == 0 ? 0 : Math.abs(total(w)) / path;
                  });
          return adaptive(m.close(), map(cmo, v -> v * 2 / 7));
        });
    all.put("frama(6).dimension", NaiveMore::dimension);
    all.put(
        "frama(6)",
        m ->
            adaptive(
                m.close(),
                map(dimension(m), d -> Math.max(0.01, Math.min(1, Math.exp(-4.6 * (d - 1)))))));
    all.put(
        "mcginley(5)",
        m -> {
          double[] r = m.close().clone();
          for (int i = 1; i < r.length; i++) {
            r[i] = r[i - 1] + (r[i] - r[i - 1]) / (0.6 * 5 * Math.pow(r[i] / r[i - 1], 4));
          }
          return r;
        });
  }

  private static void oscillators(Map<String, Column> all) {
    all.put("exp(close / 100)", m -> map(m.close(), v -> Math.exp(v / 100)));
    all.put("rank(6)", m -> rank(m.close(), 6));
    all.put("streak", m -> streak(m.close()));
    all.put(
        "connorsRsi(3,2,8)",
        m -> {
          double[] simple = zip(m.close(), lag(m.close(), 1), (a, b) -> a / b - 1);
          double[] two = zip(rsi(m.close(), 3), rsi(streak(m.close()), 2), Double::sum);
          return zip(two, rank(simple, 8), (a, b) -> (a + b) / 3);
        });
    all.put("tsi(5,3,4)", m -> tsi(m.close()));
    all.put("tsi(5,3,4).signal", m -> ema(tsi(m.close()), 4));
    all.put(
        "ultimate(2,4,8)",
        m ->
            zip(
                zip(pressure(m, 2), pressure(m, 4), (a, b) -> 4 * a + 2 * b),
                pressure(m, 8),
                (a, b) -> (a + b) / 7));
    all.put("fisher(5).place", m -> fisherPlace(m));
    all.put("fisher(5)", NaiveMore::fisher);
    all.put("fisher(5).trigger", m -> lag(fisher(m), 1));
    all.put("apo(3,6)", m -> zip(ema(m.close(), 3), ema(m.close(), 6), (a, b) -> a - b));
    all.put("kst(4)", m -> kst(m.close()));
    all.put(
        "kst(4,2,3,4,7,5,6,3,2)",
        m -> {
          double[] x = m.close();
          double[] fast = zip(sma(roc(x, 2), 5), sma(roc(x, 3), 6), (a, b) -> a + 2 * b);
          double[] slow = zip(sma(roc(x, 4), 3), sma(roc(x, 7), 2), (a, b) -> 3 * a + 4 * b);
          return zip(fast, slow, Double::sum);
        });
    all.put("kst(4).signal", m -> sma(kst(m.close()), 4));
    all.put("coppock(7,5,4)", m -> wma(zip(roc(m.close(), 7), roc(m.close(), 5), Double::sum), 4));
    all.put("dpo(7)", m -> zip(lag(m.close(), 4), sma(m.close(), 7), (a, b) -> a - b));
    all.put("stc(5,3,6).first", m -> cycle(apo(m), map(m.close(), v -> 1e-9 * v)));
    all.put(
        "stc(5,3,6)",
        m -> cycle(cycle(apo(m), map(m.close(), v -> 1e-9 * v)), map(m.close(), v -> 1e-9)));
    all.put("rvi(4)", NaiveMore::vigor);
    all.put(
        "rvi(4).signal", m -> window(vigor(m), 4, w -> (w[0] + 2 * w[1] + 2 * w[2] + w[3]) / 6));
    all.put("smi(5,4,3,3)", NaiveMore::smi);
    all.put("smi(5,4,3,3).signal", m -> smooth(smi(m), 1, 0.5));
    all.put("pmo(6,4,3)", m -> pmo(m.close()));
    all.put("pmo(6,4,3).signal", m -> ema(pmo(m.close()), 3));
    all.put(
        "bop(5)",
        m ->
            sma(
                zip(
                    zip(m.close(), m.open(), (c, o) -> c - o),
                    zip(m.high(), m.low(), (h, l) -> h - l),
                    (b, r) -> r == 0 ? 0 : b / r),
                5));
  }

  private static void trends(Map<String, Column> all) {
    all.put("regression(6).slope", m -> window(m.close(), 6, w -> line(w)[0]));
    all.put("regression(6).r2", m -> window(m.close(), 6, w -> line(w)[2]));
    all.put("regression(6).end", m -> window(m.close(), 6, w -> line(w)[1]));
    all.put("vortex(5).plus", m -> vortex(m.high(), m.low(), m));
    all.put("vortex(5).minus", m -> vortex(m.low(), m.high(), m));
    all.put(
        "vortex(5)",
        m -> zip(vortex(m.high(), m.low(), m), vortex(m.low(), m.high(), m), (a, b) -> a - b));
    all.put("stopAndReverse(high, low, 0.02, 0.02, 0.2)", m -> sar(m, 0.02, 0.02, 0.2));
    all.put("psar(0.05, 0.03, 0.3)", m -> sar(m, 0.05, 0.03, 0.3));
    all.put("trailingBand(hl2, 2 * atr(4), close)", m -> superTrend(m)[0]);
    all.put("superTrend(4,2).line", m -> superTrend(m)[0]);
    all.put("superTrend(4,2).direction", m -> superTrend(m)[1]);
    all.put("ichimoku(3,5,9).tenkan", m -> middle(m, 3));
    all.put("ichimoku(3,5,9).kijun", m -> middle(m, 5));
    all.put(
        "ichimoku(3,5,9).senkouA",
        m -> zip(lag(middle(m, 3), 5), lag(middle(m, 5), 5), (a, b) -> (a + b) / 2));
    all.put("ichimoku(3,5,9).senkouB", m -> lag(middle(m, 9), 5));
    all.put("alligator(9,4,6,3,4,0).jaw", m -> lag(smma(middle(m, 1), 9), 4));
    all.put("alligator(9,4,6,3,4,0).teeth", m -> lag(smma(middle(m, 1), 6), 3));
    all.put("alligator(9,4,6,3,4,0).lips", m -> smma(middle(m, 1), 4));
    all.put("alligator.jaw", m -> lag(smma(middle(m, 1), 13), 8));
    all.put("alligator.teeth", m -> lag(smma(middle(m, 1), 8), 5));
    all.put("alligator.lips", m -> lag(smma(middle(m, 1), 5), 3));
    all.put(
        "massIndex(4,6)",
        m -> {
          double[] range = ema(zip(m.high(), m.low(), (h, l) -> h - l), 4);
          return window(
              zip(range, ema(range, 4), (a, b) -> b == 0 ? 1 : a / b), 6, NaiveMore::total);
        });
  }

  static double total(double[] w) {
    return Arrays.stream(w).sum();
  }

  /** Slope, end, R² by the normal equations around the first value. */
  static double[] line(double[] w) {
    int n = w.length;
    double[] y = Arrays.stream(w).map(v -> v - w[0]).toArray();
    double meanX = (n - 1) / 2.0;
    double meanY = total(y) / n;
    double xy = 0;
    double xx = 0;
    double yy = 0;
    for (int i = 0; i < n; i++) {
      xy += (i - meanX) * (y[i] - meanY);
      xx += (i - meanX) * (i - meanX);
      yy += (y[i] - meanY) * (y[i] - meanY);
    }
    double slope = xy / xx;
    return new double[] {
      slope, w[0] + meanY + slope * (n - 1 - meanX), yy == 0 ? 0 : xy * xy / (xx * yy)
    };
  }

  private static double[] gd(double[] x) {
    double[] one = ema(x, 4);
    return zip(one, ema(one, 4), (a, b) -> a + 0.6 * (a - b));
  }

  private static double alma(double[] w) {
    double sum = 0;
    double weights = 0;
    for (int i = 0; i < 9; i++) {
      double weight = Math.exp(-Math.pow(i - 0.85 * 8, 2) / (2 * 1.5 * 1.5));
      sum += weight * w[i];
      weights += weight;
    }
    return sum / weights;
  }

  private static double[] efficiency(double[] x) {
    return window(
        x,
        6,
        w -> {
          double path = 0;
          for (int i = 1; i < 6; i++) {
            path += Math.abs(w[i] - w[i - 1]);
          }
          return path == 0 ? 0 : Math.abs(w[5] - w[0]) / path;
        });
  }

  private static double[] adaptive(double[] x, double[] alpha) {
    double[] r = new double[x.length];
    double value = NaN;
    for (int i = 0; i < r.length; i++) {
      if (!Double.isNaN(alpha[i])) {
        value = Double.isNaN(value) ? x[i] : alpha[i] * x[i] + (1 - alpha[i]) * value;
      }
      r[i] = value;
    }
    return r;
  }

  private static double[] dimension(Market m) {
    double[] half = zip(max(m.high(), 3), min(m.low(), 3), (h, l) -> (h - l) / 3);
    double[] whole = zip(max(m.high(), 6), min(m.low(), 6), (h, l) -> (h - l) / 6);
    return zip(
        zip(half, lag(half, 3), Double::sum),
        whole,
        (n, w) -> Math.log(w == 0 ? 4 : Math.max(n / w, 0.001)) / Math.log(2));
  }

  private static double[] rank(double[] x, int n) {
    return window(x, n + 1, w -> 100.0 / n * Arrays.stream(w).filter(v -> v < w[n]).count());
  }

  private static double[] streak(double[] x) {
    double[] r = new double[x.length];
    for (int i = 0; i < r.length; i++) {
      double sign = i == 0 ? 0 : Math.signum(x[i] - x[i - 1]);
      int j = i;
      while (sign != 0 && j > 0 && Math.signum(x[j] - x[j - 1]) == sign) {
        j--;
      }
      r[i] = i == 0 ? NaN : sign * (i - j);
    }
    return r;
  }

  private static double[] tsi(double[] x) {
    double[] change = zip(x, lag(x, 1), (a, b) -> a - b);
    return zip(
        ema(ema(change, 5), 3),
        ema(ema(map(change, Math::abs), 5), 3),
        (a, b) -> b == 0 ? 0 : 100 * a / b);
  }

  private static double[] pressure(Market m, int n) {
    double[] bottom = zip(m.low(), lag(m.close(), 1), Math::min);
    return zip(
        window(zip(m.close(), bottom, (c, l) -> c - l), n, NaiveMore::total),
        window(trueRange(m), n, NaiveMore::total),
        (a, b) -> b == 0 ? 50 : 100 * a / b);
  }

  private static double[] fisherPlace(Market m) {
    double[] place =
        window(
            middle(m, 1),
            5,
            w -> {
              double low = Arrays.stream(w).min().orElseThrow();
              double high = Arrays.stream(w).max().orElseThrow();
              return high == low ? 0 : 2 * (w[4] - low) / (high - low) - 1;
            });
    return map(smooth(place, 1, 0.33), v -> Math.max(-0.999, Math.min(0.999, v)));
  }

  private static double[] fisher(Market m) {
    return smooth(map(fisherPlace(m), v -> Math.log((1 + v) / (1 - v))), 1, 0.5);
  }

  private static double[] roc(double[] x, int n) {
    return zip(x, lag(x, n), (a, b) -> 100 * (a / b - 1));
  }

  private static double[] kst(double[] x) {
    double[] fast = zip(sma(roc(x, 10), 10), sma(roc(x, 15), 10), (a, b) -> a + 2 * b);
    double[] slow = zip(sma(roc(x, 20), 10), sma(roc(x, 30), 15), (a, b) -> 3 * a + 4 * b);
    return zip(fast, slow, Double::sum);
  }

  private static double[] apo(Market m) {
    return zip(ema(m.close(), 3), ema(m.close(), 6), (a, b) -> a - b);
  }

  private static double[] cycle(double[] x, double[] flat) {
    double[] low = min(x, 5);
    double[] range = zip(zip(max(x, 5), low, (h, l) -> h - l), flat, (r, f) -> r > f ? r : 0);
    double[] place = zip(zip(x, low, (v, l) -> v - l), range, (d, r) -> r == 0 ? 50 : 100 * d / r);
    return smooth(place, 1, 0.5);
  }

  private static double[] vigor(Market m) {
    double[] body = fourBars(zip(m.close(), m.open(), (c, o) -> c - o));
    double[] range = fourBars(zip(m.high(), m.low(), (h, l) -> h - l));
    return zip(body, range, (b, r) -> r == 0 ? 0 : b / r);
  }

  private static double[] fourBars(double[] x) {
    return window(window(x, 4, w -> w[0] + 2 * w[1] + 2 * w[2] + w[3]), 4, NaiveMore::total);
  }

  private static double[] smi(Market m) {
    double[] high = max(m.high(), 5);
    double[] low = min(m.low(), 5);
    double[] distance = zip(m.close(), zip(high, low, (h, l) -> (h + l) / 2), (c, mid) -> c - mid);
    double[] range = zip(high, low, (h, l) -> (h - l) / 2);
    return zip(
        smooth(smooth(distance, 1, 0.4), 1, 0.5),
        smooth(smooth(range, 1, 0.4), 1, 0.5),
        (a, b) -> b == 0 ? 0 : 100 * a / b);
  }

  private static double[] pmo(double[] x) {
    return smooth(smooth(map(roc(x, 1), v -> 10 * v), 6, 2 / 6.0), 4, 0.5);
  }

  private static double[] vortex(double[] a, double[] b, Market m) {
    return zip(
        window(zip(a, lag(b, 1), (p, q) -> Math.abs(p - q)), 5, NaiveMore::total),
        window(trueRange(m), 5, NaiveMore::total),
        (v, t) -> t == 0 ? 0 : v / t);
  }

  private static double[] middle(Market m, int n) {
    return zip(max(m.high(), n), min(m.low(), n), (h, l) -> (h + l) / 2);
  }

  /** As Wilder tells it, over the arrays. */
  private static double[] sar(Market m, double start, double step, double most) {
    double[] r = new double[m.close().length];
    boolean up = true;
    double extreme = m.high()[0];
    double acceleration = start;
    r[0] = m.low()[0];
    for (int i = 1; i < r.length; i++) {
      double stop = r[i - 1] + acceleration * (extreme - r[i - 1]);
      for (int j = i - 1; i >= 2 && j >= i - 2; j--) {
        stop = up ? Math.min(stop, m.low()[j]) : Math.max(stop, m.high()[j]);
      }
      boolean pierced = up ? m.low()[i] < stop : m.high()[i] > stop;
      if (pierced) {
        stop = extreme;
        up = !up;
        extreme = up ? m.high()[i] : m.low()[i];
        acceleration = start;
      } else if (up ? m.high()[i] > extreme : m.low()[i] < extreme) {
        extreme = up ? m.high()[i] : m.low()[i];
        acceleration = Math.min(most, acceleration + step);
      }
      r[i] = stop;
    }
    return r;
  }

  private static double[][] superTrend(Market m) {
    return NaiveCandles.band(middle(m, 1), map(smma(trueRange(m), 4), v -> 2 * v), m.close());
  }
}

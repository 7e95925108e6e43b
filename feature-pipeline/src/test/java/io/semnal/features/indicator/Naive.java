package io.semnal.features.indicator;

import static java.lang.Double.NaN;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;

/**
 * Every indicator computed afresh over whole arrays, straight from its textbook definition, sharing
 * nothing with the streaming ones.
 */
final class Naive {
  /** Series of one market. */
  record Market(double[] open, double[] high, double[] low, double[] close, double[] volume) {}

  /** Column → its values. */
  interface Column {
    double[] of(Market m);
  }

  private Naive() {}

  static Map<String, Column> columns() {
    Map<String, Column> all = new LinkedHashMap<>();
    all.put("open", Market::open);
    all.put("hl2", m -> zip(m.high, m.low, (h, l) -> (h + l) / 2));
    all.put("hlc3", Naive::typical);
    all.put(
        "ohlc4",
        m ->
            zip(
                zip(m.open, m.high, Double::sum),
                zip(m.low, m.close, Double::sum),
                (a, b) -> (a + b) / 4));
    all.put("abs(close - 100)", m -> map(m.close, v -> v < 100 ? 100 - v : v - 100));
    all.put("log(close)", m -> map(m.close, Math::log));
    all.put("sqrt(close)", m -> map(m.close, Math::sqrt));
    all.put("sign(close - 100)", m -> map(m.close, v -> v > 100 ? 1 : v < 100 ? -1 : 0));
    all.put("floor(close)", m -> map(m.close, v -> v - v % 1));
    all.put("lesser(open, close)", m -> zip(m.open, m.close, (a, b) -> a < b ? a : b));
    all.put("greater(open, close)", m -> zip(m.open, m.close, (a, b) -> a < b ? b : a));
    all.put("ratio(close, open - open, 7)", m -> map(m.close, v -> 7));
    all.put("clamp(close, 99, 101)", m -> map(m.close, v -> v < 99 ? 99 : v > 101 ? 101 : v));
    all.put("lag(close, 3)", m -> lag(m.close, 3));
    all.put("diff(close, 2)", m -> zip(m.close, lag(m.close, 2), (a, b) -> a - b));
    all.put("sum(7)", m -> window(m.close, 7, w -> Arrays.stream(w).sum()));
    all.put("mean(7)", m -> sma(m.close, 7));
    all.put("min(low, 5)", m -> min(m.low, 5));
    all.put("max(high, 5)", m -> max(m.high, 5));
    all.put("barsSinceMin(low, 5)", m -> window(m.low, 5, w -> since(w, -1)));
    all.put("barsSinceMax(high, 5)", m -> window(m.high, 5, w -> since(w, 1)));
    all.put("std(9)", m -> std(m.close, 9));
    all.put("meanDeviation(9)", m -> window(m.close, 9, Naive::meanDeviation));
    all.put("zscore(close, 9)", m -> zscore(m.close, 9));
    all.put("sma(6)", m -> sma(m.close, 6));
    all.put("ema(6)", m -> ema(m.close, 6));
    all.put("smma(6)", m -> smma(m.close, 6));
    all.put("wma(6)", m -> wma(m.close, 6));
    all.put("dema(6)", m -> zip(ema(m.close, 6), ema(ema(m.close, 6), 6), (a, b) -> 2 * a - b));
    all.put(
        "tema(6)",
        m -> {
          double[] one = ema(m.close, 6);
          double[] two = ema(one, 6);
          return zip(zip(one, two, (a, b) -> 3 * (a - b)), ema(two, 6), Double::sum);
        });
    all.put("trima(7)", m -> sma(sma(m.close, 4), 4));
    all.put("trima(8)", m -> sma(sma(m.close, 5), 4));
    all.put("hma(9)", m -> wma(zip(wma(m.close, 4), wma(m.close, 9), (a, b) -> 2 * a - b), 3));
    all.put("return(2)", m -> zip(m.close, lag(m.close, 2), (a, b) -> (a - b) / b));
    all.put(
        "logReturn(2)", m -> zip(m.close, lag(m.close, 2), (a, b) -> Math.log(a) - Math.log(b)));
    all.put("momentum(4)", m -> zip(m.close, lag(m.close, 4), (a, b) -> a - b));
    all.put("roc(4)", m -> zip(m.close, lag(m.close, 4), (a, b) -> (a / b - 1) * 100));
    all.put("rsi(5)", m -> rsi(m.close, 5));
    all.put("macd(3,6,4)", m -> macd(m.close));
    all.put("macd(3,6,4).signal", m -> ema(macd(m.close), 4));
    all.put(
        "macd(3,6,4).histogram", m -> zip(macd(m.close), ema(macd(m.close), 4), (a, b) -> a - b));
    all.put("stochastic(5,3,2).raw", m -> place(m, 5));
    all.put("stochastic(5,3,2).k", m -> sma(place(m, 5), 2));
    all.put("stochastic(5,3,2).d", m -> sma(sma(place(m, 5), 2), 3));
    all.put(
        "stochastic(5,3,2).j",
        m -> zip(sma(place(m, 5), 2), sma(sma(place(m, 5), 2), 3), (k, d) -> 3 * k - 2 * d));
    all.put("williamsR(5)", m -> map(place(m, 5), v -> v - 100));
    all.put(
        "cci(6)",
        m ->
            zip(
                zip(typical(m), sma(typical(m), 6), (a, b) -> a - b),
                window(typical(m), 6, Naive::meanDeviation),
                (a, b) -> b == 0 ? 0 : a / (0.015 * b)));
    all.put(
        "cmo(5)",
        m -> {
          double[] change = zip(m.close, lag(m.close, 1), (a, b) -> a - b);
          return window(
              change,
              5,
              w -> {
                double all1 = Arrays.stream(w).map(Math::abs).sum();
                return all1 == 0 ? 0 : 100 * Arrays.stream(w).sum() / all1;
              });
        });
    all.put("ppo(3,6)", m -> zip(ema(m.close, 3), ema(m.close, 6), (a, b) -> 100 * (a / b - 1)));
    all.put(
        "trix(3)",
        m -> {
          double[] triple = ema(ema(ema(m.close, 3), 3), 3);
          return zip(triple, lag(triple, 1), (a, b) -> 100 * (a - b) / b);
        });
    all.put(
        "awesome(3,7)",
        m -> {
          double[] middle = zip(m.high, m.low, (h, l) -> (h + l) / 2);
          return zip(sma(middle, 3), sma(middle, 7), (a, b) -> a - b);
        });
    all.put("stochRsi(4,5,3,2).raw", m -> stochRsi(m.close));
    all.put("stochRsi(4,5,3,2).k", m -> sma(stochRsi(m.close), 2));
    all.put("stochRsi(4,5,3,2).d", m -> sma(sma(stochRsi(m.close), 2), 3));
    all.put(
        "stochRsi(4,5,3,2).range",
        m -> {
          double[] rsi = rsi(m.close, 4);
          return zip(max(rsi, 5), min(rsi, 5), (h, l) -> h - l);
        });
    all.put("trueRange", Naive::trueRange);
    all.put("atr(5)", m -> smma(trueRange(m), 5));
    all.put("natr(5)", m -> zip(smma(trueRange(m), 5), m.close, (a, c) -> a / c * 100));
    all.put("adx(4).plusDm", m -> directional(m, 1));
    all.put("adx(4).minusDm", m -> directional(m, -1));
    all.put("adx(4).plusDi", m -> di(m, 1));
    all.put("adx(4).minusDi", m -> di(m, -1));
    all.put("adx(4).dx", Naive::dx);
    all.put("adx(4)", m -> smma(dx(m), 4));
    all.put("aroon(6).up", m -> window(m.high, 7, w -> 100 * (6 - since(w, 1)) / 6));
    all.put("aroon(6).down", m -> window(m.low, 7, w -> 100 * (6 - since(w, -1)) / 6));
    all.put(
        "aroon(6)",
        m ->
            zip(
                window(m.high, 7, w -> 100 * (6 - since(w, 1)) / 6),
                window(m.low, 7, w -> 100 * (6 - since(w, -1)) / 6),
                (a, b) -> a - b));
    all.put("bollinger(6,1.5)", m -> sma(m.close, 6));
    all.put("bollinger(6,1.5).upper", m -> band(m.close, 1.5));
    all.put("bollinger(6,1.5).lower", m -> band(m.close, -1.5));
    all.put("bollinger(6,1.5).percentB", m -> map(zscore(m.close, 6), z -> 0.5 + z / 3));
    all.put(
        "bollinger(6,1.5).width", m -> zip(std(m.close, 6), sma(m.close, 6), (s, a) -> 3 * s / a));
    all.put("bollinger(6,1.5).zscore", m -> zscore(m.close, 6));
    all.put("keltner(5,2,4)", m -> ema(m.close, 5));
    all.put(
        "keltner(5,2,4).upper",
        m -> zip(ema(m.close, 5), smma(trueRange(m), 4), (e, a) -> e + 2 * a));
    all.put(
        "keltner(5,2,4).lower",
        m -> zip(ema(m.close, 5), smma(trueRange(m), 4), (e, a) -> e - 2 * a));
    all.put(
        "keltner(5,2,4).width",
        m -> zip(ema(m.close, 5), smma(trueRange(m), 4), (e, a) -> 4 * a / e));
    all.put(
        "donchian(5)",
        m -> zip(lag(max(m.high, 5), 1), lag(min(m.low, 5), 1), (h, l) -> (h + l) / 2));
    all.put("donchian(5).upper", m -> lag(max(m.high, 5), 1));
    all.put("donchian(5).lower", m -> lag(min(m.low, 5), 1));
    all.put(
        "donchian(5).width",
        m -> zip(lag(max(m.high, 5), 1), lag(min(m.low, 5), 1), (h, l) -> (h - l) / ((h + l) / 2)));
    all.put("sma(volume, 4)", m -> sma(m.volume, 4));
    all.put("ticks", Market::volume);
    all.put(
        "(close > open) - (close <= open)", m -> zip(m.open, m.close, (o, c) -> c > o ? 1 : -1));
    all.putAll(NaiveMore.columns());
    all.putAll(NaiveRest.columns());
    all.putAll(NaiveCandles.columns());
    all.putAll(NaiveNames.columns());
    all.put("std(return(1), 6)", m -> std(zip(m.close, lag(m.close, 1), (a, b) -> a / b - 1), 6));
    return all;
  }

  static double[] map(double[] x, DoubleUnaryOperator f) {
    return Arrays.stream(x).map(v -> Double.isNaN(v) ? NaN : f.applyAsDouble(v)).toArray();
  }

  static double[] zip(double[] a, double[] b, DoubleBinaryOperator f) {
    double[] r = new double[a.length];
    for (int i = 0; i < r.length; i++) {
      r[i] = Double.isNaN(a[i]) || Double.isNaN(b[i]) ? NaN : f.applyAsDouble(a[i], b[i]);
    }
    return r;
  }

  /** f of the last n values, NaN where one is missing. */
  static double[] window(double[] x, int n, ToDoubleFunction<double[]> f) {
    double[] r = new double[x.length];
    for (int i = 0; i < r.length; i++) {
      double[] w = i + 1 < n ? new double[] {NaN} : Arrays.copyOfRange(x, i + 1 - n, i + 1);
      r[i] = Arrays.stream(w).anyMatch(Double::isNaN) ? NaN : f.applyAsDouble(w);
    }
    return r;
  }

  static double[] lag(double[] x, int n) {
    double[] r = new double[x.length];
    for (int i = 0; i < r.length; i++) {
      r[i] = i < n ? NaN : x[i - n];
    }
    return r;
  }

  static double[] sma(double[] x, int n) {
    return window(x, n, w -> Arrays.stream(w).sum() / n);
  }

  static double[] min(double[] x, int n) {
    return window(x, n, w -> Arrays.stream(w).min().orElseThrow());
  }

  static double[] max(double[] x, int n) {
    return window(x, n, w -> Arrays.stream(w).max().orElseThrow());
  }

  static double[] wma(double[] x, int n) {
    return window(
        x,
        n,
        w -> {
          double sum = 0;
          double weights = 0;
          for (int i = 0; i < n; i++) {
            sum += (i + 1) * w[i];
            weights += i + 1;
          }
          return sum / weights;
        });
  }

  static double[] std(double[] x, int n) {
    return window(
        x,
        n,
        w -> {
          double first = w[0];
          double[] d = Arrays.stream(w).map(v -> v - first).toArray();
          double mean = Arrays.stream(d).sum() / n;
          return Math.sqrt(Arrays.stream(d).map(v -> (v - mean) * (v - mean)).sum() / n);
        });
  }

  static double[] zscore(double[] x, int n) {
    return zip(zip(x, sma(x, n), (a, b) -> a - b), std(x, n), (d, s) -> s == 0 ? 0 : d / s);
  }

  static double[] band(double[] x, double k) {
    return zip(sma(x, 6), std(x, 6), (a, s) -> a + k * s);
  }

  static double meanDeviation(double[] w) {
    double[] d = Arrays.stream(w).map(v -> v - w[0]).toArray();
    double mean = Arrays.stream(d).sum() / w.length;
    return Arrays.stream(d).map(v -> Math.abs(v - mean)).sum() / w.length;
  }

  /** Bars since the newest of the extremes. */
  static double since(double[] w, int sign) {
    int best = w.length - 1;
    for (int i = w.length - 2; i >= 0; i--) {
      if (sign * w[i] > sign * w[best]) {
        best = i;
      }
    }
    return w.length - 1 - best;
  }

  static double[] ema(double[] x, int n) {
    return smooth(x, n, 2.0 / (n + 1));
  }

  static double[] smma(double[] x, int n) {
    return smooth(x, n, 1.0 / n);
  }

  /** Weighted sum over the whole past: no running state. */
  static double[] smooth(double[] x, int n, double alpha) {
    double[] r = new double[x.length];
    Arrays.fill(r, NaN);
    double[] present = Arrays.stream(x).filter(v -> !Double.isNaN(v)).toArray();
    int offset = x.length - present.length;
    for (int i = n - 1; i < present.length; i++) {
      double seed = 0;
      for (int j = 0; j < n; j++) {
        seed += present[j] / n;
      }
      double value = seed * Math.pow(1 - alpha, i - n + 1);
      for (int j = n; j <= i; j++) {
        value += alpha * Math.pow(1 - alpha, i - j) * present[j];
      }
      r[offset + i] = value;
    }
    return r;
  }

  static double[] typical(Market m) {
    return zip(zip(m.high, m.low, Double::sum), m.close, (a, c) -> (a + c) / 3);
  }

  static double[] macd(double[] x) {
    return zip(ema(x, 3), ema(x, 6), (a, b) -> a - b);
  }

  static double[] rsi(double[] x, int n) {
    double[] change = zip(x, lag(x, 1), (a, b) -> a - b);
    double[] up = smma(map(change, v -> Math.max(v, 0)), n);
    double[] down = smma(map(change, v -> Math.max(-v, 0)), n);
    return zip(up, down, (u, d) -> u + d == 0 ? 50 : d == 0 ? 100 : 100 - 100 / (1 + u / d));
  }

  static double[] place(Market m, int n) {
    double[] low = min(m.low, n);
    double[] range = zip(max(m.high, n), low, (h, l) -> h - l);
    return zip(zip(m.close, low, (c, l) -> c - l), range, (d, r) -> r == 0 ? 50 : 100 * d / r);
  }

  static double[] stochRsi(double[] x) {
    double[] rsi = rsi(x, 4);
    double[] low = min(rsi, 5);
    double[] range = zip(max(rsi, 5), low, (h, l) -> h - l);
    return zip(zip(rsi, low, (c, l) -> c - l), range, (d, r) -> r < 1e-9 ? 50 : 100 * d / r);
  }

  static double[] trueRange(Market m) {
    double[] r = new double[m.close.length];
    for (int i = 0; i < r.length; i++) {
      r[i] =
          i == 0
              ? NaN
              : Math.max(
                  m.high[i] - m.low[i],
                  Math.max(
                      Math.abs(m.high[i] - m.close[i - 1]), Math.abs(m.low[i] - m.close[i - 1])));
    }
    return r;
  }

  static double[] directional(Market m, int sign) {
    double[] up = zip(m.high, lag(m.high, 1), (a, b) -> a - b);
    double[] down = zip(lag(m.low, 1), m.low, (a, b) -> a - b);
    return sign > 0
        ? zip(up, down, (u, d) -> u > d && u > 0 ? u : 0)
        : zip(up, down, (u, d) -> d > u && d > 0 ? d : 0);
  }

  static double[] di(Market m, int sign) {
    return zip(
        smma(directional(m, sign), 4), smma(trueRange(m), 4), (d, t) -> t == 0 ? 0 : 100 * d / t);
  }

  static double[] dx(Market m) {
    return zip(di(m, 1), di(m, -1), (p, q) -> p + q == 0 ? 0 : 100 * Math.abs(p - q) / (p + q));
  }
}

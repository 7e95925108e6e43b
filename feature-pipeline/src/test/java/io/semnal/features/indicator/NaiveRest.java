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

/** {@link Naive} continued: volatility, statistics, volume. */
final class NaiveRest {
  private NaiveRest() {}

  static Map<String, Column> columns() {
    Map<String, Column> all = new LinkedHashMap<>();
    volatility(all);
    statistics(all);
    volume(all);
    return all;
  }

  private static void volatility(Map<String, Column> all) {
    all.put(
        "realisedVariance(5)",
        m -> window(map(logs(m.close(), lag(m.close(), 1)), v -> v * v), 5, NaiveMore::total));
    all.put(
        "parkinson(5)",
        m ->
            map(
                sma(map(logs(m.high(), m.low()), v -> v * v), 5),
                v -> Math.sqrt(v / (4 * Math.log(2)))));
    all.put(
        "garmanKlass(5)",
        m ->
            map(
                sma(
                    zip(
                        logs(m.high(), m.low()),
                        logs(m.close(), m.open()),
                        (r, b) -> r * r / 2 - (2 * Math.log(2) - 1) * b * b),
                    5),
                v -> Math.sqrt(Math.max(v, 0))));
    all.put("rogersSatchell(5)", NaiveRest::rogersSatchell);
    all.put(
        "yangZhang(5)",
        m -> {
          double k = 0.34 / (1.34 + 6 / 4.0);
          double[] night = window(logs(m.open(), lag(m.close(), 1)), 5, NaiveRest::sample);
          double[] day = window(logs(m.close(), m.open()), 5, NaiveRest::sample);
          double[] both = zip(night, day, (n, d) -> n + k * d);
          return zip(both, rogersSatchell(m), (v, r) -> Math.sqrt(v + (1 - k) * r * r));
        });
    all.put(
        "ulcer(4)",
        m -> {
          double[] fall = zip(m.close(), max(m.close(), 4), (c, h) -> 100 * (c - h) / h);
          return map(sma(map(fall, v -> v * v), 4), Math::sqrt);
        });
    all.put(
        "choppiness(5)",
        m ->
            zip(
                window(trueRange(m), 5, NaiveMore::total),
                zip(max(m.high(), 5), min(m.low(), 5), (h, l) -> h - l),
                (t, r) -> r == 0 ? NaN : 100 * Math.log10(t / r) / Math.log10(5)));
    all.put(
        "chandeKroll(5,2,3).short",
        m -> max(zip(max(m.high(), 5), smma(trueRange(m), 5), (h, a) -> h - 2 * a), 3));
    all.put(
        "chandeKroll(5,2,3).long",
        m -> min(zip(min(m.low(), 5), smma(trueRange(m), 5), (l, a) -> l + 2 * a), 3));
    all.put("starc(6,2,4).middle", m -> sma(m.close(), 6));
    all.put(
        "starc(6,2,4).upper",
        m -> zip(sma(m.close(), 6), smma(trueRange(m), 4), (c, a) -> c + 2 * a));
    all.put(
        "starc(6,2,4).lower",
        m -> zip(sma(m.close(), 6), smma(trueRange(m), 4), (c, a) -> c - 2 * a));
  }

  private static void statistics(Map<String, Column> all) {
    all.put("skew(7)", m -> window(m.close(), 7, w -> moment(w, 3)));
    all.put(
        "kurtosis(7)", m -> window(m.close(), 7, w -> moment(w, 2) == 0 ? 0 : moment(w, 4) - 3));
    all.put("correlation(close, volume, 6)", m -> joint(m.close(), m.volume(), false));
    all.put("beta(volume, close, 6)", m -> joint(m.volume(), m.close(), true));
    all.put("autocorrelation(6, 2)", m -> joint(m.close(), lag(m.close(), 2), false));
    all.put(
        "hurst(12,3)",
        m ->
            zip(
                std(zip(m.close(), lag(m.close(), 3), (a, b) -> a - b), 12),
                std(zip(m.close(), lag(m.close(), 1), (a, b) -> a - b), 12),
                (a, b) -> a == 0 || b == 0 ? NaN : (Math.log(a) - Math.log(b)) / Math.log(3)));
    all.put("entropy(5).up", m -> rises(m.close()));
    all.put(
        "entropy(5)", m -> map(rises(m.close()), p -> -(plogp(p) + plogp(1 - p)) / Math.log(2)));
  }

  private static void volume(Map<String, Column> all) {
    all.put(
        "obv(5)",
        m ->
            window(
                zip(
                    zip(m.close(), lag(m.close(), 1), (a, b) -> Math.signum(a - b)),
                    m.volume(),
                    (s, v) -> s * v),
                5,
                NaiveMore::total));
    all.put("adl(5).multiplier", NaiveRest::multiplier);
    all.put("adl(5)", NaiveRest::adl);
    all.put(
        "cmf(5)",
        m -> zip(adl(m), window(m.volume(), 5, NaiveMore::total), (a, v) -> v == 0 ? 0 : a / v));
    all.put(
        "mfi(5)",
        m -> {
          double[] price = typical(m);
          double[] flow = zip(price, m.volume(), (p, v) -> p * v);
          double[] change = zip(price, lag(price, 1), (a, b) -> a - b);
          double[] up = window(zip(change, flow, (c, f) -> c > 0 ? f : 0), 5, NaiveMore::total);
          double[] down = window(zip(change, flow, (c, f) -> c < 0 ? f : 0), 5, NaiveMore::total);
          return zip(up, down, (u, d) -> u + d == 0 ? 50 : 100 * u / (u + d));
        });
    all.put(
        "force(4)",
        m ->
            ema(
                zip(
                    zip(m.close(), lag(m.close(), 1), (a, b) -> a - b),
                    m.volume(),
                    (c, v) -> c * v),
                4));
    // Daily bars: each opens a day of its own. Minutes of a day are compared with a spreadsheet.
    all.put("sessionSum(volume)", Market::volume);
    all.put("vwap", m -> zip(typical(m), m.volume(), (p, v) -> v == 0 ? NaN : p));
    all.put("runSum(high - low, sign(close - open))", m -> run(m));
    all.put("klinger(3,5,4).trend", NaiveRest::trend);
    all.put("klinger(3,5,4).force", NaiveRest::klingerForce);
    all.put("klinger(3,5,4)", NaiveRest::klinger);
    all.put("klinger(3,5,4).signal", m -> ema(klinger(m), 4));
    all.put(
        "emv(4)",
        m -> {
          double[] mid = zip(m.high(), m.low(), (h, l) -> (h + l) / 2);
          double[] move = zip(mid, lag(mid, 1), (a, b) -> a - b);
          double[] box =
              zip(
                  m.volume(),
                  zip(m.high(), m.low(), (h, l) -> h - l),
                  (v, r) -> v == 0 ? 0 : r / v);
          return sma(zip(move, box, (a, b) -> a * b), 4);
        });
    all.put("perSecond(close)", m -> map(m.close(), v -> v / 86_400));
    all.put("quoteRate", m -> map(m.volume(), v -> v / 86_400));
    all.put("pvo(3,6,4)", m -> pvo(m.volume()));
    all.put("pvo(3,6,4).signal", m -> ema(pvo(m.volume()), 4));
    all.put(
        "pvo(3,6,4).histogram",
        m -> zip(pvo(m.volume()), ema(pvo(m.volume()), 4), (a, b) -> a - b));
  }

  private static double[] logs(double[] a, double[] b) {
    return zip(a, b, (x, y) -> Math.log(x) - Math.log(y));
  }

  private static double sample(double[] w) {
    double mean = NaiveMore.total(w) / w.length;
    return Arrays.stream(w).map(v -> (v - mean) * (v - mean)).sum() / (w.length - 1);
  }

  private static double[] rogersSatchell(Market m) {
    double[] top = zip(logs(m.high(), m.close()), logs(m.high(), m.open()), (a, b) -> a * b);
    double[] bottom = zip(logs(m.low(), m.close()), logs(m.low(), m.open()), (a, b) -> a * b);
    return map(sma(zip(top, bottom, Double::sum), 5), v -> Math.sqrt(Math.max(v, 0)));
  }

  private static double moment(double[] w, int order) {
    double deviation = std(w, w.length)[w.length - 1];
    double[] d = Arrays.stream(w).map(v -> v - w[0]).toArray();
    double mean = NaiveMore.total(d) / d.length;
    return deviation == 0
        ? 0
        : Arrays.stream(d).map(v -> Math.pow((v - mean) / deviation, order)).sum() / d.length;
  }

  private static double[] joint(double[] x, double[] y, boolean slope) {
    double[] r = new double[x.length];
    for (int i = 0; i < r.length; i++) {
      if (i < 5 || Double.isNaN(y[i - 5])) {
        r[i] = NaN;
        continue;
      }
      double[] a = Arrays.copyOfRange(x, i - 5, i + 1);
      double[] b = Arrays.copyOfRange(y, i - 5, i + 1);
      double sa = std(a, 6)[5];
      double sb = std(b, 6)[5];
      double ma = Arrays.stream(a).map(v -> v - a[0]).sum() / 6;
      double mb = Arrays.stream(b).map(v -> v - b[0]).sum() / 6;
      double cov =
          IntStream.range(0, 6).mapToDouble(j -> (a[j] - a[0] - ma) * (b[j] - b[0] - mb)).sum() / 6;
      r[i] = sa == 0 || sb == 0 ? 0 : slope ? cov / (sb * sb) : cov / (sa * sb);
    }
    return r;
  }

  private static double[] rises(double[] x) {
    return sma(zip(x, lag(x, 1), (a, b) -> a > b ? 1 : 0), 5);
  }

  private static double plogp(double p) {
    return p <= 0 ? 0 : p * Math.log(p);
  }

  static double[] multiplier(Market m) {
    double[] above = zip(m.close(), m.low(), (c, l) -> c - l);
    double[] below = zip(m.high(), m.close(), (h, c) -> h - c);
    return zip(above, below, (a, b) -> a + b == 0 ? 0 : (a - b) / (a + b));
  }

  private static double[] adl(Market m) {
    return window(zip(multiplier(m), m.volume(), (a, v) -> a * v), 5, NaiveMore::total);
  }

  private static double[] run(Market m) {
    double[] sign = zip(m.close(), m.open(), (c, o) -> Math.signum(c - o));
    return runs(zip(m.high(), m.low(), (h, l) -> h - l), sign);
  }

  private static double[] runs(double[] x, double[] sign) {
    double[] r = new double[x.length];
    for (int i = 0; i < r.length; i++) {
      if (i == 0 || Double.isNaN(sign[i - 1])) {
        r[i] = NaN;
        continue;
      }
      int from = i;
      while (from > 0 && sign[from - 1] == sign[i]) {
        from--;
      }
      // The bar before the run is left out where the history begins inside it.
      boolean begun = from > 0 && !Double.isNaN(sign[from - 1]);
      r[i] = NaiveMore.total(Arrays.copyOfRange(x, begun ? from - 1 : from, i + 1));
    }
    return r;
  }

  private static double[] trend(Market m) {
    return zip(typical(m), lag(typical(m), 1), (a, b) -> a > b ? 1 : -1);
  }

  private static double[] klingerForce(Market m) {
    double[] range = zip(m.high(), m.low(), (h, l) -> h - l);
    double[] share = zip(range, runs(range, trend(m)), (d, c) -> c == 0 ? 0 : d / c);
    double[] signed = zip(trend(m), m.volume(), (t, v) -> 100 * t * v);
    return zip(signed, share, (v, s) -> v * Math.abs(2 * (s - 1)));
  }

  private static double[] klinger(Market m) {
    return zip(ema(klingerForce(m), 3), ema(klingerForce(m), 5), (a, b) -> a - b);
  }

  private static double[] pvo(double[] v) {
    return zip(ema(v, 3), ema(v, 6), (a, b) -> b == 0 ? NaN : 100 * (a - b) / b);
  }
}

package io.semnal.features.indicator;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Usual names of other libraries and platforms. A column may use them; its canonical text, and so a
 * set's hash, has the catalogue's name.
 */
public final class OtherNames {
  private static final Map<String, String> NAMES = new TreeMap<>();

  static {
    is("sma", "ma");
    is("smma", "rma", "wilder");
    is("wma", "lwma");
    is("lsma", "linreg", "epma", "endpoint");
    is("trima", "tma");
    is("std", "stdev", "stddev");
    is("mean", "average", "avg");
    is("meanDeviation", "mad");
    is("rank", "percentRank", "percentileRank");
    is("efficiency", "efficiencyRatio");
    is("momentum", "mom");
    is("return", "rocp", "simpleReturn");
    is("stochastic", "stoch", "stochasticSlow");
    is("stochasticFast", "stochFast", "stochf");
    is("stochRsi", "stochrsi");
    is("williamsR", "willr", "wpr", "williamsPercentR");
    is("awesome", "ao", "awesomeOscillator");
    is("ultimate", "uo", "ultosc", "ultimateOscillator");
    is("fisher", "fisherTransform");
    is("bop", "balanceOfPower");
    is("rvi", "rvgi", "relativeVigor");
    is("elderRay", "bullBearPower", "bbp");
    is("forecast", "tsf");
    is("connorsRsi", "crsi");
    is("rocBands", "rocSignal");
    is("adx", "dmi", "adxDmi");
    is("bollinger", "bbands", "bb", "bollingerBands");
    is("keltner", "kc", "keltnerChannel");
    is("donchian", "dc", "donchianChannel");
    is("psar", "sar", "parabolicSar");
    is("superTrend", "supertrend");
    is("atrStop", "volatilityStop");
    is("chandelier", "chandelierExit");
    is("chandeKroll", "chandeKrollStop");
    is("fractalBands", "fcb", "fractalChaosBands");
    is("pivots", "pivotPoints");
    is("mama", "mesa");
    is("htTrendline", "hilbertTrendline");
    is("regression", "linearRegression");
    is("trueRange", "tr");
    is("historicalVolatility", "hv");
    is("choppiness", "chop", "choppinessIndex");
    is("ulcer", "ulcerIndex");
    is("correlation", "correl");
    is("kurtosis", "kurt");
    is("skew", "skewness");
    is("variance", "var");
    is("adl", "ad", "accumulationDistribution");
    is("chaikinOscillator", "adosc");
    is("cmf", "chaikinMoneyFlow");
    is("mfi", "moneyFlow");
    is("force", "efi", "forceIndex");
    is("emv", "eom", "easeOfMovement");
    is("klinger", "kvo");
    is("hlc3", "typicalPrice");
    is("hl2", "medianPrice");
    is("ohlc4", "averagePrice");
    is("hlcc4", "weightedClose");
    is("candle", "pattern");
  }

  private OtherNames() {}

  private static void is(String name, String... others) {
    for (String other : others) {
      if (NAMES.put(other, name) != null) {
        throw new IllegalStateException(other + " stands for two names");
      }
    }
  }

  /** The catalogue's name for a usual one, or {@code null}. */
  static String nameOf(String other) {
    return NAMES.get(other);
  }

  /** What else an indicator may be called, in order. */
  public static List<String> of(String name) {
    return NAMES.entrySet().stream()
        .filter(e -> e.getValue().equals(name))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** All of them, in order. */
  public static List<String> all() {
    return List.copyOf(NAMES.keySet());
  }
}

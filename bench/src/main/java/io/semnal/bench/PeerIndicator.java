package io.semnal.bench;

import com.tictactec.ta.lib.Core;
import com.tictactec.ta.lib.MAType;
import com.tictactec.ta.lib.MInteger;
import com.tictactec.ta.lib.RetCode;
import java.util.List;
import java.util.function.Function;
import org.ta4j.core.BarSeries;
import org.ta4j.core.Indicator;
import org.ta4j.core.indicators.ATRIndicator;
import org.ta4j.core.indicators.CCIIndicator;
import org.ta4j.core.indicators.MACDIndicator;
import org.ta4j.core.indicators.ROCIndicator;
import org.ta4j.core.indicators.RSIIndicator;
import org.ta4j.core.indicators.StochasticOscillatorKIndicator;
import org.ta4j.core.indicators.WilliamsRIndicator;
import org.ta4j.core.indicators.adx.ADXIndicator;
import org.ta4j.core.indicators.aroon.AroonUpIndicator;
import org.ta4j.core.indicators.averages.DoubleEMAIndicator;
import org.ta4j.core.indicators.averages.EMAIndicator;
import org.ta4j.core.indicators.averages.KAMAIndicator;
import org.ta4j.core.indicators.averages.LSMAIndicator;
import org.ta4j.core.indicators.averages.SMAIndicator;
import org.ta4j.core.indicators.averages.TripleEMAIndicator;
import org.ta4j.core.indicators.averages.WMAIndicator;
import org.ta4j.core.indicators.bollinger.BollingerBandsMiddleIndicator;
import org.ta4j.core.indicators.bollinger.BollingerBandsUpperIndicator;
import org.ta4j.core.indicators.helpers.ClosePriceIndicator;
import org.ta4j.core.indicators.helpers.HighPriceIndicator;
import org.ta4j.core.indicators.helpers.HighestValueIndicator;
import org.ta4j.core.indicators.statistics.StandardDeviationIndicator;
import org.ta4j.core.indicators.volume.MoneyFlowIndexIndicator;
import org.ta4j.core.num.Num;

/**
 * One of the twenty indicators that Semnal, ta4j and TA-Lib all have under the same convention.
 *
 * @param column how Semnal writes it
 */
record PeerIndicator(
    String column, Function<Ta4jInputs, Indicator<Num>> ta4j, TaLibFunction taLib) {
  /** What ta4j's indicators are made from; shared between them, as its users do. */
  record Ta4jInputs(BarSeries series, ClosePriceIndicator close, SMAIndicator sma) {
    static Ta4jInputs of(BarSeries series) {
      ClosePriceIndicator close = new ClosePriceIndicator(series);
      return new Ta4jInputs(series, close, new SMAIndicator(close, 20));
    }
  }

  /** Writes one value for each bar from {@code begin} on into {@code out}. */
  interface TaLibFunction {
    RetCode over(
        Core core, BarSeriesSample bars, int last, MInteger begin, MInteger count, Outputs out);
  }

  /** Arrays that TA-Lib writes to; the first is the one that counts. */
  record Outputs(double[] first, double[] second, double[] third) {
    static Outputs ofLength(int length) {
      return new Outputs(new double[length], new double[length], new double[length]);
    }
  }

  static List<PeerIndicator> all() {
    return List.of(
        new PeerIndicator(
            "sma(20)",
            Ta4jInputs::sma,
            (c, b, n, i, k, o) -> c.sma(0, n, b.close, 20, i, k, o.first)),
        new PeerIndicator(
            "ema(20)",
            t -> new EMAIndicator(t.close, 20),
            (c, b, n, i, k, o) -> c.ema(0, n, b.close, 20, i, k, o.first)),
        new PeerIndicator(
            "wma(20)",
            t -> new WMAIndicator(t.close, 20),
            (c, b, n, i, k, o) -> c.wma(0, n, b.close, 20, i, k, o.first)),
        new PeerIndicator(
            "dema(20)",
            t -> new DoubleEMAIndicator(t.close, 20),
            (c, b, n, i, k, o) -> c.dema(0, n, b.close, 20, i, k, o.first)),
        new PeerIndicator(
            "tema(20)",
            t -> new TripleEMAIndicator(t.close, 20),
            (c, b, n, i, k, o) -> c.tema(0, n, b.close, 20, i, k, o.first)),
        new PeerIndicator(
            "kama(10,2,30)",
            t -> new KAMAIndicator(t.close, 10, 2, 30),
            (c, b, n, i, k, o) -> c.kama(0, n, b.close, 10, i, k, o.first)),
        new PeerIndicator(
            "lsma(20)",
            t -> new LSMAIndicator(t.close, 20),
            (c, b, n, i, k, o) -> c.linearReg(0, n, b.close, 20, i, k, o.first)),
        new PeerIndicator(
            "rsi(14)",
            t -> new RSIIndicator(t.close, 14),
            (c, b, n, i, k, o) -> c.rsi(0, n, b.close, 14, i, k, o.first)),
        new PeerIndicator(
            "macd(12,26,9)",
            t -> new MACDIndicator(t.close, 12, 26),
            (c, b, n, i, k, o) -> c.apo(0, n, b.close, 12, 26, MAType.Ema, i, k, o.first)),
        new PeerIndicator(
            "roc(10)",
            t -> new ROCIndicator(t.close, 10),
            (c, b, n, i, k, o) -> c.roc(0, n, b.close, 10, i, k, o.first)),
        new PeerIndicator(
            "williamsR(14)",
            t -> new WilliamsRIndicator(t.series, 14),
            (c, b, n, i, k, o) -> c.willR(0, n, b.high, b.low, b.close, 14, i, k, o.first)),
        new PeerIndicator(
            "stochastic(14,3,3).raw",
            t -> new StochasticOscillatorKIndicator(t.series, 14),
            (c, b, n, i, k, o) ->
                c.stochF(0, n, b.high, b.low, b.close, 14, 1, MAType.Sma, i, k, o.first, o.second)),
        new PeerIndicator(
            "cci(20)",
            t -> new CCIIndicator(t.series, 20),
            (c, b, n, i, k, o) -> c.cci(0, n, b.high, b.low, b.close, 20, i, k, o.first)),
        new PeerIndicator(
            "mfi(14)",
            t -> new MoneyFlowIndexIndicator(t.series, 14),
            (c, b, n, i, k, o) -> c.mfi(0, n, b.high, b.low, b.close, b.volume, 14, i, k, o.first)),
        new PeerIndicator(
            "atr(14)",
            t -> new ATRIndicator(t.series, 14),
            (c, b, n, i, k, o) -> c.atr(0, n, b.high, b.low, b.close, 14, i, k, o.first)),
        new PeerIndicator(
            "adx(14)",
            t -> new ADXIndicator(t.series, 14),
            (c, b, n, i, k, o) -> c.adx(0, n, b.high, b.low, b.close, 14, i, k, o.first)),
        new PeerIndicator(
            "aroon(25).up",
            t -> new AroonUpIndicator(t.series, 25),
            (c, b, n, i, k, o) -> c.aroon(0, n, b.high, b.low, 25, i, k, o.second, o.first)),
        new PeerIndicator(
            "std(20)",
            t -> new StandardDeviationIndicator(t.close, 20),
            (c, b, n, i, k, o) -> c.stdDev(0, n, b.close, 20, 1, i, k, o.first)),
        new PeerIndicator(
            "bollinger(20,2).upper",
            t ->
                new BollingerBandsUpperIndicator(
                    new BollingerBandsMiddleIndicator(t.sma),
                    new StandardDeviationIndicator(t.close, 20)),
            (c, b, n, i, k, o) ->
                c.bbands(0, n, b.close, 20, 2, 2, MAType.Sma, i, k, o.first, o.second, o.third)),
        new PeerIndicator(
            "max(high,20)",
            t -> new HighestValueIndicator(new HighPriceIndicator(t.series), 20),
            (c, b, n, i, k, o) -> c.max(0, n, b.high, 20, i, k, o.first)));
  }
}

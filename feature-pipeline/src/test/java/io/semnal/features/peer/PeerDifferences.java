package io.semnal.features.peer;

import com.tictactec.ta.lib.Core;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.ta4j.core.BarSeries;
import org.ta4j.core.Indicator;
import org.ta4j.core.indicators.ConnorsRSIIndicator;
import org.ta4j.core.indicators.DPOIndicator;
import org.ta4j.core.indicators.FisherIndicator;
import org.ta4j.core.indicators.SchaffTrendCycleIndicator;
import org.ta4j.core.indicators.UlcerIndexIndicator;
import org.ta4j.core.indicators.averages.MCGinleyMAIndicator;
import org.ta4j.core.indicators.averages.TMAIndicator;
import org.ta4j.core.indicators.averages.VIDYAIndicator;
import org.ta4j.core.indicators.candles.BullishMarubozuIndicator;
import org.ta4j.core.indicators.candles.DojiIndicator;
import org.ta4j.core.indicators.candles.HammerIndicator;
import org.ta4j.core.indicators.candles.ShootingStarIndicator;
import org.ta4j.core.indicators.candles.ThreeWhiteSoldiersIndicator;
import org.ta4j.core.indicators.donchian.DonchianChannelUpperIndicator;
import org.ta4j.core.indicators.ichimoku.IchimokuSenkouSpanAIndicator;
import org.ta4j.core.indicators.keltner.KeltnerChannelMiddleIndicator;
import org.ta4j.core.indicators.supertrend.SuperTrendIndicator;
import org.ta4j.core.indicators.volume.VWAPIndicator;
import org.ta4j.core.num.Num;

/** Where the conventions differ, and why. */
final class PeerDifferences {
  private static final Core CORE = new Core();

  private PeerDifferences() {}

  static List<PeerDifference> all() {
    List<PeerDifference> all = new ArrayList<>(indicators());
    all.addAll(channelsAndVolume());
    all.addAll(candles());
    return all;
  }

  private static List<PeerDifference> indicators() {
    return List.of(
        taLib(
            "cmo(14)",
            "its sums are Wilder's averages, Chande's are plain sums",
            "100 * smma(diff(close,1),14) / smma(abs(diff(close,1)),14)",
            m -> TaLibPeers.one((n, b, k, o) -> CORE.cmo(0, n, m.close, 14, b, k, o), m)),
        taLib(
            "bop(14)",
            "one bar's balance, not averaged",
            "bop(1)",
            m ->
                TaLibPeers.one(
                    (n, b, k, o) -> CORE.bop(0, n, m.open, m.high, m.low, m.close, b, k, o), m)),
        taLib(
            "beta(high,close,20)",
            "it takes the returns of both series itself, the explaining one first",
            "beta(return(high,1),return(close,1),20)",
            m -> TaLibPeers.one((n, b, k, o) -> CORE.beta(0, n, m.close, m.high, 20, b, k, o), m)),
        taLib(
            "psar(0.02,0.02,0.2)",
            "it turns where the price touches the stop (ours where it passes), and a turn's stop is"
                + " widened to the turning bar's own extreme",
            "",
            m ->
                TaLibPeers.one(
                    (n, b, k, o) -> CORE.sar(0, n, m.high, m.low, 0.02, 0.2, b, k, o), m)),
        ta4j(
            "dpo(20)",
            "the close less the average of half a period ago; ours is the classic's value, told when"
                + " it is known",
            "close - lag(sma(20), 11)",
            of(s -> new DPOIndicator(s, 20))),
        ta4j(
            "connorsRsi(3,2,100)",
            "it ranks the change of the price, not the return",
            "(rsi(3) + rsi(streak(close),2) + rank(diff(close,1),100)) / 3",
            of(s -> new ConnorsRSIIndicator(Ta4jPeers.close(s), 3, 2, 100))),
        ta4j(
            "fisher(10)",
            "by default the range is of highs and lows, not of the middle, and the place begins at 0",
            "smoothed(log((1 + clamp(smoothed(2 * (hl2 - min(low,10)) / (max(high,10) - min(low,10))"
                + " - 1, 0.33, 1), -0.999, 0.999)) / (1 - clamp(smoothed(2 * (hl2 - min(low,10))"
                + " / (max(high,10) - min(low,10)) - 1, 0.33, 1), -0.999, 0.999))), 0.5, 1)",
            of(FisherIndicator::new)),
        ta4j(
            "stc(10,23,50)",
            "where a range is flat it repeats the value before; ours is 50",
            "",
            of(s -> new SchaffTrendCycleIndicator(Ta4jPeers.close(s), 23, 50, 10, 3))),
        ta4j(
            "mcginley(14)",
            "the ratio squared and no factor; McGinley has 0.6 and the fourth power",
            "",
            of(s -> new MCGinleyMAIndicator(Ta4jPeers.close(s), 14))),
        ta4j(
            "vidya(14,9)",
            "the weight is |CMO| alone, without 2 / (n + 1)",
            "adaptive(close, abs(cmo(9)) / 100, 0.05)",
            of(s -> new VIDYAIndicator(Ta4jPeers.close(s), 9, 14))),
        ta4j(
            "trima(20)",
            "the average of the average over the whole period each, not half of it",
            "sma(sma(20),20)",
            of(s -> new TMAIndicator(Ta4jPeers.close(s), 20))),
        ta4j(
            "ulcer(14)",
            "the fall from the highest since the window began; ours from the highest of the bar's"
                + " own last fourteen",
            "",
            of(s -> new UlcerIndexIndicator(Ta4jPeers.close(s), 14))));
  }

  private static List<PeerDifference> channelsAndVolume() {
    return List.of(
        ta4j(
            "keltner(20,2,10)",
            "by default around the typical price, not the close",
            "ema(hlc3,20)",
            of(s -> new KeltnerChannelMiddleIndicator(s, 20))),
        ta4j(
            "donchian(20).upper",
            "the present bar is in it",
            "max(high,20)",
            of(s -> new DonchianChannelUpperIndicator(s, 20))),
        ta4j(
            "ichimoku(9,26,52).senkouA",
            "an offset of 26 counts the bar itself",
            "lag((ichimoku.tenkan + ichimoku.kijun) / 2, 25)",
            of(IchimokuSenkouSpanAIndicator::new)),
        ta4j(
            "superTrend(10,3)",
            "always 0: a band that began missing, as its ATR does, is never left again",
            "",
            of(s -> new SuperTrendIndicator(s, 10, 3.0))),
        ta4j(
            "vwap",
            "over the last bars, not since the day's beginning",
            "sum(hlc3 * volume,14) / sum(volume,14)",
            of(s -> new VWAPIndicator(s, 14))),
        taLib(
            "obv(20)",
            "the running total since the first bar; ours is its change over the period, which has an"
                + " end to its warm-up",
            "",
            m -> TaLibPeers.one((n, b, k, o) -> CORE.obv(0, n, m.close, m.volume, b, k, o), m)),
        taLib(
            "adl(20)",
            "the running total since the first bar; ours is its change over the period",
            "",
            m ->
                TaLibPeers.one(
                    (n, b, k, o) -> CORE.ad(0, n, m.high, m.low, m.close, m.volume, b, k, o), m)));
  }

  private static List<PeerDifference> candles() {
    return List.of(
        taLib(
            "candle.doji",
            "the body by the mean range of the ten bars before, not by its own",
            "abs(close - open) <= 0.1 * lag(sma(high - low,10),1)",
            m ->
                hundredth(
                    TaLibPeers.whole(
                        (n, b, k, o) -> CORE.cdlDoji(0, n, m.open, m.high, m.low, m.close, b, k, o),
                        m))),
        ta4j(
            "candle.doji",
            "the body by the mean body of the ten bars before",
            "abs(close - open) < 0.1 * lag(sma(abs(close - open),10),1)",
            flags(s -> new DojiIndicator(s, 10, 0.1))),
        taLib(
            "candle.marubozu",
            "the body longer than the mean of ten, the shadows below a tenth of the mean range",
            "(abs(close - open) > lag(sma(abs(close - open),10),1))"
                + " * (high - greater(open,close) < 0.1 * lag(sma(high - low,10),1))"
                + " * (lesser(open,close) - low < 0.1 * lag(sma(high - low,10),1))"
                + " * (2 * (close >= open) - 1)",
            m ->
                hundredth(
                    TaLibPeers.whole(
                        (n, b, k, o) ->
                            CORE.cdlMarubozu(0, n, m.open, m.high, m.low, m.close, b, k, o),
                        m))),
        ta4j(
            "greater(candle.marubozu,0)",
            "the body longer than the mean of five, each shadow at most 5 % of it",
            "(close - open > lag(sma(abs(close - open),5),1)) * (high - close <= 0.05 * (close -"
                + " open)) * (open - low <= 0.05 * (close - open))",
            flags(BullishMarubozuIndicator::new)),
        ta4j(
            "candle.hammer",
            "after a fall (ADX above 25), an upper shadow as long as the body allowed",
            "",
            flags(HammerIndicator::new)),
        ta4j(
            "candle.shootingStar",
            "after a rise (ADX above 25), a lower shadow as long as the body allowed",
            "",
            flags(ShootingStarIndicator::new)),
        ta4j(
            "candle.threeSoldiers",
            "a falling bar before, upper shadows below the mean",
            "",
            flags(s -> new ThreeWhiteSoldiersIndicator(s, 10, s.numFactory().one()))));
  }

  private static PeerDifference taLib(
      String column, String reason, String translation, Function<PeerMarket, double[]> peer) {
    return new PeerDifference(column, "TA-Lib", reason, translation, peer);
  }

  private static PeerDifference ta4j(
      String column, String reason, String translation, Function<PeerMarket, double[]> peer) {
    return new PeerDifference(column, "ta4j", reason, translation, peer);
  }

  private static Function<PeerMarket, double[]> of(Function<BarSeries, Indicator<Num>> indicator) {
    return m -> Ta4jPeers.values(indicator.apply(m.series()), m.length());
  }

  private static Function<PeerMarket, double[]> flags(
      Function<BarSeries, Indicator<Boolean>> indicator) {
    return m -> {
      Indicator<Boolean> flag = indicator.apply(m.series());
      return IntStream.range(0, m.length()).mapToDouble(i -> flag.getValue(i) ? 1 : 0).toArray();
    };
  }

  private static double[] hundredth(double[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i] / 100).toArray();
  }
}

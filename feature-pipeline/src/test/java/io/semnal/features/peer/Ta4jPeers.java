package io.semnal.features.peer;

import static io.semnal.features.peer.Peer.Seeding.NO_TIES;
import static io.semnal.features.peer.Peer.Seeding.OTHER;
import static io.semnal.features.peer.Peer.Seeding.SAME;

import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.ta4j.core.BarSeries;
import org.ta4j.core.Indicator;
import org.ta4j.core.indicators.ATRIndicator;
import org.ta4j.core.indicators.AwesomeOscillatorIndicator;
import org.ta4j.core.indicators.CMOIndicator;
import org.ta4j.core.indicators.ChandelierExitLongIndicator;
import org.ta4j.core.indicators.ChandelierExitShortIndicator;
import org.ta4j.core.indicators.ChopIndicator;
import org.ta4j.core.indicators.CoppockCurveIndicator;
import org.ta4j.core.indicators.FisherIndicator;
import org.ta4j.core.indicators.IntraDayMomentumIndexIndicator;
import org.ta4j.core.indicators.KRIIndicator;
import org.ta4j.core.indicators.KSTIndicator;
import org.ta4j.core.indicators.MassIndexIndicator;
import org.ta4j.core.indicators.PVOIndicator;
import org.ta4j.core.indicators.RecentSwingHighIndicator;
import org.ta4j.core.indicators.RecentSwingLowIndicator;
import org.ta4j.core.indicators.TrueStrengthIndexIndicator;
import org.ta4j.core.indicators.averages.EMAIndicator;
import org.ta4j.core.indicators.averages.HMAIndicator;
import org.ta4j.core.indicators.averages.MMAIndicator;
import org.ta4j.core.indicators.averages.SMAIndicator;
import org.ta4j.core.indicators.averages.VWMAIndicator;
import org.ta4j.core.indicators.averages.ZLEMAIndicator;
import org.ta4j.core.indicators.bollinger.BollingerBandWidthIndicator;
import org.ta4j.core.indicators.bollinger.BollingerBandsLowerIndicator;
import org.ta4j.core.indicators.bollinger.BollingerBandsMiddleIndicator;
import org.ta4j.core.indicators.bollinger.BollingerBandsUpperIndicator;
import org.ta4j.core.indicators.bollinger.PercentBIndicator;
import org.ta4j.core.indicators.candles.BearishEngulfingIndicator;
import org.ta4j.core.indicators.candles.BearishHaramiIndicator;
import org.ta4j.core.indicators.candles.BullishEngulfingIndicator;
import org.ta4j.core.indicators.candles.BullishHaramiIndicator;
import org.ta4j.core.indicators.donchian.DonchianChannelLowerIndicator;
import org.ta4j.core.indicators.donchian.DonchianChannelMiddleIndicator;
import org.ta4j.core.indicators.donchian.DonchianChannelUpperIndicator;
import org.ta4j.core.indicators.helpers.CloseLocationValueIndicator;
import org.ta4j.core.indicators.helpers.ClosePriceIndicator;
import org.ta4j.core.indicators.helpers.HighPriceIndicator;
import org.ta4j.core.indicators.helpers.LowPriceIndicator;
import org.ta4j.core.indicators.helpers.MedianPriceIndicator;
import org.ta4j.core.indicators.helpers.PercentRankIndicator;
import org.ta4j.core.indicators.helpers.PreviousValueIndicator;
import org.ta4j.core.indicators.helpers.StreakIndicator;
import org.ta4j.core.indicators.helpers.VolumeIndicator;
import org.ta4j.core.indicators.ichimoku.IchimokuKijunSenIndicator;
import org.ta4j.core.indicators.ichimoku.IchimokuSenkouSpanAIndicator;
import org.ta4j.core.indicators.ichimoku.IchimokuSenkouSpanBIndicator;
import org.ta4j.core.indicators.ichimoku.IchimokuTenkanSenIndicator;
import org.ta4j.core.indicators.keltner.KeltnerChannelLowerIndicator;
import org.ta4j.core.indicators.keltner.KeltnerChannelMiddleIndicator;
import org.ta4j.core.indicators.keltner.KeltnerChannelUpperIndicator;
import org.ta4j.core.indicators.numeric.NumericIndicator;
import org.ta4j.core.indicators.numeric.UnaryOperationIndicator;
import org.ta4j.core.indicators.statistics.CovarianceIndicator;
import org.ta4j.core.indicators.statistics.MeanDeviationIndicator;
import org.ta4j.core.indicators.statistics.StandardDeviationIndicator;
import org.ta4j.core.indicators.volume.ChaikinMoneyFlowIndicator;
import org.ta4j.core.num.Num;

/**
 * What ta4j 0.21.0 computes as we do; its averages begin with their first value, ours with a mean.
 */
final class Ta4jPeers {
  private Ta4jPeers() {}

  static List<Peer> averages() {
    return List.of(
        of("ema(20)", OTHER, s -> new EMAIndicator(close(s), 20)),
        of("smma(14)", OTHER, s -> new MMAIndicator(close(s), 14)),
        of("hma(16)", SAME, s -> new HMAIndicator(close(s), 16)),
        of("vwma(20)", SAME, s -> new VWMAIndicator(close(s), 20)),
        of("zlema(20)", OTHER, s -> new ZLEMAIndicator(close(s), 20)),
        of("alligator.jaw", OTHER, s -> lagged(new MMAIndicator(median(s), 13), 8)),
        of("alligator.teeth", OTHER, s -> lagged(new MMAIndicator(median(s), 8), 5)),
        of("alligator.lips", OTHER, s -> lagged(new MMAIndicator(median(s), 5), 3)));
  }

  static List<Peer> momentum() {
    return List.of(
        of("cmo(14)", SAME, s -> new CMOIndicator(close(s), 14)),
        of("awesome(5,34)", SAME, AwesomeOscillatorIndicator::new),
        of("tsi(25,13,7)", OTHER, s -> new TrueStrengthIndexIndicator(close(s), 25, 13)),
        of(
            "tsi(25,13,7).signal",
            OTHER,
            s -> new EMAIndicator(new TrueStrengthIndexIndicator(close(s), 25, 13), 7)),
        of("fisher(10)", OTHER, s -> new FisherIndicator(median(s), 10, false)),
        of("fisher(10).trigger", OTHER, s -> lagged(new FisherIndicator(median(s), 10, false), 1)),
        of("kst(9)", SAME, s -> new KSTIndicator(close(s))),
        of("kst(9).signal", SAME, s -> new SMAIndicator(new KSTIndicator(close(s)), 9)),
        of("coppock(14,11,10)", SAME, s -> new CoppockCurveIndicator(close(s), 14, 11, 10)),
        of("streak(close)", OTHER, s -> new StreakIndicator(close(s))),
        of("rank(close,100)", SAME, s -> new PercentRankIndicator(close(s), 100)),
        of("pvo(12,26,9)", OTHER, s -> new PVOIndicator(s, 12, 26)),
        of("pvo(12,26,9).signal", OTHER, s -> new EMAIndicator(new PVOIndicator(s, 12, 26), 9)),
        of(
            "pvo(12,26,9).histogram",
            OTHER,
            s ->
                NumericIndicator.of(new PVOIndicator(s, 12, 26))
                    .minus(new EMAIndicator(new PVOIndicator(s, 12, 26), 9))));
  }

  static List<Peer> trendAndVolatility() {
    return List.of(
        of("keltner(20,2,10)", OTHER, Ta4jPeers::keltner),
        of(
            "keltner(20,2,10).upper",
            OTHER,
            s -> new KeltnerChannelUpperIndicator(keltner(s), new ATRIndicator(s, 10), 2)),
        of(
            "keltner(20,2,10).lower",
            OTHER,
            s -> new KeltnerChannelLowerIndicator(keltner(s), new ATRIndicator(s, 10), 2)),
        of("donchian(20).upper", SAME, s -> lagged(new DonchianChannelUpperIndicator(s, 20), 1)),
        of("donchian(20).lower", SAME, s -> lagged(new DonchianChannelLowerIndicator(s, 20), 1)),
        of("donchian(20)", SAME, s -> lagged(new DonchianChannelMiddleIndicator(s, 20), 1)),
        of("bollinger(20,2).percentB", SAME, s -> new PercentBIndicator(close(s), 20, 2)),
        of("bollinger(20,2).width", SAME, s -> NumericIndicator.of(width(s)).dividedBy(100)),
        of("bollinger(20,2).zscore", SAME, s -> zscore(s, 20)),
        of("zscore(close,10)", SAME, s -> zscore(s, 10)),
        of("meanDeviation(20)", SAME, s -> new MeanDeviationIndicator(close(s), 20)),
        of("choppiness(14)", SAME, s -> new ChopIndicator(s, 14, 100)),
        of("massIndex(9,25)", OTHER, s -> new MassIndexIndicator(s, 9, 25)),
        of("ichimoku(9,26,52)", SAME, s -> new IchimokuTenkanSenIndicator(s, 9)),
        of("ichimoku(9,26,52).kijun", SAME, s -> new IchimokuKijunSenIndicator(s, 26)),
        // Its offset counts the bar itself.
        of(
            "ichimoku(9,26,52).senkouA",
            SAME,
            s ->
                new IchimokuSenkouSpanAIndicator(
                    s,
                    new IchimokuTenkanSenIndicator(s, 9),
                    new IchimokuKijunSenIndicator(s, 26),
                    27)),
        of("ichimoku(9,26,52).senkouB", SAME, s -> new IchimokuSenkouSpanBIndicator(s, 52, 27)));
  }

  static List<Peer> theRest() {
    return List.of(
        of("lag(close,5)", SAME, s -> lagged(close(s), 5)),
        of(
            "abs(close - lag(close,5))",
            SAME,
            s ->
                UnaryOperationIndicator.abs(
                    NumericIndicator.of(close(s)).minus(lagged(close(s), 5)))),
        of("cmf(20)", SAME, s -> new ChaikinMoneyFlowIndicator(s, 20)),
        of("adl(20).multiplier", SAME, CloseLocationValueIndicator::new),
        // Its patterns demand more than an equal price.
        new Peer(
            "candle.engulfing",
            "ta4j",
            NO_TIES,
            m ->
                signed(
                    m,
                    new BullishEngulfingIndicator(m.series()),
                    new BearishEngulfingIndicator(m.series()))),
        new Peer(
            "candle.harami",
            "ta4j",
            NO_TIES,
            m ->
                signed(
                    m,
                    new BullishHaramiIndicator(m.series()),
                    new BearishHaramiIndicator(m.series()))),
        new Peer("fractal(2).up", "ta4j", SAME, Ta4jPeers::swingHigh),
        new Peer("fractal(2).down", "ta4j", SAME, Ta4jPeers::swingLow));
  }

  static List<Peer> more() {
    return List.of(
        of(
            "covariance(close,volume,20)",
            SAME,
            s -> new CovarianceIndicator(close(s), new VolumeIndicator(s), 20)),
        of("chandelier(22,3)", OTHER, s -> new ChandelierExitLongIndicator(s, 22, 3)),
        of("chandelier(22,3).short", OTHER, s -> new ChandelierExitShortIndicator(s, 22, 3)),
        of("disparity(14)", SAME, s -> new KRIIndicator(s, 14)),
        of("imi(14)", SAME, s -> new IntraDayMomentumIndexIndicator(s, 14)));
  }

  static ClosePriceIndicator close(BarSeries series) {
    return new ClosePriceIndicator(series);
  }

  static double[] values(Indicator<Num> indicator, int bars) {
    return IntStream.range(0, bars).mapToDouble(i -> indicator.getValue(i).doubleValue()).toArray();
  }

  private static MedianPriceIndicator median(BarSeries series) {
    return new MedianPriceIndicator(series);
  }

  private static Indicator<Num> lagged(Indicator<Num> indicator, int bars) {
    return new PreviousValueIndicator(indicator, bars);
  }

  private static KeltnerChannelMiddleIndicator keltner(BarSeries series) {
    return new KeltnerChannelMiddleIndicator(close(series), 20);
  }

  private static BollingerBandWidthIndicator width(BarSeries series) {
    var middle = new BollingerBandsMiddleIndicator(new SMAIndicator(close(series), 20));
    var deviation = new StandardDeviationIndicator(close(series), 20);
    return new BollingerBandWidthIndicator(
        new BollingerBandsUpperIndicator(middle, deviation),
        middle,
        new BollingerBandsLowerIndicator(middle, deviation));
  }

  private static Indicator<Num> zscore(BarSeries series, int period) {
    return NumericIndicator.of(close(series))
        .minus(new SMAIndicator(close(series), period))
        .dividedBy(new StandardDeviationIndicator(close(series), period));
  }

  private static double[] signed(
      PeerMarket market, Indicator<Boolean> bullish, Indicator<Boolean> bearish) {
    return IntStream.range(0, market.length())
        .mapToDouble(i -> (bullish.getValue(i) ? 1 : 0) - (bearish.getValue(i) ? 1 : 0))
        .toArray();
  }

  /** Whether the newest swing that can be known at a bar stands two bars before it. */
  private static double[] swingHigh(PeerMarket market) {
    var swings = new RecentSwingHighIndicator(new HighPriceIndicator(market.series()), 2, 2, 0);
    return IntStream.range(0, market.length())
        .mapToDouble(i -> i < 4 ? Double.NaN : swings.getLatestSwingIndex(i) == i - 2 ? 1 : 0)
        .toArray();
  }

  private static double[] swingLow(PeerMarket market) {
    var swings = new RecentSwingLowIndicator(new LowPriceIndicator(market.series()), 2, 2, 0);
    return IntStream.range(0, market.length())
        .mapToDouble(i -> i < 4 ? Double.NaN : swings.getLatestSwingIndex(i) == i - 2 ? 1 : 0)
        .toArray();
  }

  private static Peer of(
      String column, Peer.Seeding seeding, Function<BarSeries, Indicator<Num>> indicator) {
    return new Peer(column, "ta4j", seeding, m -> values(indicator.apply(m.series()), m.length()));
  }
}

package io.semnal.features.peer;

import static io.semnal.features.peer.Peer.Seeding.NO_TIES;
import static io.semnal.features.peer.Peer.Seeding.OTHER;
import static io.semnal.features.peer.Peer.Seeding.SAME;

import com.tictactec.ta.lib.Core;
import com.tictactec.ta.lib.MAType;
import com.tictactec.ta.lib.MInteger;
import com.tictactec.ta.lib.RetCode;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;

/** What TA-Lib 0.4.0 computes as we do. */
final class TaLibPeers {
  private static final Core CORE = new Core();

  private TaLibPeers() {}

  static List<Peer> averages() {
    return List.of(
        of("sma(20)", SAME, m -> one((n, b, k, o) -> CORE.sma(0, n, m.close, 20, b, k, o), m)),
        of("mean(20)", SAME, m -> one((n, b, k, o) -> CORE.sma(0, n, m.close, 20, b, k, o), m)),
        of("ema(20)", SAME, m -> one((n, b, k, o) -> CORE.ema(0, n, m.close, 20, b, k, o), m)),
        of("wma(20)", SAME, m -> one((n, b, k, o) -> CORE.wma(0, n, m.close, 20, b, k, o), m)),
        of("dema(20)", SAME, m -> one((n, b, k, o) -> CORE.dema(0, n, m.close, 20, b, k, o), m)),
        of("tema(20)", SAME, m -> one((n, b, k, o) -> CORE.tema(0, n, m.close, 20, b, k, o), m)),
        of("trima(20)", SAME, m -> one((n, b, k, o) -> CORE.trima(0, n, m.close, 20, b, k, o), m)),
        of("trima(21)", SAME, m -> one((n, b, k, o) -> CORE.trima(0, n, m.close, 21, b, k, o), m)),
        of(
            "t3(5,0.7)",
            OTHER,
            m -> one((n, b, k, o) -> CORE.t3(0, n, m.close, 5, 0.7, b, k, o), m)),
        of(
            "kama(10,2,30)",
            OTHER,
            m -> one((n, b, k, o) -> CORE.kama(0, n, m.close, 10, b, k, o), m)),
        of(
            "lsma(20)",
            SAME,
            m -> one((n, b, k, o) -> CORE.linearReg(0, n, m.close, 20, b, k, o), m)),
        of(
            "regression(20).end",
            SAME,
            m -> one((n, b, k, o) -> CORE.linearReg(0, n, m.close, 20, b, k, o), m)),
        of(
            "regression(20).slope",
            SAME,
            m -> one((n, b, k, o) -> CORE.linearRegSlope(0, n, m.close, 20, b, k, o), m)));
  }

  static List<Peer> momentum() {
    return List.of(
        of("return(5)", SAME, m -> one((n, b, k, o) -> CORE.rocP(0, n, m.close, 5, b, k, o), m)),
        of(
            "logReturn(5)",
            SAME,
            m -> ln(one((n, b, k, o) -> CORE.rocR(0, n, m.close, 5, b, k, o), m))),
        of("momentum(10)", SAME, m -> one((n, b, k, o) -> CORE.mom(0, n, m.close, 10, b, k, o), m)),
        of("diff(close,3)", SAME, m -> one((n, b, k, o) -> CORE.mom(0, n, m.close, 3, b, k, o), m)),
        of("roc(10)", SAME, m -> one((n, b, k, o) -> CORE.roc(0, n, m.close, 10, b, k, o), m)),
        of("rsi(14)", SAME, m -> one((n, b, k, o) -> CORE.rsi(0, n, m.close, 14, b, k, o), m)),
        of("macd(12,26,9)", OTHER, m -> macd(m, 0)),
        of("macd(12,26,9).signal", OTHER, m -> macd(m, 1)),
        of("macd(12,26,9).histogram", OTHER, m -> macd(m, 2)),
        of(
            "apo(12,26)",
            OTHER,
            m -> one((n, b, k, o) -> CORE.apo(0, n, m.close, 12, 26, MAType.Ema, b, k, o), m)),
        of(
            "ppo(12,26)",
            OTHER,
            m -> one((n, b, k, o) -> CORE.ppo(0, n, m.close, 12, 26, MAType.Ema, b, k, o), m)),
        of("trix(15)", SAME, m -> one((n, b, k, o) -> CORE.trix(0, n, m.close, 15, b, k, o), m)),
        of("stochastic(14,3,3).k", SAME, m -> stochastic(m, 0)),
        of("stochastic(14,3,3).d", SAME, m -> stochastic(m, 1)),
        of("stochastic(14,3,3).raw", SAME, m -> fast(m, 0)),
        of("stochRsi(14,14,3,1).raw", SAME, m -> stochRsi(m, 0)),
        of("stochRsi(14,14,3,1).k", SAME, m -> stochRsi(m, 0)),
        of("stochRsi(14,14,3,1).d", SAME, m -> stochRsi(m, 1)),
        of(
            "williamsR(14)",
            SAME,
            m -> one((n, b, k, o) -> CORE.willR(0, n, m.high, m.low, m.close, 14, b, k, o), m)),
        of(
            "cci(20)",
            SAME,
            m -> one((n, b, k, o) -> CORE.cci(0, n, m.high, m.low, m.close, 20, b, k, o), m)),
        of(
            "ultimate(7,14,28)",
            SAME,
            m ->
                one(
                    (n, b, k, o) -> CORE.ultOsc(0, n, m.high, m.low, m.close, 7, 14, 28, b, k, o),
                    m)),
        of(
            "bop(1)",
            SAME,
            m -> one((n, b, k, o) -> CORE.bop(0, n, m.open, m.high, m.low, m.close, b, k, o), m)));
  }

  static List<Peer> trendAndVolatility() {
    return List.of(
        of(
            "trueRange",
            SAME,
            m -> one((n, b, k, o) -> CORE.trueRange(0, n, m.high, m.low, m.close, b, k, o), m)),
        of(
            "atr(14)",
            SAME,
            m -> one((n, b, k, o) -> CORE.atr(0, n, m.high, m.low, m.close, 14, b, k, o), m)),
        of(
            "natr(14)",
            SAME,
            m -> one((n, b, k, o) -> CORE.natr(0, n, m.high, m.low, m.close, 14, b, k, o), m)),
        of(
            "adx(14)",
            OTHER,
            m -> one((n, b, k, o) -> CORE.adx(0, n, m.high, m.low, m.close, 14, b, k, o), m)),
        of(
            "adx(14).plusDi",
            OTHER,
            m -> one((n, b, k, o) -> CORE.plusDI(0, n, m.high, m.low, m.close, 14, b, k, o), m)),
        of(
            "adx(14).minusDi",
            OTHER,
            m -> one((n, b, k, o) -> CORE.minusDI(0, n, m.high, m.low, m.close, 14, b, k, o), m)),
        of(
            "adx(14).dx",
            OTHER,
            m -> one((n, b, k, o) -> CORE.dx(0, n, m.high, m.low, m.close, 14, b, k, o), m)),
        of(
            "adx(14).plusDm",
            SAME,
            m -> one((n, b, k, o) -> CORE.plusDM(0, n, m.high, m.low, 1, b, k, o), m)),
        of(
            "adx(14).minusDm",
            SAME,
            m -> one((n, b, k, o) -> CORE.minusDM(0, n, m.high, m.low, 1, b, k, o), m)),
        of("aroon(25).up", SAME, m -> aroon(m, 1)),
        of("aroon(25).down", SAME, m -> aroon(m, 0)),
        of(
            "aroon(25)",
            SAME,
            m -> one((n, b, k, o) -> CORE.aroonOsc(0, n, m.high, m.low, 25, b, k, o), m)),
        of("bollinger(20,2).upper", SAME, m -> bands(m, 0)),
        of("bollinger(20,2)", SAME, m -> bands(m, 1)),
        of("bollinger(20,2).lower", SAME, m -> bands(m, 2)),
        of(
            "std(20)",
            SAME,
            m -> one((n, b, k, o) -> CORE.stdDev(0, n, m.close, 20, 1, b, k, o), m)),
        of(
            "correlation(close,volume,20)",
            SAME,
            m -> one((n, b, k, o) -> CORE.correl(0, n, m.close, m.volume, 20, b, k, o), m)),
        of("autocorrelation(roc(1),20,1)", SAME, TaLibPeers::autocorrelation),
        // TA-Lib's beta takes the returns itself, the explaining series first.
        of(
            "beta(return(high,1),return(close,1),20)",
            SAME,
            m -> one((n, b, k, o) -> CORE.beta(0, n, m.close, m.high, 20, b, k, o), m)));
  }

  static List<Peer> windowsAndVolume() {
    return List.of(
        of(
            "sum(volume,20)",
            SAME,
            m -> one((n, b, k, o) -> CORE.sum(0, n, m.volume, 20, b, k, o), m)),
        of("min(low,20)", SAME, m -> one((n, b, k, o) -> CORE.min(0, n, m.low, 20, b, k, o), m)),
        of("max(high,20)", SAME, m -> one((n, b, k, o) -> CORE.max(0, n, m.high, 20, b, k, o), m)),
        // Of equal extremes its index tells now the newest, now the oldest (a rescan's first).
        of(
            "barsSinceMin(low,20)",
            NO_TIES,
            m -> since((n, b, k, o) -> CORE.minIndex(0, n, m.low, 20, b, k, o), m)),
        of(
            "barsSinceMax(high,20)",
            NO_TIES,
            m -> since((n, b, k, o) -> CORE.maxIndex(0, n, m.high, 20, b, k, o), m)),
        of("log(close)", SAME, m -> one((n, b, k, o) -> CORE.ln(0, n, m.close, b, k, o), m)),
        of("sqrt(close)", SAME, m -> one((n, b, k, o) -> CORE.sqrt(0, n, m.close, b, k, o), m)),
        of("floor(close)", SAME, m -> one((n, b, k, o) -> CORE.floor(0, n, m.close, b, k, o), m)),
        of("exp(close / 100)", SAME, TaLibPeers::exp),
        of("hl2", SAME, m -> one((n, b, k, o) -> CORE.medPrice(0, n, m.high, m.low, b, k, o), m)),
        of(
            "hlc3",
            SAME,
            m -> one((n, b, k, o) -> CORE.typPrice(0, n, m.high, m.low, m.close, b, k, o), m)),
        of(
            "ohlc4",
            SAME,
            m ->
                one(
                    (n, b, k, o) -> CORE.avgPrice(0, n, m.open, m.high, m.low, m.close, b, k, o),
                    m)),
        // A first bar of which nothing is known goes into its total.
        of(
            "obv(20)",
            SAME,
            m -> change(one((n, b, k, o) -> CORE.obv(0, n, m.close, m.volume, b, k, o), m), 20)),
        of(
            "adl(20)",
            SAME,
            m ->
                change(
                    one(
                        (n, b, k, o) -> CORE.ad(0, n, m.high, m.low, m.close, m.volume, b, k, o),
                        m),
                    20)),
        of(
            "mfi(14)",
            SAME,
            m ->
                one(
                    (n, b, k, o) -> CORE.mfi(0, n, m.high, m.low, m.close, m.volume, 14, b, k, o),
                    m)));
  }

  static List<Peer> more() {
    return List.of(
        of(
            "hlcc4",
            SAME,
            m -> one((n, b, k, o) -> CORE.wclPrice(0, n, m.high, m.low, m.close, b, k, o), m)),
        of(
            "midpoint(14)",
            SAME,
            m -> one((n, b, k, o) -> CORE.midPoint(0, n, m.close, 14, b, k, o), m)),
        of(
            "midprice(14)",
            SAME,
            m -> one((n, b, k, o) -> CORE.midPrice(0, n, m.high, m.low, 14, b, k, o), m)),
        of(
            "variance(20)",
            SAME,
            m -> one((n, b, k, o) -> CORE.variance(0, n, m.close, 20, 1, b, k, o), m)),
        of("forecast(14)", SAME, m -> one((n, b, k, o) -> CORE.tsf(0, n, m.close, 14, b, k, o), m)),
        of("stochasticFast(14,3)", SAME, m -> fast(m, 0)),
        of("stochasticFast(14,3).d", SAME, m -> fast(m, 1)),
        of(
            "chaikinOscillator(3,10)",
            OTHER,
            m ->
                one(
                    (n, b, k, o) ->
                        CORE.adOsc(0, n, m.high, m.low, m.close, m.volume, 3, 10, b, k, o),
                    m)),
        of(
            "htTrendline(close)",
            OTHER,
            m -> one((n, b, k, o) -> CORE.htTrendline(0, n, m.close, b, k, o), m)),
        of("mama(close,0.5,0.05)", OTHER, m -> mama(m, 0)),
        of("mama(close,0.5,0.05).fama", OTHER, m -> mama(m, 1)));
  }

  /** A function of TA-Lib over all bars. */
  interface Call {
    RetCode over(int last, MInteger begin, MInteger count, double[] out);
  }

  /** One with several outputs. */
  interface Calls {
    RetCode over(int last, MInteger begin, MInteger count, double[][] out);
  }

  /** One that gives whole numbers. */
  interface IntCall {
    RetCode over(int last, MInteger begin, MInteger count, int[] out);
  }

  /** The output, moved to the bars that it belongs to. */
  static double[] one(Call call, PeerMarket market) {
    double[] out = new double[market.length()];
    MInteger begin = new MInteger();
    MInteger count = new MInteger();
    check(call.over(market.length() - 1, begin, count, out), begin, count, market);
    return aligned(begin.value, count.value, i -> out[i]);
  }

  static double[] some(int outputs, int output, Calls call, PeerMarket market) {
    double[][] out = new double[outputs][market.length()];
    MInteger begin = new MInteger();
    MInteger count = new MInteger();
    check(call.over(market.length() - 1, begin, count, out), begin, count, market);
    return aligned(begin.value, count.value, i -> out[output][i]);
  }

  static double[] whole(IntCall call, PeerMarket market) {
    int[] out = new int[market.length()];
    MInteger begin = new MInteger();
    MInteger count = new MInteger();
    check(call.over(market.length() - 1, begin, count, out), begin, count, market);
    return aligned(begin.value, count.value, i -> out[i]);
  }

  private static void check(RetCode result, MInteger begin, MInteger count, PeerMarket market) {
    if (result != RetCode.Success || begin.value + count.value != market.length()) {
      throw new IllegalStateException(result + " from " + begin.value + ", " + count.value);
    }
  }

  private static double[] aligned(int begin, int count, IntToDoubleFunction out) {
    double[] values = new double[begin + count];
    Arrays.setAll(values, i -> i < begin ? Double.NaN : out.applyAsDouble(i - begin));
    return values;
  }

  private static double[] macd(PeerMarket m, int output) {
    return some(
        3, output, (n, b, k, o) -> CORE.macd(0, n, m.close, 12, 26, 9, b, k, o[0], o[1], o[2]), m);
  }

  private static double[] stochastic(PeerMarket m, int output) {
    MAType sma = MAType.Sma;
    return some(
        2,
        output,
        (n, b, k, o) ->
            CORE.stoch(0, n, m.high, m.low, m.close, 14, 3, sma, 3, sma, b, k, o[0], o[1]),
        m);
  }

  private static double[] fast(PeerMarket m, int output) {
    return some(
        2,
        output,
        (n, b, k, o) ->
            CORE.stochF(0, n, m.high, m.low, m.close, 14, 3, MAType.Sma, b, k, o[0], o[1]),
        m);
  }

  private static double[] mama(PeerMarket m, int output) {
    return some(
        2, output, (n, b, k, o) -> CORE.mama(0, n, m.close, 0.5, 0.05, b, k, o[0], o[1]), m);
  }

  private static double[] stochRsi(PeerMarket m, int output) {
    return some(
        2,
        output,
        (n, b, k, o) -> CORE.stochRsi(0, n, m.close, 14, 14, 3, MAType.Sma, b, k, o[0], o[1]),
        m);
  }

  private static double[] aroon(PeerMarket m, int output) {
    return some(
        2, output, (n, b, k, o) -> CORE.aroon(0, n, m.high, m.low, 25, b, k, o[0], o[1]), m);
  }

  private static double[] bands(PeerMarket m, int output) {
    return some(
        3,
        output,
        (n, b, k, o) -> CORE.bbands(0, n, m.close, 20, 2, 2, MAType.Sma, b, k, o[0], o[1], o[2]),
        m);
  }

  private static double[] autocorrelation(PeerMarket m) {
    double[] returns = one((n, b, k, o) -> CORE.roc(0, n, m.close, 1, b, k, o), m);
    double[] first = Arrays.copyOfRange(returns, 1, returns.length - 1);
    double[] second = Arrays.copyOfRange(returns, 2, returns.length);
    return one(
        (n, b, k, o) -> {
          RetCode result = CORE.correl(0, n - 2, second, first, 20, b, k, o);
          b.value += 2;
          return result;
        },
        m);
  }

  private static double[] exp(PeerMarket m) {
    double[] hundredth = Arrays.stream(m.close).map(v -> v / 100).toArray();
    return one((n, b, k, o) -> CORE.exp(0, n, hundredth, b, k, o), m);
  }

  private static double[] since(IntCall call, PeerMarket m) {
    double[] index = whole(call, m);
    Arrays.setAll(index, i -> i - index[i]);
    return index;
  }

  private static double[] ln(double[] ratios) {
    return Arrays.stream(ratios).map(Math::log).toArray();
  }

  /** What a running total, which begins at the first bar, gained over some bars. */
  private static double[] change(double[] total, int bars) {
    double[] values = new double[total.length];
    Arrays.setAll(
        values, i -> i < bars - 1 ? Double.NaN : total[i] - (i < bars ? 0 : total[i - bars]));
    return values;
  }

  private static Peer of(String column, Peer.Seeding seeding, Function<PeerMarket, double[]> f) {
    return new Peer(column, "TA-Lib", seeding, f);
  }
}

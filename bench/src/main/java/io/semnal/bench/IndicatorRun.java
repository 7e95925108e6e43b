package io.semnal.bench;

import com.tictactec.ta.lib.Core;
import com.tictactec.ta.lib.MInteger;
import com.tictactec.ta.lib.RetCode;
import io.semnal.bench.PeerIndicator.Outputs;
import io.semnal.bench.PeerIndicator.Ta4jInputs;
import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.QualityConfig;
import io.semnal.core.market.Instrument;
import io.semnal.core.market.Timeframe;
import io.semnal.features.Bar;
import io.semnal.features.FeaturePipeline;
import io.semnal.features.FeatureRow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.ta4j.core.BarSeries;
import org.ta4j.core.BaseBar;
import org.ta4j.core.BaseBarSeriesBuilder;
import org.ta4j.core.Indicator;
import org.ta4j.core.num.DoubleNumFactory;
import org.ta4j.core.num.Num;
import org.ta4j.core.num.NumFactory;

/** A set of indicators in one of the libraries, which goes over bars as its users make it go. */
sealed interface IndicatorRun {
  /** Takes the bars in and asks for every indicator's value at each; returns their sum. */
  double over(int from, int to);

  /** The value at the last bar taken in; NaN where there is none. */
  double last(int indicator);

  /** Closed bars into the pipeline, a row of columns after each. */
  final class Semnal implements IndicatorRun {
    private static final Instrument EURUSD = new Instrument("EURUSD", "EUR", "USD", 10_000, 5);

    private final BarSeriesSample bars;
    private final FeaturePipeline pipeline;
    private final FeatureRow row;
    private final Bar bar = new Bar();
    private long minute;

    Semnal(BarSeriesSample bars, List<String> columns) {
      this.bars = bars;
      pipeline =
          new FeaturePipeline(
              new EngineConfig(
                  List.of(EURUSD),
                  List.of(Timeframe.M1),
                  "utc",
                  List.of(),
                  QualityConfig.acceptAll(),
                  List.of(),
                  List.of()));
      row =
          pipeline.bind(
              new FeatureSetConfig("peers", Timeframe.M1, FeatureSetConfig.Price.MID, columns), 0);
    }

    @Override
    public double over(int from, int to) {
      double sum = 0;
      int columns = row.columns();
      for (int i = from; i < to; i++) {
        bars.load(i, minute++, bar);
        pipeline.onHistoricalBar(0, 0, bar);
        row.closed();
        for (int c = 0; c < columns; c++) {
          sum += row.value(c);
        }
      }
      return sum;
    }

    @Override
    public double last(int indicator) {
      return row.value(indicator);
    }
  }

  /** A series that keeps its last bars, a bar added, the value of each indicator at its end. */
  final class Ta4j implements IndicatorRun {
    private static final NumFactory NUMBERS = DoubleNumFactory.getInstance();
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final BarSeriesSample bars;
    private final BarSeries series;
    private final List<Indicator<Num>> indicators;
    private long minute;

    Ta4j(BarSeriesSample bars, List<PeerIndicator> peers, int keptBars) {
      this.bars = bars;
      series = new BaseBarSeriesBuilder().withNumFactory(NUMBERS).withMaxBarCount(keptBars).build();
      Ta4jInputs inputs = Ta4jInputs.of(series);
      indicators = peers.stream().map(p -> p.ta4j().apply(inputs)).toList();
    }

    @Override
    public double over(int from, int to) {
      double sum = 0;
      for (int i = from; i < to; i++) {
        series.addBar(bar(i));
        int end = series.getEndIndex();
        for (Indicator<Num> indicator : indicators) {
          sum += indicator.getValue(end).doubleValue();
        }
      }
      return sum;
    }

    private BaseBar bar(int i) {
      Instant begin =
          Instant.ofEpochSecond(0, BarSeriesSample.START + minute++ * BarSeriesSample.MINUTE);
      return new BaseBar(
          MINUTE,
          begin,
          begin.plus(MINUTE),
          NUMBERS.numOf(bars.open[i]),
          NUMBERS.numOf(bars.high[i]),
          NUMBERS.numOf(bars.low[i]),
          NUMBERS.numOf(bars.close[i]),
          NUMBERS.numOf(bars.volume[i]),
          NUMBERS.zero(),
          0);
    }

    @Override
    public double last(int indicator) {
      return indicators.get(indicator).getValue(series.getEndIndex()).doubleValue();
    }
  }

  /** One call an indicator over whole arrays, from their beginning on. */
  final class TaLib implements IndicatorRun {
    private final BarSeriesSample bars;
    private final List<PeerIndicator> peers;
    private final Core core = new Core();
    private final MInteger begin = new MInteger();
    private final MInteger count = new MInteger();
    private final Outputs outputs;
    private final double[] last;

    TaLib(BarSeriesSample bars, List<PeerIndicator> peers) {
      this.bars = bars;
      this.peers = peers;
      outputs = Outputs.ofLength(bars.length());
      last = new double[peers.size()];
    }

    @Override
    public double over(int from, int to) {
      if (from != 0) {
        throw new IllegalArgumentException("a batch begins at the beginning");
      }
      double sum = 0;
      for (int p = 0; p < last.length; p++) {
        RetCode result = peers.get(p).taLib().over(core, bars, to - 1, begin, count, outputs);
        if (result != RetCode.Success || begin.value + count.value != to) {
          throw new IllegalStateException(peers.get(p).column() + ": " + result);
        }
        last[p] = outputs.first()[count.value - 1];
        sum += last[p];
      }
      return sum;
    }

    @Override
    public double last(int indicator) {
      return last[indicator];
    }

    /** The last call's value at a bar; NaN before the first. */
    double at(int bar) {
      return bar < begin.value ? Double.NaN : outputs.first()[bar - begin.value];
    }
  }
}

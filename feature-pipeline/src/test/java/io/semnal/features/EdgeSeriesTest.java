package io.semnal.features;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.core.market.Timeframe;
import io.semnal.features.EdgeSeries.Shape;
import io.semnal.features.indicator.Indicator;
import io.semnal.features.indicator.IndicatorCatalogue;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Constant, zero, huge, tiny and missing: documented values, and nothing that spreads. */
class EdgeSeriesTest {
  private static final List<String> COLUMNS = columns();
  private static final int ORDINARY = 4_500;

  /** Documented values of a constant series, by the conventions of docs/indicators.md. */
  private static final Map<String, Double> FLAT =
      Map.ofEntries(
          Map.entry("rsi.value", 50.0),
          Map.entry("stochastic.k", 50.0),
          Map.entry("stochasticFast.d", 50.0),
          Map.entry("stochRsi.k", 50.0),
          Map.entry("williamsR.value", -50.0),
          Map.entry("cci.value", 0.0),
          Map.entry("cmo.value", 0.0),
          Map.entry("mfi.value", 50.0),
          Map.entry("imi.value", 50.0),
          Map.entry("ultimate.value", 50.0),
          Map.entry("relativeVolatility.value", 50.0),
          Map.entry("connorsRsi.value", 100 / 3.0),
          Map.entry("bollinger.percentB", 0.5),
          Map.entry("bollinger.width", 0.0),
          Map.entry("zscore.value", 0.0),
          Map.entry("adx.adx", 0.0),
          Map.entry("atr.value", 0.0),
          Map.entry("macd.histogram", 0.0),
          Map.entry("efficiency.value", 0.0),
          Map.entry("correlation(close, close, 20).value", 0.0),
          Map.entry("kama.value", 1.0),
          Map.entry("mama.mama", 1.0),
          Map.entry("htTrendline.value", 1.0),
          Map.entry("psar.value", 1.0),
          Map.entry("superTrend.line", 1.0),
          Map.entry("vwap.value", 1.0),
          Map.entry("parkinson.value", 0.0),
          Map.entry("obv.value", 0.0),
          Map.entry("cmf.value", 0.0),
          Map.entry("entropy.value", 0.0),
          Map.entry("hurst.value", Double.NaN),
          Map.entry("choppiness.value", Double.NaN));

  /** What averages with 4,500 bars behind them do not forget. */
  private static final EnumSet<Shape> ABSURD = EnumSet.of(Shape.HUGE_VOLUME);

  private static final double TOLERANCE = 1e-5;

  /** Rows of ordinary bars with nothing before them: the longest run, wanted twice. */
  private static List<double[]> ordinary;

  private static List<double[]> ordinary() {
    if (ordinary == null) {
      ordinary = last(EdgeSeries.walk(5, ORDINARY));
    }
    return ordinary;
  }

  @Test
  void flatSeriesSayWhatIsDocumented() {
    List<double[]> rows = EdgeSeries.run(EdgeSeries.of(Shape.CONSTANT, 600), COLUMNS);
    double[] last = rows.getLast();
    FLAT.forEach(
        (column, value) -> {
          assertThat(COLUMNS).contains(column);
          double actual = last[COLUMNS.indexOf(column)];
          if (Double.isNaN(value)) {
            assertThat(actual).as(column).isNaN();
          } else {
            assertThat(Math.abs(actual - value)).as(column).isLessThan(1e-12);
          }
        });
  }

  @ParameterizedTest
  @EnumSource(Shape.class)
  void noValueIsInfinite(Shape shape) {
    for (double[] row : EdgeSeries.run(EdgeSeries.of(shape, 300), COLUMNS)) {
      for (double value : row) {
        if (Double.isInfinite(value)) {
          throw new AssertionError(COLUMNS.toString());
        }
      }
    }
  }

  @Test
  void oneBarGivesWhatOneBarCan() {
    double[] row = EdgeSeries.run(EdgeSeries.walk(3, 1), COLUMNS).getFirst();
    FeaturePipeline pipeline = Pipelines.pipeline(Timeframe.M1);
    for (int c = 0; c < row.length; c++) {
      int defined =
          pipeline.definedBars(Pipelines.set(Timeframe.M1, COLUMNS.get(c))).get(Timeframe.M1);
      if (defined > 1) {
        assertThat(row[c]).as("%s, defined after %d", COLUMNS.get(c), defined).isNaN();
      }
    }
  }

  /** All edges after each other, then as many ordinary bars as the slowest value needs. */
  @Test
  void edgesLeaveNothingBehind() {
    List<Bar> shared = EdgeSeries.walk(5, ORDINARY);
    List<double[]> expected = ordinary();
    List<double[]> actual = last(afterEdges(shared, EnumSet.complementOf(ABSURD)));
    double[] size = new double[COLUMNS.size()];
    for (double[] row : expected) {
      for (int c = 0; c < size.length; c++) {
        size[c] = Math.max(size[c], Double.isNaN(row[c]) ? 0 : Math.abs(row[c]));
      }
    }
    for (int i = 0; i < expected.size(); i++) {
      for (int c = 0; c < size.length; c++) {
        double a = actual.get(i)[c];
        double e = expected.get(i)[c];
        // A millionth of a millionth of a price of 1e9 is left in the slowest averages.
        if (!(Double.isNaN(a) && Double.isNaN(e)
            || Math.abs(a - e) <= TOLERANCE * Math.max(1, size[c]))) {
          throw new AssertionError("%s: %s against %s".formatted(COLUMNS.get(c), a, e));
        }
      }
    }
  }

  /** What no average forgets in time must still not leave a value missing for ever. */
  @Test
  void absurdNumbersLeaveNoValueMissing() {
    List<Bar> shared = EdgeSeries.walk(5, ORDINARY);
    double[] expected = ordinary().getLast();
    double[] actual = last(afterEdges(shared, ABSURD)).getLast();
    for (int c = 0; c < expected.length; c++) {
      assertThat(Double.isNaN(actual[c])).as(COLUMNS.get(c)).isEqualTo(Double.isNaN(expected[c]));
    }
  }

  private static List<Bar> afterEdges(List<Bar> shared, Set<Shape> shapes) {
    List<Bar> whole = new ArrayList<>(EdgeSeries.walk(6, 200));
    for (Shape shape : shapes) {
      whole.addAll(EdgeSeries.of(shape, 100));
    }
    for (int i = 0; i < whole.size(); i++) {
      Bar bar = whole.get(i);
      bar.openTime = shared.getFirst().openTime - (whole.size() - i) * Pipelines.MINUTE;
      bar.closeTime = bar.openTime + Pipelines.MINUTE;
    }
    whole.addAll(shared);
    return whole;
  }

  private static List<double[]> last(List<Bar> bars) {
    List<double[]> rows = EdgeSeries.run(bars, COLUMNS);
    return rows.subList(rows.size() - 200, rows.size());
  }

  private static List<String> columns() {
    List<String> columns = new ArrayList<>();
    Set<String> ofQuotes = Set.of("microPrice", "bidSize", "askSize", "sizeImbalance");
    for (Indicator indicator : IndicatorCatalogue.standard().all()) {
      if (!ofQuotes.contains(indicator.name())) {
        boolean usual = indicator.parameters().stream().allMatch(p -> p.hasDefault());
        indicator
            .outputs()
            .forEach(
                o ->
                    columns.add(
                        usual
                            ? indicator.name() + "." + o.name()
                            : IndicatorGuide.column(indicator, o)));
      }
    }
    return columns;
  }
}

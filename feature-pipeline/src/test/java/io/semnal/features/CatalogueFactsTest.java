package io.semnal.features;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.features.EdgeSeries.Shape;
import io.semnal.features.indicator.Facts;
import io.semnal.features.indicator.Indicator;
import io.semnal.features.indicator.IndicatorCatalogue;
import io.semnal.features.indicator.Output;
import io.semnal.features.indicator.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the catalogue says of each name, and whether the values keep to it. */
class CatalogueFactsTest {
  private static final Map<String, Facts> FACTS = Facts.all();
  private static final List<String> COLUMNS = new ArrayList<>();
  private static final List<Range> RANGES = new ArrayList<>();

  static {
    for (Indicator indicator : IndicatorCatalogue.standard().all()) {
      for (Output output : indicator.outputs()) {
        if (FACTS.containsKey(indicator.name())) {
          COLUMNS.add(IndicatorGuide.column(indicator, output));
          RANGES.add(FACTS.get(indicator.name()).range(output.name()));
        }
      }
    }
  }

  @Test
  void everyNameHasASourceABeginningAndRanges() {
    assertThat(FACTS.keySet())
        .containsExactlyInAnyOrderElementsOf(IndicatorCatalogue.standard().names());
    FACTS.forEach(
        (name, facts) -> {
          assertThat(facts.source()).as(name).isNotBlank();
          assertThat(facts.seeding()).as(name).isNotBlank();
          assertThat(IndicatorCatalogue.standard().find(name).outputNames())
              .as(name)
              .containsAll(facts.namedOutputs());
        });
  }

  @Property(tries = 25)
  void valuesOfRandomWalksStayInTheirRange(@ForAll long seed) {
    check(EdgeSeries.walk(seed, 400));
  }

  @ParameterizedTest
  @EnumSource(
      value = Shape.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"ZERO_PRICES", "CRASH_TO_ZERO"})
  void valuesOfEdgeSeriesStayInTheirRange(Shape shape) {
    check(EdgeSeries.of(shape, 400));
  }

  /** The check above can fail. */
  @Test
  void aValueBeyondItsRangeIsSeen() {
    assertThat(FACTS.get("rsi").range("value").allows(100.001)).isFalse();
    assertThat(FACTS.get("rsi").range("value").allows(-0.001)).isFalse();
    assertThat(FACTS.get("adx").range("plusDm").allows(-1e-6)).isFalse();
    assertThat(FACTS.get("adx").range("dx").allows(101)).isFalse();
    assertThat(FACTS.get("gator").range("lower").allows(1e-6)).isFalse();
    assertThat(FACTS.get("macd").range("signal").allows(-1e300)).isTrue();
  }

  private static void check(List<Bar> bars) {
    List<double[]> rows = EdgeSeries.run(bars, COLUMNS);
    for (int i = 0; i < rows.size(); i++) {
      for (int c = 0; c < RANGES.size(); c++) {
        double value = rows.get(i)[c];
        if (!RANGES.get(c).allows(value)) {
          throw new AssertionError(
              "%s at bar %d: %s, range %s".formatted(COLUMNS.get(c), i, value, RANGES.get(c)));
        }
      }
    }
  }
}

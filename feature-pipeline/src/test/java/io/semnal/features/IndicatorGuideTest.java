package io.semnal.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.features.indicator.Indicator;
import io.semnal.features.indicator.IndicatorCatalogue;
import io.semnal.features.indicator.OtherNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class IndicatorGuideTest {
  private final IndicatorGuide guide = new IndicatorGuide();

  @Test
  void pageInDocsIsWhatTheCatalogueSays() throws IOException {
    assertThat(Files.readString(Path.of("../docs/indicators.md")))
        .as("run: scripts/semnal indicators --markdown > docs/indicators.md")
        .isEqualTo(guide.markdown());
  }

  @Test
  void everyNameIsListedAndHasItsPage() {
    assertThat(IndicatorCatalogue.standard().names()).hasSizeGreaterThanOrEqualTo(80);
    String list = guide.list();
    for (Indicator indicator : IndicatorCatalogue.standard().all()) {
      assertThat(list).contains("\n  " + indicator.name() + " ");
      assertThat(guide.page(indicator.name()))
          .startsWith(indicator.signature())
          .contains(indicator.description());
    }
  }

  @Test
  void otherUsualNamesLeadToThePageAndHideNoName() {
    for (String other : OtherNames.all()) {
      assertThat(IndicatorCatalogue.standard().names()).doesNotContain(other);
      assertThat(guide.page(other)).contains("  Also: ").containsPattern("\\b" + other + "\\b");
    }
  }

  @Test
  void pageTellsParametersOutputsAndLengths() {
    assertThat(guide.page("macd(5,6).signal").lines())
        .contains(
            "macd(x = close, fast = 12, slow = 26, smoothing = 9)",
            "  slow = 26: a whole number, 1 to 10000",
            // 26 bars of the slow average and 8 more of the signal's seed; 180 and 62 to forget
            // them
            "  signal: price, range any, defined after 34, warm after 276 bars; flat: 0",
            "    = ema(macd, smoothing)");
  }

  @Test
  void unknownNameGetsTheNearest() {
    assertThatThrownBy(() -> guide.page("bolinger"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no indicator is named 'bolinger'; did you mean 'bollinger'?");
  }
}

package io.semnal.research.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.semnal.core.config.ConfigLoader;
import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.SemnalConfig;
import io.semnal.core.market.MarketCalendar;
import io.semnal.core.market.Timeframe;
import io.semnal.feed.sim.MarketSimulator;
import io.semnal.research.matrix.MatrixSource;
import io.semnal.research.matrix.MatrixSpec;
import io.semnal.research.matrix.TickMatrixSource;
import io.semnal.research.sample.LabelRule;
import io.semnal.research.sample.SampleCollector;
import io.semnal.research.sample.Samples;
import java.io.IOException;
import java.io.StringReader;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class ReportTest {
  private static final SemnalConfig CONFIG = ConfigLoader.reference();
  private static final long BEGIN =
      Instant.parse("2026-02-01T22:00:00Z").getEpochSecond() * 1_000_000_000L;

  private static Samples samples;
  private static Report seer;

  /** Two days of two instruments, judged by who knows the labels, and says so with 80 %. */
  @BeforeAll
  static void judge() throws IOException {
    FeatureSetConfig set =
        new FeatureSetConfig(
            "some",
            Timeframe.M1,
            FeatureSetConfig.Price.MID,
            List.of("return(1)", "zscore(close,20)"));
    EngineConfig engine =
        MatrixSpec.engine(
            CONFIG.engine(),
            CONFIG.engine().instruments().stream()
                .filter(i -> List.of("EURUSD", "USDJPY").contains(i.symbol()))
                .toList(),
            set,
            Timeframe.M1,
            List.of());
    LabelRule rule = new LabelRule.TripleBarrier(CONFIG.engine().strategies().getFirst().policy());
    MarketSimulator market =
        new MarketSimulator(5, engine.instruments(), BEGIN, BEGIN + 172_800_000_000_000L, 0.1);
    SampleCollector collector = new SampleCollector(engine, set, rule);
    try (MatrixSource source = TickMatrixSource.of(market, CONFIG.runtime().feed(), 2)) {
      source.feed(collector, read -> {});
    }
    samples = collector.samples();
    int[] rows = IntStream.range(0, samples.size()).toArray();
    double[] probabilities = new double[3 * rows.length];
    for (int i = 0; i < rows.length; i++) {
      for (int k = 0; k < 3; k++) {
        probabilities[3 * i + k] = samples.label(i) == k ? 0.8 : 0.1;
      }
    }
    seer =
        Report.of(
            Map.of("model", "seer <1>"),
            new Predictions(samples, rows, probabilities),
            new double[] {0.3, 0.4, 0.3},
            rule.policy(),
            Timeframe.M1,
            new MarketCalendar(List.of()),
            List.of("return(1)", "a < b & c"),
            (row, into) -> {
              into[0] = 0.1;
              into[1] = 0.8;
              into[2] = 0.1;
            });
  }

  @Test
  void whoKnowsTheLabelsIsSeenToKnow() {
    assertThat(seer.classes().logLoss()).isCloseTo(-Math.log(0.8), within(1e-12));
    assertThat(seer.classes().brier()).isCloseTo(0.04 + 0.01 + 0.01, within(1e-12));
    assertThat(seer.classes().accuracy()).isEqualTo(1.0);
    assertThat(seer.classes().mcc()).isCloseTo(1.0, within(1e-12));
    assertThat(seer.classes().auc()).isEqualTo(1.0);
    // Of what it calls 80 % all comes, of what it calls 10 % nothing.
    assertThat(seer.classes().calibrationError()).isBetween(0.1, 0.2);
    assertThat(seer.trading().hitRate().value()).isEqualTo(1.0);
    assertThat(seer.trading().drawdown()).isZero();
    assertThat(seer.trading().expectancy().low()).isPositive();
    assertThat(seer.shuffled().auc().contains(0.5)).isTrue();
    assertThat(seer.shuffled().expectancy().value()).isNegative();
  }

  @Test
  void groupsAddUpToTheWhole() {
    for (String kind : List.of("instrument", "timeframe", "session")) {
      List<Report.Group> groups =
          seer.groups().stream().filter(group -> group.kind().equals(kind)).toList();
      assertThat(groups.stream().mapToLong(group -> group.trading().count()).sum())
          .isEqualTo(seer.trading().count());
      assertThat(groups.stream().mapToLong(group -> group.classes().rows()).sum())
          .isEqualTo(seer.classes().rows());
      assertThat(groups.stream().mapToDouble(group -> group.trading().pips()).sum())
          .isCloseTo(seer.trading().pips(), within(1e-6));
    }
  }

  @Test
  void pageIsWellFormedAndLoadsNothing() throws Exception {
    String page = ReportHtml.of(seer);
    assertThat(page).contains("seer &lt;1&gt;").contains("a &lt; b &amp; c").contains("<svg");
    assertThat(page.replaceAll("<title>.*?</title>", ""))
        .doesNotContain("http")
        .doesNotContain("src=")
        .doesNotContain("href")
        .doesNotContain("<script")
        .doesNotContain("@import")
        .doesNotContain("NaN");
    // What a parser of XML takes, every browser takes alike.
    String xml = page.replace("<!doctype html>", "").replaceAll("<meta ([^>]*)>", "<meta $1/>");
    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(xml)));
  }

  @Test
  void jsonSaysTheSameNumbers() {
    ObjectNode json = ReportJson.of(seer);
    assertThat(json.at("/classes/rows").asInt()).isEqualTo(seer.classes().rows());
    assertThat(json.at("/trading/expectancyPips/value").asDouble())
        .isEqualTo(seer.trading().expectancy().value());
    assertThat(json.at("/trading/profitFactor").isNull()).isTrue();
    assertThat(json.at("/groups").size()).isEqualTo(seer.groups().size());
    assertThat(ReportText.of(seer)).anyMatch(line -> line.contains("EURUSD"));
  }
}

package io.semnal.inference.engine;

import static io.semnal.inference.engine.EngineRig.MINUTE;
import static io.semnal.inference.engine.EngineRig.SECOND;
import static io.semnal.inference.engine.EngineRig.START;
import static io.semnal.inference.engine.EngineRig.price;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.RuntimeConfig.Models.ScorerChoice;
import io.semnal.core.config.StrategyConfig.Trigger;
import io.semnal.core.market.Timeframe;
import io.semnal.features.FeaturePipeline;
import io.semnal.inference.onnx.OnnxGraph;
import io.semnal.inference.onnx.OnnxGraph.Element;
import io.semnal.inference.registry.ModelCard;
import io.semnal.inference.registry.ModelRefusedException;
import io.semnal.inference.registry.ModelRegistry;
import io.semnal.inference.signal.OutcomeStatistics;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.EngineCommandType;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.ModelDefinitionDecoder;
import io.semnal.protocol.sbe.OutputKind;
import io.semnal.protocol.sbe.ScoreDecoder;
import io.semnal.protocol.sbe.ScoreReason;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.protocol.sbe.SignalType;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Models that give an up-probability or a regressed move, from registered ONNX files to signals.
 * The market of {@link EngineRig#warmUp} has an ATR(1) of 10 pips at 1.10; a model's number is its
 * weight times the close's distance from 1.10005, in pips, so that each quote says what is scored.
 */
class OutputKindsTest {
  private static final double ATR = 0.0010;
  private static final double MID = 1.10005;

  @TempDir Path folder;
  private EngineRig rig;
  private SignalEngine engine;

  @AfterEach
  void close() {
    if (engine != null) {
      engine.close();
    }
  }

  /** {@code weight × (close − 1.10005)}, behind a Sigmoid where it is a probability. */
  private static byte[] onnx(ModelCard.Output output, float weight) {
    boolean isProbability = output == ModelCard.Output.UP_PROBABILITY;
    OnnxGraph graph =
        new OnnxGraph("line")
            .input("features", Element.FLOAT32, OnnxGraph.BATCH, 1)
            .initializer("W", new float[] {weight}, 1, 1)
            .node("MatMul", List.of("features", "W"), List.of("move"), Map.of());
    if (isProbability) {
      graph.node("Sigmoid", List.of("move"), List.of("up"), Map.of());
    }
    return graph
        .output(isProbability ? "up" : "move", Element.FLOAT32, OnnxGraph.BATCH, 1)
        .toBytes();
  }

  private EngineRig start(ScorerChoice choice, ModelCard.Output output, String unit, float weight) {
    return start(choice, new TestConfig(), output, unit, weight);
  }

  /** Registers the model, makes it the champion, and runs the engine to warm and the fourth bar. */
  private EngineRig start(
      ScorerChoice choice, TestConfig test, ModelCard.Output output, String unit, float weight) {
    // In pips; subtracted before the model, where float32 still has all its digits.
    List<String> columns = List.of("10000 * (close - 1.10005)");
    test.sets.clear();
    test.sets.add(new FeatureSetConfig("fx", Timeframe.M1, FeatureSetConfig.Price.MID, columns));
    EngineConfig config = test.bind("s", Trigger.TICK, "fx", "line", "EURUSD").build();
    ModelRegistry registry = new ModelRegistry(folder.resolve("models"), choice);
    ModelCard card =
        new ModelCard(
            "line",
            1,
            "fx",
            HexFormat.of().formatHex(FeaturePipeline.hash(config.featureSets().getFirst())),
            columns,
            output,
            List.of(),
            unit,
            "",
            false,
            "",
            "a line",
            "",
            "");
    int version = registry.register(onnx(output, weight), card);
    registry.setAlias("line", ModelRegistry.CHAMPION, version);
    rig = new EngineRig(config, registry.load("line")).start(START);
    engine = rig.engine;
    // The quotes that make the bars are no part of what is tested.
    rig.command(EngineCommandType.PAUSE, START, 0, 0, MessageLayout.ABSENT);
    rig.warmUp(START);
    rig.clock(START + 4 * MINUTE);
    rig.command(EngineCommandType.RESUME, START + 4 * MINUTE, 0, 0, MessageLayout.ABSENT);
    return rig;
  }

  /** A quote of a one-pip spread whose mid lies so many pips above 1.10005. */
  private ScoreDecoder quote(int second, double pips) {
    double mid = MID + pips * 1e-4;
    rig.quote(START + 4 * MINUTE + second * SECOND, mid - 0.00005, mid + 0.00005);
    return rig.scores().getLast();
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private List<SignalDecoder> signals() {
    return rig.signals();
  }

  @ParameterizedTest
  @EnumSource(
      value = ScorerChoice.class,
      names = {"ONNXRUNTIME", "COMPILED"})
  void anUpProbabilityBuysAndSellsByItsTwoSides(ScorerChoice choice) {
    TestConfig test = new TestConfig();
    test.threshold = 0.6;
    test.margin = 0.3;
    test.publishNeutral = true;
    start(choice, test, ModelCard.Output.UP_PROBABILITY, "", 0.1f);
    assertThat(outputKind()).isEqualTo(OutputKind.UP_PROBABILITY);

    ScoreDecoder tie = quote(1, 0);
    assertScore(tie, 0.5, ScoreReason.BELOW_THRESHOLD, SignalType.NEUTRAL);
    ScoreDecoder low = quote(2, 4);
    assertScore(low, sigmoid(0.4), ScoreReason.BELOW_THRESHOLD, SignalType.BUY);
    ScoreDecoder narrow = quote(3, 5);
    assertThat(sigmoid(0.5)).isBetween(0.6, 0.65);
    assertScore(narrow, sigmoid(0.5), ScoreReason.MARGIN, SignalType.BUY);
    ScoreDecoder buy = quote(4, 10);
    assertScore(buy, sigmoid(1), ScoreReason.SIGNAL, SignalType.BUY);
    ScoreDecoder again = quote(5, 10);
    assertScore(again, sigmoid(1), ScoreReason.POSITION_OPEN, SignalType.BUY);
    ScoreDecoder sell = quote(6, -10);
    assertScore(sell, sigmoid(-1), ScoreReason.SIGNAL, SignalType.SELL);
    ScoreDecoder none = quote(7, 0);
    assertScore(none, 0.5, ScoreReason.BELOW_THRESHOLD, SignalType.NEUTRAL);

    assertThat(signals().stream().map(SignalDecoder::signalType))
        .containsExactly(SignalType.BUY, SignalType.SELL, SignalType.NEUTRAL);
    SignalDecoder first = signals().getFirst();
    assertThat(first.strength()).isEqualTo(buy.buy()).isCloseTo(sigmoid(1), within(1e-6));
    assertThat(first.entry()).isEqualTo(price(1.10110));
    assertThat(first.stopLoss()).isEqualTo(price(1.10110 - 2 * ATR));
    assertThat(first.takeProfit()).isEqualTo(price(1.10110 + 3 * ATR));
    SignalDecoder second = signals().get(1);
    assertThat(second.strength()).isEqualTo(sell.sell()).isCloseTo(sigmoid(1), within(1e-6));
    assertThat(second.entry()).isEqualTo(price(1.09900));
    assertThat(second.stopLoss()).isEqualTo(price(1.09900 + 2 * ATR));
    assertThat(second.takeProfit()).isEqualTo(price(1.09900 - 3 * ATR));
    SignalDecoder neutral = signals().getLast();
    assertThat(neutral.strength()).as("of a class that the model does not know").isZero();
    assertThat(neutral.entry()).isEqualTo(MessageLayout.ABSENT);
  }

  private static void assertScore(
      ScoreDecoder score, double up, ScoreReason reason, SignalType side) {
    assertThat(score.buy()).isCloseTo(up, within(1e-5));
    assertThat(score.sell()).isEqualTo(1 - score.buy());
    assertThat(score.neutral()).isZero();
    assertThat(score.output()).isNaN();
    assertThat(score.reason()).isEqualTo(reason);
    assertThat(score.side()).isEqualTo(side);
  }

  private OutputKind outputKind() {
    return rig.sink.of(ModelDefinitionDecoder.TEMPLATE_ID).stream()
        .map(b -> new ModelDefinitionDecoder().wrapAndApplyHeader(b, 0, new MessageHeaderDecoder()))
        .findFirst()
        .orElseThrow()
        .outputKind();
  }

  /**
   * Ten pips are one ATR, and 0.0010/1.10105 as a return. The weight turns ten pips of distance
   * into the move that the column says: 0.7 ATR in each unit.
   */
  @ParameterizedTest
  @CsvSource({"pips, 0.7, ONNXRUNTIME", "atr, 0.07, COMPILED", "return, 0.00006357, COMPILED"})
  void aRegressionHoldsItsMoveInAtrsAgainstTheThreshold(
      String unit, float weight, ScorerChoice choice) {
    TestConfig test = new TestConfig();
    test.threshold = 0.6;
    test.margin = 0.9;
    test.publishNeutral = true;
    start(choice, test, ModelCard.Output.REGRESSION, unit, weight);
    assertThat(outputKind()).isEqualTo(OutputKind.REGRESSION);

    assertMove(quote(1, 0), 0, ScoreReason.BELOW_THRESHOLD, SignalType.NEUTRAL);
    assertMove(quote(2, 8), 8 * weight, ScoreReason.BELOW_THRESHOLD, SignalType.BUY);
    assertMove(quote(3, -8), -8 * weight, ScoreReason.BELOW_THRESHOLD, SignalType.SELL);
    assertMove(quote(4, 10), 10 * weight, ScoreReason.SIGNAL, SignalType.BUY);
    assertMove(quote(5, 10), 10 * weight, ScoreReason.POSITION_OPEN, SignalType.BUY);
    assertMove(quote(6, -10), -10 * weight, ScoreReason.SIGNAL, SignalType.SELL);
    assertMove(quote(7, -5), -5 * weight, ScoreReason.BELOW_THRESHOLD, SignalType.SELL);

    assertThat(signals().stream().map(SignalDecoder::signalType))
        .containsExactly(SignalType.BUY, SignalType.SELL, SignalType.NEUTRAL);
    assertThat(signals()).allSatisfy(s -> assertThat(s.strength()).isNaN());
    SignalDecoder first = signals().getFirst();
    assertThat(first.entry()).isEqualTo(price(1.10110));
    assertThat(first.stopLoss()).isEqualTo(price(1.10110 - 2 * ATR));
    assertThat(first.takeProfit()).isEqualTo(price(1.10110 + 3 * ATR));
  }

  private static void assertMove(
      ScoreDecoder score, double move, ScoreReason reason, SignalType side) {
    assertThat(score.output()).isCloseTo(move, within(1e-4 * Math.abs(move) + 1e-12));
    assertThat(score.buy()).isNaN();
    assertThat(score.sell()).isNaN();
    assertThat(score.neutral()).isNaN();
    assertThat(score.reason()).isEqualTo(reason);
    assertThat(score.side()).isEqualTo(side);
  }

  /** Ten pips are one ATR: twenty reach a threshold of two ATRs, nineteen do not. */
  @Test
  void aRegressionMayBeAskedForMovesOfSeveralAtrs() {
    TestConfig test = new TestConfig();
    test.threshold = 2;
    start(ScorerChoice.COMPILED, test, ModelCard.Output.REGRESSION, "pips", 1);
    assertThat(quote(1, 19).reason()).isEqualTo(ScoreReason.BELOW_THRESHOLD);
    assertThat(quote(2, 20.1).reason()).isEqualTo(ScoreReason.SIGNAL);
  }

  @Test
  void aProbabilityIsNotHeldAgainstAThresholdThatNoneReaches() {
    TestConfig test = new TestConfig();
    test.threshold = 2;
    assertThatThrownBy(
            () -> start(ScorerChoice.COMPILED, test, ModelCard.Output.UP_PROBABILITY, "", 1))
        .isInstanceOf(ModelRefusedException.class)
        .hasMessageContaining("none reaches the policy's threshold of 2.0");
  }

  /** The unit decides: a move of 0.7 is 0.07 ATR in pips, and a rise of 70 % as a return. */
  @ParameterizedTest
  @CsvSource({"pips, BELOW_THRESHOLD", "atr, SIGNAL", "return, SIGNAL"})
  void theSameNumberMeansAnotherMoveInAnotherUnit(String unit, ScoreReason reason) {
    start(ScorerChoice.COMPILED, ModelCard.Output.REGRESSION, unit, 0.07f);
    assertThat(quote(1, 10).reason()).isEqualTo(reason);
  }

  /** A probability counts in the Brier score; a regression states none to be held against. */
  @Test
  void onlyAProbabilityIsHeldAgainstItsOutcome() {
    start(ScorerChoice.COMPILED, ModelCard.Output.REGRESSION, "atr", 0.07f);
    OutcomeStatistics.Outcome move = targetHit();
    assertThat(move.scored()).isZero();
    assertThat(move.brierScore()).isNaN();
    close();
    start(ScorerChoice.COMPILED, ModelCard.Output.UP_PROBABILITY, "", 0.1f);
    OutcomeStatistics.Outcome up = targetHit();
    assertThat(up.scored()).isEqualTo(1);
    assertThat(up.brierScore()).isCloseTo((sigmoid(1) - 1) * (sigmoid(1) - 1), within(1e-6));
  }

  /** Bought at 1.10110, and the target lies 30 pips above. */
  private OutcomeStatistics.Outcome targetHit() {
    quote(1, 10);
    quote(2, 10);
    quote(3, 50);
    List<OutcomeStatistics.Outcome> all = engine.outcomes().outcomes();
    assertThat(all).hasSize(1);
    assertThat(all.getFirst().wins()).isEqualTo(1);
    assertThat(all.getFirst().pips()).isCloseTo(30, within(1e-6));
    return all.getFirst();
  }

  /** 10 times the largest float32 overflows. */
  @Test
  void aMoveThatIsNoNumberIsAScorerError() {
    start(ScorerChoice.COMPILED, ModelCard.Output.REGRESSION, "atr", Float.MAX_VALUE);
    assertThat(quote(1, 10).reason()).isEqualTo(ScoreReason.SCORER_ERROR);
    assertThat(rig.scores().getLast().output()).isNaN();
    assertThat(signals()).isEmpty();
  }
}

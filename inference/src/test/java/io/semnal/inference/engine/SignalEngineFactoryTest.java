package io.semnal.inference.engine;

import static io.semnal.inference.engine.EngineRig.MINUTE;
import static io.semnal.inference.engine.EngineRig.SECOND;
import static io.semnal.inference.engine.EngineRig.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.RuntimeConfig.Models.ScorerChoice;
import io.semnal.core.config.StrategyConfig.Trigger;
import io.semnal.core.engine.ModelPin;
import io.semnal.features.FeaturePipeline;
import io.semnal.inference.onnx.OnnxWriter;
import io.semnal.inference.registry.LoadedModel;
import io.semnal.inference.registry.ModelCard;
import io.semnal.inference.registry.ModelRefusedException;
import io.semnal.inference.registry.ModelRegistry;
import io.semnal.inference.registry.PinnedModels;
import io.semnal.inference.signal.LabelPolicy;
import io.semnal.protocol.sbe.BarDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.ScoreDecoder;
import io.semnal.protocol.sbe.ScorerKind;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine with real ONNX models from a real registry, and again from beside a journal. */
class SignalEngineFactoryTest {
  private static final double[][] WEIGHTS = {{900, -900, 0}, {0, 0, 0.3}};
  private static final double[] BIAS = {0.1, -0.1, 0.2};
  private static final List<String> CLASSES = List.of("SELL", "NEUTRAL", "BUY");

  @TempDir Path folder;
  private ModelRegistry registry;
  private PinnedModels beside;

  @BeforeEach
  void register() {
    registry = new ModelRegistry(folder.resolve("registry"), ScorerChoice.ONNXRUNTIME);
    beside = new PinnedModels(folder.resolve("journal"), ScorerChoice.ONNXRUNTIME);
  }

  /** Softmax(row · W + b), classes in the order SELL, NEUTRAL, BUY. */
  private static byte[] onnx(float shift) {
    double[][] weights = new double[3][2];
    double[] bias = new double[3];
    int[] order = {1, 2, 0};
    for (int c = 0; c < 3; c++) {
      weights[c] = new double[] {WEIGHTS[0][order[c]], WEIGHTS[1][order[c]]};
      bias[c] = BIAS[order[c]] + (c == 2 ? shift : 0);
    }
    return OnnxWriter.logistic(weights, bias, CLASSES);
  }

  private static EngineConfig config(String... models) {
    TestConfig c = new TestConfig();
    for (int i = 0; i < models.length; i++) {
      c.bind("s" + i, Trigger.TICK, "fx", models[i], "EURUSD");
    }
    return c.build();
  }

  private static ModelCard card(EngineConfig config, String labelPolicy) {
    return new ModelCard(
        "logistic",
        1,
        "fx",
        HexFormat.of().formatHex(FeaturePipeline.hash(config.featureSets().getFirst())),
        TestConfig.COLUMNS,
        ModelCard.Output.CLASSES,
        CLASSES,
        "",
        "",
        false,
        labelPolicy,
        "test",
        "",
        "");
  }

  private SignalEngineFactory factory(EngineConfig config) {
    return new SignalEngineFactory(text -> config, registry, beside::load);
  }

  private static void feed(SignalEngine engine) {
    feed(engine, null, () -> {});
  }

  /**
   * @param activated half way; {@code null} = nothing is
   */
  private static void feed(SignalEngine engine, ModelPin activated, Runnable before) {
    Inbound in = new Inbound();
    send(engine, in.runHeader(START));
    send(engine, in.define(START, 1, "EURUSD"));
    long mid = 110_000_000L;
    for (int i = 0; i < 600; i++) {
      if (i == 300 && activated != null) {
        before.run();
        send(
            engine,
            in.activate(
                START + i * 2 * SECOND, activated.name(), activated.version(), activated.sha256()));
      }
      mid += (i * 7919 % 41 - 20) * 500;
      long time = START + i * 2 * SECOND;
      send(engine, in.quote(1, time, time, mid - 5_000, mid + 5_000, 0));
    }
    send(engine, in.clock(START + 30 * MINUTE));
  }

  private static void send(SignalEngine engine, byte[] message) {
    engine.onMessage(new UnsafeBuffer(message), 0, message.length);
  }

  @Test
  void scoresWithTheModelsNumbersInTheCardsOrder() {
    EngineConfig config = config("logistic");
    int version = registry.register(onnx(0), card(config, ""));
    registry.setAlias("logistic", ModelRegistry.CHAMPION, version);
    RecordingSink sink = new RecordingSink(1);
    try (SignalEngine engine = factory(config).create("", List.of(), sink)) {
      feed(engine);
    }
    long previousClose = 0;
    int compared = 0;
    List<BarDecoder> bars = bars(sink);
    for (ScoreDecoder score : scores(sink)) {
      long minute = score.time() / MINUTE * MINUTE;
      for (var bar : bars) {
        if (bar.timeframe() == 60 && bar.closeTime() == minute) {
          previousClose = bar.bidClose() + bar.askClose();
        }
      }
      if (Double.isNaN(score.buy())) {
        continue;
      }
      double close = (score.bid() + score.ask()) / 2e8;
      double[] expected = softmax(close - previousClose / 2e8, close);
      assertThat(score.buy()).isCloseTo(expected[0], within(1e-4));
      assertThat(score.sell()).isCloseTo(expected[1], within(1e-4));
      assertThat(score.neutral()).isCloseTo(expected[2], within(1e-4));
      compared++;
    }
    assertThat(compared).isGreaterThan(400);
  }

  /** BUY, SELL, NEUTRAL, as one would write it by hand. */
  private static double[] softmax(double diff, double close) {
    double[] e = new double[3];
    double sum = 0;
    for (int i = 0; i < 3; i++) {
      e[i] = Math.exp(diff * WEIGHTS[0][i] + close * WEIGHTS[1][i] + BIAS[i]);
      sum += e[i];
    }
    return new double[] {e[0] / sum, e[1] / sum, e[2] / sum};
  }

  private static List<ScoreDecoder> scores(RecordingSink sink) {
    return sink.of(ScoreDecoder.TEMPLATE_ID).stream()
        .map(b -> new ScoreDecoder().wrapAndApplyHeader(b, 0, new MessageHeaderDecoder()))
        .toList();
  }

  private static List<BarDecoder> bars(RecordingSink sink) {
    return sink.of(BarDecoder.TEMPLATE_ID).stream()
        .map(b -> new BarDecoder().wrapAndApplyHeader(b, 0, new MessageHeaderDecoder()))
        .toList();
  }

  @Test
  void aReplayFromThePinsSaysTheSameBytesThoughTheChampionMovedOn() {
    EngineConfig config = config("logistic@1", "logistic", "logistic@2");
    registry.register(onnx(0), card(config, ""));
    registry.register(onnx(1), card(config, ""));
    registry.setAlias("logistic", ModelRegistry.CHAMPION, 1);
    RecordingSink live = new RecordingSink(1);
    List<ModelPin> pins;
    try (SignalEngine engine = factory(config).create("", List.of(), live)) {
      pins = engine.pins();
      beside.pin(onnx(0), registry.load("logistic@1").card());
      beside.pin(onnx(1), registry.load("logistic@2").card());
      feed(engine);
    }
    assertThat(pins).extracting(ModelPin::version).containsExactly(1, 1, 2);
    registry.setAlias("logistic", ModelRegistry.CHAMPION, 2);
    RecordingSink replay = new RecordingSink(77);
    try (SignalEngine engine = factory(config).create("", pins, replay)) {
      feed(engine);
    }
    assertThat(replay.size()).isEqualTo(live.size());
    for (int i = 0; i < live.size(); i++) {
      assertThat(replay.bytes(i)).isEqualTo(live.bytes(i));
    }
  }

  @Test
  void aReplayFetchesAnActivatedModelFromBesideTheJournal() {
    EngineConfig config = config("logistic");
    registry.register(onnx(0), card(config, ""));
    registry.register(onnx(1), card(config, ""));
    registry.setAlias("logistic", ModelRegistry.CHAMPION, 1);
    RecordingSink live = new RecordingSink(1);
    List<ModelPin> pins;
    ModelPin activated;
    try (SignalEngine engine = factory(config).create("", List.of(), live)) {
      pins = engine.pins();
      beside.pin(onnx(0), registry.load("logistic@1").card());
      LoadedModel second = registry.load("logistic@2");
      beside.pin(second, registry);
      activated = new ModelPin("logistic", 2, second.sha256(), second.kind());
      feed(engine, activated, () -> engine.models().prepare(second));
    }
    assertThat(scores(live).stream().filter(s -> !Double.isNaN(s.buy())).map(ScoreDecoder::modelId))
        .contains(1, 2);
    RecordingSink replay = new RecordingSink(77);
    try (SignalEngine engine = factory(config).create("", pins, replay)) {
      feed(engine, activated, () -> engine.prepare(activated));
    }
    assertThat(replay.size()).isEqualTo(live.size());
    for (int i = 0; i < live.size(); i++) {
      assertThat(replay.bytes(i)).isEqualTo(live.bytes(i));
    }
  }

  @Test
  void refusesPinsThatDoNotFitTheConfiguration() {
    EngineConfig config = config("logistic");
    ModelPin other = new ModelPin("other", 1, new byte[32], ScorerKind.ONNX_RUNTIME);
    assertThatThrownBy(() -> factory(config).create("", List.of(other), new RecordingSink(1)))
        .isInstanceOf(ModelRefusedException.class)
        .hasMessageContaining("other@1")
        .hasMessageContaining("'logistic'");
  }

  @Test
  void refusesAModelOfOtherLabelsUnlessAllowed() {
    TestConfig c = new TestConfig();
    EngineConfig config = c.bind("s", Trigger.TICK, "fx", "logistic@1", "EURUSD").build();
    String labels =
        LabelPolicy.text(config.strategies().getFirst().policy(), c.timeframes.getFirst());
    registry.register(onnx(0), card(config, labels));
    factory(config).create("", List.of(), new RecordingSink(1)).close();

    TestConfig wider = new TestConfig();
    wider.stopAtr = 9;
    EngineConfig changed = wider.bind("s", Trigger.TICK, "fx", "logistic@1", "EURUSD").build();
    assertThatThrownBy(() -> factory(changed).create("", List.of(), new RecordingSink(1)))
        .isInstanceOf(ModelRefusedException.class)
        .hasMessageContaining("stopAtr=9.0");
    wider.allowLabelMismatch = true;
    wider.strategies.clear();
    EngineConfig allowed = wider.bind("s", Trigger.TICK, "fx", "logistic@1", "EURUSD").build();
    factory(allowed).create("", List.of(), new RecordingSink(1)).close();
  }
}

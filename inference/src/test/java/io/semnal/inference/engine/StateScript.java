package io.semnal.inference.engine;

import static io.semnal.inference.engine.EngineRig.MINUTE;
import static io.semnal.inference.engine.EngineRig.START;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.StrategyConfig.Trigger;
import io.semnal.core.engine.ModelPin;
import io.semnal.core.market.Timeframe;
import io.semnal.core.state.StateReader;
import io.semnal.core.state.StateWriter;
import io.semnal.inference.registry.LoadedModel;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.EngineCommandType;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.ModelActivationDecoder;
import io.semnal.protocol.sbe.ScorerKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;

/** An engine with everything in it, and days in which everything happens. */
final class StateScript {
  /** What an engine is called with. */
  enum Call {
    EARLIER,
    WARM_UP,
    MESSAGE
  }

  record Op(Call call, byte[] bytes) {}

  /** A version that no engine is given: its activation is refused. */
  private static final int MISSING = 4;

  private static final List<String> COLUMNS =
      List.of("diff(close, 1)", "close", "rsi(3)", "ema(close, 3)@5m");

  final RecordingSink sink;
  final SignalEngine engine;
  private final Map<Integer, List<ScriptedScorer>> scorers = new HashMap<>();
  private int activated;

  StateScript(int pattern) {
    sink = new RecordingSink(pattern);
    EngineConfig config = config();
    Map<String, LoadedModel> models = new HashMap<>();
    LoadedModel shared = track(model(1));
    LoadedModel pinned = track(model(1));
    config
        .strategies()
        .forEach(s -> models.put(s.name(), s.model().equals("test") ? shared : pinned));
    engine = new SignalEngine(config, models, pin -> track(model(pin.version())), sink);
  }

  private static EngineConfig config() {
    TestConfig c = new TestConfig();
    c.sets.clear();
    c.sets.add(new FeatureSetConfig("fx", Timeframe.M1, FeatureSetConfig.Price.MID, COLUMNS));
    c.sets.add(new FeatureSetConfig("slow", Timeframe.M5, FeatureSetConfig.Price.MID, COLUMNS));
    c.threshold = 0.45;
    c.margin = 0.15;
    c.maxSlippageAtr = 0.3;
    c.commissionPips = 0.3;
    c.horizonBars = 4;
    c.maxSpreadPips = 1.5;
    c.publishNeutral = true;
    c.bind("a-tick", Trigger.TICK, "fx", "test", "EURUSD", "USDJPY");
    c.stopAtr = 1;
    c.targetAtr = 1.5;
    c.cooldownBars = 2;
    c.publishFeatures = true;
    c.bind("b-bar", Trigger.BAR_CLOSE, "fx", "test", "EURUSD", "USDJPY");
    c.targetAtr = 0.5;
    c.cooldownBars = 0;
    c.maxSlippageAtr = 3;
    c.bind("c-slow", Trigger.BAR_CLOSE, "slow", "test@1", "USDJPY");
    return c.build();
  }

  /** Its scores follow from the row and the version; now and then it fails. */
  static LoadedModel model(int version) {
    return ScriptedScorer.model(
        ScriptedScorer.card(
            "test",
            version,
            COLUMNS,
            io.semnal.inference.registry.ModelCard.Output.CLASSES,
            "",
            false,
            ""),
        version,
        new ScriptedScorer(COLUMNS.size(), 3, false, (row, out) -> mix(row, out, version)));
  }

  private static boolean mix(float[] row, double[] out, int version) {
    long h = 17 + version;
    for (float value : row) {
      h = (h ^ Float.floatToIntBits(value)) * 0x9E3779B97F4A7C15L;
      h ^= h >>> 29;
    }
    double a = (h >>> 40) / (double) (1 << 24);
    double b = (h >>> 16 & 0xFFFFFF) / (double) (1 << 24) * (1 - a);
    out[0] = a;
    out[1] = b;
    out[2] = 1 - a - b;
    return (h & 63) != 0;
  }

  private LoadedModel track(LoadedModel model) {
    scorers
        .computeIfAbsent(model.card().version(), v -> new ArrayList<>())
        .add((ScriptedScorer) model.scorer());
    return model;
  }

  /** Whether every model of that version was closed. */
  boolean isClosed(int version) {
    return scorers.get(version).stream().allMatch(ScriptedScorer::isClosed);
  }

  int activated() {
    return activated;
  }

  void take(Op op) {
    UnsafeBuffer buffer = new UnsafeBuffer(op.bytes);
    switch (op.call) {
      case EARLIER -> engine.onEarlierOutbound(buffer, 0, op.bytes.length);
      case WARM_UP -> engine.onWarmUp(buffer, 0, op.bytes.length);
      case MESSAGE -> {
        prepare(buffer);
        engine.onMessage(buffer, 0, op.bytes.length);
      }
    }
  }

  /** As whoever passes an activation on does. */
  private void prepare(UnsafeBuffer buffer) {
    if (MessageLayout.templateId(buffer, 0) == ModelActivationDecoder.TEMPLATE_ID) {
      ModelActivationDecoder activation =
          new ModelActivationDecoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderDecoder());
      if (activation.version() != MISSING) {
        engine.prepare(
            new ModelPin(
                "test", activation.version(), sha(activation.version()), ScorerKind.ONNX_RUNTIME));
        activated++;
      }
    }
  }

  private static byte[] sha(int version) {
    return model(version).sha256();
  }

  byte[] state() {
    return state(engine);
  }

  static byte[] state(SignalEngine engine) {
    StateWriter out = new StateWriter();
    engine.state(out);
    return out.toByteArray();
  }

  StateScript restore(byte[] state) {
    StateReader in = new StateReader(state);
    engine.state(in);
    in.requireEnd();
    return this;
  }

  /** Header, definitions, and one activation. */
  static List<Op> activated(int version) {
    Inbound in = new Inbound();
    List<Op> ops = new ArrayList<>();
    new RandomMarket(1, in, START)
        .begin()
        .messages()
        .forEach(m -> ops.add(new Op(Call.MESSAGE, m.bytes())));
    ops.add(new Op(Call.MESSAGE, in.activate(START, "test", version, sha(version))));
    return ops;
  }

  /**
   * A run, its outbound messages as earlier ones, its inbound ones as warm-up, and a second run.
   */
  static List<Op> twoRuns(long seed, int messages) {
    Inbound in = new Inbound();
    List<byte[]> first = run(seed, in, START, messages);
    StateScript engine = new StateScript(1);
    first.forEach(bytes -> engine.take(new Op(Call.MESSAGE, bytes)));
    List<Op> ops = new ArrayList<>();
    engine.sink.all().forEach(bytes -> ops.add(new Op(Call.EARLIER, bytes)));
    first.forEach(bytes -> ops.add(new Op(Call.WARM_UP, bytes)));
    long later = RandomMarket.timeOf(first.getLast()) + 3 * MINUTE;
    run(~seed, in, later, 2 * messages).forEach(bytes -> ops.add(new Op(Call.MESSAGE, bytes)));
    return ops;
  }

  /** Header, definitions, bars of files, then a market with activations and conflated quotes. */
  private static List<byte[]> run(long seed, Inbound in, long from, int messages) {
    Random random = new Random(seed);
    RandomMarket market = new RandomMarket(seed, in, from);
    market.silences = true;
    List<byte[]> all = new ArrayList<>();
    market.begin().messages().forEach(m -> all.add(m.bytes()));
    long open = (from / MINUTE + 1) * MINUTE;
    for (int i = 0; i < 12; i++, open += MINUTE) {
      all.add(in.bar(1, 60, open, open + MINUTE, 110_000_000 + random.nextInt(50_000), 30_000));
      if (random.nextInt(4) > 0) {
        long bid = 15_000_000_000L + random.nextInt(5_000_000);
        all.add(in.bar(2, 60, open, open + MINUTE, bid, 3_000_000));
      }
    }
    market.time = open;
    int begun = market.messages().size();
    for (int i = 0; i < messages; i += 20) {
      market.go(20);
      market.messages().subList(begun, market.messages().size()).forEach(m -> all.add(m.bytes()));
      begun = market.messages().size();
      if (random.nextInt(4) == 0) {
        int version = 1 + random.nextInt(MISSING);
        all.add(in.activate(market.time, "test", version, sha(version)));
      }
      if (random.nextInt(6) == 0) {
        long until = market.time + random.nextLong(5 * 60 * MINUTE);
        int strategy = random.nextInt(4);
        all.add(in.command(EngineCommandType.BLACKOUT, market.time, 1, strategy, until, "news"));
      }
      if (random.nextInt(3) == 0) {
        long bid = 110_000_000 + random.nextInt(60_000) - 30_000;
        all.add(
            in.conflated(
                1,
                market.time,
                bid,
                bid + 9_000,
                bid - 20_000,
                bid + 20_000,
                bid - 9_000,
                bid + 30_000,
                3));
      }
    }
    return all;
  }
}

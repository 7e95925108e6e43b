package io.semnal.bench;

import io.semnal.core.config.ConfigLoader;
import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.StrategyConfig;
import io.semnal.core.engine.OutboundSink;
import io.semnal.core.market.Timeframe;
import io.semnal.core.state.StateReader;
import io.semnal.core.state.StateWriter;
import io.semnal.inference.engine.SignalEngine;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BooleanType;
import io.semnal.protocol.sbe.DefineInstrumentEncoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.QuoteEncoder;
import io.semnal.protocol.sbe.RunHeaderEncoder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** What it costs to write an engine's state down, and to put it back into a new engine. */
final class StateBench {
  private static final String SET = "bench-32";
  private static final long SECOND = 1_000_000_000L;
  private static final long START = Instant.parse("2026-01-13T00:00:00Z").getEpochSecond() * SECOND;

  private static final int MOST = 28;

  /** Enough for every window of the shorter timeframes to be full. */
  private static final int MINUTES = 600;

  private final Report report;
  private final int rounds;

  StateBench(Report report, int rounds) {
    this.report = report;
    this.rounds = rounds;
  }

  void run() {
    EngineConfig reference = ConfigLoader.load(null, Map.of(), Map.of()).engine();
    measure(reference, 2);
    measure(reference, MOST);
  }

  private void measure(EngineConfig reference, int instruments) {
    EngineConfig config = config(reference, instruments);
    double[] making = new double[rounds];
    double[] writing = new double[rounds];
    double[] reading = new double[rounds];
    SignalEngine engine = new SignalEngine(config, Map.of(), new Nowhere());
    feed(engine, config);
    byte[] state = {};
    for (int i = 0; i < rounds; i++) {
      long began = System.nanoTime();
      StateWriter out = new StateWriter();
      engine.state(out);
      state = out.toByteArray();
      long wrote = System.nanoTime();
      SignalEngine other = new SignalEngine(config, Map.of(), new Nowhere());
      long made = System.nanoTime();
      StateReader in = new StateReader(state);
      other.state(in);
      in.requireEnd();
      reading[i] = (System.nanoTime() - made) / 1e6;
      making[i] = (made - wrote) / 1e6;
      writing[i] = (wrote - began) / 1e6;
    }
    String what =
        String.format(
            Locale.ROOT,
            "state of %d instruments x %d timeframes x 32 columns, ",
            config.instruments().size(),
            config.timeframes().size());
    report.add(Figure.plain(what + "size", state.length / 1024.0, "KiB", Double.NaN, "no model"));
    report(what + "written down", writing);
    report(what + "read back", reading);
    report(what + "making the engine it is read into", making);
  }

  private void report(String name, double[] millis) {
    String remark = rounds + " rounds, median; first " + Figure.number(millis[0]);
    report.add(Figure.plain(name, Statistics.median(millis), "ms", Double.NaN, remark));
  }

  /** The columns of bench-32 on six timeframes, bound to some of the reference's instruments. */
  private static EngineConfig config(EngineConfig reference, int instruments) {
    FeatureSetConfig bench = reference.featureSet(SET);
    List<Timeframe> timeframes =
        List.of(
            Timeframe.M1,
            Timeframe.M5,
            Timeframe.M15,
            new Timeframe(1_800),
            Timeframe.H1,
            Timeframe.H4);
    List<FeatureSetConfig> sets = new ArrayList<>();
    List<StrategyConfig> strategies = new ArrayList<>();
    List<String> symbols =
        reference.instruments().subList(0, instruments).stream().map(i -> i.symbol()).toList();
    List<String> columns =
        bench.columns().stream().map(c -> c.replaceAll("#\\w+", "#" + symbols.getFirst())).toList();
    for (Timeframe timeframe : timeframes) {
      String name = "bench-" + timeframe.label();
      sets.add(new FeatureSetConfig(name, timeframe, bench.price(), columns, 1));
      strategies.add(
          new StrategyConfig(
              name,
              symbols,
              timeframe,
              StrategyConfig.Trigger.BAR_CLOSE,
              name,
              "",
              reference.strategies().getFirst().policy(),
              false));
    }
    return new EngineConfig(
        reference.instruments().subList(0, instruments),
        timeframes,
        reference.alignment(),
        reference.holidays(),
        reference.quality(),
        sets,
        strategies);
  }

  private static void feed(SignalEngine engine, EngineConfig config) {
    SplittableRandom random = new SplittableRandom(1);
    Messages messages = new Messages(engine);
    messages.begin(config);
    for (int i = 0; i < 4 * MINUTES; i++) {
      for (int id = 1; id <= config.instruments().size(); id++) {
        messages.quote(id, START + i * 15 * SECOND, 110_000_000 + random.nextInt(100_000));
      }
    }
  }

  /** Says inbound messages to an engine. */
  private static final class Messages {
    private final SignalEngine engine;
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(1024);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final QuoteEncoder quote = new QuoteEncoder();
    private long seq;

    Messages(SignalEngine engine) {
      this.engine = engine;
    }

    void begin(EngineConfig config) {
      RunHeaderEncoder run = new RunHeaderEncoder().wrapAndApplyHeader(buffer, 0, header);
      run.runId(1).epoch(1).wallTime(START).sourceClock(BooleanType.T).modelsCount(0);
      run.build("bench").configuration("");
      send(run.encodedLength(), START);
      for (int i = 0; i < config.instruments().size(); i++) {
        DefineInstrumentEncoder e =
            new DefineInstrumentEncoder().wrapAndApplyHeader(buffer, 0, header);
        e.instrumentId(i + 1).symbol(config.instruments().get(i).symbol()).pip(10_000);
        send(e.encodedLength(), START);
      }
    }

    void quote(int instrument, long time, long bid) {
      quote
          .wrapAndApplyHeader(buffer, 0, header)
          .eventTime(time)
          .bid(bid)
          .ask(bid + 9_000)
          .bidSize(100)
          .askSize(100)
          .sourceId(1)
          .instrumentId(instrument);
      buffer.putShort(MessageLayout.HEADER + QuoteEncoder.flagsEncodingOffset(), (short) 0);
      send(quote.encodedLength(), time);
    }

    private void send(int length, long time) {
      MessageLayout.stamp(buffer, 0, ++seq, time);
      engine.onMessage(buffer, 0, MessageLayout.HEADER + length);
    }
  }

  /** Takes outbound messages and forgets them. */
  private static final class Nowhere implements OutboundSink {
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1 << 16]);

    @Override
    public MutableDirectBuffer claim(int maxLength) {
      return buffer;
    }

    @Override
    public int offset() {
      return 0;
    }

    @Override
    public void commit(int length) {}
  }
}

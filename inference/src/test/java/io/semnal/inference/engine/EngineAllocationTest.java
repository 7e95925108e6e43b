package io.semnal.inference.engine;

import static io.semnal.inference.engine.EngineRig.SECOND;
import static io.semnal.inference.engine.EngineRig.START;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.semnal.core.allocation.StringConstants;
import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.StrategyConfig.Trigger;
import io.semnal.core.engine.OutboundSink;
import io.semnal.core.metrics.Counter;
import io.semnal.core.metrics.Metrics;
import io.semnal.inference.registry.LoadedModel;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.QuoteEncoder;
import io.semnal.protocol.sbe.ScoreReason;
import io.semnal.protocol.sbe.SignalType;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import java.util.Map;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/**
 * The engine's thread allocates nothing: bars, features, scores and whole signal lives included.
 */
class EngineAllocationTest {
  private static final int MOST_WARM_UP_ROUNDS = 8;
  private static final int QUOTES = 1_000_000;
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Forgets what it is told, as a ring does once it is read. */
  private static final class BlackHole implements OutboundSink {
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[4096]);

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

  private final BlackHole sink = new BlackHole();
  private final Counter rowsTaken = new Metrics().counter("taken", "");
  private final Counter rowsDropped = new Metrics().counter("dropped", "");

  /** Full again and again before it is emptied, so that both ways of a row are taken. */
  private final ScoredRows rows = new ScoredRows(1 << 14, rowsTaken, rowsDropped);

  private final MessageHandler forget = (type, buffer, index, rowLength) -> {};
  private final SignalEngine engine = engine();
  private final UnsafeBuffer quote = new UnsafeBuffer(new byte[256]);
  private int length;
  private long seq;
  private long time = START;
  private long state = 42;
  private long mid = 110_000_000L;

  /** A cheap linear model of the row; allocates nothing, as scorers must. */
  private static boolean score(float[] row, double[] out) {
    double lean = Math.clamp(row[0] * 2_000 + 0.5, 0.0, 1.0);
    out[0] = lean;
    out[1] = 1 - lean;
    out[2] = 0;
    return true;
  }

  private SignalEngine engine() {
    TestConfig c = new TestConfig();
    c.stopAtr = 0.5;
    c.targetAtr = 0.5;
    c.horizonBars = 2;
    c.cooldownBars = 1;
    c.publishFeatures = true;
    c.publishNeutral = true;
    FeatureSetConfig fx = c.sets.getFirst();
    FeatureSetConfig seq =
        new FeatureSetConfig("seq", fx.timeframe(), fx.price(), fx.columns(), 20);
    c.sets.add(seq);
    c.strategy("bar", Trigger.BAR_CLOSE, "EURUSD").strategy("tick", Trigger.TICK, "EURUSD");
    c.bind("window", Trigger.TICK, "seq", "seq", "EURUSD");
    EngineConfig config = c.build();
    Map<String, LoadedModel> models = EngineRig.everywhere(config, model(fx));
    models.put("window", model(seq));
    return new SignalEngine(config, models, sink);
  }

  private static LoadedModel model(FeatureSetConfig set) {
    return ScriptedScorer.model(
        "test",
        1,
        1,
        set.inputs(),
        new ScriptedScorer(set.width(), 3, false, EngineAllocationTest::score));
  }

  private void send(byte[] message) {
    engine.onMessage(new UnsafeBuffer(message), 0, message.length);
  }

  private void begin() {
    engine.copyRowsTo(rows);
    Inbound in = new Inbound();
    send(in.runHeader(time));
    send(in.define(time, 1, "EURUSD"));
    byte[] bytes = in.quote(1, time, time, mid, mid, 0);
    quote.putBytes(0, bytes);
    length = bytes.length;
    seq = in.lastSeq();
  }

  private void next() {
    state = state * 6364136223846793005L + 1442695040888963407L;
    mid += ((state >>> 40) % 41 - 20) * 1_000;
    time += (state >>> 20 & 1) * SECOND;
    MessageLayout.stamp(quote, 0, ++seq, time);
    put(QuoteEncoder.eventTimeEncodingOffset(), time);
    put(QuoteEncoder.bidEncodingOffset(), mid - 5_000);
    put(QuoteEncoder.askEncodingOffset(), mid + 5_000);
    engine.onMessage(quote, 0, length);
    if ((seq & 255) == 0) {
      rows.drain(forget, Integer.MAX_VALUE);
    }
  }

  private void put(int field, long value) {
    quote.putLong(MessageLayout.HEADER + field, value, ByteOrder.LITTLE_ENDIAN);
  }

  private long allocatedBy(Runnable work) {
    long id = Thread.currentThread().threadId();
    long before = threads.getThreadAllocatedBytes(id);
    work.run();
    return threads.getThreadAllocatedBytes(id) - before;
  }

  private void round() {
    for (int i = 0; i < QUOTES; i++) {
      next();
    }
  }

  /** Until two rounds have not allocated a byte, with all string constants made before. */
  private void warmUp() {
    round();
    StringConstants.make();
    int clean = 0;
    for (int i = 0; i < MOST_WARM_UP_ROUNDS && clean < 2; i++) {
      clean = allocatedBy(this::round) == 0 ? clean + 1 : 0;
    }
  }

  /** One round counts: the first after the warm-up. */
  @Test
  void aMillionQuotesAllocateNothing() {
    begin();
    warmUp();
    long signals = engine.counters().signals(SignalType.BUY);
    long bars = engine.counters().bars();
    long idle = allocatedBy(() -> {});
    long allocated = allocatedBy(this::round) - idle;
    assertThat(engine.counters().signals(SignalType.BUY) - signals).isGreaterThan(1_000);
    assertThat(engine.counters().bars() - bars).isGreaterThan(5_000);
    assertThat(engine.counters().scores(ScoreReason.POSITION_OPEN)).isGreaterThan(1_000);
    assertThat(rowsTaken.get()).isGreaterThan(100_000);
    assertThat(rowsDropped.get()).isGreaterThan(100_000);
    assertThat(allocated).isZero();
  }

  /** The measure sees one small object among a thousand quotes. */
  @Test
  void theMeasureSeesASingleAllocation() {
    begin();
    for (int i = 0; i < 200_000; i++) {
      next();
    }
    Object[] keep = new Object[1];
    long idle = allocatedBy(() -> {});
    long allocated =
        allocatedBy(
            () -> {
              for (int i = 0; i < 1_000; i++) {
                next();
              }
              keep[0] = new byte[16];
            });
    assertThat(keep[0]).isNotNull();
    assertThat(allocated - idle).isBetween(16L, 64L);
  }
}

package io.semnal.bench;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.semnal.core.access.KeyFile;
import io.semnal.core.config.ConfigLoader;
import io.semnal.core.config.SemnalConfig;
import io.semnal.core.metrics.Metrics;
import io.semnal.gateway.EdgeGateway;
import io.semnal.gateway.GatewayContext;
import io.semnal.gateway.GatewayLoop;
import io.semnal.gateway.OutboundHistory;
import io.semnal.gateway.Replayer;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BarEncoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.SignalEncoder;
import io.semnal.protocol.sbe.SignalType;
import io.semnal.protocol.sbe.Trigger;
import io.semnal.protocol.session.NonceSource;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.LoggerFactory;

/** The server's edge gateway by itself, with its loop and nothing in its journal. */
final class FanoutGateway implements FanoutLoop.Broadcast, AutoCloseable {
  private static final int SESSIONS = 12_000;

  /** Sequences of equal length in JSON: every frame has as many bytes. */
  private static final long FIRST = 10_000_000;

  private static final long TIME = 1_768_400_000_000_000_000L;

  private final FanoutLoop loop;
  private final EdgeGateway edge;
  private final int port;
  private final UnsafeBuffer signal = new UnsafeBuffer(new byte[512]);
  private final int signalLength;
  private final UnsafeBuffer bar = new UnsafeBuffer(new byte[512]);
  private final int barLength;
  private long outSeq = FIRST;

  /** Nothing was journaled: no client of the benchmark resumes. */
  private record Nothing() implements OutboundHistory {
    @Override
    public long oldest() {
      return FIRST + 1;
    }

    @Override
    public long head() {
      return FIRST;
    }

    @Override
    public Cursor open(long afterOutSeq) {
      throw new IllegalStateException("no client of the benchmark resumes");
    }
  }

  FanoutGateway(String name, KeyFile keys, String heartbeat)
      throws IOException, InterruptedException, ExecutionException {
    loop = new FanoutLoop(name);
    // Two lines for each of ten thousand sessions.
    ((Logger) LoggerFactory.getLogger("io.semnal.gateway")).setLevel(Level.WARN);
    SemnalConfig config =
        ConfigLoader.load(
            null,
            Map.of(),
            Map.of(
                "gateway.wsPort",
                "0",
                "gateway.maxSessions",
                Integer.toString(SESSIONS),
                "gateway.maxPending",
                "67108864",
                "gateway.heartbeat",
                heartbeat));
    GatewayContext context =
        new GatewayContext(
            config.runtime().gateway(),
            config.engine().timeframes(),
            keys,
            NonceSource.secure(),
            new Nothing(),
            (buffer, offset, length) -> false,
            new Replayer(() -> {}),
            new Metrics(),
            () -> System.currentTimeMillis() * 1_000_000L,
            "bench");
    edge = new EdgeGateway(context, new GatewayLoop(loop.loop(), loop.channel()));
    edge.hub().startAt(FIRST, 1);
    signalLength = signal();
    barLength = bar();
    loop.start(this);
    port = edge.listen().get().getPort();
  }

  private int signal() {
    SignalEncoder e = new SignalEncoder();
    e.wrapAndApplyHeader(signal, 0, new MessageHeaderEncoder())
        .outSeq(FIRST)
        .causeSeq(FIRST)
        .streamSeq(FIRST)
        .time(TIME)
        .instrumentId(0)
        .timeframe(60)
        .strategyId(0)
        .eventTime(TIME)
        .signalType(SignalType.BUY)
        .trigger(Trigger.BAR_CLOSE)
        .modelId(0)
        .strength(0.7)
        .bid(108_123_000)
        .ask(108_125_000)
        .entry(108_125_000)
        .stopLoss(108_025_000)
        .takeProfit(108_325_000)
        .expiration(TIME)
        .featureHash(1);
    e.putFeatures(new byte[0], 0, 0);
    return MessageLayout.HEADER + e.encodedLength();
  }

  private int bar() {
    BarEncoder e = new BarEncoder();
    e.wrapAndApplyHeader(bar, 0, new MessageHeaderEncoder()).time(TIME).timeframe(60);
    return MessageLayout.HEADER + e.encodedLength();
  }

  int port() {
    return port;
  }

  int sessions() {
    return edge.hub().sessionCount();
  }

  FanoutLoop loop() {
    return loop;
  }

  /** Gives the stalled client, the only one that hears of bars, more than its sockets hold. */
  void fill(int bars) throws InterruptedException, ExecutionException {
    loop.loop()
        .submit(
            () -> {
              for (int i = 0; i < bars; i++) {
                publish(bar, barLength, false);
              }
              edge.onBatchEnd();
            })
        .get();
  }

  private void publish(UnsafeBuffer message, int length, boolean last) {
    message.putLong(MessageLayout.HEADER, ++outSeq);
    if (last) {
      edge.onLast(message, 0, length, 0);
    } else {
      edge.onOutbound(message, 0, length, 0);
    }
  }

  @Override
  public void publish(int messages) {
    for (int i = 0; i < messages; i++) {
      publish(signal, signalLength, i == messages - 1);
    }
    edge.onBatchEnd();
  }

  @Override
  public int doWork() {
    return edge.doWork();
  }

  @Override
  public void close() {
    loop.close();
  }
}

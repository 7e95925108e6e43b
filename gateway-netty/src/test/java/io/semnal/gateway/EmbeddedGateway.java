package io.semnal.gateway;

import io.semnal.core.access.ApiKey;
import io.semnal.core.config.RuntimeConfig;
import io.semnal.core.ingress.MessageHandler;
import io.semnal.core.market.Timeframe;
import io.semnal.core.metrics.Metrics;
import io.semnal.gateway.rest.ClientResources;
import io.semnal.gateway.rest.RestGate;
import io.semnal.gateway.rest.RestPort;
import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.sbe.SignalState;
import io.semnal.protocol.session.KeyLookup;
import io.semnal.protocol.session.NonceSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A gateway without a socket and without a thread: every byte's arrival and every turn of the loop
 * is the caller's. Nonces are constants and no timer runs by itself, so that a run can be repeated.
 */
public final class EmbeddedGateway {
  /** What the server draws. */
  static final byte SERVER_NONCE = 1;

  private static final long MILLI = 1_000_000L;
  static final int WINDOW = 16;
  static final int MAX_FRAME = 2_048;
  private static final Map<String, ApiKey> KEYS =
      Map.of(
          "all", GatewayFixture.key("all", Role.CLIENT, 31, true, Set.of(), false),
          "euro", GatewayFixture.key("euro", Role.CLIENT, 31, false, Set.of("EURUSD"), false),
          "signals", GatewayFixture.key("signals", Role.CLIENT, 1, true, Set.of(), false),
          "admin", GatewayFixture.key("admin", Role.CLIENT, 31, true, Set.of(), true));
  private static final Duration HEARTBEAT = Duration.ofHours(1);
  private static final List<String> ORIGINS = List.of("https://desk.example");

  private static RuntimeConfig.Gateway config(RuntimeConfig.Gateway.Limits limits) {
    return new RuntimeConfig.Gateway(
        true,
        "127.0.0.1",
        0,
        0,
        false,
        Path.of("keys.conf"),
        HEARTBEAT,
        100,
        MAX_FRAME,
        WINDOW,
        1_000_000,
        1 << 16,
        ORIGINS,
        limits,
        RuntimeConfig.Gateway.Tls.NONE,
        null);
  }

  private final Outbound make = new Outbound();
  private final List<byte[]> journal = new ArrayList<>();
  private final Replayer replayer = new Replayer(() -> {});
  private long quotes;

  /** Templates of what came in for the engine. */
  final List<byte[]> offered = new ArrayList<>();

  final GatewayContext context;
  final SessionHub hub;

  EmbeddedGateway() {
    this(KEYS::get);
  }

  /** With other keys than its own. */
  public EmbeddedGateway(KeyLookup keys) {
    this(keys, new RuntimeConfig.Gateway.Limits(0, 0, 0, 0, Duration.ZERO, Duration.ZERO));
  }

  /** With its own keys, and limits on who comes in. */
  EmbeddedGateway(RuntimeConfig.Gateway.Limits limits) {
    this(KEYS::get, limits);
  }

  private EmbeddedGateway(KeyLookup keys, RuntimeConfig.Gateway.Limits limits) {
    context =
        new GatewayContext(
            config(limits),
            List.of(Timeframe.M1, Timeframe.M5),
            keys,
            nonce -> Arrays.fill(nonce, SERVER_NONCE),
            new Journal(),
            (buffer, offset, length) -> {
              byte[] copy = new byte[length];
              buffer.getBytes(offset, copy);
              return offered.add(copy);
            },
            replayer,
            new Metrics(),
            () -> Outbound.TIME,
            "fuzz");
    hub = new SessionHub(context, "edge", true);
    add(make.instrument(1, 1, "EURUSD", 5));
    add(make.instrument(2, 2, "USDJPY", 3));
    add(make.strategy(3, 7, "breakout"));
    for (int i = 0; i < 40; i++) {
      add(next());
    }
    journal.forEach(message -> hub.onEarlier(new UnsafeBuffer(message), 0, message.length));
    hub.startAt(journal.size(), 1);
  }

  static ApiKey key(String id) {
    return KEYS.get(id);
  }

  /**
   * REST's resources over it.
   *
   * @param clockMillis what time it is for signatures
   */
  public RestPort rest(LongSupplier clockMillis) {
    return ClientResources.port(
        hub,
        context.history(),
        context.timeframes(),
        new RestGate(context.keys(), context.admission(), context.audit()),
        clockMillis,
        ORIGINS,
        List::of);
  }

  static NonceSource clientNonces() {
    return nonce -> Arrays.fill(nonce, (byte) 2);
  }

  private void add(byte[] message) {
    journal.add(message);
  }

  /** Bars, scores, signals and their events, of both instruments in turn. */
  private byte[] next() {
    long outSeq = journal.size() + 1;
    int instrument = 1 + (int) (outSeq & 1);
    return switch ((int) (outSeq % 5)) {
      case 0 -> make.signal(outSeq, instrument, 7, new byte[] {0, 0, 0, 63, 0, 0, -64, 127});
      case 1 -> make.event(outSeq, outSeq - 1, 3 - instrument, 7, SignalState.ACTIVE);
      case 2 -> make.score(outSeq, instrument, 7);
      default -> make.bar(outSeq, instrument, 60);
    };
  }

  void publish() {
    byte[] message = next();
    add(message);
    if (journal.size() % 3 == 0) {
      hub.onLast(new UnsafeBuffer(message), 0, message.length, 0);
      hub.onBatchEnd();
    } else {
      hub.onOutbound(new UnsafeBuffer(message), 0, message.length, 0);
    }
  }

  void quote() {
    byte[] message = make.quote(++quotes, 1 + (int) (quotes & 1), 138_654_000 + quotes);
    hub.onInbound(new UnsafeBuffer(message), 0, message.length);
  }

  /** A turn of the loop and of the replay thread. */
  void turn() {
    hub.onBatchEnd();
    hub.doWork(hub.now() + MILLI);
    replayer.doWork();
    hub.doWork(hub.now() + MILLI);
  }

  /** So many heartbeat intervals pass. */
  void time(int intervals) {
    hub.doWork(hub.now() + intervals * HEARTBEAT.toNanos());
  }

  /** Lets go of what a session left behind. */
  void close() {
    replayer.doWork();
    replayer.onClose();
  }

  /** The messages so far, as the journal has them. */
  private final class Journal implements OutboundHistory {
    @Override
    public long oldest() {
      return 1;
    }

    @Override
    public long head() {
      return journal.size();
    }

    @Override
    public Cursor open(long afterOutSeq) {
      return new Cursor() {
        private long at = afterOutSeq;

        @Override
        public boolean readNext(MessageHandler handler) {
          if (at >= journal.size()) {
            return false;
          }
          byte[] message = journal.get((int) at++);
          handler.onMessage(new UnsafeBuffer(message), 0, message.length);
          return true;
        }

        @Override
        public void close() {
          // Nothing is held.
        }
      };
    }
  }
}

package io.semnal.gateway;

import io.semnal.core.access.ApiKey;
import io.semnal.core.config.RuntimeConfig;
import io.semnal.core.ingress.InboundPort;
import io.semnal.core.market.Timeframe;
import io.semnal.core.metrics.Metrics;
import io.semnal.gateway.rest.OutcomeRow;
import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.KeyLookup;
import io.semnal.protocol.session.NonceSource;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.UnsafeBuffer;

/** A whole gateway on loopback: hot and edge loop, replay thread, a journal in memory. */
final class GatewayFixture implements AutoCloseable {
  static final class Settings {
    int window = 65_536;
    int maxPending = 1 << 20;
    int maxSessions = 100;
    int maxFrame = 4_096;
    int hotSessions = 8;
    int replayPerSecond = 5_000_000;
    Duration heartbeat = Duration.ofSeconds(5);
    boolean epoll = true;
    List<String> origins = List.of();
    RuntimeConfig.Gateway.Limits limits = RuntimeConfig.Gateway.Limits.DEFAULT;
    RuntimeConfig.Gateway.Tls tls = RuntimeConfig.Gateway.Tls.NONE;
    RuntimeConfig.Gateway.Fix fix = RuntimeConfig.Gateway.Fix.OFF;
    InboundPort inbound = (buffer, offset, length) -> true;
  }

  static final int ALL_CHANNELS = 31;

  final Metrics metrics = new Metrics();
  final MemoryHistory history;
  final Map<String, ApiKey> keys = new ConcurrentHashMap<>();

  /** The wall clock, where it is not 0. */
  final AtomicLong wall = new AtomicLong();

  final AtomicLong keysVersion = new AtomicLong();
  final List<String> audited = new CopyOnWriteArrayList<>();
  final Replayer replayer = new Replayer(() -> {});
  final LoopThread hotThread;
  final LoopThread edgeThread;
  final GatewayContext context;
  final HotGateway hot;
  final EdgeGateway edge;
  private final Thread replayThread;
  volatile List<OutcomeRow> outcomes = List.of();
  private volatile boolean running = true;
  private InetSocketAddress tcp;
  private InetSocketAddress ws;
  private InetSocketAddress fix;

  GatewayFixture(Settings settings) {
    this(settings, new MemoryHistory());
  }

  /** A further run over what earlier ones have journaled. */
  GatewayFixture(Settings settings, MemoryHistory history) {
    this.history = history;
    keys.put("all", key("all", Role.CLIENT, ALL_CHANNELS, true, Set.of(), false));
    keys.put("signals", key("signals", Role.CLIENT, 1, true, Set.of(), false));
    keys.put("euro", key("euro", Role.CLIENT, ALL_CHANNELS, false, Set.of("EURUSD"), false));
    keys.put("admin", key("admin", Role.CLIENT, ALL_CHANNELS, true, Set.of(), true));
    keys.put("feed", key("feed", Role.FEED, 0, true, Set.of(), false));
    RuntimeConfig.Gateway config =
        new RuntimeConfig.Gateway(
            true,
            "127.0.0.1",
            0,
            0,
            false,
            Path.of("keys.conf"),
            settings.heartbeat,
            settings.maxSessions,
            settings.maxFrame,
            settings.window,
            settings.replayPerSecond,
            settings.maxPending,
            settings.origins,
            settings.limits,
            settings.tls,
            null,
            settings.fix);
    context =
        new GatewayContext(
            config,
            List.of(Timeframe.M1, Timeframe.M5),
            lookup(),
            NonceSource.secure(),
            history,
            settings.inbound,
            replayer,
            metrics,
            () -> wall.get() == 0 ? wallNanos() : wall.get(),
            "test",
            (what, key, peer, code, text) ->
                audited.add(String.join("|", what, key, peer, code, text)));
    hotThread = new LoopThread("hot", settings.epoll);
    edgeThread = new LoopThread("edge", settings.epoll);
    edge = new EdgeGateway(context, edgeThread.loop(), () -> outcomes);
    hot = new HotGateway(context, hotThread.loop(), edge, settings.hotSessions);
    replayThread = new Thread(this::replay, "replay");
    replayThread.setDaemon(true);
  }

  /** Takes the history so far as journaled before the start, and opens the ports. */
  GatewayFixture start() throws Exception {
    return start(Long.MAX_VALUE);
  }

  /**
   * @param most so many messages from the history's beginning are handed to the loops
   */
  GatewayFixture start(long most) throws Exception {
    for (SessionHub hub : List.of(hot.hub(), edge.hub())) {
      for (long seq = 1; seq <= Math.min(most, history.head()); seq++) {
        byte[] message = history.get(seq);
        hub.onEarlier(new UnsafeBuffer(message), 0, message.length);
      }
      hub.startAt(history.head(), 1);
    }
    replayThread.start();
    hotThread.duty(hot::doWork);
    edgeThread.duty(edge::doWork);
    tcp = hot.listen().get(60, TimeUnit.SECONDS);
    ws = edge.listen().get(60, TimeUnit.SECONDS);
    if (context.config().fix().isOn()) {
      fix = hot.listenFix().get(60, TimeUnit.SECONDS);
    }
    return this;
  }

  /** The journal's and the loops' way of one batch. */
  void publish(byte[]... batch) {
    for (byte[] message : batch) {
      history.append(message);
    }
    hotThread.execute(() -> deliver(hot.hub(), batch));
    edgeThread.execute(() -> deliver(edge.hub(), batch));
  }

  private static void deliver(SessionHub hub, byte[][] batch) {
    for (int i = 0; i < batch.length; i++) {
      UnsafeBuffer message = new UnsafeBuffer(batch[i]);
      if (i < batch.length - 1) {
        hub.onOutbound(message, 0, message.capacity(), 0);
      } else {
        hub.onLast(message, 0, message.capacity(), 0);
      }
    }
    hub.onBatchEnd();
  }

  void inbound(byte[]... batch) {
    for (SessionHub hub : List.of(hot.hub(), edge.hub())) {
      LoopThread thread = hub == hot.hub() ? hotThread : edgeThread;
      thread.execute(
          () -> {
            for (byte[] message : batch) {
              hub.onInbound(new UnsafeBuffer(message), 0, message.length);
            }
            hub.onBatchEnd();
          });
    }
  }

  /** Waits until both loops have done what was given to them before. */
  void settle() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(2);
    hotThread.execute(done::countDown);
    edgeThread.execute(done::countDown);
    if (!done.await(60, TimeUnit.SECONDS)) {
      throw new AssertionError("a loop does not get on");
    }
  }

  int tcpPort() {
    return tcp.getPort();
  }

  int wsPort() {
    return ws.getPort();
  }

  int fixPort() {
    return fix.getPort();
  }

  private KeyLookup lookup() {
    return new KeyLookup() {
      @Override
      public ApiKey find(String keyId) {
        return keys.get(keyId);
      }

      @Override
      public long version() {
        return keysVersion.get();
      }
    };
  }

  ClientKey clientKey(String id) {
    return new ClientKey(id, keys.get(id).secret());
  }

  TcpClient connect(String keyId) throws Exception {
    return new TcpClient(tcpPort()).login(clientKey(keyId));
  }

  static ApiKey key(
      String id, Role role, int channels, boolean all, Set<String> instruments, boolean admin) {
    byte[] secret = new byte[32];
    Arrays.fill(secret, (byte) id.hashCode());
    return new ApiKey(id, secret, role, channels, all, instruments, admin, "");
  }

  private static long wallNanos() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  private void replay() {
    while (running) {
      if (replayer.doWork() == 0) {
        LockSupport.parkNanos(50_000);
      }
    }
    replayer.onClose();
  }

  @Override
  public void close() {
    running = false;
    LoopThread.join(replayThread);
    hotThread.close();
    edgeThread.close();
  }
}

package io.semnal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import io.semnal.core.config.RuntimeConfig;
import io.semnal.gateway.rest.SessionRow;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.sbe.SessionErrorDecoder;
import io.semnal.protocol.sbe.SlowWarningDecoder;
import io.semnal.protocol.sbe.SubscribedDecoder;
import io.semnal.protocol.sbe.TimeSyncDecoder;
import io.semnal.protocol.sbe.TimeSyncEncoder;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One slow, stalled or hostile client, and others on the same loop who must not feel it. */
class IsolationTest {
  private static final int BARS = 4;
  private static final int LEAST = 20_000;
  private static final int AHEAD = 2_500;
  private static final int NARROW = 4_096;
  private static final int MAX_PENDING = 1 << 20;

  private static final int BATCH = 100;
  private static final int STATUS = 16;
  private static final int ALL = 31;

  /** Keys: two that read nothing, one that hardly does, one that does not read its answers. */
  private static final Set<String> SLOW = Set.of("tcp", "ws", "trickle", "deaf");

  /** Those of them whom the stream makes slow. */
  private static final Set<String> FED_BY_THE_STREAM = Set.of("tcp", "ws", "trickle");

  /** Between batches: as many as fit the history take longer than this test's patience. */
  private static final long PACE_NANOS = 50_000_000;

  /** Of each misdeed, before the stream's last messages. */
  private static final int ROUNDS = 10;

  private static final int TIME_SYNC = MessageLayout.HEADER + TimeSyncEncoder.BLOCK_LENGTH;

  /** More than anything takes on the busiest machine: what is waited for comes by plan. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final Outbound outbound = new Outbound();
  private final GatewayFixture.Settings settings = new GatewayFixture.Settings();
  private final AtomicBoolean running = new AtomicBoolean(true);

  /** Of the stream, once it is known. */
  private volatile long last = Long.MAX_VALUE;

  private GatewayFixture gateway;

  @BeforeEach
  void start() throws Exception {
    settings.maxPending = MAX_PENDING;
    // Nobody is to be silent for too long, or late for the last words, however busy the machine.
    settings.heartbeat = Duration.ofMinutes(5);
    // All on the edge loop.
    settings.hotSessions = 0;
    // The limit of requests has tests of its own.
    settings.limits = new RuntimeConfig.Gateway.Limits(0, 0, 0, 5, Duration.ZERO, Duration.ZERO);
    gateway = new GatewayFixture(settings);
    gateway.history.append(outbound.instrument(1, 1, "EURUSD", 5));
    for (String id : SLOW) {
      gateway.keys.put(
          id,
          GatewayFixture.key(id, Role.CLIENT, GatewayFixture.ALL_CHANNELS, true, Set.of(), false));
    }
    gateway.start();
  }

  @AfterEach
  void stop() {
    running.set(false);
    gateway.close();
  }

  private interface Source {
    UnsafeBuffer next() throws IOException;
  }

  /** Others, over TCP and WebSocket, that must get all in order, each once. */
  private void othersGetEverything(List<Misdeed> misdeeds) throws Exception {
    try (TcpClient tcp = gateway.connect("all");
        RawWebSocket ws = new RawWebSocket(gateway.wsPort(), 0).login(gateway.clientKey("all"))) {
      tcp.socket.setSoTimeout((int) PATIENCE.toMillis());
      ws.socket.setSoTimeout((int) PATIENCE.toMillis());
      tcp.subscribe(1, BARS).next(SubscribedDecoder.TEMPLATE_ID);
      ws.subscribe(BARS, -1);
      while (MessageLayout.templateId(ws.next(), 0) != SubscribedDecoder.TEMPLATE_ID) {
        Thread.onSpinWait();
      }
      Follower first = new Follower(tcp::next);
      Follower second = new Follower(ws::next);
      long seq = 2;
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      // As long as it takes until everybody has done their worst, and some more.
      while (seq <= LEAST || !allDone(misdeeds)) {
        assertThat(System.nanoTime()).as(() -> progress(misdeeds)).isLessThan(deadline);
        seq = publish(seq, first, second);
        if (seq > LEAST && standing().stream().noneMatch(FED_BY_THE_STREAM::contains)) {
          // The rest is up to the others: a stream that outran them would only fill the memory.
          long next = System.nanoTime() + PACE_NANOS;
          while (!allDone(misdeeds) && System.nanoTime() < next) {
            LockSupport.parkNanos(PACE_NANOS / 10);
          }
        }
      }
      last = seq + BATCH - 1;
      publish(seq, first, second);
      first.join(last);
      second.join(last);
    }
  }

  /** A batch, as fast as those who do read can follow: it is not they who are slow. */
  private long publish(long from, Follower... others) {
    byte[][] batch = new byte[BATCH][];
    for (int i = 0; i < batch.length; i++) {
      batch[i] = outbound.bar(from + i, 1, 60);
    }
    gateway.publish(batch);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    for (Follower other : others) {
      while (other.at < from - AHEAD && other.failure == null) {
        assertThat(System.nanoTime()).as("the others").isLessThan(deadline);
        LockSupport.parkNanos(50_000);
      }
    }
    return from + BATCH;
  }

  private boolean allDone(List<Misdeed> misdeeds) {
    return standing().isEmpty() && misdeeds.stream().allMatch(Misdeed::isDone);
  }

  /** Those of the slow ones whose session has not been ended. */
  private List<String> standing() {
    return gateway.context.sessionRows().stream()
        .map(SessionRow::keyId)
        .filter(SLOW::contains)
        .toList();
  }

  private String progress(List<Misdeed> misdeeds) {
    return "standing: %s, rounds: %s"
        .formatted(standing(), misdeeds.stream().map(m -> m.name + " " + m.rounds).toList());
  }

  /** Reads the whole stream on a thread of its own. */
  private final class Follower {
    private final Source source;
    private final Thread thread = new Thread(this::run);
    private volatile long at = 1;
    private volatile Throwable failure;

    Follower(Source source) {
      this.source = source;
      thread.setDaemon(true);
      thread.start();
    }

    private void run() {
      try {
        for (long seq = 2; seq <= last; ) {
          UnsafeBuffer message = source.next();
          assertThat(message).isNotNull();
          int template = MessageLayout.templateId(message, 0);
          assertThat(template)
              .isNotIn(SessionErrorDecoder.TEMPLATE_ID, SlowWarningDecoder.TEMPLATE_ID);
          if (MessageLayout.isOutbound(template)) {
            assertThat(MessageLayout.outSeq(message, 0)).isEqualTo(seq);
            at = seq++;
          }
        }
      } catch (IOException | AssertionError e) {
        failure = e;
      }
    }

    void join(long end) throws InterruptedException {
      thread.join(PATIENCE.toMillis());
      assertThat(thread.isAlive()).as("still reading, at " + at).isFalse();
      assertThat(failure).isNull();
      assertThat(at).isEqualTo(end);
    }
  }

  /** A stretch of the stream without a gap, a warning, then the reason and the end. */
  private static void toldAndClosed(Source source) throws IOException {
    long last = 1;
    boolean warned = false;
    UnsafeBuffer message = source.next();
    while (MessageLayout.templateId(message, 0) != SessionErrorDecoder.TEMPLATE_ID) {
      int template = MessageLayout.templateId(message, 0);
      warned |= template == SlowWarningDecoder.TEMPLATE_ID;
      // The first is the definition that stands in the journal.
      if (MessageLayout.isOutbound(template) && MessageLayout.outSeq(message, 0) > 1) {
        assertThat(MessageLayout.outSeq(message, 0)).isEqualTo(++last);
      }
      message = source.next();
      assertThat(message).as("the reason before the end").isNotNull();
    }
    SessionErrorDecoder error = new SessionErrorDecoder();
    error.wrapAndApplyHeader(message, 0, new MessageHeaderDecoder());
    assertThat(error.code()).isEqualTo(ErrorCode.SLOW_CONSUMER);
    assertThat(error.lastOutSeq()).isEqualTo(last);
    assertThat(warned).isTrue();
    assertThat(source.next()).isNull();
  }

  private long slowOnes() {
    return gateway.metrics.counter("gateway_slow_total{loop=\"edge\"}", "").get();
  }

  /**
   * On one loop: two that read nothing, one that reads a byte now and then, one that floods
   * requests and reads no answer, one that reads them, one that sends garbage, one that comes back
   * for ever, one that asks for a great deal.
   */
  @Test
  void whoeverMisbehavesCostsTheOthersNothing() throws Exception {
    long before = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
    try (TcpClient tcp = stalled("tcp");
        TcpClient trickle = stalled("trickle");
        TcpClient deaf = new TcpClient(gateway.tcpPort(), NARROW).login(gateway.clientKey("deaf"));
        TcpClient flooding = gateway.connect("all");
        RawWebSocket ws =
            new RawWebSocket(gateway.wsPort(), NARROW).login(gateway.clientKey("ws"))) {
      tcp.socket.setSoTimeout((int) PATIENCE.toMillis());
      ws.socket.setSoTimeout((int) PATIENCE.toMillis());
      ws.subscribe(BARS, -1);
      List<Misdeed> misdeeds =
          List.of(
              new Misdeed("trickle", () -> trickle(trickle)),
              new Misdeed("flood, deaf", () -> deaf.send(timeSync(), TIME_SYNC)),
              new Misdeed("flood", () -> askAndListen(flooding)),
              new Misdeed("garbage", this::garbage),
              new Misdeed("storm", this::comeAndGo),
              new Misdeed("much", this::askForMuch));
      misdeeds.forEach(Misdeed::start);
      othersGetEverything(misdeeds);
      running.set(false);
      for (Misdeed misdeed : misdeeds) {
        misdeed.join();
      }
      // Those that do not read, each warned before; and who comes and goes, if it was slow at it.
      assertThat(slowOnes()).isGreaterThanOrEqualTo(SLOW.size());
      assertThat(gateway.metrics.counter("gateway_slow_warnings_total{loop=\"edge\"}", "").get())
          .isGreaterThanOrEqualTo(slowOnes());
      // The window, not the connections, holds what waits: some chunks of 4 MiB for all sessions.
      assertThat(PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory() - before)
          .isLessThan(64L << 20);
      toldAndClosed(tcp::next);
      toldAndClosed(ws::next);
      assertThat(ws.closeCode).isEqualTo(1013);
    }
  }

  private TcpClient stalled(String key) throws IOException {
    TcpClient client = new TcpClient(gateway.tcpPort(), NARROW).login(gateway.clientKey(key));
    client.subscribe(1, BARS).next(SubscribedDecoder.TEMPLATE_ID);
    return client;
  }

  private static void trickle(TcpClient client) throws IOException, InterruptedException {
    if (client.socket.getInputStream().read() < 0) {
      throw new EOFException("dropped");
    }
    Thread.sleep(50);
  }

  private static void askAndListen(TcpClient client) throws IOException {
    for (int i = 0; i < 20; i++) {
      client.send(timeSync(), TIME_SYNC);
    }
    for (int i = 0; i < 20; i++) {
      client.next(TimeSyncDecoder.TEMPLATE_ID);
    }
  }

  /** Before the login and after it. */
  private void garbage() throws IOException {
    byte[] garbage = "SSH-2.0-OpenSSH_9.9\r\n".getBytes(StandardCharsets.US_ASCII);
    try (TcpClient stranger = new TcpClient(gateway.tcpPort());
        TcpClient client = new TcpClient(gateway.tcpPort()).login(gateway.clientKey("all"))) {
      stranger.sendRaw(garbage);
      client.sendRaw(garbage);
      while (stranger.next() != null || client.next() != null) {
        // The reason, then the end.
      }
    }
  }

  /** Wants all from the beginning, and is gone. */
  private void comeAndGo() throws IOException {
    try (TcpClient client = new TcpClient(gateway.tcpPort()).login(gateway.clientKey("all"))) {
      client.resume(1, ALL, 0).next(SubscribedDecoder.TEMPLATE_ID);
      client.socket.setSoLinger(true, 0);
    }
  }

  /** Again and again, by as many names as a frame holds. */
  private void askForMuch() throws IOException {
    String[] names = new String[200];
    Arrays.fill(names, "EURUSD");
    try (TcpClient client = new TcpClient(gateway.tcpPort()).login(gateway.clientKey("all"))) {
      for (int i = 1; i <= 50; i++) {
        client.subscribe(i, STATUS, names).next(SubscribedDecoder.TEMPLATE_ID);
      }
    }
  }

  private static UnsafeBuffer timeSync() {
    UnsafeBuffer request = new UnsafeBuffer(new byte[TIME_SYNC]);
    new TimeSyncEncoder().wrapAndApplyHeader(request, 0, new MessageHeaderEncoder()).clientSend(1);
    return request;
  }

  private interface Deed {
    void once() throws IOException, InterruptedException;
  }

  /** What somebody does again and again, until it is over or the server has enough of it. */
  private final class Misdeed {
    private final String name;
    private final Deed deed;
    private final Thread thread = new Thread(this::run);
    private volatile int rounds;

    Misdeed(String name, Deed deed) {
      this.name = name;
      this.deed = deed;
      thread.setDaemon(true);
    }

    void start() {
      thread.start();
    }

    private void run() {
      try {
        while (running.get()) {
          deed.once();
          rounds++;
        }
      } catch (IOException | InterruptedException e) {
        // The server ended it.
        rounds = Math.max(rounds, ROUNDS);
      }
    }

    boolean isDone() {
      return rounds >= ROUNDS;
    }

    void join() throws InterruptedException {
      thread.join(PATIENCE.toMillis());
      assertThat(thread.isAlive()).as(name).isFalse();
    }
  }
}

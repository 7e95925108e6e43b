package io.semnal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.util.ResourceLeakDetector;
import io.semnal.core.config.RuntimeConfig.Gateway.Fix;
import io.semnal.protocol.sbe.SignalState;
import io.semnal.protocol.sbe.SubscribedDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the hot thread allocates from an outbound message to the socket: measured over real
 * connections, the I/O loop's own turns included.
 */
class PublishAllocationTest {
  private static final int SESSIONS = 8;
  private static final int BATCH = 10;
  private static final int WARM_UP = 3_000;
  private static final int MEASURED = 5_000;
  private static final int UNJUDGED = 5;
  private static final int FIX_MEASURED = 1_500;
  private static final double MOST = 0.5;
  private final Outbound outbound = new Outbound();
  private final ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
  private byte[] extra;
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Netty otherwise takes a stack trace for one buffer in 128; the server's flags say so too. */
  @BeforeEach
  void noLeakSampling() {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
  }

  @AfterEach
  void leakSampling() {
    ResourceLeakDetector.setLevel(level);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void publishingAllocatesLessThanAByteForTwoMessages(boolean epoll) throws Exception {
    GatewayFixture.Settings settings = new GatewayFixture.Settings();
    settings.epoll = epoll;
    settings.maxPending = 64 << 20;
    try (GatewayFixture gateway = new GatewayFixture(settings)) {
      gateway.history.append(outbound.instrument(1, 1, "EURUSD", 5));
      gateway.start();
      List<Thread> readers = new ArrayList<>();
      for (int i = 0; i < SESSIONS; i++) {
        TcpClient client = gateway.connect("all");
        client.subscribe(1, 4).next(SubscribedDecoder.TEMPLATE_ID);
        readers.add(Thread.startVirtualThread(() -> readAll(client)));
      }
      UnsafeBuffer message = new UnsafeBuffer(outbound.bar(2, 1, 60));
      run(gateway, message, WARM_UP, 0);
      // What the compiler makes disappear is there until it has come to it: not judged.
      for (int i = 0; i < UNJUDGED; i++) {
        run(gateway, message, MEASURED, 0);
      }
      long allocated = run(gateway, message, MEASURED, 0);
      double perMessageAndSession = (double) allocated / MEASURED / BATCH / SESSIONS;
      assertThat(perMessageAndSession).isLessThan(MOST);
      // The control: what is allocated is seen.
      assertThat(run(gateway, message, 100, 64)).isGreaterThanOrEqualTo(100 * 64);
      assertThat(gateway.hot.hub().sessionCount()).isEqualTo(SESSIONS);
    }
  }

  /** Signals to FIX sessions: encoded once, numbered, kept and sent for each. */
  @Test
  void publishingOverFixAllocatesLessThanAByteForTwoMessages(@TempDir Path directory)
      throws Exception {
    GatewayFixture.Settings settings = new GatewayFixture.Settings();
    settings.maxPending = 64 << 20;
    settings.fix = new Fix(0, "SEMNAL", directory, Fix.Symbols.SLASHED);
    try (GatewayFixture gateway = new GatewayFixture(settings)) {
      gateway.history.append(outbound.instrument(1, 1, "EURUSD", 5));
      gateway.start();
      List<RawFix> clients = new ArrayList<>();
      for (int i = 0; i < SESSIONS; i++) {
        Socket socket = new Socket("127.0.0.1", gateway.fixPort());
        RawFix client = new RawFix(socket, gateway.clientKey("all"), "all." + i);
        client.send(client.logon(""));
        client.next("U2");
        clients.add(client);
        Thread.startVirtualThread(() -> readAll(socket));
      }
      // The fixture's own clock allocates, the server's does not.
      gateway.wall.set(System.currentTimeMillis() * 1_000_000L);
      // Of one signal, so that the book of open ones does not grow.
      byte[] replace = outbound.event(2, 2, 1, 7, SignalState.ACTIVE);
      UnsafeBuffer message = new UnsafeBuffer(replace);
      run(gateway, message, WARM_UP, 0);
      for (int i = 0; i < UNJUDGED; i++) {
        run(gateway, message, FIX_MEASURED, 0);
      }
      long allocated = run(gateway, message, FIX_MEASURED, 0);
      double perMessageAndSession = (double) allocated / FIX_MEASURED / BATCH / SESSIONS;
      assertThat(perMessageAndSession).isLessThan(MOST);
      assertThat(run(gateway, message, 100, 64)).isGreaterThanOrEqualTo(100 * 64);
      assertThat(gateway.hot.hub().sessionCount()).isEqualTo(SESSIONS);
      for (RawFix client : clients) {
        client.close();
      }
    }
  }

  /** Every batch in a turn of the loop of its own. */
  private long run(GatewayFixture gateway, UnsafeBuffer message, int batches, int more)
      throws Exception {
    CompletableFuture<Long> result = new CompletableFuture<>();
    Runnable batch =
        new Runnable() {
          private int left = batches;
          private long before = -1;

          @Override
          public void run() {
            SessionHub hub = gateway.hot.hub();
            if (before < 0) {
              before = threads.getThreadAllocatedBytes(Thread.currentThread().threadId());
            }
            for (int i = 0; i < BATCH; i++) {
              message.putLong(8, hub.window().head() + 1);
              if (i < BATCH - 1) {
                hub.onOutbound(message, 0, message.capacity(), 0);
              } else {
                hub.onLast(message, 0, message.capacity(), 0);
              }
            }
            hub.onBatchEnd();
            if (more > 0) {
              extra = new byte[more];
            }
            if (--left > 0) {
              gateway.hotThread.executeNext(this);
            } else {
              result.complete(
                  threads.getThreadAllocatedBytes(Thread.currentThread().threadId()) - before);
            }
          }
        };
    gateway.hotThread.executeNext(batch);
    return result.get(60, TimeUnit.SECONDS);
  }

  private static void readAll(TcpClient client) {
    readAll(client.socket);
  }

  private static void readAll(Socket socket) {
    try {
      InputStream in = socket.getInputStream();
      byte[] bytes = new byte[1 << 16];
      while (in.read(bytes) >= 0) {
        Thread.onSpinWait();
      }
    } catch (IOException e) {
      // The gateway is closed: the test is over.
      Thread.currentThread().interrupt();
    }
  }
}

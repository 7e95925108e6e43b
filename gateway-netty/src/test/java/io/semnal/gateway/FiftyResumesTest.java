package io.semnal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.protocol.Channel;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.ReplayBeginDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A day in two runs of the server, and a client that comes back fifty times at random: what it saw
 * is the journal's, filtered, each message once.
 */
class FiftyResumesTest {
  private static final int SIGNALS = 1;
  private static final int BARS = 4;
  private static final int RESUMES = 50;
  private static final int EARLIER = 12_000;

  private final Outbound outbound = new Outbound();
  private final Random random = new Random(17);
  private final MemoryHistory history = new MemoryHistory();
  private GatewayFixture gateway;

  enum Way {
    TCP,
    WEBSOCKET_SBE,
    WEBSOCKET_JSON
  }

  private static byte[] message(Outbound encoder, long seq) {
    return switch ((int) (seq % 5)) {
      case 0 -> encoder.signal(seq, 1 + (int) (seq / 5 % 2), 1, new byte[(int) (seq % 30) * 4]);
      case 1, 2 -> encoder.bar(seq, 1 + (int) (seq % 2), 60);
      default -> encoder.score(seq, 1, 1);
    };
  }

  private void run() throws Exception {
    GatewayFixture.Settings settings = new GatewayFixture.Settings();
    settings.window = 2_048;
    gateway = new GatewayFixture(settings, history);
    gateway.start();
  }

  @ParameterizedTest
  @EnumSource
  void whatItSawIsTheJournalEachOnce(Way way) throws Exception {
    history.append(outbound.instrument(1, 1, "EURUSD", 5));
    history.append(outbound.instrument(2, 2, "USDJPY", 3));
    history.append(outbound.strategy(3, 1, "trend"));
    for (long seq = 4; seq <= EARLIER; seq++) {
      history.append(message(outbound, seq));
    }
    List<Long> seen = new ArrayList<>();
    long last = 3;
    for (int half = 0; half < 2; half++) {
      run();
      try (Traffic traffic = new Traffic()) {
        traffic.start();
        for (int i = 0; i < RESUMES / 2; i++) {
          // Now and then it is away for long: further back than the window.
          last = some(way, last, seen, 1 + random.nextInt(i % 4 == 0 ? 900 : 40));
        }
      } finally {
        gateway.close();
      }
    }
    assertThat(seen).isEqualTo(expected(last));
    assertThat(history.opened.get()).as("replays from the journal").isPositive();
  }

  private List<Long> expected(long last) {
    List<Long> expected = new ArrayList<>();
    for (long seq = 4; seq <= last; seq++) {
      UnsafeBuffer m = new UnsafeBuffer(history.get(seq));
      int channel = Channel.of(MessageLayout.templateId(m, 0));
      if ((channel == 0 || channel == 2) && MessageLayout.instrumentId(m, 0) == 1) {
        expected.add(seq);
      }
    }
    return expected;
  }

  private long some(Way way, long from, List<Long> seen, int count) throws Exception {
    switch (way) {
      case TCP -> {
        try (TcpClient client = gateway.connect("all")) {
          client.subscribe(1, SIGNALS | BARS, from, false, true, List.of(), "EURUSD");
          client.next(ReplayBeginDecoder.TEMPLATE_ID);
          for (int i = 0; i < count; i++) {
            take(client.nextOutbound(), seen);
          }
        }
      }
      case WEBSOCKET_SBE -> {
        try (RawWebSocket client =
            new RawWebSocket(gateway.wsPort(), 0).login(gateway.clientKey("all"))) {
          client.subscribe(SIGNALS | BARS, from, "EURUSD");
          UnsafeBuffer message = client.next();
          while (MessageLayout.templateId(message, 0) != ReplayBeginDecoder.TEMPLATE_ID) {
            message = client.next();
          }
          for (int i = 0; i < count; ) {
            message = client.next();
            if (MessageLayout.isOutbound(MessageLayout.templateId(message, 0))) {
              take(message, seen);
              i++;
            }
          }
        }
      }
      case WEBSOCKET_JSON -> {
        try (WsClient client = new WsClient(gateway.wsPort()).login(gateway.clientKey("all"))) {
          client.send(
              "{\"type\":\"subscribe\",\"requestId\":\"1\",\"channels\":[\"signals\",\"bars\"],"
                  + "\"instruments\":[\"EURUSD\"],\"resume\":\"1:"
                  + from
                  + "\"}");
          client.next("replayBegin");
          for (int i = 0; i < count; ) {
            var message = client.next();
            String type = message.get("type").asText();
            assertThat(type).isNotEqualTo("error");
            if (type.equals("signal") || type.equals("bar")) {
              seen.add(message.get("outSeq").asLong());
              i++;
            }
          }
        }
      }
    }
    return seen.getLast();
  }

  /** The journal's bytes. */
  private void take(UnsafeBuffer message, List<Long> seen) {
    long seq = MessageLayout.outSeq(message, 0);
    assertThat(TcpClient.bytes(message)).isEqualTo(history.get(seq));
    seen.add(seq);
  }

  /** The day goes on meanwhile. */
  private final class Traffic implements AutoCloseable {
    private final AtomicBoolean running = new AtomicBoolean(true);
    private final Thread thread = new Thread(this::publish, "traffic");

    void start() {
      thread.start();
    }

    private void publish() {
      Random sizes = new Random(7);
      Outbound encoder = new Outbound();
      while (running.get()) {
        byte[][] batch = new byte[1 + sizes.nextInt(20)][];
        long head = history.head();
        for (int i = 0; i < batch.length; i++) {
          batch[i] = message(encoder, head + 1 + i);
        }
        gateway.publish(batch);
        LockSupport.parkNanos(2_000_000);
      }
    }

    @Override
    public void close() {
      running.set(false);
      LoopThread.join(thread);
    }
  }
}

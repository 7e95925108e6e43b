package io.semnal.gateway;

import static io.semnal.gateway.RawFix.field;
import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.core.config.RuntimeConfig.Gateway.Fix;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.protocol.sbe.SignalState;
import io.semnal.protocol.sbe.SignalType;
import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.KeyLimits;
import io.semnal.testing.Await;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The FIX port as a client of docs/fix.md meets it, over real sockets. */
class FixPortTest {
  private static final int EURUSD = 1;
  private static final int USDJPY = 2;
  private static final int STRATEGY = 7;

  @TempDir Path directory;
  private final Outbound make = new Outbound();
  private final MemoryHistory history = new MemoryHistory();

  @BeforeEach
  void definitions() {
    history.append(make.instrument(1, EURUSD, "EURUSD", 5));
    history.append(make.instrument(2, USDJPY, "USDJPY", 3));
    history.append(make.strategy(3, STRATEGY, "breakout"));
  }

  private GatewayFixture gateway(MemoryHistory journal) throws Exception {
    GatewayFixture.Settings settings = new GatewayFixture.Settings();
    settings.fix = new Fix(0, "SEMNAL", directory, Fix.Symbols.SLASHED);
    return new GatewayFixture(settings, journal).start();
  }

  private static RawFix connect(GatewayFixture gateway, String key, String more) throws Exception {
    RawFix client = new RawFix(gateway.fixPort(), gateway.clientKey(key));
    client.send(client.logon(more));
    assertThat(client.next()).contains("|35=A|");
    return client;
  }

  @Test
  void aSignalLivesAsAnIoiFromNewToCancel() throws Exception {
    try (GatewayFixture gateway = gateway(history);
        RawFix client = connect(gateway, "all", "")) {
      assertThat(client.next("U2")).contains("|20031=SUBSCRIBED|").contains("|20000=1:3|");
      gateway.publish(
          make.signal(4, EURUSD, STRATEGY, new byte[0]),
          make.event(5, 4, EURUSD, STRATEGY, SignalState.ACTIVE),
          make.event(6, 4, EURUSD, STRATEGY, SignalState.ENDED));
      assertThat(client.next("6"))
          .contains("|23=4|28=N|55=EUR/USD|54=1|27=S|130=N|60=20140501-00:00:00.000000004|")
          .contains("|44=1.38664|62=20140501-00:00:00.000000001|58=BUY|20000=1:4|20001=4|20002=1|")
          .contains("|20005=8|20006=breakout|20007=60|20003=4|20014=BUY|20009=0.7|")
          .contains("|20012=000000000000004d|")
          .contains("|20010=1.38600|20011=1.38700|");
      assertThat(client.next("6"))
          .contains("|23=5|28=R|55=EUR/USD|54=1|27=S|")
          .contains("|26=4|44=1.38664|62=20140501-00:00:00.000000001|58=ACTIVE|")
          .contains("|20009=0.7|20010=1.38600|20011=1.38700|");
      assertThat(client.next("6"))
          .contains("|23=6|28=C|")
          .contains("|26=4|20017=1.38664|58=TARGET|")
          .contains("|20015=ENDED|20016=TARGET|");
    }
  }

  @Test
  void aKeyOfOneInstrumentHearsOfNoOther() throws Exception {
    try (GatewayFixture gateway = gateway(history);
        RawFix client = connect(gateway, "euro", "20036=EURUSD|")) {
      client.next("U2");
      gateway.publish(
          make.signal(4, USDJPY, STRATEGY, new byte[0]),
          make.signal(5, EURUSD, STRATEGY, new byte[0]));
      assertThat(client.next("6")).contains("|23=5|").contains("|55=EURUSD|");
      client.send("U1", "20030=9|146=1|55=USD/JPY|");
      String refused = client.next("j");
      assertThat(refused).contains("|372=U1|379=9|380=6|").contains("|20032=NOT_ENTITLED|");
      client.send("U1", "20030=10|20000=1:0|");
      assertThat(client.next("U2")).contains("|20031=SUBSCRIBED|").contains("|20030=10|");
      assertThat(client.next("6")).contains("|97=Y|").contains("|23=5|");
      assertThat(client.next("U2")).contains("|20031=REPLAY_END|");
    }
  }

  @Test
  void aReplacementRepeatsTheTermsOfASignalThatTheClientHadBefore() throws Exception {
    history.append(make.signal(4, EURUSD, STRATEGY, new byte[0]));
    history.append(make.event(5, 4, EURUSD, STRATEGY, SignalState.ACTIVE));
    history.append(make.event(6, 4, EURUSD, STRATEGY, SignalState.ENDED));
    try (GatewayFixture gateway = gateway(history);
        RawFix client = connect(gateway, "all", "20000=1:4|")) {
      assertThat(client.next("6"))
          .contains("|28=R|")
          .contains("|62=20140501-00:00:00.000000001|")
          .contains("|20009=0.7|20010=1.38600|20011=1.38700|");
      assertThat(client.next("6")).contains("|28=C|").doesNotContain("|62=");
    }
  }

  @Test
  void aStoreThatCannotBeOpenedRefusesTheLogonAndTheNextOneTriesAgain() throws Exception {
    Path blocked = directory.resolve("blocked");
    Files.createFile(blocked);
    GatewayFixture.Settings settings = new GatewayFixture.Settings();
    settings.fix = new Fix(0, "SEMNAL", blocked, Fix.Symbols.SLASHED);
    try (GatewayFixture gateway = new GatewayFixture(settings, history).start()) {
      try (RawFix client = new RawFix(gateway.fixPort(), gateway.clientKey("all"))) {
        client.send(client.logon(""));
        assertThat(client.next("5")).contains("|58=the session's message store cannot be opened|");
      }
      Files.delete(blocked);
      try (RawFix client = new RawFix(gateway.fixPort(), gateway.clientKey("all"))) {
        client.send(client.logon(""));
        assertThat(client.next()).contains("|35=A|");
      }
    }
  }

  @Test
  void aTokenOfAnotherEpochIsRefusedAndTheLiveIoisAreTold() throws Exception {
    history.append(make.signal(4, EURUSD, STRATEGY, new byte[0]));
    history.append(make.signal(5, USDJPY, STRATEGY, new byte[0]));
    history.append(make.event(6, 5, USDJPY, STRATEGY, SignalState.ENDED));
    try (GatewayFixture gateway = gateway(history);
        RawFix client = connect(gateway, "all", "20000=7:2|")) {
      assertThat(client.next("j")).contains("|20032=EPOCH_CHANGED|");
      assertThat(client.next("U2")).contains("|20031=SUBSCRIBED|");
      assertThat(client.next("U2")).contains("|20031=SNAPSHOT_BEGIN|");
      assertThat(client.next()).contains("|35=6|").contains("|97=Y|").contains("|23=4|");
      assertThat(client.next()).contains("|20031=SNAPSHOT_END|");
      gateway.publish(make.signal(7, USDJPY, STRATEGY, new byte[0]));
      assertThat(client.next()).contains("|23=7|").doesNotContain("|97=Y|");
    }
  }

  @Test
  void aResendSendsLiveIoisAndCancelsAgainAndFillsTheGapOfOverOnes() throws Exception {
    try (GatewayFixture gateway = gateway(history)) {
      try (RawFix client = connect(gateway, "all", "")) {
        client.next("U2");
        // 34: 1 Logon, 2 U2, 3 to 5 these.
        gateway.publish(
            make.signal(4, EURUSD, STRATEGY, new byte[0]),
            make.event(5, 4, EURUSD, STRATEGY, SignalState.ENDED),
            live(6));
        client.next("6");
        client.next("6");
        client.next("6");
        client.send("2", "7=1|16=0|");
        String fill = client.next("4");
        assertThat(fill).contains("|34=1|43=Y|").contains("|36=4|123=Y|");
        assertThat(client.next()).contains("|34=4|43=Y|").contains("|28=C|").contains("|26=4|");
        assertThat(client.next()).contains("|34=5|43=Y|").contains("|28=N|").contains("|23=6|");
      }
    }
  }

  @Test
  void aNeutralCancelsTheLiveIoiAndIsNewsWhereThereIsNone() throws Exception {
    try (GatewayFixture gateway = gateway(history);
        RawFix client = connect(gateway, "all", "")) {
      client.next("U2");
      gateway.publish(
          neutral(4),
          make.signal(5, EURUSD, STRATEGY, new byte[0]),
          neutral(6),
          neutral(7),
          make.event(8, 5, EURUSD, STRATEGY, SignalState.ENDED));
      assertThat(client.next()).contains("|35=B|").contains("|148=NEUTRAL|").contains("|20003=4|");
      assertThat(client.next()).contains("|23=5|28=N|");
      assertThat(client.next())
          .contains("|35=6|")
          .contains("|26=5|54=1|23=6|28=C|")
          .contains("|20014=NEUTRAL|");
      assertThat(client.next()).contains("|35=B|").contains("|20001=7|");
      assertThat(client.next())
          .contains("|23=8|28=C|")
          .contains("|26=5|")
          .contains("|20016=TARGET|");
    }
  }

  private byte[] neutral(long outSeq) {
    byte[] bytes = make.signal(outSeq, EURUSD, STRATEGY, new byte[0]);
    bytes[MessageLayout.HEADER + SignalDecoder.signalTypeEncodingOffset()] =
        (byte) SignalType.NEUTRAL.value();
    return bytes;
  }

  /** A signal of USDJPY that has longer to live than Outbound's. */
  private byte[] live(long outSeq) {
    byte[] bytes = make.signal(outSeq, USDJPY, STRATEGY, new byte[0]);
    int at = MessageLayout.HEADER + SignalDecoder.expirationEncodingOffset();
    new UnsafeBuffer(bytes).putLong(at, Outbound.TIME + 1_000_000, ByteOrder.LITTLE_ENDIAN);
    return bytes;
  }

  @Test
  void numbersAndKeptMessagesOutliveTheServer() throws Exception {
    long seq;
    try (GatewayFixture gateway = gateway(history);
        RawFix client = connect(gateway, "all", "")) {
      client.next("U2");
      gateway.publish(live(4));
      assertThat(client.next("6")).contains("|34=3|");
      seq = client.seq;
      gateway.hotThread.execute(() -> gateway.hot.shutdown(0, "the server stops"));
      assertThat(client.next("B")).contains("|148=SHUTDOWN|");
      assertThat(client.next("5")).contains("|58=SHUTDOWN|");
      client.send("5", "");
      client.seq = 0;
      assertThat(client.next()).isNull();
      client.socket.close();
      awaitNoConnection(gateway);
    }
    try (GatewayFixture gateway = gateway(history);
        RawFix client = new RawFix(gateway.fixPort(), gateway.clientKey("all"))) {
      client.seq = seq + 1;
      client.send(client.logon("20037=N|"));
      String logon = client.next();
      assertThat(logon).contains("|35=A|");
      assertThat(Long.parseLong(field(logon, 34))).isEqualTo(6);
      client.send("2", "7=3|16=3|");
      assertThat(client.next()).contains("|34=3|43=Y|").contains("|23=4|");
    }
  }

  private static void awaitNoConnection(GatewayFixture gateway) throws Exception {
    Await.until(
        "the end of the connections",
        () -> {
          CompletableFuture<Integer> count = new CompletableFuture<>();
          gateway.hotThread.execute(() -> count.complete(gateway.hot.fixConnections()));
          return count.get(60, TimeUnit.SECONDS) == 0;
        });
  }

  @Test
  void aLogonIsTakenOnceAndAWrongProofSaysNoMoreThanThat() throws Exception {
    try (GatewayFixture gateway = gateway(history)) {
      String logon;
      try (RawFix client = new RawFix(gateway.fixPort(), gateway.clientKey("all"))) {
        logon = client.logon("141=Y|");
        client.send(logon);
        assertThat(client.next()).contains("|35=A|");
      }
      assertThat(refusal(gateway, logon)).contains("the Logon came before");
      ClientKey wrong = new ClientKey("all", new byte[32]);
      ClientKey unknown = new ClientKey("nobody", new byte[32]);
      for (ClientKey key : new ClientKey[] {wrong, unknown}) {
        try (RawFix client = new RawFix(gateway.fixPort(), key)) {
          client.send(client.logon(""));
          assertThat(client.next()).contains("|35=5|").contains("|58=key and proof do not fit|");
          assertThat(client.next()).isNull();
        }
      }
      String password = "553=all|554=" + HexFormat.of().formatHex(secret(gateway)) + "|";
      try (RawFix client = new RawFix(gateway.fixPort(), gateway.clientKey("all"))) {
        client.send("A", "98=0|108=30|" + password);
        assertThat(client.next()).contains("|58=key and proof do not fit|");
      }
      assertThat(String.join("\n", gateway.audited))
          .contains("FIX: the Logon came before")
          .doesNotContain(HexFormat.of().formatHex(secret(gateway)));
    }
  }

  private static byte[] secret(GatewayFixture gateway) {
    return gateway.keys.get("all").secret();
  }

  private static String refusal(GatewayFixture gateway, String logon) throws Exception {
    try (RawFix client = new RawFix(gateway.fixPort(), gateway.clientKey("all"))) {
      client.send(logon);
      return client.next("5");
    }
  }

  @Test
  void aTokenThatIsTooOldIsRefusedAndTheLiveIoisAreTold() throws Exception {
    history.append(make.signal(4, EURUSD, STRATEGY, new byte[0]));
    history.append(make.event(5, 4, EURUSD, STRATEGY, SignalState.ACTIVE));
    history.append(make.bar(6, EURUSD, 60));
    history.forgetBefore(6);
    GatewayFixture.Settings settings = new GatewayFixture.Settings();
    settings.window = 1;
    settings.fix = new Fix(0, "SEMNAL", directory, Fix.Symbols.SLASHED);
    try (GatewayFixture gateway = new GatewayFixture(settings, history).start();
        RawFix client = connect(gateway, "all", "20000=1:2|")) {
      assertThat(client.next("j")).contains("|20032=REPLAY_AGED_OUT|");
      assertThat(client.next("U2")).contains("|20031=SUBSCRIBED|");
      assertThat(client.next("U2")).contains("|20031=SNAPSHOT_BEGIN|");
      assertThat(client.next()).contains("|97=Y|").contains("|23=4|28=N|");
      assertThat(client.next()).contains("|97=Y|").contains("|23=5|28=R|");
      assertThat(client.next()).contains("|20031=SNAPSHOT_END|");
      gateway.publish(make.event(7, 4, EURUSD, STRATEGY, SignalState.ENDED));
      assertThat(client.next()).contains("|23=7|28=C|").doesNotContain("|97=Y|");
    }
  }

  @Test
  void aDelayedKeyGetsIoisLateAndNeverEarly() throws Exception {
    long delay = 1_000_000_000L;
    try (GatewayFixture gateway = gateway(history)) {
      KeyLimits limits = new KeyLimits(0, 0, 0, Duration.ofNanos(delay));
      gateway.keys.compute("all", (id, key) -> key.of("acme", limits));
      try (RawFix client = connect(gateway, "all", "")) {
        client.next("U2");
        long time = gateway.context.wallNanos();
        byte[] signal = live(4);
        new UnsafeBuffer(signal)
            .putLong(
                MessageLayout.HEADER + SignalDecoder.timeEncodingOffset(),
                time,
                ByteOrder.LITTLE_ENDIAN);
        gateway.publish(signal);
        assertThat(client.next("6")).contains("|23=4|");
        assertThat(gateway.context.wallNanos()).isGreaterThanOrEqualTo(time + delay);
      }
    }
  }

  /** It is warned, then told where to resume; what it had until then is without a gap. */
  @Test
  void aClientThatDoesNotReadIsWarnedAndLeavesWithItsLastToken() throws Exception {
    GatewayFixture.Settings settings = new GatewayFixture.Settings();
    settings.maxPending = 256 * 1024;
    settings.heartbeat = Duration.ofSeconds(60);
    settings.fix = new Fix(0, "SEMNAL", directory, Fix.Symbols.SLASHED);
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4_096);
    try (GatewayFixture gateway = new GatewayFixture(settings, history).start()) {
      socket.connect(new InetSocketAddress("127.0.0.1", gateway.fixPort()));
      try (RawFix slow = new RawFix(socket, gateway.clientKey("all"), "all")) {
        slow.send(slow.logon(""));
        slow.next("U2");
        long slowOnes;
        long seq = 4;
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        do {
          assertThat(System.nanoTime()).as("a slow client is let go").isLessThan(deadline);
          byte[][] batch = new byte[500][];
          for (int i = 0; i < batch.length; i++) {
            batch[i] = make.event(seq++, 3, EURUSD, STRATEGY, SignalState.ACTIVE);
          }
          gateway.publish(batch);
          gateway.settle();
          slowOnes = gateway.metrics.counter("gateway_slow_total{loop=\"hot\"}", "").get();
        } while (slowOnes == 0);
        long last = 3;
        boolean warned = false;
        String message = slow.next();
        while (!message.contains("|35=5|")) {
          warned |= message.contains("|148=SLOW|");
          if (message.contains("|35=6|")) {
            assertThat(field(message, 20001)).isEqualTo(Long.toString(++last));
          }
          message = slow.next();
        }
        assertThat(warned).isTrue();
        assertThat(message).contains("SLOW_CONSUMER").contains("resume after 1:" + last + "|");
      }
    }
  }

  @Test
  void oneCompIdHasOneConnectionAndAKeyMayHaveSeveral() throws Exception {
    try (GatewayFixture gateway = gateway(history);
        RawFix first = connect(gateway, "all", "")) {
      assertThat(first.next("U2")).isNotNull();
      try (RawFix second = new RawFix(gateway.fixPort(), gateway.clientKey("all"))) {
        second.send(second.logon(""));
        assertThat(second.next()).contains("is in use by another connection");
      }
      try (RawFix third =
          new RawFix(
              new Socket("127.0.0.1", gateway.fixPort()), gateway.clientKey("all"), "all.desk2")) {
        third.send(third.logon(""));
        assertThat(third.next()).contains("|35=A|");
      }
    }
  }
}

package io.semnal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import io.semnal.core.access.ApiKey;
import io.semnal.core.access.KeyMaker;
import io.semnal.core.config.RuntimeConfig;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.AcceptedDecoder;
import io.semnal.protocol.sbe.BarDecoder;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.RejectedDecoder;
import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.sbe.SessionErrorDecoder;
import io.semnal.protocol.sbe.SubscribedDecoder;
import io.semnal.protocol.session.ClientHandshake;
import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.KeyLimits;
import io.semnal.protocol.session.NonceSource;
import io.semnal.testing.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Who is let in, for how long, and how many: over real sockets. */
class AccessTest {
  private static final int BARS = 4;
  private final Outbound outbound = new Outbound();
  private final GatewayFixture.Settings settings = new GatewayFixture.Settings();
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private GatewayFixture gateway;

  @BeforeEach
  void listen() {
    Logger root = (Logger) LoggerFactory.getLogger("io.semnal");
    root.setLevel(Level.DEBUG);
    log.start();
    root.addAppender(log);
  }

  @AfterEach
  void close() {
    Logger root = (Logger) LoggerFactory.getLogger("io.semnal");
    root.detachAppender(log);
    root.setLevel(null);
    if (gateway != null) {
      gateway.close();
    }
  }

  private void start() throws Exception {
    gateway = new GatewayFixture(settings);
    gateway.history.append(outbound.instrument(1, 1, "EURUSD", 5));
    gateway.start();
  }

  private void revoke(String id) {
    gateway.keys.remove(id);
    gateway.keysVersion.incrementAndGet();
  }

  @Test
  void revokingAKeyCutsItsSessionsAndNoOther() throws Exception {
    settings.hotSessions = 1;
    start();
    ClientKey all = gateway.clientKey("all");
    try (TcpClient hot = gateway.connect("all");
        TcpClient edge = gateway.connect("all");
        TcpClient other = gateway.connect("signals");
        WsClient json = new WsClient(gateway.wsPort()).login(all)) {
      json.next("accepted");
      revoke("all");
      for (TcpClient cut : List.of(hot, edge)) {
        SessionErrorDecoder error = cut.nextError();
        assertThat(error.code()).isEqualTo(ErrorCode.REVOKED);
        assertThat(error.fatalRaw()).isEqualTo((short) 1);
        assertThat(error.retryableRaw()).isEqualTo((short) 0);
        assertThat(error.text()).isEqualTo("key 'all' was revoked");
        assertThat(cut.next()).isNull();
      }
      assertThat(json.next("error").get("code").asText()).isEqualTo("REVOKED");
      assertThat(json.closeCode.get(60, TimeUnit.SECONDS)).isEqualTo(1008);
      other.subscribe(1, 1).next(SubscribedDecoder.TEMPLATE_ID);
      try (TcpClient again = new TcpClient(gateway.tcpPort()).login(all)) {
        assertThat(again.handshake.rejectCode()).isEqualTo(ErrorCode.AUTHENTICATION_FAILED);
      }
      assertThat(gateway.audited)
          .anyMatch(line -> line.startsWith("revoked|all|") && line.contains("REVOKED"));
    }
  }

  @Test
  void aKeyWhoseRightsChangeHasToLogInAgain() throws Exception {
    start();
    ApiKey all = gateway.keys.get("all");
    try (TcpClient client = gateway.connect("all")) {
      gateway.keys.put("all", all.of("all", new KeyLimits(1, 0, 0, Duration.ZERO)));
      gateway.keysVersion.incrementAndGet();
      SessionErrorDecoder error = client.nextError();
      assertThat(error.code()).isEqualTo(ErrorCode.REVOKED);
      assertThat(error.retryableRaw()).isEqualTo((short) 1);
      assertThat(error.text()).contains("log in again");
    }
  }

  @Test
  void eitherOfTwoLiveKeysOpensAndGoesOnWithoutTheOther() throws Exception {
    start();
    ApiKey old = GatewayFixture.key("acme-1", Role.CLIENT, 31, true, java.util.Set.of(), false);
    KeyMaker.Pair pair = KeyMaker.ed25519("acme-2");
    gateway.keys.put("acme-1", old.of("acme", KeyLimits.NONE));
    ApiKey next = GatewayFixture.key("acme-2", Role.CLIENT, 31, true, java.util.Set.of(), false);
    gateway.keys.put("acme-2", next.of("acme", KeyLimits.NONE).provenBy(pair.publicKey()));
    try (TcpClient first = gateway.connect("acme-1");
        TcpClient second = new TcpClient(gateway.tcpPort()).login(pair.holder())) {
      assertThat(second.handshake.state()).isEqualTo(ClientHandshake.State.OPEN);
      revoke("acme-1");
      assertThat(first.nextError().code()).isEqualTo(ErrorCode.REVOKED);
      second.subscribe(1, BARS).next(SubscribedDecoder.TEMPLATE_ID);
      gateway.publish(outbound.bar(2, 1, 60));
      assertThat(second.next(BarDecoder.TEMPLATE_ID)).isNotNull();
    }
  }

  @Test
  void aReplayedLoginIsRefused() throws Exception {
    start();
    ClientHandshake handshake =
        new ClientHandshake(Role.CLIENT, gateway.clientKey("all"), "x", NonceSource.secure());
    UnsafeBuffer hello = new UnsafeBuffer(new byte[1024]);
    int helloLength = handshake.hello(hello, 0);
    UnsafeBuffer proof = new UnsafeBuffer(new byte[1024]);
    int proofLength = 0;
    for (int attempt = 0; attempt < 2; attempt++) {
      try (TcpClient client = new TcpClient(gateway.tcpPort())) {
        client.send(hello, helloLength);
        UnsafeBuffer challenge = client.next();
        if (attempt == 0) {
          proofLength = handshake.onMessage(challenge, 0, challenge.capacity(), proof, 0);
        }
        client.send(proof, proofLength);
        UnsafeBuffer answer = client.next();
        assertThat(MessageLayout.templateId(answer, 0))
            .isEqualTo(attempt == 0 ? AcceptedDecoder.TEMPLATE_ID : RejectedDecoder.TEMPLATE_ID);
        if (attempt == 1) {
          RejectedDecoder rejected = new RejectedDecoder();
          rejected.wrapAndApplyHeader(answer, 0, new MessageHeaderDecoder());
          assertThat(rejected.code()).isEqualTo(ErrorCode.AUTHENTICATION_FAILED);
          assertThat(client.next()).isNull();
        }
      }
    }
  }

  @Test
  void wrongProofsLockTheKeyForTheAddressAndARightOneWaitsToo() throws Exception {
    settings.limits = limits(0, 0, 3, Duration.ofHours(1));
    start();
    for (int i = 0; i < 3; i++) {
      assertThat(refusal(new ClientKey("all", new byte[32])).rejectCode())
          .isEqualTo(ErrorCode.AUTHENTICATION_FAILED);
    }
    ClientHandshake locked = refusal(gateway.clientKey("all"));
    assertThat(locked.rejectCode()).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
    assertThat(locked.rejectRetryable()).isTrue();
    assertThat(locked.rejectText()).startsWith("too many wrong proofs: try again in 3");
    try (TcpClient other = gateway.connect("signals")) {
      assertThat(other.handshake.state()).isEqualTo(ClientHandshake.State.OPEN);
    }
  }

  @Test
  void aClientHasNoMoreConnectionsThanItsLimit() throws Exception {
    start();
    ApiKey all = gateway.keys.get("all");
    gateway.keys.put("all", all.of("acme", new KeyLimits(1, 0, 0, Duration.ZERO)));
    try (TcpClient first = gateway.connect("all")) {
      ClientHandshake second = refusal(gateway.clientKey("all"));
      assertThat(second.rejectCode()).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
      assertThat(second.rejectText()).contains("client 'acme' has the 1 connections");
      assertThat(first.handshake.state()).isEqualTo(ClientHandshake.State.OPEN);
    }
    gateway.settle();
    Await.until(
        "the place given back",
        () -> {
          try (TcpClient again = new TcpClient(gateway.tcpPort()).login(gateway.clientKey("all"))) {
            return again.handshake.state() == ClientHandshake.State.OPEN;
          }
        });
  }

  @Test
  void anAddressHasNoMoreConnectionsThanItsLimit() throws Exception {
    settings.limits = limits(2, 0, 0, Duration.ZERO);
    start();
    try (TcpClient one = gateway.connect("all");
        TcpClient two = gateway.connect("all")) {
      assertThat(two.handshake.state()).isEqualTo(ClientHandshake.State.OPEN);
      ClientHandshake third = refusal(gateway.clientKey("all"));
      assertThat(third.rejectCode()).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
      assertThat(third.rejectText()).isEqualTo("too many connections from this address");
      assertThat(one.socket.isConnected()).isTrue();
    }
  }

  @Test
  void aFloodOfRequestsIsToldThenCutOff() throws Exception {
    settings.limits = limits(0, 5, 0, Duration.ZERO);
    start();
    try (TcpClient flood = gateway.connect("all")) {
      for (int i = 1; i <= 40; i++) {
        flood.subscribe(i, BARS);
      }
      SessionErrorDecoder error = flood.nextError();
      assertThat(error.code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
      assertThat(error.text()).isEqualTo("more than 5 requests a second");
      while (error.fatalRaw() == 0) {
        error = flood.nextError();
        assertThat(error.code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
      }
    }
  }

  @Test
  void aHundredConnectionsAtOnceAreAllServed() throws Exception {
    settings.maxSessions = 200;
    start();
    List<TcpClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 100; i++) {
        clients.add(new TcpClient(gateway.tcpPort()));
      }
      for (TcpClient client : clients) {
        client.login(gateway.clientKey("all")).subscribe(1, BARS);
      }
      for (TcpClient client : clients) {
        client.next(SubscribedDecoder.TEMPLATE_ID);
      }
      gateway.publish(outbound.bar(2, 1, 60));
      for (TcpClient client : clients) {
        assertThat(MessageLayout.outSeq(client.next(BarDecoder.TEMPLATE_ID), 0)).isEqualTo(2);
      }
    } finally {
      for (TcpClient client : clients) {
        client.close();
      }
    }
  }

  /** Logins right and wrong, in each encoding and scheme; then everything that was said of them. */
  @Test
  void noSecretIsInLogsMetricsErrorsOrAudit() throws Exception {
    settings.limits = limits(0, 0, 3, Duration.ofHours(1));
    start();
    KeyMaker.Pair pair = KeyMaker.ed25519("signer");
    gateway.keys.put("signer", gateway.keys.get("all").provenBy(pair.publicKey()));
    byte[] guess = new byte[32];
    java.util.Arrays.fill(guess, (byte) 0x5a);
    List<byte[]> secrets = List.of(gateway.keys.get("all").secret(), pair.holder().secret(), guess);
    StringBuilder said = new StringBuilder();
    for (ClientKey key :
        List.of(gateway.clientKey("all"), pair.holder(), new ClientKey("all", guess))) {
      try (TcpClient tcp = new TcpClient(gateway.tcpPort()).login(key);
          WsClient json = new WsClient(gateway.wsPort()).login(key)) {
        said.append(tcp.handshake.rejectText());
        JsonNode answer = json.next();
        said.append(answer);
      }
    }
    for (int i = 0; i < 3; i++) {
      said.append(refusal(new ClientKey("all", guess)).rejectText());
    }
    revoke("all");
    gateway.settle();
    gateway.audited.forEach(said::append);
    log.list.forEach(event -> said.append(event.getFormattedMessage()).append('\n'));
    gateway.metrics.counters().forEach(c -> said.append(c.name()).append(c.help()));
    said.append(gateway.clientKey("signals")).append(gateway.keys.values()).append(pair.holder());
    assertThat(said).contains("login|all", "refused|all", "gateway_lock_outs_total");
    for (byte[] secret : secrets) {
      assertThat(said).doesNotContainIgnoringCase(HexFormat.of().formatHex(secret, 0, 8));
      assertThat(said)
          .doesNotContain(java.util.Base64.getEncoder().encodeToString(secret).substring(0, 10));
    }
  }

  private ClientHandshake refusal(ClientKey key) throws Exception {
    try (TcpClient client = new TcpClient(gateway.tcpPort()).login(key)) {
      assertThat(client.handshake.state()).isEqualTo(ClientHandshake.State.REJECTED);
      return client.handshake;
    }
  }

  private static RuntimeConfig.Gateway.Limits limits(
      int perAddress, int requests, int lockAfter, Duration lockFor) {
    return new RuntimeConfig.Gateway.Limits(
        perAddress, 0, requests, lockAfter, lockFor, Duration.ofHours(2));
  }
}

package io.semnal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BarDecoder;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.HeartbeatDecoder;
import io.semnal.protocol.sbe.HelloEncoder;
import io.semnal.protocol.sbe.InstrumentDefinitionDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.RejectedDecoder;
import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.sbe.SessionErrorDecoder;
import io.semnal.protocol.sbe.ShutdownDecoder;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.protocol.sbe.StrategyDefinitionDecoder;
import io.semnal.protocol.sbe.SubscribedDecoder;
import io.semnal.protocol.sbe.TimeSyncDecoder;
import io.semnal.protocol.sbe.TimeSyncEncoder;
import io.semnal.protocol.sbe.UnsubscribeEncoder;
import io.semnal.protocol.session.ClientHandshake;
import io.semnal.protocol.session.ClientKey;
import io.semnal.testing.Await;
import java.time.Duration;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TcpSessionTest {
  private static final int SIGNALS = 1;
  private static final int SCORES = 2;
  private static final int BARS = 4;
  private final Outbound outbound = new Outbound();
  private final GatewayFixture.Settings settings = new GatewayFixture.Settings();
  private GatewayFixture gateway;

  private GatewayFixture start() throws Exception {
    gateway = new GatewayFixture(settings);
    gateway.history.append(outbound.instrument(1, 1, "EURUSD", 5));
    gateway.history.append(outbound.instrument(2, 2, "USDJPY", 3));
    gateway.history.append(outbound.strategy(3, 1, "trend"));
    gateway.history.append(outbound.strategy(4, 2, "fade"));
    return gateway.start();
  }

  @AfterEach
  void stop() throws Exception {
    if (gateway != null) {
      gateway.close();
    }
  }

  @Test
  void acceptsAKeyAndTellsDefinitionsFirst() throws Exception {
    start();
    try (TcpClient client = gateway.connect("all")) {
      assertThat(client.handshake.state()).isEqualTo(ClientHandshake.State.OPEN);
      assertThat(client.handshake.terms().epoch()).isEqualTo(1);
      assertThat(client.handshake.terms().headOutSeq()).isEqualTo(4);
      assertThat(client.handshake.terms().oldestOutSeq()).isEqualTo(1);
      assertThat(client.handshake.terms().channels()).isEqualTo(GatewayFixture.ALL_CHANNELS);
      assertThat(TcpClient.bytes(client.next())).isEqualTo(gateway.history.get(1));
      assertThat(TcpClient.bytes(client.next())).isEqualTo(gateway.history.get(2));
      assertThat(TcpClient.bytes(client.next())).isEqualTo(gateway.history.get(3));
      assertThat(TcpClient.bytes(client.next())).isEqualTo(gateway.history.get(4));
    }
  }

  @Test
  void worksOnNioToo() throws Exception {
    settings.epoll = false;
    acceptsAKeyAndTellsDefinitionsFirst();
  }

  @Test
  void refusesAWrongProofAnUnknownKeyAndAnotherRole() throws Exception {
    start();
    try (TcpClient wrong =
            new TcpClient(gateway.tcpPort()).login(new ClientKey("all", new byte[32]));
        TcpClient unknown =
            new TcpClient(gateway.tcpPort()).login(new ClientKey("nobody", new byte[32]));
        TcpClient feed = gateway.connect("feed")) {
      assertThat(wrong.handshake.rejectCode()).isEqualTo(ErrorCode.AUTHENTICATION_FAILED);
      assertThat(unknown.handshake.rejectCode()).isEqualTo(ErrorCode.AUTHENTICATION_FAILED);
      assertThat(unknown.handshake.rejectText()).isEqualTo(wrong.handshake.rejectText());
      assertThat(feed.handshake.rejectCode()).isEqualTo(ErrorCode.NOT_ENTITLED);
      assertThat(wrong.next()).isNull();
      assertThat(feed.next()).isNull();
    }
  }

  @Test
  void refusesSessionsBeyondTheLimit() throws Exception {
    settings.maxSessions = 1;
    start();
    try (TcpClient first = gateway.connect("all");
        TcpClient second = gateway.connect("all")) {
      assertThat(first.handshake.state()).isEqualTo(ClientHandshake.State.OPEN);
      assertThat(second.handshake.rejectCode()).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
      assertThat(second.handshake.rejectRetryable()).isTrue();
      first.socket.close();
      awaitSessions(0);
      try (TcpClient third = gateway.connect("all")) {
        assertThat(third.handshake.state()).isEqualTo(ClientHandshake.State.OPEN);
      }
    }
  }

  private void awaitSessions(int n) throws Exception {
    Await.until(
        n + " sessions", () -> gateway.metrics.gauges().getFirst().value().getAsLong() == n);
  }

  @Test
  void filtersByChannelInstrumentTimeframeAndStrategy() throws Exception {
    start();
    try (TcpClient client = gateway.connect("all")) {
      client.subscribe(
          7, SIGNALS | BARS, null, 1, false, false, List.of("fade"), List.of(60), "EURUSD");
      SubscribedDecoder subscribed = new SubscribedDecoder();
      subscribed.wrapAndApplyHeader(
          client.next(SubscribedDecoder.TEMPLATE_ID), 0, new MessageHeaderDecoder());
      assertThat(subscribed.requestId()).isEqualTo(7);
      assertThat(subscribed.headOutSeq()).isEqualTo(4);
      gateway.publish(
          outbound.bar(5, 1, 60),
          outbound.bar(6, 2, 60),
          outbound.bar(7, 1, 300),
          outbound.score(8, 1, 2),
          outbound.signal(9, 1, 1, new byte[0]),
          outbound.signal(10, 1, 2, new byte[0]),
          outbound.signal(11, 2, 2, new byte[0]),
          outbound.bar(12, 1, 60));
      assertThat(outSeqs(client, 3)).containsExactly(5L, 10L, 12L);
    }
  }

  private static List<Long> outSeqs(TcpClient client, int n) throws Exception {
    List<Long> seqs = new java.util.ArrayList<>();
    while (seqs.size() < n) {
      seqs.add(MessageLayout.outSeq(client.nextOutbound(), 0));
    }
    return seqs;
  }

  @Test
  void twoSessionsSeeTheSameBytesAndNumbers() throws Exception {
    start();
    try (TcpClient a = gateway.connect("all");
        TcpClient b = gateway.connect("all")) {
      a.subscribe(1, SIGNALS | SCORES | BARS).next(SubscribedDecoder.TEMPLATE_ID);
      b.subscribe(1, SIGNALS | SCORES | BARS).next(SubscribedDecoder.TEMPLATE_ID);
      for (long seq = 5; seq < 500; seq++) {
        gateway.publish(seq % 2 == 0 ? outbound.bar(seq, 1, 60) : outbound.score(seq, 2, 1));
      }
      for (long seq = 5; seq < 500; seq++) {
        byte[] journaled = gateway.history.get(seq);
        assertThat(TcpClient.bytes(a.nextOutbound())).isEqualTo(journaled);
        assertThat(TcpClient.bytes(b.nextOutbound())).isEqualTo(journaled);
      }
    }
  }

  @Test
  void sendsFeatureValuesToThoseWhoAskOnly() throws Exception {
    start();
    byte[] features = {1, 2, 3, 4, 5, 6, 7, 8};
    try (TcpClient with = gateway.connect("all");
        TcpClient without = gateway.connect("all")) {
      with.subscribe(1, SIGNALS, null, false, true, List.of()).next(SubscribedDecoder.TEMPLATE_ID);
      without.subscribe(1, SIGNALS).next(SubscribedDecoder.TEMPLATE_ID);
      gateway.publish(outbound.signal(5, 1, 1, features));
      SignalDecoder signal = new SignalDecoder();
      UnsafeBuffer full = with.next(SignalDecoder.TEMPLATE_ID);
      assertThat(TcpClient.bytes(full)).isEqualTo(gateway.history.get(5));
      UnsafeBuffer bare = without.next(SignalDecoder.TEMPLATE_ID);
      signal.wrapAndApplyHeader(bare, 0, new MessageHeaderDecoder());
      assertThat(signal.featuresLength()).isZero();
      assertThat(bare.capacity()).isEqualTo(full.capacity() - features.length);
      assertThat(signal.takeProfit()).isEqualTo(138_700_000);
    }
  }

  @Test
  void refusesWhatTheKeyDoesNotAllow() throws Exception {
    start();
    try (TcpClient signals = gateway.connect("signals");
        TcpClient euro = gateway.connect("euro")) {
      signals.subscribe(5, SIGNALS | BARS);
      SessionErrorDecoder error = signals.nextError();
      assertThat(error.code()).isEqualTo(ErrorCode.NOT_ENTITLED);
      assertThat(error.requestId()).isEqualTo(5);
      assertThat(error.text()).contains("bars").doesNotContain("signals,");
      euro.subscribe(6, BARS, "USDJPY");
      assertThat(euro.nextError().text()).contains("USDJPY");
      // Everything means everything that the key may read; definitions too.
      euro.subscribe(7, BARS).next(SubscribedDecoder.TEMPLATE_ID);
      gateway.publish(
          outbound.bar(5, 2, 60),
          outbound.instrument(6, 3, "GBPUSD", 5),
          outbound.bar(7, 3, 60),
          outbound.bar(8, 1, 60));
      assertThat(outSeqs(euro, 1)).containsExactly(8L);
    }
  }

  @Test
  void namesUnknownInstrumentStrategyAndTimeframe() throws Exception {
    start();
    try (TcpClient client = gateway.connect("all")) {
      client.subscribe(1, BARS, "EURXXX");
      SessionErrorDecoder error = client.nextError();
      assertThat(error.code()).isEqualTo(ErrorCode.UNKNOWN_INSTRUMENT);
      assertThat(error.text()).contains("EURXXX");
      client.subscribe(2, BARS, null, false, false, List.of("nope"));
      error = client.nextError();
      assertThat(error.code()).isEqualTo(ErrorCode.UNKNOWN_STRATEGY);
      assertThat(error.text()).contains("nope");
      client.subscribe(3, BARS, null, 1, false, false, List.of(), List.of(77));
      error = client.nextError();
      assertThat(error.code()).isEqualTo(ErrorCode.UNKNOWN_TIMEFRAME);
      assertThat(error.text()).contains("77");
      client.subscribe(4, 0);
      assertThat(client.nextError().code()).isEqualTo(ErrorCode.UNKNOWN_CHANNEL);
      client.subscribe(5, BARS).next(SubscribedDecoder.TEMPLATE_ID);
    }
  }

  @Test
  void definesNewInstrumentsBeforeTheirMessages() throws Exception {
    start();
    try (TcpClient client = gateway.connect("all")) {
      client.subscribe(1, BARS).next(SubscribedDecoder.TEMPLATE_ID);
      gateway.publish(outbound.instrument(5, 3, "GBPUSD", 5), outbound.bar(6, 3, 60));
      UnsafeBuffer definition = client.next();
      assertThat(MessageLayout.templateId(definition, 0))
          .isEqualTo(InstrumentDefinitionDecoder.TEMPLATE_ID);
      assertThat(MessageLayout.templateId(client.next(), 0)).isEqualTo(BarDecoder.TEMPLATE_ID);
      client.subscribe(2, BARS, "GBPUSD").next(SubscribedDecoder.TEMPLATE_ID);
    }
  }

  @Test
  void unsubscribesByChannel() throws Exception {
    start();
    try (TcpClient client = gateway.connect("all")) {
      client.subscribe(1, BARS | SCORES).next(SubscribedDecoder.TEMPLATE_ID);
      UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);
      UnsubscribeEncoder e = new UnsubscribeEncoder();
      e.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder()).requestId(2);
      e.channels().clear().bars(true);
      client.send(buffer, MessageLayout.HEADER + e.encodedLength());
      client.next(SubscribedDecoder.TEMPLATE_ID);
      gateway.publish(outbound.bar(5, 1, 60), outbound.score(6, 1, 1));
      assertThat(outSeqs(client, 1)).containsExactly(6L);
    }
  }

  @Test
  void beatsAndDropsASilentClient() throws Exception {
    settings.heartbeat = Duration.ofMillis(100);
    start();
    try (TcpClient client = gateway.connect("all")) {
      client.next(StrategyDefinitionDecoder.TEMPLATE_ID);
      HeartbeatDecoder beat = new HeartbeatDecoder();
      beat.wrapAndApplyHeader(
          client.next(HeartbeatDecoder.TEMPLATE_ID), 0, new MessageHeaderDecoder());
      assertThat(beat.epoch()).isEqualTo(1);
      assertThat(beat.headOutSeq()).isEqualTo(4);
      assertThat(beat.time()).isEqualTo(Outbound.TIME);
      SessionErrorDecoder error = client.nextError();
      assertThat(error.code()).isEqualTo(ErrorCode.TIMEOUT);
      assertThat(client.next()).isNull();
    }
  }

  @Test
  void answersTimeSync() throws Exception {
    start();
    try (TcpClient client = gateway.connect("all")) {
      UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);
      TimeSyncEncoder e = new TimeSyncEncoder();
      e.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
          .clientSend(42)
          .serverReceive(MessageLayout.ABSENT)
          .serverSend(MessageLayout.ABSENT);
      client.send(buffer, MessageLayout.HEADER + e.encodedLength());
      TimeSyncDecoder d = new TimeSyncDecoder();
      d.wrapAndApplyHeader(client.next(TimeSyncDecoder.TEMPLATE_ID), 0, new MessageHeaderDecoder());
      assertThat(d.clientSend()).isEqualTo(42);
      assertThat(d.serverReceive()).isPositive();
      assertThat(d.serverSend()).isGreaterThanOrEqualTo(d.serverReceive());
    }
  }

  @Test
  void announcesItsShutdown() throws Exception {
    start();
    try (TcpClient client = gateway.connect("all")) {
      gateway.hotThread.execute(() -> gateway.hot.shutdown(99, "going down"));
      ShutdownDecoder d = new ShutdownDecoder();
      d.wrapAndApplyHeader(client.next(ShutdownDecoder.TEMPLATE_ID), 0, new MessageHeaderDecoder());
      assertThat(d.deadline()).isEqualTo(99);
      assertThat(d.reason()).isEqualTo("going down");
      assertThat(client.next()).isNull();
    }
  }

  @Test
  void sessionsBeyondTheHotOnesAreServedByTheEdge() throws Exception {
    settings.hotSessions = 1;
    start();
    try (TcpClient hot = gateway.connect("all");
        TcpClient edge = gateway.connect("all")) {
      hot.subscribe(1, BARS).next(SubscribedDecoder.TEMPLATE_ID);
      edge.subscribe(1, BARS).next(SubscribedDecoder.TEMPLATE_ID);
      gateway.publish(outbound.bar(5, 1, 60));
      assertThat(outSeqs(hot, 1)).containsExactly(5L);
      assertThat(outSeqs(edge, 1)).containsExactly(5L);
      assertThat(gateway.hot.hub().sessionCount()).isEqualTo(1);
      assertThat(gateway.edge.hub().sessionCount()).isEqualTo(1);
    }
  }

  @Test
  void refusesAHelloOfAnotherVersionAndAnythingElseFirst() throws Exception {
    start();
    try (TcpClient client = new TcpClient(gateway.tcpPort());
        TcpClient eager = new TcpClient(gateway.tcpPort())) {
      UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);
      HelloEncoder hello = new HelloEncoder();
      hello
          .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
          .versionMin(7)
          .versionMax(9)
          .role(Role.CLIENT)
          .authScheme(io.semnal.protocol.sbe.AuthScheme.HMAC_SHA256)
          .putClientNonce(new byte[32], 0, 32)
          .keyId("all")
          .clientName("");
      client.send(buffer, MessageLayout.HEADER + hello.encodedLength());
      assertThat(rejection(client)).isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
      eager.subscribe(1, BARS);
      assertThat(rejection(eager)).isEqualTo(ErrorCode.UNEXPECTED_MESSAGE);
    }
  }

  private static ErrorCode rejection(TcpClient client) throws Exception {
    RejectedDecoder d = new RejectedDecoder();
    d.wrapAndApplyHeader(client.next(RejectedDecoder.TEMPLATE_ID), 0, new MessageHeaderDecoder());
    return d.code();
  }
}

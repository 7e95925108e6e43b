package io.semnal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.protocol.Channel;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.SessionErrorDecoder;
import io.semnal.protocol.sbe.SignalEventDecoder;
import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.LoginRefusedException;
import io.semnal.protocol.session.ResumeToken;
import io.semnal.testing.StandingPort;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The client against the real gateway, over TCP and WebSocket. */
class SemnalClientTest {
  private final Outbound journal = new Outbound();
  private final Seen seen = new Seen();
  private GatewayRig rig;

  private static final class Seen implements ClientHandler {
    final List<Long> outSeqs = new ArrayList<>();
    final List<Integer> templates = new ArrayList<>();
    final List<String> texts = new ArrayList<>();
    final List<String> gaps = new ArrayList<>();
    int connects;
    int losses;

    @Override
    public void onMessage(DirectBuffer buffer, int offset, int length) {
      int template = MessageLayout.templateId(buffer, offset);
      templates.add(template);
      if (template == SignalEventDecoder.TEMPLATE_ID) {
        outSeqs.add(MessageLayout.outSeq(buffer, offset));
      }
    }

    @Override
    public void onText(String json) {
      texts.add(json);
      try {
        JsonFields fields = JsonFields.parse(json);
        if (fields.text("type").equals("signalEvent")) {
          outSeqs.add(fields.number("outSeq"));
        }
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void onConnected(io.semnal.protocol.session.SessionTerms terms) {
      connects++;
    }

    @Override
    public void onDisconnected(String why) {
      losses++;
    }

    @Override
    public void onGap(int channel, int instrument, int timeframe, int strategy, long a, long b) {
      gaps.add(channel + " " + instrument + " " + timeframe + " " + strategy + " " + a + "-" + b);
    }
  }

  @AfterEach
  void stop() {
    if (rig != null) {
      rig.close();
      rig = null;
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void receivesTheStreamInOrder(Way way) throws Exception {
    rig = new GatewayRig(journal, 0, 0);
    try (SemnalClient client = connected(way)) {
      assertThat(client.terms().serverName()).isEqualTo("test");
      assertThat(client.terms().admin()).isTrue();
      assertThat(client.terms().channels()).isEqualTo(31);
      client.subscribe(Subscription.to(Channel.SIGNALS));
      awaitSubscribed(client);
      assertThat(client.token()).isEqualTo(new ResumeToken(1, 2));
      publish(500);
      awaitEvents(client, 500);
      assertThat(seen.outSeqs).isEqualTo(range(3, 502));
      assertThat(client.token()).isEqualTo(new ResumeToken(1, 502));
      assertThat(client.gaps()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void resumesFromATokenThroughTheJournal(Way way) throws Exception {
    for (int i = 0; i < 1_000; i++) {
      journal.event(0);
    }
    rig = new GatewayRig(journal, 0, 0);
    try (SemnalClient client = connected(way)) {
      client.subscribe(Subscription.to(Channel.SIGNALS).resumingAfter(ResumeToken.parse("1:100")));
      publish(50);
      awaitEvents(client, 952);
      assertThat(seen.outSeqs).isEqualTo(range(101, 1_052));
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void seesEveryMessageOnceOverARestart(Way way) throws Exception {
    int tcpPort = StandingPort.tcp();
    int wsPort = StandingPort.tcp();
    rig = new GatewayRig(journal, tcpPort, wsPort);
    try (SemnalClient client = connected(way)) {
      client.subscribe(Subscription.to(Channel.SIGNALS));
      awaitSubscribed(client);
      publish(300);
      awaitEvents(client, 120);
      rig.close();
      for (int i = 0; i < 400; i++) {
        journal.event(0);
      }
      rig = new GatewayRig(journal, tcpPort, wsPort);
      awaitEvents(client, 700);
      publish(10);
      awaitEvents(client, 710);
      assertThat(seen.outSeqs).isEqualTo(range(3, 712));
      assertThat(seen.connects).isGreaterThanOrEqualTo(2);
      assertThat(seen.losses).isPositive();
      assertThat(client.gaps()).isZero();
    }
  }

  @Test
  void filtersByInstrumentAndStillSeesGaps() throws Exception {
    rig = new GatewayRig(journal, 0, 0);
    try (SemnalClient client = connected(Way.TCP)) {
      client.subscribe(
          Subscription.to(Channel.SIGNALS)
              .withInstruments(List.of("EURUSD"))
              .withTimeframes(List.of(TimeframeLabel.seconds("1m"))));
      awaitSubscribed(client);
      publish(10);
      awaitEvents(client, 5);
      assertThat(client.gaps()).isZero();
      rig.publish(journal.event(3));
      rig.publish(journal.event(0));
      awaitEvents(client, 6);
      assertThat(seen.gaps).containsExactly("0 1 60 1 6-8");
      assertThat(client.gaps()).isEqualTo(1);
    }
  }

  @Test
  void takesTheSnapshotWhereATokenIsOfNoUse() throws Exception {
    journal.event(0);
    rig = new GatewayRig(journal, 0, 0);
    try (SemnalClient client = connected(Way.TCP)) {
      client.subscribe(Subscription.to(Channel.SIGNALS).resumingAfter(new ResumeToken(9, 1)));
      awaitSubscribed(client);
      publish(4);
      awaitEvents(client, 4);
      assertThat(seen.templates).contains(SessionErrorDecoder.TEMPLATE_ID);
      assertThat(client.token()).isEqualTo(new ResumeToken(1, 7));
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void tellsWrongKeysAndUnknownInstruments(Way way) throws Exception {
    rig = new GatewayRig(journal, 0, 0);
    SemnalClient stranger =
        new SemnalClient(options(way, new ClientKey("demo", new byte[32])), seen);
    assertThatThrownBy(stranger::connect)
        .isInstanceOfSatisfying(
            LoginRefusedException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.AUTHENTICATION_FAILED));
    try (SemnalClient client = connected(way)) {
      client.subscribe(Subscription.to(Channel.BARS).withInstruments(List.of("XXXYYY")));
      Polling.until(
          client,
          this::told,
          () ->
              seen.templates.contains(SessionErrorDecoder.TEMPLATE_ID)
                  || seen.texts.stream().anyMatch(t -> t.contains("UNKNOWN_INSTRUMENT")));
    }
  }

  @Test
  void givesUpWhereItMayNotRetry() throws Exception {
    rig = new GatewayRig(journal, 0, 0);
    SemnalClient client =
        new SemnalClient(options(Way.TCP, GatewayRig.CLIENT).withRetryFor(Duration.ZERO), seen);
    client.connect();
    stop();
    assertThatThrownBy(
            () -> {
              Polling.until(client, () -> "the end", () -> false);
            })
        .isInstanceOf(IOException.class);
    assertThat(client.isConnected()).isFalse();
  }

  @Test
  void refusesAddressesInWords() {
    assertThatThrownBy(() -> ClientOptions.of("http://x:1", GatewayRig.CLIENT))
        .hasMessageContaining("tcp://HOST:PORT");
    assertThatThrownBy(() -> ClientOptions.of("tcp://x:1", GatewayRig.CLIENT).withJson())
        .hasMessageContaining("WebSocket only");
    assertThatThrownBy(() -> TimeframeLabel.seconds("1w")).hasMessageContaining("15m");
    assertThat(TimeframeLabel.of(TimeframeLabel.seconds("90m"))).isEqualTo("90m");
    assertThat(TimeframeLabel.of(86_400)).isEqualTo("1d");
  }

  private SemnalClient connected(Way way) throws IOException {
    SemnalClient client = new SemnalClient(options(way, GatewayRig.CLIENT), seen);
    client.connect();
    return client;
  }

  private ClientOptions options(Way way, ClientKey key) {
    return switch (way) {
      case TCP -> ClientOptions.of("tcp://127.0.0.1:" + rig.tcp.getPort(), key);
      case WS_SBE -> ClientOptions.of("ws://127.0.0.1:" + rig.ws.getPort() + "/ws", key);
      case WS_JSON ->
          ClientOptions.of("ws://127.0.0.1:" + rig.ws.getPort() + "/ws", key).withJson();
    };
  }

  private void publish(int events) {
    for (int i = 0; i < events; i++) {
      rig.publish(journal.event(0));
    }
  }

  private void awaitSubscribed(SemnalClient client) throws IOException {
    Polling.until(client, this::told, () -> client.token() != null && client.token().epoch() == 1);
  }

  private void awaitEvents(SemnalClient client, int count) throws IOException {
    Polling.until(client, this::told, () -> seen.outSeqs.size() >= count);
  }

  private String told() {
    return "more than " + seen.outSeqs.size() + " events, " + seen.texts;
  }

  private static List<Long> range(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }
}

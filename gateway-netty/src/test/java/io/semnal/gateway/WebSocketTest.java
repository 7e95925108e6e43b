package io.semnal.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.AcceptedDecoder;
import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.sbe.SignalState;
import io.semnal.protocol.session.ClientHandshake;
import io.semnal.protocol.session.NonceSource;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WebSocketTest {
  private final Outbound outbound = new Outbound();
  private final GatewayFixture.Settings settings = new GatewayFixture.Settings();
  private GatewayFixture gateway;

  private void start() throws Exception {
    gateway = new GatewayFixture(settings);
    gateway.history.append(outbound.instrument(1, 1, "EURUSD", 5));
    gateway.history.append(outbound.strategy(2, 1, "trend"));
    gateway.history.append(outbound.signal(3, 1, 1, new byte[0]));
    gateway.start();
  }

  @AfterEach
  void stop() {
    if (gateway != null) {
      gateway.close();
    }
  }

  @Test
  void speaksJson() throws Exception {
    start();
    try (WsClient client = new WsClient(gateway.wsPort())) {
      assertThat(client.socket.getSubprotocol()).isEqualTo("semnal.json.v1");
      client.login(gateway.clientKey("all"));
      JsonNode accepted = client.next("accepted");
      assertThat(accepted.get("headOutSeq").asText()).isEqualTo("3");
      assertThat(accepted.get("headOutSeq").isTextual()).isTrue();
      assertThat(accepted.get("channels").size()).isEqualTo(5);
      assertThat(client.next().get("symbol").asText()).isEqualTo("EURUSD");
      assertThat(client.next().get("name").asText()).isEqualTo("trend");
      client.send(
          """
          {"type":"subscribe","requestId":"11","channels":["signals","bars"],
           "instruments":["EURUSD"],"timeframes":["1m"],"strategies":[],"resume":"1:2",
           "snapshot":false,"features":true,"unknown":null}""");
      assertThat(client.next().get("type").asText()).isEqualTo("subscribed");
      assertThat(client.next().get("type").asText()).isEqualTo("replayBegin");
      assertThat(client.next("signal").get("outSeq").asText()).isEqualTo("3");
      assertThat(client.next().get("type").asText()).isEqualTo("replayEnd");
      gateway.publish(outbound.bar(4, 1, 60), outbound.event(5, 3, 1, 1, SignalState.ACTIVE));
      JsonNode bar = client.next("bar");
      assertThat(bar.get("bidOpen").asText()).isEqualTo("1.38654");
      assertThat(bar.get("bidClose").asText()).isEqualTo("1.386555");
      assertThat(client.next("signalEvent").get("signalId").asText()).isEqualTo("3");
    }
  }

  @Test
  void tcpAndBothWebSocketsSeeTheSameNumbers() throws Exception {
    start();
    try (TcpClient tcp = gateway.connect("all");
        WsClient json = new WsClient(gateway.wsPort()).login(gateway.clientKey("all"));
        WsClient sbe = new WsClient(gateway.wsPort(), null, "semnal.sbe.v1")) {
      loginSbe(sbe);
      tcp.subscribe(1, 4).next(io.semnal.protocol.sbe.SubscribedDecoder.TEMPLATE_ID);
      json.send("{\"type\":\"subscribe\",\"requestId\":1,\"channels\":[\"bars\"]}");
      json.next("subscribed");
      sbe.send(subscribeBars());
      while (MessageLayout.templateId(sbe.nextBinary(), 0)
          != io.semnal.protocol.sbe.SubscribedDecoder.TEMPLATE_ID) {
        // definitions
      }
      for (long seq = 4; seq < 300; seq++) {
        gateway.publish(outbound.bar(seq, 1, 60));
      }
      for (long seq = 4; seq < 300; seq++) {
        assertThat(TcpClient.bytes(tcp.nextOutbound())).isEqualTo(gateway.history.get(seq));
        assertThat(TcpClient.bytes(sbe.nextBinary())).isEqualTo(gateway.history.get(seq));
        assertThat(json.next("bar").get("outSeq").asLong()).isEqualTo(seq);
      }
    }
  }

  private static byte[] subscribeBars() {
    UnsafeBuffer buffer = new UnsafeBuffer(new byte[128]);
    io.semnal.protocol.sbe.SubscribeEncoder e = new io.semnal.protocol.sbe.SubscribeEncoder();
    e.wrapAndApplyHeader(buffer, 0, new io.semnal.protocol.sbe.MessageHeaderEncoder()).requestId(1);
    e.channels().clear().bars(true);
    e.instrumentsCount(0);
    e.timeframesCount(0);
    e.strategiesCount(0);
    return java.util.Arrays.copyOf(buffer.byteArray(), MessageLayout.HEADER + e.encodedLength());
  }

  private void loginSbe(WsClient client) throws Exception {
    ClientHandshake handshake =
        new ClientHandshake(Role.CLIENT, gateway.clientKey("all"), "sbe", NonceSource.secure());
    UnsafeBuffer buffer = new UnsafeBuffer(new byte[1024]);
    int length = handshake.hello(buffer, 0);
    while (handshake.state() != ClientHandshake.State.OPEN) {
      if (length > 0) {
        client.send(java.util.Arrays.copyOf(buffer.byteArray(), length));
      }
      UnsafeBuffer answer = client.nextBinary();
      length = handshake.onMessage(answer, 0, answer.capacity(), buffer, 0);
      if (handshake.state() == ClientHandshake.State.OPEN) {
        assertThat(MessageLayout.templateId(answer, 0)).isEqualTo(AcceptedDecoder.TEMPLATE_ID);
      }
    }
  }

  @Test
  void speaksJsonWhenNoSubprotocolIsAskedFor() throws Exception {
    start();
    try (WsClient client = new WsClient(gateway.wsPort(), null)) {
      assertThat(client.socket.getSubprotocol()).isEmpty();
      client.login(gateway.clientKey("all")).next("accepted");
    }
  }

  @Test
  void answersPingHeartbeatAndTimeSync() throws Exception {
    start();
    try (WsClient client = new WsClient(gateway.wsPort()).login(gateway.clientKey("all"))) {
      client.send("{\"type\":\"ping\"}");
      assertThat(client.next("heartbeat").get("headOutSeq").asText()).isEqualTo("3");
      client.send("{\"type\":\"heartbeat\"}");
      client.send("{\"type\":\"timeSync\",\"clientSend\":\"9007199254740993\"}");
      JsonNode sync = client.next("timeSync");
      assertThat(sync.get("clientSend").asText()).isEqualTo("9007199254740993");
      assertThat(Long.parseLong(sync.get("serverSend").asText())).isPositive();
    }
  }

  /** A browser answers pings by itself, and says nothing else. */
  @Test
  void aClientThatOnlyAnswersPingsStaysConnected() throws Exception {
    settings.heartbeat = Duration.ofSeconds(1);
    start();
    try (WsClient client = new WsClient(gateway.wsPort()).login(gateway.clientKey("all"))) {
      for (int beats = 0; beats < 5; beats++) {
        client.next("heartbeat");
      }
      assertThat(client.closeCode).isNotDone();
    }
  }

  @Test
  void tellsWhatIsWrongWithARequestAndGoesOn() throws Exception {
    start();
    try (WsClient client = new WsClient(gateway.wsPort()).login(gateway.clientKey("all"))) {
      expectError(client, "{\"type\":\"dance\",\"requestId\":\"3\"}", "UNEXPECTED_MESSAGE", "3");
      expectError(
          client,
          "{\"type\":\"subscribe\",\"requestId\":\"4\",\"channels\":[\"smells\"]}",
          "UNKNOWN_CHANNEL",
          "4");
      expectError(
          client,
          "{\"type\":\"subscribe\",\"requestId\":\"5\",\"channels\":[\"bars\"],\"instruments\":[\"XX\"]}",
          "UNKNOWN_INSTRUMENT",
          "5");
      expectError(
          client,
          "{\"type\":\"subscribe\",\"requestId\":\"6\",\"channels\":[\"bars\"],\"timeframes\":[\"9y\"]}",
          "UNKNOWN_TIMEFRAME",
          "6");
      expectError(
          client,
          "{\"type\":\"engineCommand\",\"requestId\":\"7\",\"command\":\"PAUSE\"}",
          "NOT_ENTITLED",
          "7");
      client.send("{\"type\":\"subscribe\",\"requestId\":\"8\",\"channels\":[\"bars\"]}");
      assertThat(client.next("subscribed").get("requestId").asText()).isEqualTo("8");
    }
  }

  private static void expectError(WsClient client, String request, String code, String requestId)
      throws Exception {
    client.send(request);
    JsonNode error = client.next("error");
    assertThat(error.get("code").asText()).isEqualTo(code);
    assertThat(error.get("requestId").asText()).isEqualTo(requestId);
    assertThat(error.get("fatal").asBoolean()).isFalse();
    assertThat(error.get("text").asText()).isNotEmpty();
  }

  @Test
  void closesOnWhatIsNoRequest() throws Exception {
    start();
    List<String> bad =
        List.of(
            "",
            "{",
            "[]",
            "{\"type\":7.5}",
            "{\"no\":1}",
            "{\"type\":\"subscribe\",\"channels\":\"bars\"}",
            "{\"type\":\"subscribe\",\"resume\":\"xyz\"}",
            "{\"type\":\"ping\"} x",
            "{\"type\":\"ping\",\"type\":\"ping\"}",
            "[".repeat(3_000));
    for (String request : bad) {
      try (WsClient client = new WsClient(gateway.wsPort()).login(gateway.clientKey("all"))) {
        client.next("accepted");
        client.send(request);
        JsonNode error = client.next("error");
        assertThat(error.get("code").asText()).as(request).isEqualTo("MALFORMED");
        assertThat(error.get("fatal").asBoolean()).isTrue();
        assertThat(client.closeCode.get(60, TimeUnit.SECONDS)).isEqualTo(1002);
      }
    }
  }

  @Test
  void closesOnBinaryInAJsonSessionAndOnAFrameThatIsTooLong() throws Exception {
    start();
    try (WsClient binary = new WsClient(gateway.wsPort()).login(gateway.clientKey("all"));
        WsClient large = new WsClient(gateway.wsPort()).login(gateway.clientKey("all"))) {
      binary.next("accepted");
      binary.send(new byte[] {1, 2, 3});
      assertThat(binary.next("error").get("code").asText()).isEqualTo("MALFORMED");
      assertThat(binary.closeCode.get(60, TimeUnit.SECONDS)).isEqualTo(1002);
      large.next("accepted");
      large.send("{\"type\":\"ping\",\"pad\":\"" + "x".repeat(5_000) + "\"}");
      assertThat(large.closeCode.get(60, TimeUnit.SECONDS)).isEqualTo(1009);
    }
  }

  @Test
  void putsFragmentsTogether() throws Exception {
    start();
    try (WsClient client = new WsClient(gateway.wsPort()).login(gateway.clientKey("all"))) {
      client.next("accepted");
      String request = "{\"type\":\"ping\"}";
      for (int i = 0; i < request.length(); i++) {
        client
            .socket
            .sendText(request.substring(i, i + 1), i == request.length() - 1)
            .get(60, TimeUnit.SECONDS);
      }
      client.next("heartbeat");
    }
  }

  @Test
  void aWrongProofIsRejected() throws Exception {
    start();
    try (WsClient client =
        new WsClient(gateway.wsPort())
            .login(new io.semnal.protocol.session.ClientKey("all", new byte[32]))) {
      JsonNode rejected = client.next("rejected");
      assertThat(rejected.get("code").asText()).isEqualTo("AUTHENTICATION_FAILED");
      assertThat(client.closeCode.get(60, TimeUnit.SECONDS)).isEqualTo(1008);
    }
  }

  @Test
  void looksAtTheOrigin() throws Exception {
    settings.origins = List.of("https://desk.example");
    start();
    assertThat(handshakeStatus("https://evil.example")).isEqualTo(403);
    assertThat(handshakeStatus("null")).isEqualTo(403);
    try (WsClient allowed =
            new WsClient(gateway.wsPort(), "https://desk.example", "semnal.json.v1");
        WsClient sameHost =
            new WsClient(gateway.wsPort(), "http://127.0.0.1:" + gateway.wsPort())) {
      allowed.login(gateway.clientKey("all")).next("accepted");
      sameHost.login(gateway.clientKey("all")).next("accepted");
    }
  }

  private int handshakeStatus(String origin) {
    try (WsClient client = new WsClient(gateway.wsPort(), origin, "semnal.json.v1")) {
      return client.socket.isInputClosed() ? 0 : 101;
    } catch (ExecutionException e) {
      return ((WebSocketHandshakeException) e.getCause()).getResponse().statusCode();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void refusesSubprotocolsThatItDoesNotSpeakAndOtherPaths() throws Exception {
    start();
    assertThatThrownBy(() -> new WsClient(gateway.wsPort(), null, "chat").close())
        .hasCauseInstanceOf(WebSocketHandshakeException.class);
    try (HttpClient http = HttpClient.newHttpClient()) {
      assertThat(status(http, "/")).isEqualTo(404);
      assertThat(status(http, "/metrics")).isEqualTo(404);
      assertThat(status(http, "/ws")).isEqualTo(426);
      assertThat(status(http, "/wsx")).isEqualTo(404);
    }
  }

  private int status(HttpClient http, String path) throws Exception {
    return http.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.wsPort() + path))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .statusCode();
  }
}

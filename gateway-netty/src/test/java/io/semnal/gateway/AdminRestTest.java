package io.semnal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.semnal.core.config.RuntimeConfig;
import io.semnal.gateway.http.AdminHttp;
import io.semnal.gateway.rest.AdminResources;
import io.semnal.gateway.rest.RestGate;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.EngineCommandDecoder;
import io.semnal.protocol.sbe.EngineCommandType;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What operators see of sessions and order over HTTP; every answer is held against the OpenAPI
 * document on its way.
 */
class AdminRestTest {
  private static final String COMMANDS = "/api/v1/engine/commands";
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private final Outbound outbound = new Outbound();
  private final BlockingQueue<byte[]> offered = new LinkedBlockingQueue<>();
  private final AtomicBoolean full = new AtomicBoolean();
  private GatewayFixture gateway;
  private AdminHttp server;
  private RestClient admin;
  private int port;

  private static final class Models implements ModelAdmin {
    @Override
    public String active() {
      return "{\"strategies\":[]}";
    }

    @Override
    public String drift() {
      return "{\"models\":[]}";
    }

    @Override
    public CompletableFuture<Answer> promote(String reference, String keyId) {
      return CompletableFuture.completedFuture(new Answer(503, "{\"error\":\"one at a time\"}"));
    }
  }

  @BeforeEach
  void start() throws Exception {
    GatewayFixture.Settings settings = new GatewayFixture.Settings();
    settings.inbound =
        (buffer, offset, length) -> {
          byte[] copy = new byte[length];
          buffer.getBytes(offset, copy);
          return !full.get() && offered.add(copy);
        };
    gateway = new GatewayFixture(settings);
    gateway.history.append(outbound.instrument(1, 1, "EURUSD", 5));
    gateway.history.append(outbound.strategy(2, 7, "breakout"));
    gateway.start();
    RestGate gate =
        new RestGate(gateway.context.keys(), gateway.context.admission(), gateway.context.audit());
    server =
        new AdminHttp(
            gateway.edgeThread.loop(),
            new RuntimeConfig.Admin(true, "127.0.0.1", 0, false),
            gateway.metrics,
            List::of,
            List::of,
            AdminResources.port(
                gate, System::currentTimeMillis, new Models(), gateway.edge.desk()));
    port = server.listen().get(60, TimeUnit.SECONDS).getPort();
    admin = new RestClient(port, gateway.clientKey("admin"));
  }

  @AfterEach
  void stop() {
    admin.close();
    server.close();
    gateway.close();
  }

  private HttpResponse<String> post(String json) throws Exception {
    return admin.send(
        admin
            .request("POST", COMMANDS, json.getBytes(StandardCharsets.UTF_8))
            .header("Content-Type", "application/json"));
  }

  /** Orders while the journal takes what is offered. */
  private EngineCommandDecoder order(String json, long journalSeq) throws Exception {
    CompletableFuture<byte[]> taken =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                byte[] message = offered.poll(60, TimeUnit.SECONDS);
                MessageLayout.stamp(new UnsafeBuffer(message), 0, journalSeq, 1);
                gateway.inbound(message);
                return message;
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    HttpResponse<String> response = post(json);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(MAPPER.readTree(response.body()).get("journalSeq").asText())
        .isEqualTo(Long.toString(journalSeq));
    EngineCommandDecoder command = new EngineCommandDecoder();
    command.wrapAndApplyHeader(new UnsafeBuffer(taken.get()), 0, new MessageHeaderDecoder());
    return command;
  }

  @Test
  void passesCommandsOnInTheAdminsNameAndAnswersWhenTheyAreJournaled() throws Exception {
    EngineCommandDecoder pause =
        order("{\"command\":\"PAUSE\",\"instrument\":\"EURUSD\",\"reason\":\"news\"}", 77);
    assertThat(pause.command()).isEqualTo(EngineCommandType.PAUSE);
    assertThat(pause.instrumentId()).isEqualTo(1);
    assertThat(pause.strategyId()).isZero();
    assertThat(pause.principal()).isEqualTo("admin");
    assertThat(pause.reason()).isEqualTo("news");
    EngineCommandDecoder resume =
        order("{\"command\":\"RESUME\",\"strategy\":\"breakout\",\"reason\":\"over\"}", 78);
    assertThat(resume.command()).isEqualTo(EngineCommandType.RESUME);
    assertThat(resume.strategyId()).isEqualTo(7);
    assertThat(gateway.audited)
        .contains("admin|admin|127.0.0.1||POST " + COMMANDS)
        .anyMatch(line -> line.startsWith("login|admin|127.0.0.1|"));
  }

  @Test
  void namesWhatIsWrongWithACommand() throws Exception {
    assertThat(RestClient.problem(404, post("{\"command\":\"PAUSE\",\"instrument\":\"X\"}")))
        .isEqualTo("UNKNOWN_INSTRUMENT");
    assertThat(RestClient.problem(404, post("{\"command\":\"PAUSE\",\"strategy\":\"X\"}")))
        .isEqualTo("UNKNOWN_STRATEGY");
    for (String bad : List.of("", "{", "[]", "{}", "{\"command\":\"STOP\"}", "{\"command\":1}")) {
      assertThat(RestClient.problem(400, post(bad))).as(bad).isEqualTo("MALFORMED");
    }
    full.set(true);
    HttpResponse<String> busy = post("{\"command\":\"PAUSE\"}");
    assertThat(RestClient.problem(503, busy)).isEqualTo("BUSY");
    assertThat(busy.headers().firstValue("retry-after")).contains("1");
    assertThat(offered).isEmpty();
  }

  @Test
  void listsTheSessionsThatStand() throws Exception {
    assertThat(admin.get("/api/v1/sessions").get("sessions")).isEmpty();
    try (TcpClient tcp = gateway.connect("euro")) {
      assertThat(tcp.handshake.terms()).isNotNull();
      JsonNode row = admin.get("/api/v1/sessions").get("sessions").get(0);
      assertThat(row.get("keyId").asText()).isEqualTo("euro");
      assertThat(row.get("encoding").asText()).isEqualTo("SBE_TCP");
      assertThat(row.get("sessionId").asLong()).isEqualTo(tcp.handshake.terms().sessionId());
    }
    try (RestClient client = new RestClient(port, gateway.clientKey("all"))) {
      assertThat(client.problem(403, "/api/v1/sessions")).isEqualTo("NOT_ENTITLED");
      assertThat(client.problem(403, "/api/v1/models")).isEqualTo("NOT_ENTITLED");
    }
  }

  @Test
  void refusesOtherMethodsFormsAndSizes() throws Exception {
    byte[] body = "{\"command\":\"PAUSE\"}".getBytes(StandardCharsets.UTF_8);
    HttpResponse<String> get = admin.send("GET", COMMANDS);
    assertThat(RestClient.problem(405, get)).isEqualTo("METHOD_NOT_ALLOWED");
    assertThat(get.headers().firstValue("allow")).contains("OPTIONS, POST");
    assertThat(
            RestClient.problem(
                415,
                admin.send(
                    admin.request("POST", COMMANDS, body).header("Content-Type", "text/plain"))))
        .isEqualTo("UNSUPPORTED_MEDIA_TYPE");
    assertThat(
            RestClient.problem(
                406,
                admin.send(admin.request("POST", COMMANDS, body).header("Accept", "text/html"))))
        .isEqualTo("NOT_ACCEPTABLE");
    assertThat(offered).isEmpty();
    String start = "POST " + COMMANDS;
    assertThat(raw(start + " HTTP/1.1\r\nHost: x\r\nContent-Length: 99999\r\n\r\n"))
        .startsWith("HTTP/1.1 413");
    assertThat(raw(start + "?" + "x".repeat(2_000) + " HTTP/1.1\r\n\r\n"))
        .startsWith("HTTP/1.1 414");
    assertThat(raw(start + " HTTP/1.1\r\nX: " + "x".repeat(9_000) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 431");
  }

  @Test
  void answersNotModifiedToWhoHasItAlready() throws Exception {
    HttpResponse<String> first = admin.send("GET", "/api/v1/sessions");
    String tag = first.headers().firstValue("etag").orElseThrow();
    byte[] nothing = {};
    assertThat(
            admin
                .send(
                    admin.request("GET", "/api/v1/sessions", nothing).header("If-None-Match", tag))
                .statusCode())
        .isEqualTo(304);
    try (TcpClient tcp = gateway.connect("euro")) {
      assertThat(tcp.handshake.terms()).isNotNull();
      assertThat(
              admin
                  .send(
                      admin
                          .request("GET", "/api/v1/sessions", nothing)
                          .header("If-None-Match", tag))
                  .statusCode())
          .isEqualTo(200);
    }
  }

  private String raw(String request) throws Exception {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(60_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readNBytes(12), StandardCharsets.ISO_8859_1);
    }
  }
}

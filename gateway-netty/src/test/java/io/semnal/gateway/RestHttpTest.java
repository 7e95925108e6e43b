package io.semnal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** HTTP itself: methods, forms, caching, origins, and requests that mean no good. */
class RestHttpTest {
  private static final String PATH = "/api/v1/timeframes";
  private static final byte[] NOTHING = {};
  private GatewayFixture gateway;
  private RestClient client;
  private RestClient stranger;

  @BeforeEach
  void start() throws Exception {
    GatewayFixture.Settings settings = new GatewayFixture.Settings();
    settings.origins = List.of("https://desk.example");
    gateway = new GatewayFixture(settings).start();
    client = new RestClient(gateway.wsPort(), gateway.clientKey("all"));
    stranger = new RestClient(gateway.wsPort(), null);
  }

  @AfterEach
  void stop() {
    client.close();
    stranger.close();
    gateway.close();
  }

  private static String header(HttpResponse<String> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  private HttpRequest.Builder get() {
    return client.request("GET", PATH, NOTHING);
  }

  @Test
  void answersNotModifiedToWhoHasItAlready() throws Exception {
    HttpResponse<String> first = client.send(get());
    String tag = header(first, "etag");
    assertThat(tag).matches("\"[0-9a-f]{32}\"");
    for (String known : List.of(tag, "\"x\", " + tag, "*", "W/" + tag)) {
      HttpResponse<String> again = client.send(get().header("If-None-Match", known));
      assertThat(again.statusCode()).as(known).isEqualTo(304);
      assertThat(again.body()).isEmpty();
      assertThat(header(again, "etag")).isEqualTo(tag);
    }
    HttpResponse<String> other = client.send(get().header("If-None-Match", "\"x\""));
    assertThat(other.statusCode()).isEqualTo(200);
    assertThat(other.body()).isEqualTo(first.body());
  }

  @Test
  void tellsOfAResourceByHeadAndOptions() throws Exception {
    String body = client.send(get()).body();
    HttpResponse<String> head = client.send("HEAD", PATH);
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(header(head, "content-length")).isEqualTo(Integer.toString(body.length()));
    HttpResponse<String> options = stranger.send("OPTIONS", PATH);
    assertThat(options.statusCode()).isEqualTo(204);
    assertThat(header(options, "allow")).isEqualTo("GET, HEAD, OPTIONS");
    assertThat(header(options, "access-control-allow-methods")).isEmpty();
    for (String method : List.of("POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW")) {
      HttpResponse<String> response = client.send(method, PATH);
      assertThat(RestClient.problem(405, response)).as(method).isEqualTo("METHOD_NOT_ALLOWED");
      assertThat(header(response, "allow")).isEqualTo("GET, HEAD, OPTIONS");
    }
  }

  @Test
  void letsPagesOfTheConfiguredOriginsRead() throws Exception {
    HttpResponse<String> read = client.send(get().header("Origin", "https://desk.example"));
    assertThat(header(read, "access-control-allow-origin")).isEqualTo("https://desk.example");
    assertThat(header(read, "vary")).isEqualTo("Origin");
    assertThat(header(client.send(get()), "vary")).isEqualTo("Origin");
    HttpResponse<String> evil = client.send(get().header("Origin", "https://evil.example"));
    assertThat(header(evil, "access-control-allow-origin")).isEmpty();
    HttpResponse<String> preflight =
        stranger.send(
            stranger
                .request("OPTIONS", PATH, NOTHING)
                .header("Origin", "https://desk.example")
                .header("Access-Control-Request-Method", "GET"));
    assertThat(preflight.statusCode()).isEqualTo(204);
    assertThat(header(preflight, "access-control-allow-methods")).isEqualTo("GET, HEAD, OPTIONS");
    assertThat(header(preflight, "access-control-allow-headers")).contains("Authorization");
    assertThat(header(preflight, "access-control-allow-credentials")).isEmpty();
  }

  @Test
  void answersInJsonOrNotAtAll() throws Exception {
    for (String accept : List.of("*/*", "application/json;q=0.5", "text/html, application/*")) {
      assertThat(client.send(get().header("Accept", accept)).statusCode()).isEqualTo(200);
    }
    for (String accept : List.of("text/html", "application/json;q=0", "application/xml, text/*")) {
      assertThat(RestClient.problem(406, client.send(get().header("Accept", accept))))
          .as(accept)
          .isEqualTo("NOT_ACCEPTABLE");
    }
  }

  @Test
  void turnsAwayWhoDoesNotSign() throws Exception {
    HttpResponse<String> unsigned = stranger.send("GET", PATH);
    assertThat(RestClient.problem(401, unsigned)).isEqualTo("UNAUTHENTICATED");
    assertThat(header(unsigned, "www-authenticate")).isEqualTo("Semnal");
    HttpRequest.Builder signed = get();
    assertThat(client.send(signed).statusCode()).isEqualTo(200);
    assertThat(RestClient.problem(401, client.send(signed))).isEqualTo("UNAUTHENTICATED");
    try (RestClient feed = new RestClient(gateway.wsPort(), gateway.clientKey("feed"))) {
      assertThat(feed.problem(403, PATH)).isEqualTo("NOT_ENTITLED");
    }
    String proof = signed.build().headers().firstValue("authorization").orElseThrow();
    assertThat(stranger.send("GET", PATH + "?key=" + proof.split(" ")[1]).statusCode())
        .isEqualTo(401);
  }

  @Test
  void slowsDownWhoAsksTooOften() throws Exception {
    int served = 0;
    HttpResponse<String> response = client.send("GET", PATH);
    while (response.statusCode() == 200 && served < 2_000) {
      served++;
      response = client.send("GET", "/api/v1/signals?limit=1");
    }
    assertThat(RestClient.problem(429, response)).isEqualTo("LIMIT_EXCEEDED");
    assertThat(Integer.parseInt(header(response, "retry-after"))).isPositive();
    try (RestClient other = new RestClient(gateway.wsPort(), gateway.clientKey("euro"))) {
      assertThat(other.send("GET", PATH).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void knowsNoWayOutOfItsPaths() throws Exception {
    for (String path :
        List.of(
            "/api/v1/../../etc/passwd",
            "/api/v1/%2e%2e/%2e%2e/etc/passwd",
            "/api/v1/timeframes/",
            "/api/v1//timeframes",
            "/api/v1/timeframes%00",
            "/api/v1/signals/1/../2",
            "/api/v2/timeframes",
            "/api/")) {
      String answer = raw("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      assertThat(answer).as(path).startsWith("HTTP/1.1 401");
      assertThat(client.problem(404, path)).as(path).isIn("NOT_FOUND", "UNKNOWN_SIGNAL");
    }
  }

  /** Sends bytes and reads until the server closes. */
  private String raw(String request) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", gateway.wsPort())) {
      socket.setSoTimeout(60_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      try {
        socket.getInputStream().transferTo(answer);
      } catch (java.net.SocketException e) {
        // Reset after the answer: what came until then counts.
        assertThat(answer.size()).isPositive();
      }
      return answer.toString(StandardCharsets.ISO_8859_1);
    }
  }

  @Test
  void refusesWhatIsTooLong() throws Exception {
    String start = "GET " + PATH;
    assertThat(raw(start + "?" + "x".repeat(5_000) + " HTTP/1.1\r\n\r\n"))
        .startsWith("HTTP/1.1 414");
    assertThat(raw(start + " HTTP/1.1\r\nX: " + "x".repeat(9_000) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 431");
    assertThat(raw("POST " + PATH + " HTTP/1.1\r\nContent-Length: 99999\r\n\r\n"))
        .startsWith("HTTP/1.1 413")
        .contains("CONTENT_TOO_LARGE");
    assertThat(raw("POST " + PATH + " HTTP/1.1\r\nContent-Length: 9\r\nContent-Length: 8\r\n\r\n"))
        .startsWith("HTTP/1.1 400");
    assertThat(raw("\r\n\u0000\u0001 garbage\r\n\r\n")).startsWith("HTTP/1.1 400");
    assertThat(client.send(get()).statusCode()).isEqualTo(200);
  }

  @Test
  void answersPipelinedRequestsInOrder() throws Exception {
    String document = "HEAD /api/v1/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n";
    String missing = "OPTIONS /api/v1/nothing HTTP/1.1\r\nHost: x\r\n\r\n";
    String last = "OPTIONS /api/v1/bars HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    String answers = raw(document.repeat(10) + missing + document + last);
    List<String> lines = answers.lines().filter(l -> l.startsWith("HTTP/1.1 ")).toList();
    assertThat(lines).hasSize(13);
    assertThat(lines.subList(0, 10)).containsOnly("HTTP/1.1 200 OK");
    assertThat(lines.get(11)).isEqualTo("HTTP/1.1 200 OK");
    assertThat(lines.get(12)).isEqualTo("HTTP/1.1 204 No Content");
    assertThat(answers).contains("404 Not Found");
  }

  /** A body that trickles in keeps nobody else waiting, and is not waited for. */
  @Test
  void doesNotWaitForSlowBodies() throws Exception {
    try (Socket slow = new Socket("127.0.0.1", gateway.wsPort())) {
      slow.setSoTimeout(60_000);
      slow.getOutputStream()
          .write(
              ("POST " + PATH + " HTTP/1.1\r\nContent-Length: 9\r\n\r\nx")
                  .getBytes(StandardCharsets.US_ASCII));
      assertThat(client.send(get()).statusCode()).isEqualTo(200);
      // The server closes a connection whose first request is not whole.
      assertThat(slow.getInputStream().read()).isEqualTo(-1);
    }
  }
}

package io.semnal.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.semnal.core.config.RuntimeConfig;
import io.semnal.core.metrics.Metrics;
import io.semnal.core.metrics.StageRecorder;
import io.semnal.gateway.GatewayLoop;
import io.semnal.gateway.ListenException;
import io.semnal.gateway.http.HealthCondition.Code;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdminHttpTest {
  /** The text format's grammar of a sample, as its documentation gives it. */
  private static final Pattern SAMPLE =
      Pattern.compile(
          "([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{[a-z_]+=\"[^\"]*\"(,[a-z_]+=\"[^\"]*\")*})? (\\S+)");

  private final Metrics metrics = new Metrics();
  private final List<HealthCondition> reasons = new CopyOnWriteArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private MultiThreadIoEventLoopGroup group;
  private AdminHttp admin;
  private int port;

  @BeforeEach
  void start() throws Exception {
    group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    admin = admin("127.0.0.1", 0, false);
    port = admin.listen().get(60, TimeUnit.SECONDS).getPort();
  }

  private AdminHttp admin(String host, int onPort, boolean insecure) {
    return new AdminHttp(
        new GatewayLoop((io.netty.channel.EventLoop) group.next(), NioServerSocketChannel.class),
        new RuntimeConfig.Admin(true, host, onPort, insecure),
        metrics,
        () -> reasons,
        () -> List.of("EURUSD 1m fx-core: 1 of 2 1m bars, column rsi(14)"),
        null);
  }

  @AfterEach
  void stop() {
    http.shutdownNow();
    admin.close();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private HttpResponse<String> request(String method, String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void tellsWhetherItLivesAndIsReady() throws Exception {
    assertThat(request("GET", "/health/live").statusCode()).isEqualTo(200);
    HttpResponse<String> ready = request("GET", "/health/ready");
    assertThat(ready.statusCode()).isEqualTo(200);
    assertThat(new ObjectMapper().readTree(ready.body()).get("warming").get(0).asText())
        .isEqualTo("EURUSD 1m fx-core: 1 of 2 1m bars, column rsi(14)");
    reasons.add(new HealthCondition(Code.DISK_LOW, "1 GiB free"));
    HttpResponse<String> warned = request("GET", "/health/ready");
    assertThat(warned.statusCode()).isEqualTo(200);
    assertThat(new ObjectMapper().readTree(warned.body()).get("problems").get(0).toString())
        .isEqualTo("{\"code\":\"DISK_LOW\",\"text\":\"1 GiB free\"}");
    reasons.add(new HealthCondition(Code.PAUSED, "\"paused\" by\ta command"));
    HttpResponse<String> response = request("GET", "/health/ready?verbose");
    assertThat(response.statusCode()).isEqualTo(503);
    JsonNode json = new ObjectMapper().readTree(response.body());
    assertThat(json.get("ready").asBoolean()).isFalse();
    assertThat(json.get("reasons")).hasSize(1);
    assertThat(json.get("reasons").get(0).get("code").asText()).isEqualTo("PAUSED");
    assertThat(json.get("reasons").get(0).get("text").asText())
        .isEqualTo("\"paused\" by\ta command");
    assertThat(json.get("problems")).hasSize(1);
    assertThat(request("GET", "/health/live").statusCode()).isEqualTo(200);
  }

  @Test
  void answersNothingElse() throws Exception {
    assertThat(request("GET", "/").statusCode()).isEqualTo(404);
    HttpResponse<String> post = request("POST", "/metrics");
    assertThat(post.statusCode()).isEqualTo(405);
    assertThat(post.headers().firstValue("allow")).contains("GET, HEAD");
    HttpResponse<String> head = request("HEAD", "/metrics");
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
  }

  @Test
  void refusesLargeAndBrokenRequests() throws Exception {
    assertThat(raw("POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 99999\r\n\r\n"))
        .startsWith("HTTP/1.1 413");
    assertThat(raw("GET /" + "x".repeat(2_000) + " HTTP/1.1\r\nHost: x\r\n\r\n"))
        .startsWith("HTTP/1.1 414");
    assertThat(raw("NONSENSE\r\n\r\n")).startsWith("HTTP/1.1 400");
    assertThat(request("GET", "/health/live").statusCode()).isEqualTo(200);
  }

  private String raw(String request) throws Exception {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(60_000);
      OutputStream out = socket.getOutputStream();
      out.write(request.getBytes(StandardCharsets.US_ASCII));
      out.flush();
      InputStream in = socket.getInputStream();
      return new String(in.readNBytes(12), StandardCharsets.US_ASCII);
    }
  }

  @Test
  void tellsMetricsInPrometheusText() throws Exception {
    metrics.counter("x_total{reason=\"a\"}", "What x counts").add(3);
    metrics.counter("x_total{reason=\"b\"}", "What x counts").add(4);
    metrics.gauge("depth", "How deep").set(5);
    metrics.gauge("live", "Read when asked for", () -> -6);
    metrics.real("share{of=\"a\"}", "Has a fraction", () -> 0.125);
    for (int i = 1; i <= 1_000; i++) {
      metrics.stages().record(StageRecorder.Stage.ENGINE, i * 1_000L);
    }
    HttpResponse<String> response = request("GET", "/metrics");
    assertThat(response.headers().firstValue("content-type"))
        .contains("text/plain; version=0.0.4; charset=utf-8");
    Map<String, Double> samples = parse(response.body());
    assertThat(samples)
        .containsEntry("semnal_x_total{reason=\"a\"}", 3.0)
        .containsEntry("semnal_x_total{reason=\"b\"}", 4.0)
        .containsEntry("semnal_depth", 5.0)
        .containsEntry("semnal_live", -6.0)
        .containsEntry("semnal_share{of=\"a\"}", 0.125)
        .containsEntry("semnal_stage_latency_seconds_count{stage=\"engine\"}", 1000.0);
    String quantile = "semnal_stage_latency_seconds{stage=\"engine\",quantile=\"%s\"}";
    assertThat(samples.get(String.format(quantile, "0.5"))).isBetween(0.000499, 0.000502);
    assertThat(samples.get(String.format(quantile, "0.99"))).isBetween(0.000989, 0.000992);
    assertThat(samples.get(String.format(quantile, "1"))).isBetween(0.000999, 0.001002);
    assertThat(samples.get(String.format(quantile, "0.5").replace("engine", "edge_write"))).isNaN();
  }

  /** Each family has HELP and TYPE once, before its samples; no sample comes twice. */
  private static Map<String, Double> parse(String text) {
    Map<String, Double> samples = new HashMap<>();
    Set<String> typed = new HashSet<>();
    assertThat(text).endsWith("\n");
    for (String line : text.split("\n")) {
      if (line.startsWith("# TYPE ")) {
        assertThat(typed.add(line.split(" ")[2])).as(line).isTrue();
      } else if (!line.startsWith("# HELP ")) {
        Matcher matcher = SAMPLE.matcher(line);
        assertThat(matcher.matches()).as(line).isTrue();
        String family = matcher.group(1).replaceAll("_(sum|count)$", "");
        assertThat(typed).as(line).contains(family);
        String name = line.substring(0, line.lastIndexOf(' '));
        assertThat(samples.put(name, Double.parseDouble(matcher.group(4)))).as(line).isNull();
      }
    }
    return samples;
  }

  @Test
  void namesThePortThatIsInUse() {
    assertThatThrownBy(() -> admin("127.0.0.1", port, false).listen().get(60, TimeUnit.SECONDS))
        .hasCauseInstanceOf(ListenException.class)
        .hasMessageContaining("cannot listen on 127.0.0.1:" + port + ": the port is in use");
  }

  @Test
  void refusesAnAddressBeyondLoopbackUnlessThatIsMeant() throws Exception {
    assertThatThrownBy(() -> admin("0.0.0.0", 0, false).listen().get(60, TimeUnit.SECONDS))
        .hasCauseInstanceOf(ListenException.class)
        .hasMessageContaining("insecure = true");
    AdminHttp open = admin("0.0.0.0", 0, true);
    assertThat(open.listen().get(60, TimeUnit.SECONDS).getPort()).isPositive();
    open.close();
    assertThatThrownBy(
            () -> admin("no-such-host.invalid", 0, false).listen().get(60, TimeUnit.SECONDS))
        .hasMessageContaining("no-such-host.invalid:0: the host is not known");
  }
}

package io.semnal.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.semnal.core.access.Admission;
import io.semnal.core.access.ApiKey;
import io.semnal.core.access.KeyMaker;
import io.semnal.core.access.LoginLimits;
import io.semnal.core.config.RuntimeConfig;
import io.semnal.core.metrics.Metrics;
import io.semnal.gateway.GatewayLoop;
import io.semnal.gateway.ModelAdmin;
import io.semnal.gateway.rest.AdminResources;
import io.semnal.gateway.rest.RestGate;
import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.NonceSource;
import io.semnal.protocol.session.RequestProof;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may ask what about models, over a real socket. */
class AdminApiTest {
  private static final String PROMOTE = "/api/v1/models/promote";
  private static final byte[] BODY = "{\"model\":\"m@2\"}".getBytes(StandardCharsets.UTF_8);

  private final ApiKey admin = KeyMaker.client("boss", 1, true);
  private final ApiKey client = KeyMaker.client("reader", 1, false);
  private final Map<String, ApiKey> keys = Map.of("boss", admin, "reader", client);
  private final AtomicLong clock = new AtomicLong(1_700_000_000_000L);
  private final List<String> promoted = new CopyOnWriteArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private MultiThreadIoEventLoopGroup group;
  private AdminHttp server;
  private final List<String> audited = new CopyOnWriteArrayList<>();
  private final Metrics metrics = new Metrics();
  private final Admission admission =
      new Admission(
          new LoginLimits(0, 0, 4, Duration.ofHours(1), Duration.ofHours(1)), "gateway", metrics);
  private int port;

  private final ModelAdmin models =
      new ModelAdmin() {
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
          promoted.add(reference + " by " + keyId);
          return CompletableFuture.supplyAsync(
              () ->
                  reference.equals("m@2")
                      ? new Answer(200, "{\"model\":\"m@2\"}")
                      : new Answer(409, "{\"error\":\"the old model stays\"}"));
        }
      };

  @BeforeEach
  void start() throws Exception {
    group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    server =
        new AdminHttp(
            new GatewayLoop(
                (io.netty.channel.EventLoop) group.next(), NioServerSocketChannel.class),
            new RuntimeConfig.Admin(true, "127.0.0.1", 0, false),
            metrics,
            () ->
                List.of(
                    new HealthCondition(
                        HealthCondition.Code.FOLLOWER_DIFFERS, "the follower says something else")),
            List::of,
            AdminResources.port(
                new RestGate(
                    keys::get,
                    admission,
                    (what, key, peer, code, text) ->
                        audited.add(String.join("|", what, key, peer, code, text))),
                clock::get,
                models,
                null));
    port = server.listen().get(60, TimeUnit.SECONDS).getPort();
  }

  @AfterEach
  void stop() {
    http.shutdownNow();
    server.close();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private HttpResponse<String> send(String method, String path, byte[] body, String authorization)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private String signed(ApiKey key, String method, String path, byte[] body, long millis) {
    return RequestProof.sign(
            new ClientKey(key.id(), key.secret()), method, path, body, millis, NonceSource.secure())
        .header();
  }

  private HttpResponse<String> signedRequest(ApiKey key, String method, String path, byte[] body)
      throws Exception {
    return send(method, path, body, signed(key, method, path, body, clock.get()));
  }

  private static String error(HttpResponse<String> response) throws Exception {
    return new ObjectMapper().readTree(response.body()).get("detail").asText();
  }

  @Test
  void promotesForAnAdminAndPassesTheAnswerOn() throws Exception {
    HttpResponse<String> done = signedRequest(admin, "POST", PROMOTE, BODY);
    assertThat(done.statusCode()).isEqualTo(200);
    assertThat(done.body()).isEqualTo("{\"model\":\"m@2\"}\n");
    byte[] other = "{\"model\":\"m@3\"}".getBytes(StandardCharsets.UTF_8);
    HttpResponse<String> refused = signedRequest(admin, "POST", PROMOTE, other);
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(error(refused)).isEqualTo("the old model stays");
    assertThat(promoted).containsExactly("m@2 by boss", "m@3 by boss");
    assertThat(signedRequest(admin, "GET", "/api/v1/models", new byte[0]).body())
        .isEqualTo("{\"strategies\":[]}\n");
    assertThat(signedRequest(admin, "GET", "/api/v1/models/drift", new byte[0]).body())
        .isEqualTo("{\"models\":[]}\n");
  }

  /** The signature computed here, from its description alone. */
  @Test
  void takesTheSignatureThatIsDescribed() throws Exception {
    String nonce = "00112233445566778899aabbccddeeff";
    String digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(BODY));
    String text =
        "semnal-request-1\nPOST\n" + PROMOTE + "\nboss\n" + clock + "\n" + nonce + "\n" + digest;
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(admin.secret(), "HmacSHA256"));
    String proof =
        HexFormat.of().formatHex(mac.doFinal((text + "\n").getBytes(StandardCharsets.UTF_8)));
    assertThat(
            send("POST", PROMOTE, BODY, "Semnal boss:" + clock + ":" + nonce + ":" + proof)
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void turnsEveryoneElseAway() throws Exception {
    HttpResponse<String> unsigned = send("POST", PROMOTE, BODY, null);
    assertThat(unsigned.statusCode()).isEqualTo(401);
    assertThat(unsigned.headers().firstValue("www-authenticate")).contains("Semnal");
    assertThat(send("GET", "/api/v1/models", new byte[0], null).statusCode()).isEqualTo(401);
    assertThat(send("POST", PROMOTE, BODY, "Semnal boss:1:2:3").statusCode()).isEqualTo(401);
    assertThat(send("POST", PROMOTE, BODY, "Bearer boss").statusCode()).isEqualTo(401);
    assertThat(signedRequest(client, "POST", PROMOTE, BODY).statusCode()).isEqualTo(403);
    ApiKey stranger = KeyMaker.client("boss", 1, true);
    assertThat(signedRequest(stranger, "POST", PROMOTE, BODY).statusCode()).isEqualTo(401);
    ApiKey nobody = KeyMaker.client("nobody", 1, true);
    assertThat(signedRequest(nobody, "POST", PROMOTE, BODY).statusCode()).isEqualTo(401);
    assertThat(promoted).isEmpty();
  }

  @Test
  void takesASignatureForItsRequestAloneAndOnce() throws Exception {
    String signed = signed(admin, "POST", PROMOTE, BODY, clock.get());
    byte[] other = "{\"model\":\"m@3\"}".getBytes(StandardCharsets.UTF_8);
    assertThat(send("POST", PROMOTE, other, signed).statusCode()).isEqualTo(401);
    assertThat(send("POST", PROMOTE + "?x", BODY, signed).statusCode()).isEqualTo(401);
    assertThat(send("PUT", PROMOTE, BODY, signed).statusCode()).isEqualTo(401);
    assertThat(send("POST", PROMOTE, BODY, signed).statusCode()).isEqualTo(200);
    HttpResponse<String> again = send("POST", PROMOTE, BODY, signed);
    assertThat(again.statusCode()).isEqualTo(401);
    assertThat(error(again)).contains("came before");
    for (long off : new long[] {-30_001, 30_001}) {
      String aged = signed(admin, "POST", PROMOTE, BODY, clock.get() + off);
      assertThat(send("POST", PROMOTE, BODY, aged).statusCode()).isEqualTo(401);
    }
    // Signed ahead of the clock, and sent again when the first one would be forgotten.
    String ahead = signed(admin, "POST", PROMOTE, BODY, clock.get() + 30_000);
    assertThat(send("POST", PROMOTE, BODY, ahead).statusCode()).isEqualTo(200);
    clock.addAndGet(60_000);
    assertThat(send("POST", PROMOTE, BODY, ahead).statusCode()).isEqualTo(401);
    assertThat(promoted).hasSize(2);
  }

  /** The lock is the sessions' own: it counts wherever the wrong proofs came in. */
  @Test
  void wrongSignaturesLockTheKeyForTheAddressAndAreWrittenDown() throws Exception {
    ApiKey stranger = KeyMaker.client("boss", 1, true);
    for (int i = 0; i < 4; i++) {
      assertThat(signedRequest(stranger, "POST", PROMOTE, BODY).statusCode()).isEqualTo(401);
    }
    HttpResponse<String> locked = signedRequest(admin, "POST", PROMOTE, BODY);
    assertThat(locked.statusCode()).isEqualTo(429);
    assertThat(error(locked)).startsWith("too many wrong proofs: try again in 3");
    assertThat(Integer.parseInt(locked.headers().firstValue("retry-after").orElseThrow()))
        .isBetween(3_500, 3_600);
    assertThat(promoted).isEmpty();
    assertThat(signedRequest(client, "POST", PROMOTE, BODY).statusCode()).isEqualTo(403);
    assertThat(
            admission.locked(
                "boss", java.net.InetAddress.getByName("127.0.0.1"), System.nanoTime()))
        .isPositive();
    assertThat(metrics.counter("gateway_lock_outs_total", "").get()).isEqualTo(1);
    assertThat(audited)
        .startsWith(
            "refused|boss|127.0.0.1|UNAUTHENTICATED|the signature does not fit key and request")
        .anyMatch(line -> line.startsWith("refused|boss|127.0.0.1|LIMIT_EXCEEDED|too many wrong"))
        .endsWith("refused|reader|127.0.0.1|NOT_ENTITLED|key 'reader' is no admin's");
  }

  @Test
  void writesDownWhoCameAndWhatWasOrdered() throws Exception {
    byte[] other = "{\"model\":\"m@3\"}".getBytes(StandardCharsets.UTF_8);
    signedRequest(admin, "GET", "/api/v1/models", new byte[0]);
    signedRequest(admin, "POST", PROMOTE, BODY);
    signedRequest(admin, "POST", PROMOTE, other);
    signedRequest(admin, "POST", PROMOTE, "{".getBytes(StandardCharsets.UTF_8));
    assertThat(audited)
        .hasSize(4)
        .startsWith(
            "login|boss|127.0.0.1||REST",
            "admin|boss|127.0.0.1||POST /api/v1/models/promote",
            "admin|boss|127.0.0.1|NOT_ACTIVATED|POST /api/v1/models/promote: the old model stays");
    assertThat(audited.get(3)).startsWith("admin|boss|127.0.0.1|MALFORMED|POST");
  }

  @Test
  void takesNoMoreConnectionsFromAnAddressThanItMay() throws Exception {
    Admission one =
        new Admission(
            new LoginLimits(1, 0, 0, Duration.ZERO, Duration.ZERO), "other", new Metrics());
    AdminHttp small =
        new AdminHttp(
            new GatewayLoop(
                (io.netty.channel.EventLoop) group.next(), NioServerSocketChannel.class),
            new RuntimeConfig.Admin(true, "127.0.0.1", 0, false),
            metrics,
            List::of,
            List::of,
            AdminResources.port(
                new RestGate(keys::get, one, (what, key, peer, code, text) -> {}),
                clock::get,
                models,
                null));
    port = small.listen().get(60, TimeUnit.SECONDS).getPort();
    String request = "GET /api/v1/models HTTP/1.1\r\nHost: x\r\n\r\n";
    try (java.net.Socket first = new java.net.Socket("127.0.0.1", port)) {
      first.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      assertThat(first.getInputStream().readNBytes(12)).asString().isEqualTo("HTTP/1.1 401");
      HttpResponse<String> second = signedRequest(admin, "GET", "/api/v1/models", new byte[0]);
      assertThat(second.statusCode()).isEqualTo(429);
      assertThat(error(second)).isEqualTo("too many connections from this address");
    } finally {
      small.close();
    }
  }

  @Test
  void answersUnusableRequestsWithASentence() throws Exception {
    assertThat(signedRequest(admin, "GET", PROMOTE, new byte[0]).statusCode()).isEqualTo(405);
    assertThat(signedRequest(admin, "POST", "/api/v1/models", BODY).statusCode()).isEqualTo(405);
    assertThat(signedRequest(admin, "GET", "/api/v2", new byte[0]).statusCode()).isEqualTo(404);
    for (String body : List.of("", "{", "[]", "{}", "{\"model\":true}", "{\"model\":\"a\"}x")) {
      HttpResponse<String> response =
          signedRequest(admin, "POST", PROMOTE, body.getBytes(StandardCharsets.UTF_8));
      assertThat(response.statusCode()).as(body).isEqualTo(400);
      assertThat(error(response)).as(body).isNotEmpty();
    }
    assertThat(promoted).isEmpty();
  }
}

package io.semnal.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.protocol.Framing;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.AcceptedDecoder;
import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.session.ClientHandshake;
import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.NonceSource;
import io.semnal.protocol.session.RequestProof;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A whole server under TLS that logs all it can: right and wrong logins on every port, requests in
 * the clear by mistake, a certificate that is replaced; then everything that it said, looked
 * through for secrets and proofs.
 */
class NoSecretIsToldTest {
  private static final String LOGBACK =
      """
      <configuration>
        <appender name="STDERR" class="ch.qos.logback.core.ConsoleAppender">
          <target>System.err</target>
          <encoder><pattern>%d %-5level %logger{0}: %msg%n%ex</pattern></encoder>
        </appender>
        <root level="DEBUG"><appender-ref ref="STDERR"/></root>
        <logger name="io.netty.util" level="INFO"/>
        <logger name="io.netty.buffer" level="INFO"/>
        <logger name="net.openhft" level="INFO"/>
      </configuration>
      """;

  @TempDir Path folder;
  private final StringBuilder said = new StringBuilder();
  private final List<byte[]> secrets = new ArrayList<>();
  private ServerSetup setup;

  private SemnalProcess start(TestCertificate tls) throws Exception {
    setup = new ServerSetup(folder);
    Path logback = Files.writeString(folder.resolve("logback.xml"), LOGBACK);
    List<String> args = new ArrayList<>(List.of("run", "--config", "server.conf"));
    args.add("-Dgateway.auditFile=" + folder.resolve("audit.jsonl"));
    for (String port : List.of("gateway", "feed")) {
      args.add("-D" + port + ".tls.certificate=" + tls.certificate());
      args.add("-D" + port + ".tls.key=" + tls.key());
    }
    SemnalProcess server =
        SemnalProcess.start(
            folder, List.of("-Dlogback.configurationFile=" + logback), args.toArray(String[]::new));
    server.awaitLine(ServerSetup.PATIENCE, line -> line.startsWith("ready after "));
    return server;
  }

  @Test
  void norIsACertificateThatWasReplacedServedAnyMore() throws Exception {
    TestCertificate tls = new TestCertificate(folder);
    X509Certificate first = tls.make("first");
    try (SemnalProcess server = start(tls)) {
      ClientKey client = key("client");
      ClientKey feed = key("feed");
      byte[] guess = new byte[32];
      Arrays.fill(guess, (byte) 0x5a);
      secrets.add(guess);
      for (ClientKey known : List.of(client, feed)) {
        int port = known == feed ? setup.feedPort() : setup.tcpPort();
        Role role = known == feed ? Role.FEED : Role.CLIENT;
        assertThat(login(first, port, role, known)).isEqualTo(AcceptedDecoder.TEMPLATE_ID);
        assertThat(login(first, port, role, new ClientKey(known.id(), guess)))
            .isNotEqualTo(AcceptedDecoder.TEMPLATE_ID);
        inTheClear(port, known);
      }
      inTheClear(setup.wsPort(), client);
      rest(first, client, 200);
      rest(first, new ClientKey("client", guess), 401);
      X509Certificate second = tls.make("second");
      for (String what : List.of(": certificate changed", ": feed certificate changed")) {
        server.awaitLine(ServerSetup.PATIENCE, line -> line.contains(what));
      }
      assertThat(login(second, setup.tcpPort(), Role.CLIENT, client))
          .isEqualTo(AcceptedDecoder.TEMPLATE_ID);
      assertThat(login(second, setup.feedPort(), Role.FEED, feed)).isPositive();
      Files.writeString(
          tls.key(), "-----BEGIN PRIVATE KEY-----\nTm90IGEga2V5\n-----END PRIVATE KEY-----\n");
      server.awaitLine(
          ServerSetup.PATIENCE, line -> line.contains("cannot be read, what was read"));
      assertThat(login(second, setup.tcpPort(), Role.CLIENT, client))
          .isEqualTo(AcceptedDecoder.TEMPLATE_ID);
      ticksInsideTls(tls, second);
      admin(server);
      said.append(arguments(server.pid()));
      server.stop();
      said.append(server.output()).append(Files.readString(folder.resolve("audit.jsonl")));
    }
    assertThat(said.toString())
        .contains(" DEBUG ", "\"what\":\"login\",\"key\":\"client\"", "\"what\":\"reloaded\"")
        .contains("\"what\":\"refused\",\"key\":\"feed\"", "semnal_gateway_lock_outs_total")
        .contains("io.semnal.server.Semnal");
    String lower = said.toString().toLowerCase(Locale.ROOT);
    for (byte[] secret : secrets) {
      assertThat(lower).doesNotContain(HexFormat.of().formatHex(secret, 0, 8));
      String base64 = Base64.getEncoder().encodeToString(secret);
      assertThat(said.toString()).doesNotContain(base64.substring(0, 10));
      // As the bytes of a text that came in the clear: the hex of its hex.
      byte[] text = HexFormat.of().formatHex(secret, 0, 8).getBytes(StandardCharsets.US_ASCII);
      assertThat(lower).doesNotContain(HexFormat.of().formatHex(text));
    }
    assertThat(said.toString()).doesNotContain("Tm90IGEga2V5");
  }

  /** {@code semnal feed}, by trust and by pin; and not to a server that is another one. */
  private void ticksInsideTls(TestCertificate tls, X509Certificate current) throws Exception {
    Path ticks =
        Files.writeString(
            folder.resolve("ticks.csv"),
            """
            EUR/USD,20260304 10:00:00.100,1.10000,1.10010
            EUR/USD,20260304 10:00:00.300,1.10002,1.10011
            """);
    byte[] print = MessageDigest.getInstance("SHA-256").digest(current.getEncoded());
    String pin = HexFormat.of().formatHex(print);
    String address = "localhost:" + setup.feedPort();
    CommandRun trusted = feed(ticks, "tcps://" + address, "--trust=" + tls.certificate());
    assertThat(trusted.exit()).as(trusted.err()).isZero();
    assertThat(trusted.out()).startsWith("2 ticks settled (0 were there before)");
    CommandRun pinned = feed(ticks, "tcps://" + address, "--pin=" + pin);
    assertThat(pinned.out()).startsWith("2 ticks settled (2 were there before)");
    // Patience would not make another server of it: told at once, though a minute is left.
    CommandRun other = feed(ticks, "tcps://" + address, "--pin=" + "0".repeat(64));
    assertThat(other.exit()).isEqualTo(1);
    assertThat(other.err()).contains(pin + ", which is not the one expected");
    CommandRun unknown = feed(ticks, "tcps://" + address);
    assertThat(unknown.exit()).isEqualTo(1);
    assertThat(unknown.err()).contains("cannot connect to " + address);
    CommandRun clear = feed(ticks, address, "--pin=" + pin);
    assertThat(clear.exit()).isEqualTo(2);
    assertThat(clear.err()).contains("--trust and --pin are for TLS, which tcps:// in --to asks");
    for (CommandRun each : List.of(trusted, pinned, other, unknown, clear)) {
      said.append(each.out()).append(each.err());
    }
  }

  private CommandRun feed(Path ticks, String to, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "feed",
                "--config=" + folder.resolve("engine.conf"),
                "--format=truefx",
                "--instrument=EURUSD",
                "--to=" + to,
                "--key-file=" + folder.resolve("feed.key"),
                "--retry-for=600"));
    args.addAll(List.of(more));
    args.add(ticks.toString());
    return CommandRun.of(args.toArray(String[]::new));
  }

  private ClientKey key(String id) throws IOException {
    ClientKey key = ClientKey.read(folder.resolve(id + ".key"));
    secrets.add(key.secret());
    return key;
  }

  /** The template of the last answer. */
  private int login(X509Certificate trusted, int port, Role role, ClientKey key) throws Exception {
    ClientHandshake handshake = new ClientHandshake(role, key, "tester", NonceSource.secure());
    SSLContext context = TestCertificate.trusting(trusted);
    try (SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) ServerSetup.PATIENCE.toMillis());
      socket.startHandshake();
      assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
      DataInputStream in = new DataInputStream(socket.getInputStream());
      UnsafeBuffer out = new UnsafeBuffer(new byte[1024]);
      send(socket, out, handshake.hello(out, 0));
      UnsafeBuffer challenge = next(in);
      int length = handshake.onMessage(challenge, 0, challenge.capacity(), out, 0);
      // HMAC-SHA256: the proof is at the message's end, and is nobody's business.
      byte[] proof = new byte[32];
      out.getBytes(length - proof.length, proof);
      secrets.add(proof);
      send(socket, out, length);
      UnsafeBuffer answer = next(in);
      handshake.onMessage(answer, 0, answer.capacity(), out, 0);
      said.append(handshake.rejectText()).append('\n');
      return MessageLayout.templateId(answer, 0);
    }
  }

  private static void send(Socket to, UnsafeBuffer message, int length) throws IOException {
    byte[] frame = new byte[Framing.HEADER + length];
    Framing.write(new UnsafeBuffer(frame), 0, length);
    message.getBytes(0, frame, Framing.HEADER, length);
    to.getOutputStream().write(frame);
    to.getOutputStream().flush();
  }

  private static UnsafeBuffer next(DataInputStream in) throws IOException {
    int length = in.readInt() - Framing.HEADER;
    in.readUnsignedShort();
    byte[] message = new byte[length];
    in.readFully(message);
    return new UnsafeBuffer(message);
  }

  /** Somebody forgot that the port is encrypted, and sends what he should not have. */
  private static void inTheClear(int port, ClientKey key) throws IOException {
    String secret = HexFormat.of().formatHex(key.secret());
    String request =
        "GET /api/v1/quotes?secret=" + secret + " HTTP/1.1\r\nX: " + secret + "\r\n\r\n";
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) ServerSetup.PATIENCE.toMillis());
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      socket.getInputStream().readAllBytes();
    } catch (java.net.SocketException e) {
      // Reset: as good an end.
      assertThat(e).hasMessageContaining("reset");
    }
  }

  private void rest(X509Certificate trusted, ClientKey key, int status) throws Exception {
    String path = "/api/v1/signals?limit=1";
    RequestProof proof =
        RequestProof.sign(
            key, "GET", path, new byte[0], System.currentTimeMillis(), NonceSource.secure());
    secrets.add(proof.proof());
    try (HttpClient http =
        HttpClient.newBuilder().sslContext(TestCertificate.trusting(trusted)).build()) {
      HttpResponse<String> response =
          http.send(
              HttpRequest.newBuilder(URI.create("https://localhost:" + setup.wsPort() + path))
                  .header("Authorization", proof.header())
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).isEqualTo(status);
      said.append(response.body()).append(response.headers().map());
    }
  }

  private void admin(SemnalProcess server) throws Exception {
    String line =
        server.lines().stream().filter(l -> l.startsWith("admin ")).findFirst().orElseThrow();
    URI ready = URI.create(line.substring(line.indexOf("http")));
    try (HttpClient http = HttpClient.newHttpClient()) {
      for (URI uri : List.of(ready, ready.resolve("/metrics"), ready.resolve("/api/v1/sessions"))) {
        said.append(
            http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body());
      }
    }
  }

  /** What every user of the machine can see of the process. */
  private static String arguments(long pid) throws IOException {
    Path file = Path.of("/proc", Long.toString(pid), "cmdline");
    return Files.exists(file)
        ? Files.readString(file, StandardCharsets.ISO_8859_1)
        : ProcessHandle.of(pid)
            .orElseThrow()
            .info()
            .commandLine()
            .orElse("io.semnal.server.Semnal");
  }
}

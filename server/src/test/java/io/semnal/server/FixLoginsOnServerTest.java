package io.semnal.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.FrameChannel;
import io.semnal.protocol.session.LoginRefusedException;
import io.semnal.testing.StandingPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Who gets in over FIX, and who does not, on a whole server that logs all it can; then what it
 * said, looked through for secrets.
 */
class FixLoginsOnServerTest {
  private static final Pattern PROOF = Pattern.compile("\\|96=([0-9a-f]+)\\|");
  private static final String LOGBACK =
      """
      <configuration>
        <appender name="STDERR" class="ch.qos.logback.core.ConsoleAppender">
          <target>System.err</target>
          <encoder><pattern>%d %-5level %logger{0}: %msg%n%ex</pattern></encoder>
        </appender>
        <root level="DEBUG"><appender-ref ref="STDERR"/></root>
        <logger name="io.netty" level="INFO"/>
        <logger name="net.openhft" level="INFO"/>
      </configuration>
      """;

  @TempDir Path folder;
  private final StringBuilder said = new StringBuilder();
  private final List<String> secrets = new ArrayList<>();
  private ServerSetup setup;
  private int port;
  private X509Certificate certificate;

  private SemnalProcess start(String... more) throws Exception {
    setup = new ServerSetup(folder);
    port = StandingPort.tcp();
    Path logback = Files.writeString(folder.resolve("logback.xml"), LOGBACK);
    List<String> args = new ArrayList<>(List.of("run", "--config", "server.conf"));
    args.add("-Dgateway.auditFile=" + folder.resolve("audit.jsonl"));
    args.add("-Dgateway.fixPort=" + port);
    args.add("-Dgateway.fix.directory=" + folder.resolve("fix"));
    args.addAll(List.of(more));
    SemnalProcess server =
        SemnalProcess.start(
            folder, List.of("-Dlogback.configurationFile=" + logback), args.toArray(String[]::new));
    server.awaitLine(ServerSetup.PATIENCE, line -> line.startsWith("ready after "));
    return server;
  }

  private FixPeer peer(String version, ClientKey key) throws Exception {
    if (certificate == null) {
      return new FixPeer(new Socket("127.0.0.1", port), version, key);
    }
    SSLSocket socket =
        (SSLSocket)
            TestCertificate.trusting(certificate)
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), port);
    socket.startHandshake();
    return new FixPeer(socket, version, key);
  }

  /** The answer to a Logon, kept to be looked through; its proof is nobody's business. */
  private String answer(FixPeer peer, String logon) throws IOException {
    Matcher proof = PROOF.matcher(logon);
    if (proof.find()) {
      secrets.add(proof.group(1));
    }
    String answer = peer.ask(logon);
    said.append(answer).append('\n');
    return answer;
  }

  private ClientKey key(String id) throws IOException {
    ClientKey key = ClientKey.read(folder.resolve(id + ".key"));
    secrets.add(HexFormat.of().formatHex(key.secret()));
    return key;
  }

  private ClientKey create(SemnalProcess server, String id, String type, int reloads)
      throws Exception {
    keys("create", "--id=" + id, "--role=client", "--type=" + type, "--out=" + out(id));
    awaitReloads(server, reloads);
    return key(id);
  }

  private String out(String id) {
    return folder.resolve(id + ".key").toString();
  }

  private void keys(String... args) {
    List<String> all = new ArrayList<>(List.of("keys", args[0]));
    all.add("--keys-file=" + folder.resolve("keys.conf"));
    all.addAll(List.of(args).subList(1, args.length));
    CommandRun.done(all.toArray(String[]::new));
  }

  private static void awaitReloads(SemnalProcess server, int count) throws InterruptedException {
    int[] seen = {0};
    server.awaitLine(
        ServerSetup.PATIENCE,
        line -> line.contains("changed and was read again") && ++seen[0] >= count);
  }

  private ClientKey guessed(String id) {
    byte[] guess = new byte[32];
    Arrays.fill(guess, (byte) 0x5a);
    secrets.add(HexFormat.of().formatHex(guess));
    return new ClientKey(id, guess);
  }

  @Test
  void signaturesPasswordsAndKeysUnderTls() throws Exception {
    TestCertificate tls = new TestCertificate(folder);
    certificate = tls.make("first");
    try (SemnalProcess server =
        start("-Dgateway.tls.certificate=" + tls.certificate(), "-Dgateway.tls.key=" + tls.key())) {
      ClientKey client = key("client");
      ClientKey ed25519 = create(server, "desk", "ed25519", 1);
      for (String version : List.of("FIX.4.2", "FIX.4.4", "FIXT.1.1")) {
        try (FixPeer peer = peer(version, client)) {
          assertThat(answer(peer, peer.withPassword())).contains("8=" + version, "|35=A|");
        }
        try (FixPeer peer = peer(version, ed25519)) {
          assertThat(answer(peer, peer.signed())).contains("8=" + version, "|35=A|");
          assertThat(peer.next("U2")).contains("|20031=SUBSCRIBED|");
        }
      }
      for (ClientKey wrong : List.of(guessed("client"), guessed("nobody"))) {
        try (FixPeer peer = peer("FIXT.1.1", wrong)) {
          assertThat(answer(peer, peer.withPassword()))
              .contains("|35=5|", "|58=key and proof do not fit|");
        }
      }
      // A private key is no password.
      try (FixPeer peer = peer("FIX.4.4", ed25519)) {
        assertThat(answer(peer, peer.withPassword())).contains("|58=key and proof do not fit|");
      }
      quickFix(client, tls);
      end(server);
    }
    nothingIsTold();
  }

  /** QuickFIX/J by password, over TLS. */
  private void quickFix(ClientKey client, TestCertificate tls) throws Exception {
    Path store = folder.resolve("trust.p12");
    java.security.KeyStore trusted = java.security.KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("server", certificate);
    try (var out = Files.newOutputStream(store)) {
      trusted.store(out, "password".toCharArray());
    }
    assertThat(tls.certificate()).exists();
    Map<String, String> settings =
        Map.of(
            "SocketUseSSL",
            "Y",
            "SocketTrustStore",
            store.toString(),
            "SocketTrustStorePassword",
            "password",
            "TrustStoreType",
            "PKCS12",
            "ResetOnLogon",
            "Y");
    for (String version : List.of("FIX.4.4", "FIXT.1.1")) {
      try (QuickFixClient quick =
          new QuickFixClient(
              folder, version, port, client, QuickFixClient.Proof.PASSWORD, null, settings)) {
        quick.await(
            "an answer to U1 in " + version,
            q -> q.received().stream().anyMatch(r -> r.type().equals("U2")));
        assertThat(quick.refusals()).isEmpty();
      }
    }
  }

  @Test
  void wrongOldAndRevokedKeysAndTheLockOfAllPorts() throws Exception {
    try (SemnalProcess server =
        start("-Dgateway.limits.lockFor=600s", "-Dgateway.limits.lockMost=600s")) {
      ClientKey client = key("client");
      ClientKey desk = create(server, "desk", "hmac", 1);
      String recorded;
      try (FixPeer peer = peer("FIX.4.4", client)) {
        recorded = peer.signed();
        assertThat(answer(peer, recorded)).contains("|35=A|");
      }
      try (FixPeer peer = peer("FIX.4.4", client)) {
        assertThat(answer(peer, recorded))
            .contains("|35=5|", "|58=the Logon came before: sign another|");
        assertThat(peer.next()).isEmpty();
      }
      // In the clear a password is never taken, not even the right one.
      try (FixPeer peer = peer("FIX.4.4", client)) {
        assertThat(answer(peer, peer.withPassword())).contains("|58=key and proof do not fit|");
      }
      revoked(server, desk);
      locked(client);
      end(server);
    }
    nothingIsTold();
    assertThat(Files.readString(folder.resolve("audit.jsonl")))
        .contains("the Logon came before", "\"what\":\"revoked\",\"key\":\"desk\"");
  }

  private void revoked(SemnalProcess server, ClientKey desk) throws Exception {
    try (FixPeer live = peer("FIX.4.4", desk)) {
      assertThat(answer(live, live.signed())).contains("|35=A|");
      assertThat(live.next("U2")).contains("|20031=SUBSCRIBED|");
      keys("revoke", "--id=desk");
      assertThat(live.next("5")).contains("|58=REVOKED: key 'desk' was revoked|");
    }
    awaitReloads(server, 2);
    try (FixPeer peer = peer("FIX.4.4", desk)) {
      assertThat(answer(peer, peer.signed())).contains("|58=key and proof do not fit|");
    }
  }

  /** Wrong proofs over FIX lock the key over TCP, the right one notwithstanding. */
  private void locked(ClientKey client) throws Exception {
    try (FrameChannel before = tcp(client)) {
      assertThat(before).isNotNull();
    }
    String answer = "";
    for (int i = 0; i < 7 && !answer.contains("too many wrong proofs"); i++) {
      try (FixPeer peer = peer("FIX.4.4", guessed("client"))) {
        answer = answer(peer, peer.signed());
      }
    }
    assertThat(answer).contains("too many wrong proofs");
    assertThatThrownBy(() -> tcp(client)).isInstanceOf(LoginRefusedException.class);
    try (FixPeer peer = peer("FIX.4.4", client)) {
      assertThat(answer(peer, peer.signed())).contains("|35=5|", "too many wrong proofs");
    }
  }

  private FrameChannel tcp(ClientKey key) throws IOException {
    FrameChannel channel =
        FrameChannel.connect(
            new InetSocketAddress("127.0.0.1", setup.tcpPort()), ServerSetup.PATIENCE);
    try {
      channel.login(Role.CLIENT, key, "fix test", ServerSetup.PATIENCE);
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Metrics, sessions, the log and the audit log. */
  private void end(SemnalProcess server) throws Exception {
    String line =
        server.lines().stream().filter(l -> l.startsWith("admin ")).findFirst().orElseThrow();
    URI ready = URI.create(line.substring(line.indexOf("http")));
    try (HttpClient http = HttpClient.newHttpClient()) {
      for (URI uri : List.of(ready.resolve("/metrics"), ready.resolve("/api/v1/sessions"))) {
        said.append(
            http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body());
      }
    }
    server.stop();
    said.append(server.output()).append(Files.readString(folder.resolve("audit.jsonl")));
  }

  private void nothingIsTold() {
    assertThat(said.toString())
        .contains(" DEBUG ", "semnal_gateway_lock_outs_total", "\"what\":\"login\"")
        .contains("\"what\":\"refused\"", "FIX Logon refused");
    String lower = said.toString().toLowerCase(Locale.ROOT);
    for (String secret : secrets) {
      assertThat(lower).doesNotContain(secret.substring(0, 16));
    }
  }
}

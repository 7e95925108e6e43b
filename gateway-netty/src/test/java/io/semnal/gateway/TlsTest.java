package io.semnal.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.core.config.RuntimeConfig;
import io.semnal.core.metrics.Metrics;
import io.semnal.protocol.Framing;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.AcceptedDecoder;
import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.session.ClientHandshake;
import io.semnal.protocol.session.NonceSource;
import java.io.DataInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS on both ports, by the JDK's own sockets and WebSocket as clients. */
class TlsTest {
  private static final char[] PASSWORD = "password".toCharArray();
  @TempDir Path folder;
  private final Outbound outbound = new Outbound();
  private final GatewayFixture.Settings settings = new GatewayFixture.Settings();
  private GatewayFixture gateway;

  @AfterEach
  void close() {
    if (gateway != null) {
      gateway.close();
    }
  }

  private X509Certificate start() throws Exception {
    X509Certificate certificate = certificate("first");
    settings.tls = new RuntimeConfig.Gateway.Tls(folder.resolve("c.pem"), folder.resolve("k.pem"));
    gateway = new GatewayFixture(settings);
    gateway.history.append(outbound.instrument(1, 1, "EURUSD", 5));
    gateway.start();
    return certificate;
  }

  @Test
  void bothPortsSpeakTls13AndNothingOlderOrInTheClear() throws Exception {
    SSLContext trusting = trusting(start());
    try (SSLSocket socket = connect(trusting)) {
      assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
      logIn(socket);
      assertThat(gateway.edge.hub().sessionCount()).isEqualTo(1);
      assertThat(gateway.hot.hub().sessionCount()).isZero();
    }
    try (HttpClient http = HttpClient.newBuilder().sslContext(trusting).build()) {
      WebSocket socket =
          http.newWebSocketBuilder()
              .subprotocols("semnal.json.v1")
              .buildAsync(
                  URI.create("wss://localhost:" + gateway.wsPort() + "/ws"),
                  new WebSocket.Listener() {})
              .get(60, TimeUnit.SECONDS);
      assertThat(socket.getSubprotocol()).isEqualTo("semnal.json.v1");
      socket.abort();
    }
    try (SSLSocket old =
        (SSLSocket) trusting.getSocketFactory().createSocket(loopback(), gateway.tcpPort())) {
      old.setEnabledProtocols(new String[] {"TLSv1.2"});
      assertThatThrownBy(old::startHandshake).isInstanceOf(SSLException.class);
    }
    try (TcpClient clear = new TcpClient(gateway.tcpPort())) {
      clear.sendRaw(new byte[] {0, 0, 0, 14, (byte) 0xEB, 0x50, 0, 0, 0, 0, 0, 0, 0, 0});
      assertThatThrownBy(
              () -> {
                InputStream in = clear.socket.getInputStream();
                byte[] rest = in.readAllBytes();
                // An alert in the clear at most, never an answer of the session's.
                assertThat(rest.length).isLessThan(Framing.HEADER + MessageLayout.HEADER);
                throw new SSLException("closed");
              })
          .isInstanceOf(java.io.IOException.class);
    }
  }

  @Test
  void aNewCertificateServesNewConnectionsAndOldOnesGoOn() throws Exception {
    // Made before anybody connects: a login has five seconds, and keytool may take more.
    X509Certificate second = certificate("second");
    Path later = Files.createDirectory(folder.resolve("later"));
    for (String file : List.of("c.pem", "k.pem")) {
      Files.move(folder.resolve(file), later.resolve(file));
    }
    X509Certificate first = start();
    try (SSLSocket before = connect(trusting(first))) {
      for (String file : List.of("c.pem", "k.pem")) {
        Files.copy(later.resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
      }
      assertThat(gateway.context.tls().reload()).isTrue();
      assertThat(gateway.context.tls().reload()).isFalse();
      try (SSLSocket after = connect(trusting(second))) {
        assertThat(after.getSession().getPeerCertificates()[0]).isEqualTo(second);
        logIn(after);
      }
      assertThatThrownBy(() -> connect(trusting(first))).isInstanceOf(SSLException.class);
      logIn(before);
      long notAfter = second.getNotAfter().toInstant().getEpochSecond();
      assertThat(gateway.metrics.gauges())
          .anyMatch(
              g ->
                  g.name().equals("gateway_certificate_not_after_seconds")
                      && g.value().getAsLong() == notAfter);
      Files.writeString(folder.resolve("c.pem"), "not a certificate");
      assertThatThrownBy(() -> gateway.context.tls().reload()).hasMessageContaining("c.pem");
      try (SSLSocket still = connect(trusting(second))) {
        logIn(still);
      }
    }
  }

  @Test
  void refusesACertificateWithoutItsKeyAndQuotesNeither() throws Exception {
    certificate("one");
    String key = Files.readString(folder.resolve("k.pem"));
    Files.writeString(folder.resolve("k.pem"), key.replaceAll("(?m)^[A-Za-z0-9+/=]+$", "AAAA"));
    RuntimeConfig.Gateway.Tls files =
        new RuntimeConfig.Gateway.Tls(folder.resolve("c.pem"), folder.resolve("k.pem"));
    assertThatThrownBy(() -> TlsCertificates.open(files, "gateway", new Metrics()))
        .hasMessageContaining("k.pem")
        .message()
        .doesNotContain("AAAA");
  }

  @Test
  void refusesTheKeyOfAnotherCertificateAndKeepsThePairThatFits() throws Exception {
    certificate("other");
    Path stranger = Files.move(folder.resolve("k.pem"), folder.resolve("other.pem"));
    X509Certificate own = start();
    Files.copy(stranger, folder.resolve("k.pem"), StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(() -> gateway.context.tls().reload())
        .hasMessageContaining("k.pem cannot be used together");
    try (SSLSocket still = connect(trusting(own))) {
      logIn(still);
    }
  }

  private SSLSocket connect(SSLContext context) throws Exception {
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(loopback(), gateway.tcpPort());
    socket.setSoTimeout(60_000);
    try {
      socket.startHandshake();
    } catch (Exception e) {
      socket.close();
      throw e;
    }
    return socket;
  }

  private static InetAddress loopback() {
    return InetAddress.getLoopbackAddress();
  }

  private void logIn(Socket socket) throws Exception {
    ClientHandshake handshake =
        new ClientHandshake(Role.CLIENT, gateway.clientKey("all"), "tls", NonceSource.secure());
    UnsafeBuffer out = new UnsafeBuffer(new byte[1024]);
    send(socket.getOutputStream(), out, handshake.hello(out, 0));
    DataInputStream in = new DataInputStream(socket.getInputStream());
    UnsafeBuffer challenge = next(in);
    send(
        socket.getOutputStream(),
        out,
        handshake.onMessage(challenge, 0, challenge.capacity(), out, 0));
    assertThat(MessageLayout.templateId(next(in), 0)).isEqualTo(AcceptedDecoder.TEMPLATE_ID);
  }

  private static void send(OutputStream to, UnsafeBuffer message, int length) throws Exception {
    byte[] frame = new byte[Framing.HEADER + length];
    Framing.write(new UnsafeBuffer(frame), 0, length);
    message.getBytes(0, frame, Framing.HEADER, length);
    to.write(frame);
    to.flush();
  }

  private static UnsafeBuffer next(DataInputStream in) throws Exception {
    int length = in.readInt() - Framing.HEADER;
    in.readUnsignedShort();
    byte[] message = new byte[length];
    in.readFully(message);
    return new UnsafeBuffer(message);
  }

  /** A self-signed certificate by keytool, as PEM files in the folder. */
  private X509Certificate certificate(String name) throws Exception {
    Path store = folder.resolve(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-validity",
                "30",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD))
            .redirectErrorStream(true)
            .start();
    keytool.getInputStream().readAllBytes();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD);
    X509Certificate certificate = (X509Certificate) keys.getCertificate(name);
    pem("k.pem", "PRIVATE KEY", keys.getKey(name, PASSWORD).getEncoded());
    pem("c.pem", "CERTIFICATE", certificate.getEncoded());
    return certificate;
  }

  private void pem(String file, String what, byte[] bytes) throws Exception {
    Files.writeString(
        folder.resolve(file),
        "-----BEGIN "
            + what
            + "-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes)
            + "\n-----END "
            + what
            + "-----\n");
  }

  private static SSLContext trusting(X509Certificate certificate) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("server", certificate);
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }
}

package io.semnal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.protocol.Channel;
import io.semnal.protocol.session.ClientTls;
import io.semnal.protocol.session.ResumeToken;
import io.semnal.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The client inside TLS, against the real gateway with a real certificate. */
class TlsClientTest {
  private static final int EVENTS = 5_000;

  @TempDir private static Path folder;
  private static Certificates.Made server;
  private static Certificates.Made other;
  private static Outbound journal;
  private static GatewayRig rig;

  @BeforeAll
  static void start() throws Exception {
    server = Certificates.server();
    other = Certificates.make(folder, "other", "dns:elsewhere.example");
    journal = new Outbound();
    for (int i = 0; i < EVENTS; i++) {
      journal.event(0);
    }
    GatewayRig.Settings settings = new GatewayRig.Settings();
    settings.tls = server.tls();
    rig = new GatewayRig(journal, settings);
  }

  @AfterAll
  static void stop() {
    rig.close();
  }

  private static ClientOptions options(Way way, ClientTls tls) {
    return way.options("127.0.0.1", way.port(rig), true, GatewayRig.CLIENT)
        .withTls(tls)
        .withTimeout(Await.PATIENCE);
  }

  private static void receivesAll(ClientOptions options) throws IOException {
    Collected seen = new Collected();
    try (SemnalClient client = new SemnalClient(options, seen)) {
      client.connect();
      client.subscribe(Subscription.to(Channel.SIGNALS).resumingAfter(new ResumeToken(1, 0)));
      Polling.until(
          client, () -> seen.outSeqs.size() + " events", () -> seen.outSeqs.size() >= EVENTS);
      assertThat(seen.outSeqs).isEqualTo(LongStream.rangeClosed(3, EVENTS + 2).boxed().toList());
      assertThat(seen.losses).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void receivesTheStreamFromAServerThatItTrusts(Way way) throws Exception {
    receivesAll(options(way, ClientTls.trusting(server.certificate(), null)));
    receivesAll(options(way, ClientTls.trusting(server.store(), Certificates.PASSWORD)));
    receivesAll(options(way, ClientTls.pinned(server.sha256())));
  }

  @ParameterizedTest
  @EnumSource
  void refusesAServerThatItDoesNotKnow(Way way) throws Exception {
    for (ClientTls tls :
        List.of(
            ClientTls.system(),
            ClientTls.trusting(other.certificate(), null),
            ClientTls.pinned(other.sha256()))) {
      SemnalClient client = new SemnalClient(options(way, tls), new Collected());
      assertThatThrownBy(client::connect)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot connect to 127.0.0.1:" + way.port(rig));
      assertThat(client.isConnected()).isFalse();
    }
    assertThatThrownBy(
            new SemnalClient(options(way, ClientTls.pinned(other.sha256())), new Collected())
                ::connect)
        .hasMessageContaining("fingerprint")
        .hasMessageContaining(server.sha256().replace(":", "").toLowerCase());
  }

  /** A certificate that is trusted, but is somebody else's. */
  @Test
  void refusesACertificateForAnotherNameUnlessItIsPinned() throws Exception {
    GatewayRig.Settings settings = new GatewayRig.Settings();
    settings.tls = other.tls();
    try (GatewayRig elsewhere = new GatewayRig(journal, settings)) {
      ClientOptions options =
          Way.TCP.options("127.0.0.1", elsewhere.tcp.getPort(), true, GatewayRig.CLIENT);
      assertThatThrownBy(
              new SemnalClient(
                      options.withTls(ClientTls.trusting(other.certificate(), null)),
                      new Collected())
                  ::connect)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("127.0.0.1");
      receivesAll(options.withTls(ClientTls.pinned(other.sha256())));
    }
  }

  @ParameterizedTest
  @EnumSource
  void clearAndTlsDoNotMix(Way way) throws Exception {
    SemnalClient clear =
        new SemnalClient(
            way.options("127.0.0.1", way.port(rig), false, GatewayRig.CLIENT), new Collected());
    assertThatThrownBy(clear::connect).isInstanceOf(IOException.class);
    try (GatewayRig plain = new GatewayRig(journal, 0, 0)) {
      SemnalClient secure =
          new SemnalClient(
              way.options("127.0.0.1", way.port(plain), true, GatewayRig.CLIENT)
                  .withTls(ClientTls.pinned(server.sha256())),
              new Collected());
      assertThatThrownBy(secure::connect).isInstanceOf(IOException.class);
    }
  }

  @Test
  void tellsWhatIsWrongWithTrust() throws Exception {
    Path nonsense = Files.writeString(folder.resolve("nonsense"), "nonsense");
    assertThatThrownBy(() -> ClientTls.trusting(nonsense, null)).hasMessageContaining("nonsense");
    assertThatThrownBy(() -> ClientTls.pinned("12:34")).hasMessageContaining("fingerprint");
  }
}

package io.semnal.feed.fix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semnal.core.config.FixFeedConfig;
import io.semnal.core.config.FixFeedConfig.Role;
import io.semnal.testing.StandingPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * QuickFIX/J as the broker: it listens or connects, in the clear or over TLS, and sends W, X, S and
 * i; two of them as A and B.
 */
class QuickFixVenueTest {
  private static final String PASSWORD = "password";

  @TempDir private Path folder;

  private static String at(int second) {
    return "20261120-12:00:%02d.000".formatted(second);
  }

  /** The venue has taken our requests for both instruments. */
  private static void awaitRequests(FeedsOnLoop feeds, QuickFixVenue venue) {
    feeds.await(
        "requests at " + venue.id,
        () -> venue.request("EUR/USD") != null && venue.request("USD/JPY") != null);
  }

  @Test
  void takesEachKindOfPriceAndAFreshPictureAfterABreak() throws Exception {
    int port = StandingPort.tcp();
    try (FeedsOnLoop feeds = new FeedsOnLoop(FeedsOnLoop.session("qfj", Role.INITIATOR, 0, port))) {
      try (QuickFixVenue venue = QuickFixVenue.acceptor("QFJ", port)) {
        awaitRequests(feeds, venue);
        everyKind(feeds, venue);
        String before = venue.request("EUR/USD");
        venue.requests.clear();
        venue.session().disconnect("the line breaks", false);
        feeds.await(7);
        awaitRequests(feeds, venue);
        assertNotEquals(before, venue.request("EUR/USD"));
        // An increment upon nothing is no price.
        venue.increment("EUR/USD", at(5), '0', "1.3");
        venue.snapshot("EUR/USD", at(6), "1.15", "1.16");
        feeds.await(8);
        assertEquals(
            List.of("qfj DOWN", "qfj UP", "qfj EURUSD 1.15/1.16"), feeds.journaled.subList(5, 8));
        assertEquals(List.of(), feeds.problems());
      }
      feeds.await(9);
      assertEquals("qfj DOWN", feeds.journaled.get(8));
    }
  }

  private static void everyKind(FeedsOnLoop feeds, QuickFixVenue venue) throws Exception {
    venue.snapshot("EUR/USD", at(1), "1.1", "1.2");
    venue.increment("EUR/USD", at(2), '0', "1.11");
    venue.quote("USD/JPY", at(3), "150.1", "150.2");
    venue.massQuote("M7", "EUR/USD", at(4), "1.13", "1.19");
    feeds.await(5);
    assertEquals(
        List.of(
            "qfj UP",
            "qfj EURUSD 1.1/1.2",
            "qfj EURUSD 1.11/1.2",
            "qfj USDJPY 150.1/150.2",
            "qfj EURUSD 1.13/1.19"),
        feeds.journaled);
    feeds.await(
        "the acknowledgement",
        () ->
            venue.requests.stream()
                .anyMatch(
                    m -> {
                      String text = m.toString().replace('\1', '|');
                      return text.contains("|35=b|") && text.contains("|117=M7|");
                    }));
  }

  @Test
  void aVenueThatConnectsToUsIsAskedForPricesAsAnyOther() throws Exception {
    try (FeedsOnLoop feeds = new FeedsOnLoop(FeedsOnLoop.session("qfj", Role.ACCEPTOR, 0, 0));
        QuickFixVenue venue =
            QuickFixVenue.initiator("QFJ", feeds.ports().getFirst().getPort(), null, null)) {
      awaitRequests(feeds, venue);
      everyKind(feeds, venue);
      assertEquals(List.of(), feeds.problems());
    }
  }

  @Test
  void pricesComeOverTlsInEitherRole() throws Exception {
    Keys keys = keys();
    int port = StandingPort.tcp();
    FixFeedConfig.Session plain = FeedsOnLoop.session("qfj", Role.INITIATOR, 0, port);
    try (FeedsOnLoop feeds =
            new FeedsOnLoop(
                FeedsOnLoop.encrypted(
                    plain, new FixFeedConfig.Tls(true, keys.certificate(), null, null)));
        QuickFixVenue venue = QuickFixVenue.acceptor("QFJ", port, keys.store(), PASSWORD)) {
      awaitRequests(feeds, venue);
      everyKind(feeds, venue);
    }
    plain = FeedsOnLoop.session("qfj", Role.ACCEPTOR, 0, 0);
    FixFeedConfig.Tls own = new FixFeedConfig.Tls(true, null, keys.certificate(), keys.key());
    try (FeedsOnLoop feeds = new FeedsOnLoop(FeedsOnLoop.encrypted(plain, own));
        QuickFixVenue venue =
            QuickFixVenue.initiator(
                "QFJ", feeds.ports().getFirst().getPort(), keys.store(), PASSWORD)) {
      awaitRequests(feeds, venue);
      everyKind(feeds, venue);
    }
  }

  @Test
  void theOtherSourceSpeaksWhileThePreferredOneIsBehindOrGone() throws Exception {
    int portA = StandingPort.tcp();
    int portB = StandingPort.tcp();
    try (FeedsOnLoop feeds =
            new FeedsOnLoop(
                FeedsOnLoop.session("a", Role.INITIATOR, 0, portA),
                FeedsOnLoop.session("b", Role.INITIATOR, 1, portB));
        QuickFixVenue b = QuickFixVenue.acceptor("B", portB)) {
      try (QuickFixVenue a = QuickFixVenue.acceptor("A", portA)) {
        awaitRequests(feeds, a);
        awaitRequests(feeds, b);
        feeds.journaled.clear();
        a.snapshot("EUR/USD", at(10), "1.10", "1.20");
        feeds.await(1);
        // Two seconds of event time are the failover's: until then A speaks.
        b.snapshot("EUR/USD", at(11), "1.11", "1.21");
        feeds.await("B's outranked one", () -> outranked(feeds, "b") == 1);
        b.increment("EUR/USD", at(13), '0', "1.12");
        feeds.await(2);
        a.increment("EUR/USD", at(12), '0', "1.13");
        feeds.await("A's old one", () -> outranked(feeds, "a") == 1);
        a.increment("EUR/USD", at(14), '0', "1.14");
        feeds.await(3);
        assertEquals(
            List.of("a EURUSD 1.1/1.2", "b EURUSD 1.12/1.21", "a EURUSD 1.14/1.2"),
            feeds.journaled);
        assertEquals(2, feeds.gauge("fix_source_switches_total"));
      }
      feeds.await(4);
      b.increment("EUR/USD", at(15), '0', "1.15");
      feeds.await(5);
      assertEquals(List.of("a DOWN", "b EURUSD 1.15/1.21"), feeds.journaled.subList(3, 5));
      assertEquals(3, feeds.gauge("fix_source_switches_total"));
      assertTrue(feeds.problems().getFirst().contains("FIX session a"), feeds.problems()::toString);
    }
  }

  private static long outranked(FeedsOnLoop feeds, String session) {
    return feeds.counter("fix_outranked_total{session=\"" + session + "\"}");
  }

  @Test
  void theNextAddressIsTriedWhereTheFirstIsSilent() throws Exception {
    int dead = StandingPort.tcp();
    int port = StandingPort.tcp();
    try (FeedsOnLoop feeds =
            new FeedsOnLoop(FeedsOnLoop.session("qfj", Role.INITIATOR, 0, dead, port));
        QuickFixVenue venue = QuickFixVenue.acceptor("QFJ", port)) {
      awaitRequests(feeds, venue);
      assertEquals(List.of("qfj UP"), feeds.journaled);
    }
  }

  /** A key and its certificate, by the JDK's keytool, as a key store and as PEM. */
  private record Keys(Path store, Path certificate, Path key) {}

  private Keys keys() throws Exception {
    Path store = folder.resolve("own.p12");
    keytool(
        "-genkeypair",
        "-keyalg",
        "EC",
        "-dname",
        "CN=localhost",
        "-ext",
        "san=dns:localhost,ip:127.0.0.1",
        "-alias",
        "own",
        "-keystore",
        store.toString(),
        "-storetype",
        "PKCS12",
        "-storepass",
        PASSWORD);
    java.security.KeyStore pair = java.security.KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(store)) {
      pair.load(in, PASSWORD.toCharArray());
    }
    Path certificate = folder.resolve("own.crt");
    Path key = folder.resolve("own.key");
    pem(certificate, "CERTIFICATE", pair.getCertificate("own").getEncoded());
    pem(key, "PRIVATE KEY", pair.getKey("own", PASSWORD.toCharArray()).getEncoded());
    // Who trusts reads entries of trusted certificates alone.
    pair.setCertificateEntry("trusted", pair.getCertificate("own"));
    try (var out = Files.newOutputStream(store)) {
      pair.store(out, PASSWORD.toCharArray());
    }
    return new Keys(store, certificate, key);
  }

  private static void pem(Path file, String what, byte[] bytes) throws IOException {
    String text = java.util.Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    Files.writeString(
        file, "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
  }

  private static void keytool(String... args) throws Exception {
    List<String> command = new java.util.ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(args));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    assertEquals(0, process.waitFor(), said);
  }
}

package io.semnal.fix.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.semnal.fix.codec.FixVersion;
import io.semnal.fix.codec.MsgType;
import io.semnal.fix.codec.Tag;
import io.semnal.fix.session.FixApplication;
import io.semnal.fix.session.FixSession;
import io.semnal.fix.session.SessionConfig;
import io.semnal.fix.session.SessionDirectory;
import io.semnal.fix.store.MappedStore;
import io.semnal.fix.store.MemoryStore;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our two sides over TLS, with a durable store, on one loop. */
class TlsSessionTest {
  private static final char[] PASSWORD = "password".toCharArray();

  @TempDir Path folder;

  private final List<String> texts = new CopyOnWriteArrayList<>();
  private final AtomicInteger failures = new AtomicInteger();
  private final FixApplication collector =
      (session, message, now) -> texts.add(message.text(Tag.TEXT));

  @Test
  void encryptsAndComesBackAfterTheConnectionBroke() throws Exception {
    KeyStore keys = keys("localhost");
    // Closed in the other order: the loop ends before the store that it works on.
    try (MappedStore store = MappedStore.open(folder.resolve("store"), 1 << 16);
        TestLoop loop = new TestLoop()) {
      FixSession theirs = acceptorSession();
      int port = listen(loop, theirs, keys);
      FixSession ours =
          new FixSession(
              SessionConfig.initiator(FixVersion.FIX44, "A", "B").build(),
              store,
              (session, message, now) -> {});
      connect(loop, ours, port, client(keys));
      TestLoop.await("the Logons", () -> loop.call(ours::isLoggedOn));
      send(loop, ours, "one");
      TestLoop.await("the message", () -> texts.size() == 1);

      loop.call(
          () -> {
            theirs.close(TestLoop.now());
            return null;
          });
      TestLoop.await("its end", () -> !loop.call(ours::isLoggedOn));
      send(loop, ours, "two");
      TestLoop.await("the next one", () -> texts.size() == 2);
      assertThat(texts).containsExactly("one", "two");
    }
  }

  @Test
  void refusesAPeerOfAnotherName() throws Exception {
    KeyStore keys = keys("elsewhere");
    try (TestLoop loop = new TestLoop()) {
      int port = listen(loop, acceptorSession(), keys);
      FixSession ours =
          new FixSession(
              SessionConfig.initiator(FixVersion.FIX44, "A", "B").build(),
              new MemoryStore(),
              (session, message, now) -> {});
      FixInitiator initiator = connect(loop, ours, port, client(keys));
      loop.add(
          now -> {
            failures.set(initiator.attempts());
            return 0;
          });
      TestLoop.await("three attempts", () -> failures.get() >= 3);
      assertThat(loop.call(ours::nextOutbound)).isEqualTo(1);
    }
  }

  private FixSession acceptorSession() {
    return new FixSession(
        SessionConfig.acceptor(FixVersion.FIX44, "B", "A").build(), new MemoryStore(), collector);
  }

  private static int listen(TestLoop loop, FixSession session, KeyStore keys) throws Exception {
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD);
    FixAcceptor acceptor =
        new FixAcceptor(
            loop.loop(),
            NioServerSocketChannel.class,
            SessionDirectory.of(List.of(session)),
            SslContextBuilder.forServer(managers).build(),
            TestLoop::now,
            65_536,
            8);
    loop.add(acceptor::doWork);
    return acceptor.listen(new InetSocketAddress("127.0.0.1", 0)).get().getPort();
  }

  private static SslContext client(KeyStore keys) throws Exception {
    TrustManagerFactory trusted =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trusted.init(keys);
    return SslContextBuilder.forClient().trustManager(trusted).build();
  }

  private static FixInitiator connect(TestLoop loop, FixSession ours, int port, SslContext tls) {
    FixInitiator initiator =
        new FixInitiator(
            loop.loop(),
            NioSocketChannel.class,
            ours,
            List.of(InetSocketAddress.createUnresolved("localhost", port)),
            new Backoff(20_000_000L, 200_000_000L),
            tls,
            TestLoop::now);
    loop.add(initiator::doWork);
    loop.call(
        () -> {
          initiator.start();
          return null;
        });
    return initiator;
  }

  private static void send(TestLoop loop, FixSession session, String text) {
    loop.call(
        () -> {
          session.begin(MsgType.NEWS, TestLoop.now()).text(Tag.TEXT, text);
          return session.send();
        });
  }

  /** A key and its certificate, made by the JDK's keytool. */
  private KeyStore keys(String host) throws Exception {
    Path file = folder.resolve(host + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + host,
                "-ext",
                "san=dns:" + host,
                "-alias",
                "own",
                "-keystore",
                file.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD))
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes());
    assertThat(keytool.waitFor()).as(said).isZero();
    KeyStore pair = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(file)) {
      pair.load(in, PASSWORD);
    }
    // A trust manager looks at certificates without keys alone.
    pair.setCertificateEntry("trusted", pair.getCertificate("own"));
    return pair;
  }
}

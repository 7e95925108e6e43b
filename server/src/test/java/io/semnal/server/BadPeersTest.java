package io.semnal.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semnal.feed.Tick;
import io.semnal.feed.TickSource;
import io.semnal.feed.session.FeedClient;
import io.semnal.feed.session.FeedProgress;
import io.semnal.feed.session.Pace;
import io.semnal.protocol.Framing;
import io.semnal.protocol.sbe.HelloEncoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.session.ClientKey;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a running server makes of peers and neighbours that do wrong. */
class BadPeersTest {
  private static final int MINUTES = 30;
  private static final int TICKS_A_MINUTE = 50;
  private static final int READ_MILLIS = 120_000;

  @TempDir private Path folder;

  @Test
  void aPortInUseEndsTheStartAndFreesTheJournal() throws IOException, InterruptedException {
    ServerSetup setup = new ServerSetup(folder);
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      for (String key : List.of("feed.port", "gateway.wsPort")) {
        try (SemnalProcess server = setup.launch("-D" + key + "=" + port)) {
          assertEquals(1, server.await(ServerSetup.PATIENCE), server::output);
          String last = server.lines().getLast();
          assertTrue(last.startsWith("semnal: "), server::output);
          assertTrue(
              last.endsWith(" cannot listen on 127.0.0.1:" + port + ": the port is in use"),
              server::output);
        }
      }
    }
    // The next start finds the journal free, and goes on in the run that the first one began.
    try (SemnalProcess server = setup.start()) {
      assertTrue(server.output().contains("run 1 (continued)"), server::output);
      assertEquals(0, server.stop(), server::output);
    }
  }

  @Test
  void aJournalInUseNamesItsHolder() throws IOException, InterruptedException {
    ServerSetup setup = new ServerSetup(folder);
    Path ticks = ticks();
    try (SemnalProcess server = setup.start()) {
      CommandRun second =
          CommandRun.of(
              "import",
              "--config",
              setup.config().toString(),
              "--format=csv",
              "--mapping=time=0,bid=1,ask=2",
              "--instrument=EURUSD",
              "--journal",
              setup.journal().toString(),
              ticks.toString());
      assertEquals(1, second.exit());
      String start =
          "semnal: journal "
              + setup.journal()
              + " is held by another process: pid "
              + server.pid()
              + " on ";
      assertTrue(second.err().startsWith(start), second::err);
      assertEquals(1, second.err().lines().count(), second::err);
      assertEquals(0, server.stop(), server::output);
    }
  }

  /** In the middle of a feed, which goes on when all of it was answered. */
  @Test
  void garbageDisturbsNobodyElse() throws Exception {
    ServerSetup setup = new ServerSetup(folder);
    CountDownLatch half = new CountDownLatch(1);
    CountDownLatch answered = new CountDownLatch(1);
    AtomicInteger waited = new AtomicInteger();
    try (SemnalProcess server = setup.start();
        ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<CommandRun> tcp = others.submit(() -> listen(setup, setup.tcp()));
      Future<CommandRun> ws = others.submit(() -> listen(setup, setup.ws()));
      Future<FeedProgress> feed = others.submit(() -> feedInHalves(setup, half, answered, waited));
      assertTrue(half.await(ServerSetup.PATIENCE.toSeconds(), TimeUnit.SECONDS), "half a feed");
      URI metrics = metrics(server);
      awaitSessions(metrics, 2);
      long feedBefore = counter(metrics, "feed_malformed_total");
      long gatewayBefore = counter(metrics, "gateway_malformed_total");
      for (byte[] garbage : garbage()) {
        assertIsClosed(setup.feedPort(), garbage);
        assertIsClosed(setup.tcpPort(), garbage);
        assertIsClosed(setup.wsPort(), garbage);
      }
      assertEquals(garbage().size(), counter(metrics, "feed_malformed_total") - feedBefore);
      // Over TCP and over WebSocket.
      assertEquals(
          2 * garbage().size(), counter(metrics, "gateway_malformed_total") - gatewayBefore);
      answered.countDown();

      FeedProgress end = feed.get(ServerSetup.PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertEquals(MINUTES * TICKS_A_MINUTE + waited.get(), end.acknowledged());
      assertEquals(
          List.of(0L, 0L, 0L), List.of(end.present(), end.rejections(), (long) end.reconnects()));
      for (Future<CommandRun> listener : List.of(tcp, ws)) {
        CommandRun run = listener.get(ServerSetup.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertEquals(0, run.exit(), run::err);
        assertTrue(!run.err().contains("connection lost"), run::err);
        assertTrue(!(run.out() + run.err()).contains("GAP"), run::out);
      }
      assertExplainsWhileTheServerRuns(setup);
      assertEquals(0, server.stop(), server::output);
    } finally {
      answered.countDown();
    }
  }

  private CommandRun listen(ServerSetup setup, String to) {
    return CommandRun.of(
        "listen",
        "--to",
        to,
        "--key-file",
        setup.clientKey().toString(),
        "--channels=bars",
        "--from=1:0",
        "--count=" + (MINUTES - 1));
  }

  private FeedProgress feedInHalves(
      ServerSetup setup, CountDownLatch half, CountDownLatch goOn, AtomicInteger waited)
      throws Exception {
    ClientKey key = ClientKey.read(folder.resolve("feed.key"));
    InetSocketAddress to =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), setup.feedPort());
    FeedClient.Options options =
        new FeedClient.Options(
            to, key, "halves", Pace.MAX, ServerSetup.PATIENCE, ServerSetup.PATIENCE);
    return new FeedClient(
            options, List.of("EURUSD"), () -> new Halves(half, goOn, waited), progress -> {})
        .run();
  }

  /** Half of the ticks; the others when it is told to go on. */
  private static final class Halves implements TickSource {
    private static final int HALF = MINUTES * TICKS_A_MINUTE / 2;
    private static final long FIRST = Instant.parse("2026-03-04T10:00:00Z").getEpochSecond();
    private final Random random = new Random(3);
    private final CountDownLatch half;
    private final CountDownLatch goOn;
    private final AtomicInteger waited;
    private int count;

    Halves(CountDownLatch half, CountDownLatch goOn, AtomicInteger waited) {
      this.half = half;
      this.waited = waited;
      this.goOn = goOn;
    }

    @Override
    public boolean next(Tick into) throws IOException {
      if (count == HALF && !mayGoOn()) {
        fill(into, HALF - 1, waited.incrementAndGet());
        return true;
      }
      fill(into, count, 0);
      return count++ < MINUTES * TICKS_A_MINUTE;
    }

    /** A feed that waits in silence would be taken for dead: a tick now and then, of no bar. */
    private boolean mayGoOn() throws IOException {
      half.countDown();
      try {
        return goOn.await(200, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }

    private void fill(Tick into, int tick, int moreMillis) {
      into.eventTime = (FIRST * 1_000 + tick * 60_000L / TICKS_A_MINUTE + moreMillis) * 1_000_000;
      into.bid = 110_000_000 + random.nextInt(100) * 1_000L;
      into.ask = into.bid + 8_000;
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }

  /** A listener that is not there yet would not be disturbed. */
  private static void awaitSessions(URI metrics, int sessions)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + ServerSetup.PATIENCE.toNanos();
    while (counter(metrics, "gateway_sessions") < sessions) {
      assertTrue(System.nanoTime() < deadline, "the listeners do not come");
      Thread.sleep(20);
    }
  }

  private static void assertExplainsWhileTheServerRuns(ServerSetup setup) {
    CommandRun why =
        CommandRun.done(
            "why", "--journal", setup.journal().toString(), "--instrument=EURUSD", "--last=1");
    assertTrue(why.out().startsWith("EURUSD: the last 1 score(s), the newest last"), why::out);
    assertTrue(why.out().contains("  NOT_WARM: "), why::out);
  }

  @Test
  void wrongKeysAreRefused() throws IOException, InterruptedException {
    ServerSetup setup = new ServerSetup(folder);
    Path ticks = ticks();
    Path stranger =
        Files.writeString(
            folder.resolve("stranger.key"), "id=nobody\nsecret=" + "ab".repeat(32) + "\n");
    Path wrong =
        Files.writeString(folder.resolve("wrong.key"), "id=client\nsecret=" + "ab".repeat(32));
    Files.writeString(folder.resolve("wrong-feed.key"), "id=feed\nsecret=" + "ab".repeat(32));
    try (SemnalProcess server = setup.start()) {
      String refused = "semnal: the server refused the login: ";
      for (Path key : List.of(stranger, wrong)) {
        for (String to : List.of(setup.tcp(), setup.ws())) {
          CommandRun run = CommandRun.of("listen", "--to", to, "--key-file", key.toString());
          assertEquals(1, run.exit());
          assertTrue(run.err().startsWith(refused + "AUTHENTICATION_FAILED"), run::err);
          assertEquals(1, run.err().lines().count(), run::err);
        }
      }
      CommandRun role =
          CommandRun.of(
              "listen", "--to", setup.tcp(), "--key-file", folder.resolve("feed.key").toString());
      assertEquals(1, role.exit());
      assertTrue(role.err().startsWith(refused), role::err);
      for (String key : List.of("stranger.key", "wrong-feed.key", "client.key")) {
        CommandRun feed = CommandRun.of(feeding(setup, ticks, folder.resolve(key).toString()));
        assertEquals(1, feed.exit());
        assertTrue(feed.err().contains(refused), feed::err);
      }
      assertTrue(server.isAlive(), server::output);
      assertEquals(0, server.stop(), server::output);
    }
  }

  private String[] feeding(ServerSetup setup, Path ticks, String key) {
    return new String[] {
      "feed",
      "--config=" + folder.resolve("engine.conf"),
      "--format=csv",
      "--mapping=time=0,bid=1,ask=2",
      "--instrument=EURUSD",
      "--to=127.0.0.1:" + setup.feedPort(),
      "--key-file=" + key,
      ticks.toString()
    };
  }

  private Path ticks() throws IOException {
    List<String> lines = new ArrayList<>();
    Instant time = Instant.parse("2026-03-04T10:00:00Z");
    Random random = new Random(3);
    for (int i = 0; i < MINUTES * TICKS_A_MINUTE; i++) {
      int mid = 110_000 + random.nextInt(100);
      lines.add(time + ",1." + (mid - 10_0000) + ",1." + (mid - 100_000 + 8));
      time = time.plusMillis(60_000 / TICKS_A_MINUTE);
    }
    return Files.write(folder.resolve("ticks.csv"), lines);
  }

  /** Of another protocol, random, too long, and of another schema. */
  private static List<byte[]> garbage() {
    byte[] random = new byte[512];
    new Random(11).nextBytes(random);
    byte[] tooLong = {0x7F, 0, 0, 0, (byte) 0xEB, 0x50, 1, 2, 3, 4};
    byte[] hello = new byte[Framing.HEADER + MessageHeaderEncoder.ENCODED_LENGTH + 64];
    UnsafeBuffer buffer = new UnsafeBuffer(hello);
    Framing.write(buffer, 0, hello.length - Framing.HEADER);
    new MessageHeaderEncoder()
        .wrap(buffer, Framing.HEADER)
        .blockLength(HelloEncoder.BLOCK_LENGTH)
        .templateId(HelloEncoder.TEMPLATE_ID)
        .schemaId(4711)
        .version(0);
    return List.of("SSH-2.0-x\r\n\r\n".getBytes(StandardCharsets.US_ASCII), random, tooLong, hello);
  }

  /** Whatever the answer is, it ends. */
  private static void assertIsClosed(int port, byte[] garbage) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(READ_MILLIS);
      socket.getOutputStream().write(garbage);
      InputStream in = socket.getInputStream();
      while (in.read() >= 0) {
        // A rejection, or an HTTP error.
      }
    } catch (SocketException e) {
      // Closed with bytes unread: as good an end.
      assertTrue(e.getMessage().contains("reset") || e.getMessage().contains("pipe"), e::toString);
    }
  }

  private static URI metrics(SemnalProcess server) {
    String line =
        server.lines().stream().filter(l -> l.startsWith("admin ")).findFirst().orElseThrow();
    return URI.create(line.substring(line.indexOf("http")).replace("/health/ready", "/metrics"));
  }

  /** The sum over all labels. */
  private static long counter(URI metrics, String name) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      String text =
          http.send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
              .body();
      return text.lines()
          .filter(line -> line.matches("[a-z_]*" + name + "[{ ].*"))
          .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
          .sum();
    }
  }
}

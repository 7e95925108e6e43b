package io.semnal.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semnal.client.ClientHandler;
import io.semnal.client.ClientOptions;
import io.semnal.client.SemnalClient;
import io.semnal.client.Subscription;
import io.semnal.journal.JournalDirectory;
import io.semnal.journal.QueueReader;
import io.semnal.protocol.Channel;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.SessionErrorDecoder;
import io.semnal.protocol.sbe.SnapshotBeginDecoder;
import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.ResumeToken;
import io.semnal.protocol.session.SessionTerms;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A followed server, its backup of yesterday, and a client with a token of today. */
class RestoredBackupTest {
  private static final int RATE = 50_000;

  @TempDir private Path folder;
  private ServerSetup setup;

  @Test
  void aTokenOfTodayMeansNothingToTheBackupOfYesterday() throws Exception {
    List<Path> files = RealTicks.zips("lean/oanda/tick/eurusd").subList(0, 3);
    setup = new ServerSetup(folder);
    SemnalProcess server = setup.start();
    try {
      feed(files.subList(0, 1));
      followsToTheEnd(server);
      assertEquals(0, server.stop(), server::output);
      Path backup = folder.resolve("backup");
      copy(setup.journal(), backup);
      long yesterday = head();

      server = setup.start();
      String recovered = recovered(server);
      assertTrue(recovered.endsWith("and the 0 messages behind it"), recovered);
      feed(files.subList(0, 2));
      long today = head();
      assertTrue(today > yesterday);
      server.kill();
      Files.move(setup.journal(), folder.resolve("old"));
      copy(backup, setup.journal());

      server = setup.start();
      Listener listener = new Listener();
      try (SemnalClient client =
          new SemnalClient(
              ClientOptions.of(setup.tcp(), ClientKey.read(setup.clientKey())), listener)) {
        client.connect();
        assertEquals(2, listener.epoch);
        client.subscribe(
            Subscription.to(Channel.SIGNALS).resumingAfter(new ResumeToken(1, yesterday)));
        listener.await(client);
      }
      assertEquals(ErrorCode.EPOCH_CHANGED, listener.error);
      feed(files);
      followsToTheEnd(server);
      assertEquals(0, server.stop(), server::output);
      String text =
          CommandRun.done("replay", "--verify", "--journal", setup.journal().toString()).out();
      assertTrue(text.contains("identical: 2 run(s)"), text);
    } finally {
      server.close();
    }
  }

  private void feed(List<Path> files) throws IOException, InterruptedException {
    try (SemnalProcess feed = setup.feed(RATE, files)) {
      assertEquals(0, feed.await(ServerSetup.PATIENCE), feed::output);
    }
  }

  private static String recovered(SemnalProcess server) throws InterruptedException {
    return server.awaitLine(ServerSetup.PATIENCE, line -> line.startsWith("recovered from "));
  }

  private long head() {
    try (JournalDirectory journal = JournalDirectory.openReadOnly(setup.journal());
        QueueReader reader = journal.outboundReader()) {
      return reader.head().sequence();
    }
  }

  /** The metrics say so, and health has nothing to complain of. */
  private static void followsToTheEnd(SemnalProcess server) throws Exception {
    String line = server.awaitLine(ServerSetup.PATIENCE, l -> l.startsWith("admin "));
    String ready = line.substring(line.indexOf("http"));
    String metrics = ready.replace("/health/ready", "/metrics");
    long deadline = System.nanoTime() + ServerSetup.PATIENCE.toNanos();
    while (metric(metrics, "follower_lag_messages") > 0) {
      assertTrue(System.nanoTime() < deadline, () -> server.output());
      Thread.sleep(20);
    }
    assertEquals(0, metric(metrics, "follower_differs"), get(ready));
    assertEquals(0, metric(metrics, "follower_stopped"), get(ready));
    assertTrue(metric(metrics, "snapshots_total") > 0);
    assertTrue(get(ready).contains("\"problems\":[]"), get(ready));
  }

  private static long metric(String uri, String name) throws Exception {
    Matcher value = Pattern.compile("(?m)^semnal_" + name + " ([0-9]+)").matcher(get(uri));
    assertTrue(value.find(), name);
    return Long.parseLong(value.group(1));
  }

  private static String get(String uri) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(URI.create(uri)).timeout(Duration.ofSeconds(10)).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> walk = Files.walk(from)) {
      for (Path file : walk.toList()) {
        Path target = to.resolve(from.relativize(file));
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
  }

  /** Hears the error, and the snapshot that follows it. */
  private static final class Listener implements ClientHandler {
    private long epoch;
    private ErrorCode error;
    private boolean snapshot;

    @Override
    public void onConnected(SessionTerms terms) {
      epoch = terms.epoch();
    }

    @Override
    public void onMessage(DirectBuffer buffer, int offset, int length) {
      int template = MessageLayout.templateId(buffer, offset);
      if (template == SessionErrorDecoder.TEMPLATE_ID) {
        error =
            new SessionErrorDecoder()
                .wrapAndApplyHeader(buffer, offset, new MessageHeaderDecoder())
                .code();
      }
      snapshot |= template == SnapshotBeginDecoder.TEMPLATE_ID && error != null;
    }

    void await(SemnalClient client) throws IOException {
      long deadline = System.nanoTime() + ServerSetup.PATIENCE.toNanos();
      while (!snapshot && System.nanoTime() < deadline) {
        if (client.poll() == 0) {
          client.await(20);
        }
      }
      assertTrue(snapshot, "no snapshot after the error");
    }
  }
}

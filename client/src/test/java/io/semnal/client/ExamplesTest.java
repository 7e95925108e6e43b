package io.semnal.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.client.examples.FollowOverAeron;
import io.semnal.client.examples.MeasureLatency;
import io.semnal.client.examples.PrintSignals;
import io.semnal.client.examples.ResumeAfterRestart;
import io.semnal.client.examples.SecureConnection;
import io.semnal.core.access.KeyMaker;
import io.semnal.core.config.AeronConfig;
import io.semnal.core.metrics.Metrics;
import io.semnal.gateway.aeron.AeronPublisher;
import io.semnal.gateway.aeron.EmbeddedDriver;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.protocol.session.ClientKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The examples of docs/client.md and docs/aeron.md compile, and do what it says, against the real
 * gateway.
 */
class ExamplesTest {
  private static final Pattern JAVA_BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @TempDir private Path folder;
  private final Outbound journal = new Outbound();

  /** Publishes until closed: a subscription begins at some moment. */
  private final class Publishing implements AutoCloseable {
    private final AtomicBoolean running = new AtomicBoolean(true);
    private final Thread thread;

    Publishing(GatewayRig rig) {
      thread =
          Thread.ofVirtual()
              .start(
                  () -> {
                    while (running.get()) {
                      rig.publish(journal.signal());
                      LockSupport.parkNanos(1_000_000);
                    }
                  });
    }

    @Override
    public void close() {
      running.set(false);
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Way.class,
      names = {"TCP", "WS_SBE"})
  void printsSignals(Way way) throws Exception {
    List<String> shown = new CopyOnWriteArrayList<>();
    try (GatewayRig rig = new GatewayRig(journal, 0, 0);
        Publishing publishing = new Publishing(rig)) {
      assertThat(publishing.thread.isAlive()).isTrue();
      PrintSignals[] example = new PrintSignals[1];
      example[0] =
          new PrintSignals(
              line -> {
                shown.add(line);
                if (shown.size() == 3) {
                  example[0].stop();
                }
              });
      example[0].run(way.options(rig));
    }
    assertThat(shown).hasSizeGreaterThanOrEqualTo(3);
    assertThat(shown)
        .allMatch(
            line -> line.matches("#\\d+ EURUSD BUY entry 1\\.1643 stop 1\\.1633 target 1\\.1658"));
  }

  @Test
  void actsOnEachSignalOnceOverItsOwnRestarts() throws Exception {
    journal.signal();
    Path token = folder.resolve("token");
    Files.writeString(token, "1:0");
    List<Long> acted = new ArrayList<>();
    try (GatewayRig rig = new GatewayRig(journal, 0, 0);
        Publishing publishing = new Publishing(rig)) {
      assertThat(publishing.thread.isAlive()).isTrue();
      for (int start = 1; start <= 6; start++) {
        int enough = start * 7;
        new ResumeAfterRestart(token)
            .run(
                Way.TCP.options(rig),
                message -> {
                  acted.add(message.outSeq());
                  return acted.size() < enough;
                });
      }
    }
    assertThat(acted).hasSize(42);
    for (int i = 0; i < acted.size(); i++) {
      assertThat(acted.get(i)).isEqualTo(3 + i);
    }
  }

  /** The server's side of it, driver and publication, is a thread of this test. */
  @Test
  void followsOverAeron() throws Exception {
    journal.signal();
    Path directory = folder.resolve("driver");
    List<Long> seen = new CopyOnWriteArrayList<>();
    FollowOverAeron example = new FollowOverAeron();
    try (GatewayRig rig = new GatewayRig(journal, 0, 0);
        AeronSide side = new AeronSide(rig, directory)) {
      example.run(
          side.directory(),
          AeronSide.CHANNEL,
          "tcp://127.0.0.1:" + rig.tcp.getPort(),
          GatewayRig.CLIENT,
          new ClientHandler() {
            @Override
            public void onMessage(DirectBuffer buffer, int offset, int length) {
              if (MessageLayout.templateId(buffer, offset) == SignalDecoder.TEMPLATE_ID) {
                seen.add(MessageLayout.outSeq(buffer, offset));
                if (seen.size() == 200) {
                  example.stop();
                }
              }
            }
          });
    }
    for (int i = 1; i < seen.size(); i++) {
      assertThat(seen.get(i)).isEqualTo(seen.get(i - 1) + 1);
    }
    assertThat(seen).hasSizeGreaterThanOrEqualTo(200);
  }

  /** Publishes over sessions and Aeron alike, until closed. */
  private final class AeronSide implements AutoCloseable {
    static final String CHANNEL = "aeron:ipc";
    private final AtomicBoolean running = new AtomicBoolean(true);
    private final CompletableFuture<String> directory = new CompletableFuture<>();
    private final Thread thread;

    AeronSide(GatewayRig rig, Path folder) {
      thread = Thread.ofPlatform().start(() -> run(rig, folder));
    }

    String directory() {
      return directory.join();
    }

    private void run(GatewayRig rig, Path folder) {
      try (EmbeddedDriver driver =
          new EmbeddedDriver(folder, 1 << 20, System::nanoTime, new Metrics())) {
        AeronPublisher publisher =
            new AeronPublisher(
                driver.publication(CHANNEL, 1001),
                new AeronConfig.Publish(true, CHANNEL, 1001, 0b10111, Duration.ofMillis(10)),
                1,
                journal.head(),
                new Metrics());
        directory.complete(driver.directory());
        for (int turn = 0; running.get(); turn++) {
          if (turn % 10 == 0) {
            byte[] signal = journal.signal();
            rig.publish(signal);
            publisher.onOutbound(new UnsafeBuffer(signal), 0, signal.length, 0);
            publisher.onBatchEnd();
          }
          publisher.doWork(System.nanoTime());
          driver.doWork();
          LockSupport.parkNanos(100_000);
        }
      } catch (RuntimeException e) {
        directory.completeExceptionally(e);
        throw e;
      }
    }

    @Override
    public void close() {
      running.set(false);
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Test
  void measuresLatency() throws Exception {
    try (GatewayRig rig = new GatewayRig(journal, 0, 0);
        Publishing publishing = new Publishing(rig)) {
      assertThat(publishing.thread.isAlive()).isTrue();
      assertThat(new MeasureLatency().run(Way.TCP.options(rig), 500))
          .contains("quote to signals here: p50 ")
          .contains("clocks' error, either way: p50 ")
          .contains("server's clock minus this one: ");
    }
  }

  @Test
  void connectsInsideTls() throws Exception {
    Certificates.Made server = Certificates.server();
    Path key = folder.resolve("client.key");
    KeyMaker.writeClientKey(key, new ClientKey("demo", GatewayRig.KEY.secret()));
    GatewayRig.Settings settings = new GatewayRig.Settings();
    settings.tls = server.tls();
    try (GatewayRig rig = new GatewayRig(journal, settings)) {
      String uri = "tcps://127.0.0.1:" + rig.tcp.getPort();
      for (ClientOptions options :
          List.of(
              SecureConnection.trusting(uri, key, server.certificate()),
              SecureConnection.pinned(uri, key, server.sha256()))) {
        try (SemnalClient client = new SemnalClient(options, new Collected())) {
          assertThat(client.connect().admin()).isTrue();
        }
      }
    }
  }

  /** What the page shows is this code, but for its indentation. */
  @Test
  void areWhatThePageShows() throws IOException {
    Path root = Path.of(System.getProperty("semnal.root"));
    String sources;
    try (Stream<Path> files =
        Files.list(root.resolve("client/src/test/java/io/semnal/client/examples"))) {
      sources = files.map(ExamplesTest::squeezed).collect(Collectors.joining(" "));
    }
    Map<String, Integer> pages = Map.of("docs/client.md", 4, "docs/aeron.md", 1);
    for (Map.Entry<String, Integer> page : pages.entrySet()) {
      Matcher block = JAVA_BLOCK.matcher(Files.readString(root.resolve(page.getKey())));
      int blocks = 0;
      for (; block.find(); blocks++) {
        assertThat(sources).contains(block.group(1).replaceAll("\\s+", " ").strip());
      }
      assertThat(blocks).as(page.getKey()).isGreaterThanOrEqualTo(page.getValue());
    }
  }

  private static String squeezed(Path file) {
    try {
      return Files.readString(file).replaceAll("\\s+", " ").strip();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}

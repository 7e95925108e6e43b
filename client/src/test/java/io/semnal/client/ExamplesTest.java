package io.semnal.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.client.examples.MeasureLatency;
import io.semnal.client.examples.PrintSignals;
import io.semnal.client.examples.ResumeAfterRestart;
import io.semnal.client.examples.SecureConnection;
import io.semnal.core.access.KeyMaker;
import io.semnal.protocol.session.ClientKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The examples of docs/client.md compile, and do what it says, against the real gateway. */
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
    Matcher block = JAVA_BLOCK.matcher(Files.readString(root.resolve("docs/client.md")));
    int blocks = 0;
    for (; block.find(); blocks++) {
      assertThat(sources).contains(block.group(1).replaceAll("\\s+", " ").strip());
    }
    assertThat(blocks).isGreaterThanOrEqualTo(4);
  }

  private static String squeezed(Path file) {
    try {
      return Files.readString(file).replaceAll("\\s+", " ").strip();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}

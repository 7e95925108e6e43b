package io.semnal.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.journal.JournalDirectory;
import io.semnal.journal.JournalException;
import io.semnal.journal.QueueReader;
import io.semnal.protocol.sbe.HistoricalBarDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.server.JournalView.Message;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGKILL while bars of files are being journaled: each stands there once, in order. */
class KilledWarmUpTest {
  private static final int[] KILLED_AT = {2_000, 9_000};

  @TempDir private Path folder;

  @Test
  void everyBarIsTakenOnceThroughKills() throws IOException, InterruptedException {
    Path data = Path.of(System.getProperty("semnal.testdata", "absent"), "bars/fxcm-m1");
    org.junit.jupiter.api.Assumptions.assumeTrue(
        Files.isDirectory(data), "test data bars/fxcm-m1 is not here");
    Path bid = data.resolve("gbpusd-m1-bid-2012.csv");
    Path ask = data.resolve("gbpusd-m1-ask-2012.csv");
    configure(bid, ask);
    int mid = 0;
    for (int at : KILLED_AT) {
      try (SemnalProcess server = launch()) {
        awaitBars(at, server);
        server.kill();
        mid += server.lines().stream().anyMatch(l -> l.startsWith("ready after")) ? 0 : 1;
      }
    }
    assertThat(mid).as("kills in the midst of it").isEqualTo(KILLED_AT.length);
    SemnalProcess server = launch();
    try {
      String admin = server.awaitLine(ServerSetup.PATIENCE, line -> line.startsWith("admin"));
      server.awaitLine(ServerSetup.PATIENCE, line -> line.startsWith("ready after "));
      assertThat(server.output()).contains("run 1 (continued)").contains("a gap of");
      assertThat(health(admin.substring(admin.indexOf("http"))))
          .startsWith("{\"ready\":true")
          .contains("GBPUSD 1m fx-core: ")
          .contains(" 1m bars, column atr(3000)");
      assertThat(server.stop()).as(server.output()).isZero();
    } finally {
      server.close();
    }
    standsOnce(bid, ask);
    assertThat(CommandRun.done("replay", "--verify", "--journal", journal().toString()).out())
        .contains("identical: 1 run(s)");
  }

  /** By the live clock what ends in 2012 lies behind; an ATR so slow needs more than there is. */
  private void configure(Path bid, Path ask) throws IOException {
    Files.writeString(
        folder.resolve("server.conf"),
        """
        universe = [GBPUSD]
        policy { atrPeriod = 3000, allowLabelMismatch = true }
        warmUp.bars = [ { instrument = GBPUSD, file = "%s", ask = "%s" } ]
        journal.directory = journal
        models.directory = "%s"
        gateway { tcpPort = 0, wsPort = 0, keysFile = keys.conf }
        feed { port = 0, keysFile = keys.conf }
        admin.port = 0
        """
            .formatted(bid, ask, TestModels.directory()));
  }

  private SemnalProcess launch() throws IOException {
    return SemnalProcess.start(folder, "run", "--config", "server.conf");
  }

  private Path journal() {
    return folder.resolve("journal");
  }

  private void awaitBars(int sequence, SemnalProcess server) throws InterruptedException {
    long deadline = System.nanoTime() + ServerSetup.PATIENCE.toNanos();
    while (!isThere(sequence, server, deadline)) {
      pause(server, deadline);
    }
  }

  private static void pause(SemnalProcess server, long deadline) throws InterruptedException {
    assertThat(server.isAlive()).as(server.output()).isTrue();
    assertThat(System.nanoTime()).as(server.output()).isLessThan(deadline);
    Thread.sleep(1);
  }

  /** Looks until the bar is there; {@code false} while the journal is only just appearing. */
  private boolean isThere(int sequence, SemnalProcess server, long deadline)
      throws InterruptedException {
    if (!Files.isDirectory(journal().resolve("inbound"))) {
      return false;
    }
    try (JournalDirectory directory = JournalDirectory.openReadOnly(journal());
        QueueReader reader = directory.inboundReader()) {
      while (!reader.seekToSequence(sequence)) {
        pause(server, deadline);
      }
      return true;
    } catch (JournalException e) {
      return false;
    }
  }

  private static String health(String address) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(URI.create(address)).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  /** Read with none of the project's readers. */
  private void standsOnce(Path bid, Path ask) throws IOException {
    List<String> bids = Files.readAllLines(bid);
    List<String> asks = Files.readAllLines(ask);
    List<List<Long>> expected = new ArrayList<>();
    for (int i = 1; i < bids.size(); i++) {
      expected.add(values(bids.get(i), asks.get(i)));
    }
    List<List<Long>> found = new ArrayList<>();
    HistoricalBarDecoder bar = new HistoricalBarDecoder();
    for (Message m : JournalView.inbound(journal(), t -> t == HistoricalBarDecoder.TEMPLATE_ID)) {
      bar.wrapAndApplyHeader(m.buffer(), 0, new MessageHeaderDecoder());
      assertThat(bar.ticks()).as("no volume is known").isEqualTo(Long.MIN_VALUE);
      found.add(
          List.of(
              bar.openTime(),
              bar.bidOpen(),
              bar.bidHigh(),
              bar.bidLow(),
              bar.bidClose(),
              bar.askOpen(),
              bar.askHigh(),
              bar.askLow(),
              bar.askClose()));
    }
    assertThat(found).isEqualTo(expected);
  }

  private static List<Long> values(String bid, String ask) {
    String[] b = bid.split(",");
    String[] a = ask.split(",");
    assertThat(a[0]).isEqualTo(b[0]);
    List<Long> values = new ArrayList<>();
    Instant open =
        LocalDateTime.parse(b[0].substring(0, 19).replace(' ', 'T')).toInstant(ZoneOffset.UTC);
    values.add(ChronoUnit.NANOS.between(Instant.EPOCH, open));
    for (int i = 1; i <= 4; i++) {
      values.add(RealTicks.mantissa(b[i]));
    }
    for (int i = 1; i <= 4; i++) {
      values.add(RealTicks.mantissa(a[i]));
    }
    return values;
  }
}

package io.semnal.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.semnal.core.access.KeyFile;
import io.semnal.core.config.SemnalConfig;
import io.semnal.core.metrics.Metrics;
import io.semnal.journal.JournalException;
import io.semnal.journal.Progress;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BarDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.QuoteEncoder;
import io.semnal.server.JournalView.Message;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.Agent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A live engine that computes something that its journal does not explain, as a flipped bit in
 * memory or code that is not deterministic would: it is given one price that was never journaled.
 */
class FollowerDiffersTest {
  private static final long START = 1_767_571_200_000_000_000L;
  private static final long SECOND = 1_000_000_000L;
  private static final long WRONG_BID = 200_000_000L;
  private static final int BEFORE = 630;
  private static final int AFTER = 600;

  @TempDir private Path folder;
  private final Quotes quotes = new Quotes();
  private String admin;

  @Test
  void isShownAndServesOnAndTheNextStartRefuses() throws Exception {
    ServerSetup setup = new ServerSetup(folder);
    Path journal = setup.journal();
    SemnalConfig config =
        setup.load(
            journal, Map.of("threads.composition", "shared", "recovery.snapshots.messages", "100"));
    KeyFile keys = KeySetup.openOrMake(config.runtime().gateway().keysFile(), "feed");
    long last;
    Metrics metrics = new Metrics();
    try (EngineHost host = EngineHost.open(config, metrics, Progress.NONE)) {
      quotes.into(host);
      try (SignalServer server = new SignalServer(config, host, metrics, keys, keys, quotes)) {
        admin = "http://127.0.0.1:" + server.start().admin().getPort();
        quotes.wanted = BEFORE;
        await("snapshot_journal_seq", value -> value > BEFORE / 2);
        await("follower_lag_messages", value -> value == 0);
        assertThat(metric("follower_differs")).isZero();
        assertThat(get("/health/ready").body()).contains("\"problems\":[]");

        quotes.tampers = true;
        quotes.wanted = BEFORE + AFTER;
        await("follower_differs", value -> value == 1);
        long snapshot = metric("snapshot_journal_seq");
        await("engine_bars", value -> value >= (BEFORE + AFTER) / 60 - 1);
        HttpResponse<String> ready = get("/health/ready");
        assertThat(ready.statusCode()).isEqualTo(200);
        JsonNode problems = new ObjectMapper().readTree(ready.body()).get("problems");
        assertThat(problems.findValuesAsText("text").getFirst())
            .contains("outbound message " + wrongBar(journal).outSeq() + " (Bar")
            .contains("differs in bidHigh: ");
        assertThat(metric("follower_stopped")).isZero();
        assertThat(metric("snapshot_journal_seq")).isEqualTo(snapshot);
        assertThat(server.fault()).as("it goes on").isNull();
        last = snapshot;
      }
    }
    long wrong = wrongBar(journal).outSeq();
    assertThat(JournalView.outbound(journal, t -> t == BarDecoder.TEMPLATE_ID))
        .as("published after it")
        .anyMatch(m -> m.outSeq() > wrong);
    try (Stream<Path> snapshots = Files.list(journal.resolve("snapshots"))) {
      assertThat(
              snapshots.map(f -> Long.parseLong(f.getFileName().toString().replace(".snap", ""))))
          .as("none knows of it, nor does the orderly end leave one")
          .isNotEmpty()
          .allMatch(sequence -> sequence <= last);
    }
    assertThatThrownBy(() -> EngineHost.open(config, new Metrics(), Progress.NONE).close())
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("outbound message " + wrong)
        .hasMessageContaining("bidHigh");
    CommandRun verified = CommandRun.of("replay", "--verify", "--journal", journal.toString());
    assertThat(verified.exit()).isEqualTo(1);
    assertThat(verified.out()).contains("outbound message " + wrong + " (Bar");
  }

  private static Message wrongBar(Path journal) {
    List<Message> bars = JournalView.outbound(journal, t -> t == BarDecoder.TEMPLATE_ID);
    return bars.stream()
        .filter(
            m ->
                new BarDecoder()
                        .wrapAndApplyHeader(m.buffer(), 0, new MessageHeaderDecoder())
                        .bidHigh()
                    == WRONG_BID)
        .findFirst()
        .orElseThrow();
  }

  private interface Wanted {
    boolean is(long value);
  }

  private void await(String name, Wanted wanted) throws Exception {
    long deadline = System.nanoTime() + ServerSetup.PATIENCE.toNanos();
    while (!wanted.is(metric(name))) {
      assertThat(System.nanoTime()).as(name).isLessThan(deadline);
      Thread.sleep(20);
    }
  }

  private long metric(String name) throws Exception {
    Matcher value =
        Pattern.compile("(?m)^semnal_" + name + " ([0-9]+)").matcher(get("/metrics").body());
    assertThat(value.find()).as(name).isTrue();
    return Long.parseLong(value.group(1));
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
          HttpRequest.newBuilder(URI.create(admin + path)).timeout(Duration.ofSeconds(30)).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  /** Quotes a second of market time apart; on the thread of ingress and engine. */
  private static final class Quotes implements Agent {
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    private final QuoteEncoder quote = new QuoteEncoder();
    private EngineHost host;
    private int instrument;
    private long accepted;
    private volatile long wanted;
    private volatile boolean tampers;

    void into(EngineHost to) {
      host = to;
      instrument = to.instruments().firstKey();
    }

    @Override
    public int doWork() {
      // By the ring's one producer; known already behind the first call.
      host.defineSource("quotes");
      if (tampers && accepted == BEFORE && host.inbound().depth() == 0) {
        tampers = false;
        encode(accepted, WRONG_BID);
        host.engine().onMessage(buffer, 0, length());
      }
      if (tampers || accepted >= wanted) {
        return 0;
      }
      encode(accepted + 1, 110_000_000L + accepted * 37 % 101 * 1_000);
      if (!host.ingress().offer(buffer, 0, length())) {
        return 0;
      }
      accepted++;
      return 1;
    }

    private void encode(long sequence, long bid) {
      quote
          .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
          .journalSeq(0)
          .time(START + sequence * SECOND)
          .eventTime(START + sequence * SECOND)
          .receiveTime(MessageLayout.ABSENT)
          .sourceSeq(sequence)
          .bid(bid)
          .ask(bid + 10_000)
          .bidSize(MessageLayout.ABSENT)
          .askSize(MessageLayout.ABSENT)
          .sourceId(1)
          .instrumentId(instrument)
          .flags()
          .clear();
    }

    private static int length() {
      return MessageLayout.HEADER + QuoteEncoder.BLOCK_LENGTH;
    }

    @Override
    public String roleName() {
      return "quotes";
    }
  }
}

package io.semnal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.semnal.core.access.ApiKey;
import io.semnal.gateway.rest.OutcomeRow;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.SignalEventDecoder;
import io.semnal.protocol.sbe.SignalState;
import io.semnal.protocol.session.KeyLimits;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What clients read over HTTP, over real sockets, against messages that the test made itself. */
class RestTest {
  private static final int BARS = 250;
  private final Outbound make = new Outbound();
  private final List<Long> euroBars = new ArrayList<>();
  private GatewayFixture gateway;
  private RestClient all;
  private RestClient euro;
  private RestClient signals;
  private long signalId;
  private long head;

  /** Two instruments, bars of both in turn, one signal with its events among them. */
  @BeforeEach
  void start() throws Exception {
    GatewayFixture.Settings settings = new GatewayFixture.Settings();
    settings.origins = List.of("https://desk.example");
    gateway = new GatewayFixture(settings);
    gateway.outcomes =
        List.of(
            new OutcomeRow(0, 1, 60, "LONDON", 4, 3, 12.5, Double.POSITIVE_INFINITY, 0.25),
            new OutcomeRow(0, 2, 60, "ASIA", 2, 0, -8, 0, Double.NaN));
    add(make.instrument(1, 1, "EURUSD", 5));
    add(make.instrument(2, 2, "USDJPY", 3));
    add(make.strategy(3, 7, "breakout"));
    for (int i = 0; i < BARS; i++) {
      euroBars.add(head + 1);
      add(make.bar(head + 1, 1, 60));
      add(make.bar(head + 1, 2, 60));
      if (i == 100) {
        signalId = head + 1;
        add(make.signal(signalId, 1, 7, floats(0.5f, Float.NaN)));
        add(make.signal(head + 1, 2, 7, new byte[0]));
        add(make.event(head + 1, signalId, 1, 7, SignalState.PENDING));
      }
      if (i == 110) {
        add(make.event(head + 1, signalId, 1, 7, SignalState.ACTIVE));
        add(make.event(head + 1, signalId + 1, 2, 7, SignalState.ACTIVE));
      }
      if (i == 120) {
        add(make.event(head + 1, signalId, 1, 7, SignalState.ENDED));
        add(make.event(head + 1, signalId, 1, 7, SignalState.ENDED));
      }
    }
    gateway.start();
    gateway.inbound(make.quote(41, 1, 138_654_000), make.quote(42, 2, 9_000_000_000L));
    gateway.inbound(make.quote(43, 1, 138_655_000));
    gateway.settle();
    all = new RestClient(gateway.wsPort(), gateway.clientKey("all"));
    euro = new RestClient(gateway.wsPort(), gateway.clientKey("euro"));
    signals = new RestClient(gateway.wsPort(), gateway.clientKey("signals"));
  }

  private void add(byte[] message) {
    gateway.history.append(message);
    head++;
  }

  private static byte[] floats(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return bytes.array();
  }

  @AfterEach
  void stop() {
    all.close();
    euro.close();
    signals.close();
    gateway.close();
  }

  private static List<String> texts(JsonNode array, String field) {
    List<String> texts = new ArrayList<>();
    array.forEach(n -> texts.add(n.get(field).asText()));
    return texts;
  }

  @Test
  void showsAKeyTheDefinitionsThatItMayKnow() throws Exception {
    assertThat(texts(all.get("/api/v1/instruments").get("instruments"), "symbol"))
        .containsExactly("EURUSD", "USDJPY");
    assertThat(texts(euro.get("/api/v1/instruments").get("instruments"), "symbol"))
        .containsExactly("EURUSD");
    assertThat(texts(euro.get("/api/v1/strategies").get("strategies"), "name"))
        .containsExactly("breakout");
    assertThat(euro.get("/api/v1/models").get("models")).isEmpty();
    assertThat(all.get("/api/v1/timeframes").toString())
        .isEqualTo(
            "{\"timeframes\":[{\"timeframe\":\"1m\",\"seconds\":60},"
                + "{\"timeframe\":\"5m\",\"seconds\":300}]}");
  }

  @Test
  void showsTheLatestQuoteOfEachInstrument() throws Exception {
    JsonNode quotes = all.get("/api/v1/quotes").get("quotes");
    assertThat(texts(quotes, "instrument")).containsExactly("EURUSD", "USDJPY");
    assertThat(texts(quotes, "journalSeq")).containsExactly("43", "42");
    assertThat(texts(quotes, "bid")).containsExactly("1.38655", "90.000");
    assertThat(texts(euro.get("/api/v1/quotes").get("quotes"), "journalSeq")).containsExactly("43");
    assertThat(texts(all.get("/api/v1/quotes?instrument=USDJPY").get("quotes"), "journalSeq"))
        .containsExactly("42");
    assertThat(signals.problem(403, "/api/v1/quotes")).isEqualTo("NOT_ENTITLED");
  }

  @Test
  void pagesThroughTheBarsOfOneTopicEachOnce() throws Exception {
    String path = "/api/v1/bars?instrument=EURUSD&timeframe=1m&limit=30";
    List<String> seen = new ArrayList<>();
    JsonNode page = euro.get(path);
    while (true) {
      seen.addAll(texts(page.get("bars"), "outSeq"));
      assertThat(page.get("head").asLong()).isEqualTo(head);
      if (page.get("next").isNull()) {
        break;
      }
      assertThat(page.get("bars")).hasSize(30);
      page = euro.get(path + "&cursor=" + page.get("next").asText());
    }
    assertThat(seen).containsExactlyElementsOf(euroBars.stream().map(String::valueOf).toList());
    assertThat(euro.get("/api/v1/bars?instrument=EURUSD&timeframe=5m").get("bars")).isEmpty();
    assertThat(gateway.history.openNow.get()).isZero();
  }

  /** A page ends where the journal did; polling with the last cursor goes on without a seam. */
  @Test
  void pagesThroughAGrowingJournalEachOnce() throws Exception {
    int more = 400;
    List<Long> expected = new ArrayList<>(euroBars);
    for (int i = 1; i <= more; i++) {
      expected.add(head + i);
    }
    Thread writer =
        Thread.ofVirtual()
            .start(
                () -> {
                  for (int i = 1; i <= more; i++) {
                    gateway.publish(make.bar(head + i, 1, 60));
                    Thread.yield();
                  }
                });
    List<Long> seen = new ArrayList<>();
    String path = "/api/v1/bars?instrument=EURUSD&timeframe=1m&limit=37&cursor=";
    String cursor = "0";
    for (int pages = 0; seen.size() < expected.size() && pages < 100; pages++) {
      JsonNode page = euro.get(path + cursor);
      texts(page.get("bars"), "outSeq").forEach(s -> seen.add(Long.parseLong(s)));
      if (!page.get("next").isNull()) {
        cursor = page.get("next").asText();
      } else {
        if (!seen.isEmpty()) {
          cursor = Long.toString(seen.getLast());
        }
        writer.join();
      }
    }
    writer.join();
    assertThat(seen).isEqualTo(expected);
  }

  @Test
  void readsBarsOfARangeOfTime() throws Exception {
    long from = euroBars.get(10);
    long to = euroBars.get(20);
    String path = "/api/v1/bars?instrument=EURUSD&timeframe=1m&from=%d&to=%d";
    JsonNode page = all.get(String.format(path, Outbound.TIME + from, Outbound.TIME + to));
    assertThat(texts(page.get("bars"), "outSeq"))
        .containsExactlyElementsOf(euroBars.subList(10, 20).stream().map(String::valueOf).toList());
    assertThat(page.get("next").isNull()).isTrue();
    assertThat(
            all.get("/api/v1/bars?instrument=EURUSD&timeframe=1m&from=2015-01-01T00:00:00Z")
                .get("bars"))
        .isEmpty();
    assertThat(
            all.get("/api/v1/bars?instrument=EURUSD&timeframe=1m&to=2014-05-01T00:00:00Z")
                .get("bars"))
        .isEmpty();
  }

  @Test
  void filtersSignals() throws Exception {
    assertThat(texts(all.get("/api/v1/signals").get("signals"), "instrument"))
        .containsExactly("EURUSD", "USDJPY");
    assertThat(texts(euro.get("/api/v1/signals").get("signals"), "instrument"))
        .containsExactly("EURUSD");
    for (String none :
        List.of("type=SELL", "timeframe=5m", "to=" + (Outbound.TIME + 1), "cursor=" + head)) {
      assertThat(all.get("/api/v1/signals?" + none).get("signals")).as(none).isEmpty();
    }
    String every = "?type=BUY&strategy=breakout&timeframe=1m&instrument=USDJPY";
    assertThat(texts(all.get("/api/v1/signals" + every).get("signals"), "outSeq"))
        .containsExactly(Long.toString(signalId + 1));
    assertThat(all.problem(404, "/api/v1/signals?strategy=x")).isEqualTo("UNKNOWN_STRATEGY");
    assertThat(all.problem(404, "/api/v1/signals?instrument=X")).isEqualTo("UNKNOWN_INSTRUMENT");
    assertThat(euro.problem(404, "/api/v1/signals?instrument=USDJPY"))
        .isEqualTo("UNKNOWN_INSTRUMENT");
  }

  @Test
  void showsASignalWithItsFeaturesAndWhatBecameOfIt() throws Exception {
    JsonNode found = euro.get("/api/v1/signals/" + signalId);
    assertThat(found.get("signal").get("outSeq").asText()).isEqualTo(Long.toString(signalId));
    assertThat(found.get("signal").get("features").toString()).isEqualTo("[0.5,null]");
    assertThat(texts(found.get("events"), "state")).containsExactly("PENDING", "ACTIVE", "ENDED");
    assertThat(found.get("next").isNull()).isTrue();
    assertThat(euro.problem(404, "/api/v1/signals/" + (signalId + 1))).isEqualTo("UNKNOWN_SIGNAL");
    assertThat(all.problem(404, "/api/v1/signals/" + (signalId + 2))).isEqualTo("UNKNOWN_SIGNAL");
    for (String id : List.of("0", "-1", "x", "9999999", "99999999999999999999", "%31")) {
      assertThat(all.problem(404, "/api/v1/signals/" + id)).as(id).isEqualTo("UNKNOWN_SIGNAL");
    }
  }

  @Test
  void showsOutcomesOfWhatTheKeyMayRead() throws Exception {
    JsonNode rows = all.get("/api/v1/statistics").get("statistics");
    assertThat(texts(rows, "session")).containsExactly("LONDON", "ASIA");
    assertThat(rows.get(0).get("hitRate").asDouble()).isEqualTo(0.75);
    assertThat(rows.get(0).get("expectancyPips").asDouble()).isEqualTo(3.125);
    assertThat(rows.get(0).get("profitFactor").isNull()).isTrue();
    assertThat(rows.get(1).get("brierScore").isNull()).isTrue();
    assertThat(texts(euro.get("/api/v1/statistics").get("statistics"), "session"))
        .containsExactly("LONDON");
    assertThat(all.get("/api/v1/statistics?timeframe=5m").get("statistics")).isEmpty();
  }

  /** All messages are of 2014, so whoever is told a year later is told all of it. */
  @Test
  void keepsFromAKeyWhatIsTooFarBackOrTooYoung() throws Exception {
    long age = System.currentTimeMillis() - Outbound.TIME / 1_000_000;
    long border = euroBars.get(5);
    limited("deep", new KeyLimits(0, 0, 10, Duration.ZERO));
    limited("late", new KeyLimits(0, 0, 0, Duration.ofMillis(age - 365L * 86_400_000)));
    limited("latest", new KeyLimits(0, 0, 0, Duration.ofMillis(age + 86_400_000)));
    String path = "/api/v1/bars?instrument=EURUSD&timeframe=1m";
    try (RestClient deep = client("deep");
        RestClient late = client("late");
        RestClient latest = client("latest")) {
      assertThat(texts(deep.get(path).get("bars"), "outSeq"))
          .containsExactlyElementsOf(
              euroBars.stream().filter(s -> s > head - 10).map(String::valueOf).toList());
      assertThat(deep.problem(403, path + "&cursor=" + border)).isEqualTo("NOT_ENTITLED");
      assertThat(deep.problem(404, "/api/v1/signals/" + signalId)).isEqualTo("UNKNOWN_SIGNAL");
      assertThat(late.get(path + "&limit=1000").get("bars")).hasSize(BARS);
      assertThat(late.problem(403, "/api/v1/quotes")).isEqualTo("NOT_ENTITLED");
      assertThat(late.problem(403, "/api/v1/statistics")).isEqualTo("NOT_ENTITLED");
      assertThat(latest.get(path).get("bars")).isEmpty();
      assertThat(latest.get(path).get("head").asLong()).isZero();
      // Not even how much there is can be found out by asking for it.
      for (long cursor : new long[] {1, head - 1, head, head + 1}) {
        assertThat(latest.problem(400, path + "&cursor=" + cursor)).isEqualTo("BAD_PARAMETER");
        assertThat(latest.send("GET", path + "&cursor=" + cursor).body())
            .contains("ends at 0")
            .doesNotContain(Long.toString(head));
      }
      assertThat(latest.problem(404, "/api/v1/signals/" + signalId)).isEqualTo("UNKNOWN_SIGNAL");
    }
  }

  private void limited(String id, KeyLimits limits) {
    ApiKey like = gateway.keys.get("all");
    gateway.keys.put(
        id,
        new ApiKey(
            id,
            like.secret(),
            new byte[0],
            like.role(),
            id,
            like.channels(),
            true,
            Set.of(),
            false,
            "",
            limits));
  }

  private RestClient client(String id) {
    return new RestClient(gateway.wsPort(), gateway.clientKey(id));
  }

  @Test
  void namesWhatIsWrongWithAQuery() throws Exception {
    String bars = "/api/v1/bars?instrument=EURUSD&timeframe=1m";
    assertThat(all.problem(400, "/api/v1/instruments?x=1")).isEqualTo("UNKNOWN_PARAMETER");
    assertThat(all.problem(400, "/api/v1/bars?instrument=EURUSD")).isEqualTo("BAD_PARAMETER");
    for (String bad :
        List.of(
            "limit=0",
            "limit=1001",
            "limit=x",
            "limit=1&limit=2",
            "limit=",
            "limit",
            "cursor=-1",
            "cursor=" + (head + 1),
            "from=yesterday",
            "from=9999999999999999999",
            "from=2&to=1")) {
      assertThat(all.problem(400, bars + "&" + bad)).as(bad).isEqualTo("BAD_PARAMETER");
    }
    assertThat(all.problem(400, bars + "&%6cimit=1&x=2")).isEqualTo("UNKNOWN_PARAMETER");
    gateway.history.forgetBefore(100);
    assertThat(all.problem(410, bars + "&cursor=50")).isEqualTo("AGED_OUT");
    assertThat(texts(all.get(bars).get("bars"), "outSeq").getFirst())
        .isEqualTo(Long.toString(euroBars.stream().filter(s -> s >= 100).findFirst().get()));
  }

  /** What was pruned has left every signal, and of every topic the last message. */
  @Test
  void saysWhereThePrunedJournalBeginsAndHidesNoSignalThatItKept() throws Exception {
    String bars = "/api/v1/bars?instrument=EURUSD&timeframe=1m&limit=1000";
    JsonNode before = all.get("/api/v1/signals");
    assertThat(before.get("oldest").asText()).isEqualTo("1");
    assertThat(all.get(bars).get("oldest").asText()).isEqualTo("1");
    List<String> signals = texts(before.get("signals"), "outSeq");
    assertThat(signals).hasSize(2);
    long floor = Long.parseLong(signals.getLast()) + 5;
    long stray = euroBars.stream().filter(s -> s < floor).toList().getLast();
    gateway.history.forgetBefore(
        floor, s -> s == stray || signals.contains(Long.toString(s)) || isEvent(s));

    JsonNode page = all.get(bars);
    assertThat(page.get("oldest").asLong()).isEqualTo(floor);
    assertThat(texts(page.get("bars"), "outSeq"))
        .containsExactlyElementsOf(
            euroBars.stream().filter(s -> s >= floor).map(String::valueOf).toList());
    JsonNode first = all.get("/api/v1/signals?limit=1");
    assertThat(first.get("oldest").asText()).isEqualTo("1");
    JsonNode second = all.get("/api/v1/signals?cursor=" + first.get("next").asText());
    assertThat(texts(first.get("signals"), "outSeq")).containsExactly(signals.get(0));
    assertThat(texts(second.get("signals"), "outSeq")).containsExactly(signals.get(1));
    assertThat(texts(all.get("/api/v1/signals/" + signalId).get("events"), "outSeq")).isNotEmpty();
  }

  private boolean isEvent(long outSeq) {
    return MessageLayout.templateId(new UnsafeBuffer(gateway.history.get(outSeq)), 0)
        == SignalEventDecoder.TEMPLATE_ID;
  }

  @Test
  void saysSoWhenTheJournalCannotBeRead() throws Exception {
    gateway.history.failAt = 5;
    HttpResponse<String> response = all.send("GET", "/api/v1/bars?instrument=EURUSD&timeframe=1m");
    assertThat(RestClient.problem(500, response)).isEqualTo("INTERNAL");
    assertThat(response.body()).doesNotContain("disk");
    assertThat(gateway.history.openNow.get()).isZero();
  }
}

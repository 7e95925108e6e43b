package io.semnal.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.semnal.protocol.Framing;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BooleanType;
import io.semnal.protocol.sbe.ConflatedDecoder;
import io.semnal.protocol.sbe.ConflatedSubscribeEncoder;
import io.semnal.protocol.sbe.ConflationMode;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.ScoreDecoder;
import io.semnal.protocol.sbe.ViewerQuoteDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients with different keys, filters and conflation, whose connections fill up and empty as
 * chance has it: each is told of what its key and filter let pass and of nothing else, what it gets
 * is what was published, and of each topic every message comes or is told as left out.
 */
class ConflatedIsolationTest {
  private static final int SCORES = 2;
  private static final int BARS = 4;
  private static final int QUOTES = 8;
  private static final int EURO = 1;
  private static final int YEN = 2;
  private static final int STRATEGY = 7;

  /** Bytes of a batch that are written before its end. */
  private static final int FULL = 64 * 1024;

  private static final int STEPS = 1_500;
  private static final long MILLI = 1_000_000L;
  private static final Map<String, Integer> IDS = Map.of("EURUSD", EURO, "USDJPY", YEN);

  private final EmbeddedGateway gateway = new EmbeddedGateway();
  private final Outbound outbound = new Outbound();

  /** By sequence: quotes as bid and instrument, scores as their bytes. */
  private final Map<Long, long[]> quotes = new HashMap<>();

  private final Map<Long, byte[]> scores = new HashMap<>();

  private record Client(FuzzPeer peer, Set<Integer> instruments, boolean open) {}

  @AfterEach
  void close() {
    gateway.close();
  }

  private static byte[] subscribe(
      int channels, ConflationMode how, int millis, String... instruments) {
    UnsafeBuffer buffer = new UnsafeBuffer(new byte[512]);
    ConflatedSubscribeEncoder e = new ConflatedSubscribeEncoder();
    e.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
        .requestId(7)
        .resume(BooleanType.F)
        .snapshot(BooleanType.F)
        .features(BooleanType.F)
        .conflation(how)
        .intervalMillis(millis);
    buffer.putShort(
        MessageLayout.HEADER + ConflatedSubscribeEncoder.channelsEncodingOffset(),
        (short) channels);
    ConflatedSubscribeEncoder.InstrumentsEncoder i = e.instrumentsCount(instruments.length);
    for (String instrument : instruments) {
      i.next().symbol(instrument);
    }
    e.timeframesCount(0);
    e.strategiesCount(0);
    return Arrays.copyOf(buffer.byteArray(), MessageLayout.HEADER + e.encodedLength());
  }

  /**
   * @param open whether its connection always takes what comes
   */
  private Client client(
      String key, boolean open, ConflationMode how, int millis, String... instruments) {
    FuzzPeer peer = new FuzzPeer(gateway, Encoding.SBE_TCP).login(key);
    peer.send(subscribe(SCORES | QUOTES, how, millis, instruments));
    List<String> read = new ArrayList<>(List.of(instruments));
    if (read.isEmpty()) {
      read.addAll(key.equals("euro") ? Set.of("EURUSD") : IDS.keySet());
    }
    return new Client(peer, Set.copyOf(read.stream().map(IDS::get).toList()), open);
  }

  private void quote(Random random) {
    long seq = quotes.size() + 1L;
    int instrument = random.nextBoolean() ? EURO : YEN;
    long bid = 100_000_000L * instrument + random.nextInt(1_000_000);
    quotes.put(seq, new long[] {bid, instrument});
    byte[] message = outbound.quote(seq, instrument, bid);
    gateway.hub.onInbound(new UnsafeBuffer(message), 0, message.length);
    gateway.hub.onBatchEnd();
  }

  private void score(Random random, boolean last) {
    long seq = gateway.hub.window().head() + 1;
    byte[] message = outbound.score(seq, random.nextBoolean() ? EURO : YEN, STRATEGY);
    scores.put(seq, message);
    if (last) {
      gateway.hub.onLast(new UnsafeBuffer(message), 0, message.length, 0);
      gateway.hub.onBatchEnd();
    } else {
      gateway.hub.onOutbound(new UnsafeBuffer(message), 0, message.length, 0);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void nobodyIsToldOfWhatIsNotTheirs(long seed) {
    Random random = new Random(seed);
    List<Client> clients =
        List.of(
            client("all", true, ConflationMode.LATEST, 0),
            client("all", false, ConflationMode.LATEST, 0),
            client("euro", false, ConflationMode.LATEST, 0),
            client("euro", true, ConflationMode.INTERVAL, 20),
            client("all", false, ConflationMode.INTERVAL, 30),
            client("all", false, ConflationMode.LATEST, 0, "USDJPY"));
    FuzzPeer json = new FuzzPeer(gateway, Encoding.JSON_WEBSOCKET).upgrade().login("euro");
    json.send(
        ("{\"type\":\"subscribe\",\"requestId\":7,\"channels\":[\"quotes\",\"scores\"],"
                + "\"conflation\":\"interval\",\"intervalMillis\":20}")
            .getBytes(StandardCharsets.UTF_8));
    long firstScore = gateway.hub.window().head() + 1;
    for (int i = 0; i < STEPS; i++) {
      switch (random.nextInt(6)) {
        case 0, 1 -> quote(random);
        case 2 -> score(random, false);
        case 3 -> score(random, true);
        case 4 -> {
          Client one = clients.get(random.nextInt(clients.size()));
          one.peer.writable(one.open || random.nextBoolean());
        }
        default -> {
          gateway.hub.onBatchEnd();
          gateway.hub.doWork(gateway.hub.now() + random.nextInt(8) * MILLI);
        }
      }
    }
    gateway.hub.onBatchEnd();
    for (Client each : clients) {
      each.peer.writable(true);
    }
    gateway.hub.doWork(gateway.hub.now() + 100 * MILLI);
    for (Client each : clients) {
      new Told(each.instruments, firstScore).check(each.peer.received());
    }
    assertThat(new String(json.received(), StandardCharsets.UTF_8))
        .contains("EURUSD", "\"type\":\"quote\"", "\"type\":\"score\"", "conflated")
        .doesNotContain("USDJPY");
    clients.forEach(each -> each.peer.close());
    json.close();
  }

  /** What one client was told, read by the schema alone. */
  private final class Told {
    private final Set<Integer> instruments;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();

    /** By instrument, the last one accounted for; scores have keys of their own. */
    private final Map<Integer, Long> accounted = new HashMap<>();

    private final long firstScore;

    Told(Set<Integer> instruments, long firstScore) {
      this.instruments = instruments;
      this.firstScore = firstScore;
    }

    void check(byte[] stream) {
      ByteBuffer in = ByteBuffer.wrap(stream);
      while (in.hasRemaining()) {
        byte[] message = new byte[in.getInt() - 6];
        in.getShort();
        in.get(message);
        onMessage(message);
      }
      for (int instrument : instruments) {
        account(instrument, quotes.size() + 1L, 0);
        account(-instrument, gateway.hub.window().head() + 1, 0);
      }
    }

    private void onMessage(byte[] bytes) {
      UnsafeBuffer message = new UnsafeBuffer(bytes);
      int template = MessageLayout.templateId(message, 0);
      if (template == ViewerQuoteDecoder.TEMPLATE_ID) {
        ViewerQuoteDecoder d = new ViewerQuoteDecoder();
        d.wrapAndApplyHeader(message, 0, header);
        assertThat(instruments).contains(d.instrumentId());
        assertThat(new long[] {d.bid(), d.instrumentId()}).isEqualTo(quotes.get(d.journalSeq()));
        account(d.instrumentId(), d.journalSeq(), d.journalSeq());
      } else if (template == ScoreDecoder.TEMPLATE_ID) {
        int instrument = MessageLayout.instrumentId(message, 0);
        long seq = MessageLayout.outSeq(message, 0);
        assertThat(instruments).contains(instrument);
        assertThat(bytes).isEqualTo(scores.get(seq));
        account(-instrument, seq, seq);
      } else if (template == ConflatedDecoder.TEMPLATE_ID) {
        ConflatedDecoder d = new ConflatedDecoder();
        d.wrapAndApplyHeader(message, 0, header);
        assertThat(instruments).contains(d.instrumentId());
        int topic = d.channels().scores() ? -d.instrumentId() : d.instrumentId();
        account(topic, d.fromSeq(), d.toSeq());
      }
    }

    /** From there to there is told of; nothing of the topic lies between it and what was before. */
    private void account(int topic, long from, long to) {
      long before = accounted.getOrDefault(topic, topic > 0 ? 0 : firstScore - 1);
      assertThat(from).isGreaterThan(before);
      for (long seq = before + 1; seq < from; seq++) {
        boolean owed =
            topic > 0
                ? quotes.get(seq)[1] == topic
                : scores.containsKey(seq)
                    && MessageLayout.instrumentId(new UnsafeBuffer(scores.get(seq)), 0) == -topic;
        if (owed) {
          fail("%d of topic %d was neither sent nor told of", seq, topic);
        }
      }
      accounted.put(topic, to);
    }
  }

  /**
   * A score that waited may go out in the very moment that another one is written, because the
   * connection takes more again: each goes out as itself.
   */
  @Test
  void whatGoesOutLateDoesNotTakeAnothersPlace() {
    FuzzPeer peer = new FuzzPeer(gateway, Encoding.SBE_TCP).login("all");
    peer.send(subscribe(SCORES, ConflationMode.INTERVAL, 20));
    peer.send(subscribe(BARS, ConflationMode.NONE, 0));
    SessionHub hub = gateway.hub;
    hub.doWork(hub.now() + 5 * MILLI);
    byte[] sent = publish(EURO);
    hub.onBatchEnd();
    byte[] held = publish(EURO);
    hub.onBatchEnd();
    // Paced at 17 ms after the first, and next at 22: at 21 it is due, and still waits.
    hub.doWork(hub.now() + 17 * MILLI);
    hub.doWork(hub.now() + 4 * MILLI);
    assertThat(scoresOf(peer)).containsExactly(sent);
    // So much that whatever comes next makes the connection full, and then free again.
    for (int staged = 0; staged < FULL; ) {
      byte[] bar = outbound.bar(hub.window().head() + 1, EURO, 60);
      hub.onOutbound(new UnsafeBuffer(bar), 0, bar.length, 0);
      staged += Framing.HEADER + bar.length;
    }
    byte[] other = publish(YEN);
    hub.onBatchEnd();
    assertThat(scoresOf(peer)).containsExactlyInAnyOrder(sent, held, other);
    peer.close();
  }

  private byte[] publish(int instrument) {
    byte[] message = outbound.score(gateway.hub.window().head() + 1, instrument, STRATEGY);
    gateway.hub.onOutbound(new UnsafeBuffer(message), 0, message.length, 0);
    return message;
  }

  private static List<byte[]> scoresOf(FuzzPeer peer) {
    List<byte[]> found = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(peer.received());
    while (in.hasRemaining()) {
      byte[] message = new byte[in.getInt() - 6];
      in.getShort();
      in.get(message);
      if (MessageLayout.templateId(new UnsafeBuffer(message), 0) == ScoreDecoder.TEMPLATE_ID) {
        found.add(message);
      }
    }
    return found;
  }
}

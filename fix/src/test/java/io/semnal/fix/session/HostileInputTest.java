package io.semnal.fix.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.fix.codec.FixVersion;
import io.semnal.fix.codec.Messages;
import io.semnal.fix.dictionary.FixDictionary;
import io.semnal.fix.store.MemoryStore;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Sessions fed with damaged streams: nothing is thrown, nothing hangs, and reading goes on. */
class HostileInputTest {
  private static final String TIME = "20260921-13:33:20";
  private static final long NOW = 1_789_997_600_000_000_000L;
  private static final FixDictionary DICTIONARY = FixDictionary.of(FixVersion.FIX44, true);
  private static final String[] BODIES = {
    "35=0|%s",
    "35=1|%s112=x|",
    "35=2|%s7=1|16=0|",
    "35=3|%s45=2|",
    "35=4|%s36=9|123=Y|",
    "35=4|%s36=2|",
    "35=5|%s58=bye|",
    "35=A|%s98=0|108=30|141=Y|",
    "35=B|%s148=h|58=text|95=3|96=a\1b|",
    "35=W|%s55=EUR/USD|268=2|269=0|270=1.1|269=1|270=1.2|"
  };

  @Property(tries = 800)
  void damagedStreamsThrowNothingAndReadingGoesOn(
      @ForAll long seed,
      @ForAll @IntRange(min = 0, max = 40) int messages,
      @ForAll @IntRange(min = 0, max = 30) int damages,
      @ForAll boolean dictionary,
      @ForAll boolean logon) {
    Random random = new Random(seed);
    byte[] stream = damaged(stream(random, messages, logon), random, damages);
    Outcome cut = feed(stream, random, dictionary);
    Outcome whole = feed(stream, null, dictionary);
    assertThat(cut).isEqualTo(whole);
  }

  /** Else all the others would only see how a Logon is refused. */
  @Test
  void withoutDamageTheSessionIsUp() {
    byte[] logon = message("35=A|%s98=0|108=30|", 1, new Random(1), false);
    assertThat(feed(logon, null, true).sent())
        .hasSize(2)
        .anyMatch(m -> m.contains("|35=A|"))
        .anyMatch(m -> m.contains("112=still there|"));
  }

  /** What is left of a session after a stream; independent of how the stream is cut. */
  record Outcome(List<String> sent, List<String> texts, boolean closed, long nextInbound) {}

  static Outcome feed(byte[] stream, Random cuts, boolean dictionary) {
    SessionConfig.Builder config =
        SessionConfig.acceptor(FixVersion.FIX44, "B", "A").maxMessage(4096);
    RecordingApplication application = new RecordingApplication();
    MemoryStore store = new MemoryStore(1 << 12);
    FixSession session =
        new FixSession(
            dictionary ? config.dictionary(DICTIONARY).build() : config.build(),
            store,
            application);
    Wire wire = new Wire();
    FixConnection connection = new FixConnection(wire, SessionDirectory.of(List.of(session)), 4096);
    connection.opened(NOW);
    UnsafeBuffer buffer = new UnsafeBuffer(stream);
    for (int at = 0; at < stream.length; ) {
      int length =
          cuts == null ? stream.length : Math.min(stream.length - at, 1 + cuts.nextInt(200));
      connection.received(buffer, at, length, NOW);
      at += length;
    }
    boolean closed = wire.closed;
    if (session.isLoggedOn()) {
      goesOn(connection, session, wire);
    }
    return new Outcome(wire.log, application.texts, closed, store.nextInbound());
  }

  /** After as many bytes as the longest claim, a test request in its turn is answered. */
  private static void goesOn(FixConnection connection, FixSession session, Wire wire) {
    byte[] padding = new byte[5000];
    connection.received(new UnsafeBuffer(padding), 0, padding.length, NOW);
    byte[] request =
        Messages.whole(
            "FIX.4.4",
            "35=1|34=" + session.nextInbound() + "|49=A|52=" + TIME + "|56=B|112=still there|");
    connection.received(new UnsafeBuffer(request), 0, request.length, NOW);
    assertThat(wire.log).anyMatch(m -> m.contains("112=still there|"));
  }

  private static byte[] stream(Random random, int messages, boolean logon) {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    if (logon) {
      stream.writeBytes(message("35=A|%s98=0|108=30|", 1, random, false));
    }
    for (int i = 0; i < messages; i++) {
      String body = BODIES[random.nextInt(random.nextInt(4) == 0 ? BODIES.length : 2)];
      int seq = random.nextInt(5) == 0 ? random.nextInt(50) : i + 2;
      stream.writeBytes(message(body, seq, random, random.nextInt(6) == 0));
    }
    return stream.toByteArray();
  }

  private static byte[] message(String body, int seq, Random random, boolean possDup) {
    String header =
        "34="
            + seq
            + "|"
            + (possDup ? "43=Y|" : "")
            + "49=A|52="
            + TIME
            + "|56=B|"
            + (possDup && random.nextBoolean() ? "122=" + TIME + "|" : "");
    return Messages.whole("FIX.4.4", String.format(body, header));
  }

  private static byte[] damaged(byte[] stream, Random random, int damages) {
    byte[] bytes = stream;
    for (int i = 0; i < damages && bytes.length > 0; i++) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[at] = 1;
        case 2 -> bytes[at] = (byte) ('0' + random.nextInt(10));
        case 3 -> bytes = without(bytes, at, Math.min(bytes.length, at + random.nextInt(20)));
        default -> bytes = doubled(bytes, at, Math.min(bytes.length, at + random.nextInt(60)));
      }
    }
    return bytes;
  }

  private static byte[] without(byte[] bytes, int from, int to) {
    byte[] shorter = new byte[bytes.length - (to - from)];
    System.arraycopy(bytes, 0, shorter, 0, from);
    System.arraycopy(bytes, to, shorter, from, bytes.length - to);
    return shorter;
  }

  private static byte[] doubled(byte[] bytes, int from, int to) {
    byte[] longer = new byte[bytes.length + to - from];
    System.arraycopy(bytes, 0, longer, 0, to);
    System.arraycopy(bytes, from, longer, to, bytes.length - from);
    return longer;
  }
}

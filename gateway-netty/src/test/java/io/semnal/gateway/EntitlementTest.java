package io.semnal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.protocol.Channel;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BarDecoder;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.HeartbeatDecoder;
import io.semnal.protocol.sbe.InstrumentDefinitionDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.ReplayBeginDecoder;
import io.semnal.protocol.sbe.ReplayEndDecoder;
import io.semnal.protocol.sbe.SessionErrorDecoder;
import io.semnal.protocol.sbe.SignalState;
import io.semnal.protocol.sbe.SnapshotBeginDecoder;
import io.semnal.protocol.sbe.SubscribedDecoder;
import io.semnal.protocol.session.KeyLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How much of the stream a key's holder gets, and how soon. */
class EntitlementTest {
  private static final int BARS = 4;
  private static final int QUOTES = 8;
  private static final long DELAY = 60_000_000_000L;
  private final Outbound outbound = new Outbound();
  private final GatewayFixture.Settings settings = new GatewayFixture.Settings();
  private GatewayFixture gateway;

  @AfterEach
  void close() {
    if (gateway != null) {
      gateway.close();
    }
  }

  /** Bars up to this outSeq; message n has the time TIME + n. */
  private void start(KeyLimits limits, int bars) throws Exception {
    gateway = new GatewayFixture(settings);
    gateway.keys.compute("all", (id, key) -> key.of("acme", limits));
    gateway.history.append(outbound.instrument(1, 1, "EURUSD", 5));
    for (int seq = 2; seq <= bars; seq++) {
      gateway.history.append(outbound.bar(seq, 1, 60));
    }
    gateway.wall.set(Outbound.TIME + 3 + DELAY);
    gateway.start();
  }

  @Test
  void aDelayedKeyGetsTheSameStreamByOutSeqWhenItIsOldEnough() throws Exception {
    start(new KeyLimits(0, 0, 0, Duration.ofNanos(DELAY)), 6);
    try (TcpClient client = gateway.connect("all")) {
      client.subscribe(1, BARS);
      SubscribedDecoder subscribed = new SubscribedDecoder();
      subscribed.wrapAndApplyHeader(
          client.next(SubscribedDecoder.TEMPLATE_ID), 0, new MessageHeaderDecoder());
      assertThat(subscribed.headOutSeq()).isEqualTo(3);
      gateway.publish(outbound.bar(7, 1, 60));
      gateway.wall.set(Outbound.TIME + 5 + DELAY);
      assertThat(bars(client, 2)).containsExactly(4L, 5L);
      client.socket.setSoTimeout(150);
      assertThat(isSilent(client)).isTrue();
    }
    try (TcpClient client = gateway.connect("all")) {
      gateway.wall.set(Outbound.TIME + 5 + DELAY);
      client.resume(1, BARS, 1).next(ReplayBeginDecoder.TEMPLATE_ID);
      assertThat(bars(client, 4)).containsExactly(2L, 3L, 4L, 5L);
      client.next(ReplayEndDecoder.TEMPLATE_ID);
      gateway.wall.set(Outbound.TIME + 7 + DELAY);
      assertThat(bars(client, 2)).containsExactly(6L, 7L);
    }
  }

  /** The live head is 6; three messages are old enough. */
  @Test
  void aDelayedKeyLearnsNothingOfTheLiveHead() throws Exception {
    settings.heartbeat = Duration.ofMillis(200);
    start(new KeyLimits(0, 0, 2, Duration.ofNanos(DELAY)), 6);
    MessageHeaderDecoder header = new MessageHeaderDecoder();
    try (TcpClient client = gateway.connect("all")) {
      assertThat(client.handshake.terms().headOutSeq()).isEqualTo(3);
      HeartbeatDecoder beat = new HeartbeatDecoder();
      beat.wrapAndApplyHeader(client.next(HeartbeatDecoder.TEMPLATE_ID), 0, header);
      assertThat(beat.headOutSeq()).isEqualTo(3);
      assertThat(beat.time()).isEqualTo(Outbound.TIME + 3);
    }
  }

  @Test
  void aDelayedKeysTokensEndAtItsOwnHead() throws Exception {
    start(new KeyLimits(0, 0, 2, Duration.ofNanos(DELAY)), 6);
    MessageHeaderDecoder header = new MessageHeaderDecoder();
    for (long ahead : new long[] {4, 6, 7, 100}) {
      try (TcpClient client = gateway.connect("all")) {
        client.resume(ahead, BARS, ahead);
        SessionErrorDecoder error = client.nextError();
        assertThat(error.code()).isEqualTo(ErrorCode.FROM_AHEAD);
        assertThat(error.text()).isEqualTo("token 1:" + ahead + " lies beyond the head 3");
        SnapshotBeginDecoder snapshot = new SnapshotBeginDecoder();
        snapshot.wrapAndApplyHeader(client.next(SnapshotBeginDecoder.TEMPLATE_ID), 0, header);
        assertThat(snapshot.atOutSeq()).isEqualTo(3);
      }
    }
    try (TcpClient client = gateway.connect("all")) {
      client.resume(8, BARS, 0);
      assertThat(client.nextError().text()).isEqualTo("key 'all' may go back 2 messages, not 3");
      client.resume(9, BARS, 1);
      ReplayBeginDecoder begin = new ReplayBeginDecoder();
      begin.wrapAndApplyHeader(client.next(ReplayBeginDecoder.TEMPLATE_ID), 0, header);
      assertThat(begin.toOutSeq()).isEqualTo(3);
    }
    gateway.wall.set(Outbound.TIME);
    try (TcpClient client = gateway.connect("all")) {
      // Nothing is old enough.
      assertThat(client.handshake.terms().headOutSeq()).isZero();
    }
  }

  @Test
  void aDelayBeyondTheWindowComesFromTheJournal() throws Exception {
    settings.window = 16;
    start(new KeyLimits(0, 0, 0, Duration.ofNanos(DELAY)), 100);
    try (TcpClient client = gateway.connect("all")) {
      client.resume(1, BARS, 1).next(ReplayBeginDecoder.TEMPLATE_ID);
      assertThat(bars(client, 2)).containsExactly(2L, 3L);
      for (int seq = 101; seq <= 200; seq++) {
        gateway.publish(outbound.bar(seq, 1, 60));
      }
      gateway.wall.set(Outbound.TIME + 200 + DELAY);
      List<Long> expected = new ArrayList<>();
      for (long seq = 4; seq <= 200; seq++) {
        expected.add(seq);
      }
      assertThat(bars(client, 197)).isEqualTo(expected);
    }
  }

  @Test
  void whatHasNoPlaceInTheStreamIsRefusedToADelayedKey() throws Exception {
    start(new KeyLimits(0, 0, 0, Duration.ofNanos(DELAY)), 6);
    try (TcpClient client = gateway.connect("all")) {
      client.subscribe(1, BARS | QUOTES);
      assertThat(client.nextError().code()).isEqualTo(ErrorCode.NOT_ENTITLED);
      client.subscribe(2, BARS, null, true, false, List.of());
      SessionErrorDecoder error = client.nextError();
      assertThat(error.code()).isEqualTo(ErrorCode.NOT_ENTITLED);
      assertThat(error.text()).contains("key 'all' is delayed");
      assertThat(gateway.audited).anyMatch(line -> line.startsWith("not-entitled|all|"));
    }
  }

  @Test
  void aResumeGoesNoFurtherBackThanTheKeyMay() throws Exception {
    start(new KeyLimits(0, 0, 10, Duration.ZERO), 50);
    try (TcpClient client = gateway.connect("all")) {
      client.resume(1, BARS, 39);
      SessionErrorDecoder error = client.nextError();
      assertThat(error.code()).isEqualTo(ErrorCode.NOT_ENTITLED);
      assertThat(error.text()).isEqualTo("key 'all' may go back 10 messages, not 11");
      client.resume(2, BARS, 40).next(ReplayBeginDecoder.TEMPLATE_ID);
      assertThat(bars(client, 10)).startsWith(41L).endsWith(50L);
    }
  }

  @Test
  void aRateHoldsBackAndLeavesNothingOut() throws Exception {
    start(new KeyLimits(0, 20, 0, Duration.ZERO), 2);
    try (TcpClient client = gateway.connect("all")) {
      client.subscribe(1, BARS).next(SubscribedDecoder.TEMPLATE_ID);
      long began = System.nanoTime();
      List<Long> expected = new ArrayList<>();
      for (int seq = 3; seq <= 42; seq++) {
        gateway.publish(outbound.bar(seq, 1, 60));
        expected.add((long) seq);
      }
      assertThat(bars(client, 40)).isEqualTo(expected);
      // Forty at twenty a second, a second's worth at once: no sooner than this.
      assertThat(System.nanoTime() - began).isGreaterThan(950_000_000L);
    }
  }

  /** Out of the journal, out of the window, live, and in a snapshot. */
  @Test
  void aKeyOfOneInstrumentIsToldNothingOfAnother() throws Exception {
    settings.window = 16;
    gateway = new GatewayFixture(settings);
    gateway.history.append(outbound.instrument(1, 1, "EURUSD", 5));
    gateway.history.append(outbound.instrument(2, 2, "USDJPY", 3));
    gateway.history.append(outbound.strategy(3, 7, "breakout"));
    gateway.history.append(outbound.signal(4, 1, 7, new byte[0]));
    gateway.history.append(outbound.signal(5, 2, 7, new byte[0]));
    gateway.history.append(outbound.event(6, 4, 1, 7, SignalState.ACTIVE));
    gateway.history.append(outbound.event(7, 5, 2, 7, SignalState.ACTIVE));
    for (int seq = 8; seq <= 60; seq++) {
      gateway.history.append(outbound.bar(seq, seq % 2 + 1, 60));
    }
    gateway.start();
    List<Long> expected = new ArrayList<>(List.of(4L, 6L));
    for (long seq = 8; seq <= 60; seq += 2) {
      expected.add(seq);
    }
    expected.addAll(List.of(62L, 64L));
    try (TcpClient euro = gateway.connect("euro")) {
      euro.resume(1, 0b10111, 0).next(ReplayBeginDecoder.TEMPLATE_ID);
      gateway.publish(
          outbound.bar(61, 2, 60),
          outbound.bar(62, 1, 60),
          outbound.score(63, 2, 7),
          outbound.score(64, 1, 7));
      assertThat(ofInstruments(euro, 64)).isEqualTo(expected);
    }
    try (TcpClient euro = gateway.connect("euro")) {
      euro.subscribe(1, 1, null, true, false, List.of());
      gateway.publish(outbound.signal(65, 2, 7, new byte[0]));
      gateway.publish(outbound.signal(66, 1, 7, new byte[0]));
      assertThat(ofInstruments(euro, 66)).containsExactly(4L, 6L, 66L);
    }
  }

  /** What came of instruments, up to that message; none may be of the second one. */
  private static List<Long> ofInstruments(TcpClient client, long last) throws Exception {
    List<Long> seen = new ArrayList<>();
    while (seen.isEmpty() || seen.getLast() != last) {
      UnsafeBuffer message = client.next();
      int template = MessageLayout.templateId(message, 0);
      int channel = Channel.of(template);
      boolean isDefinition = channel == Channel.DEFINITIONS;
      if (channel >= 0 && (!isDefinition || template == InstrumentDefinitionDecoder.TEMPLATE_ID)) {
        assertThat(MessageLayout.instrumentId(message, 0)).isEqualTo(1);
        if (!isDefinition) {
          seen.add(MessageLayout.outSeq(message, 0));
        }
      }
    }
    return seen;
  }

  private static boolean isSilent(TcpClient client) throws Exception {
    try {
      client.next(BarDecoder.TEMPLATE_ID);
      return false;
    } catch (java.net.SocketTimeoutException e) {
      return true;
    }
  }

  private static List<Long> bars(TcpClient client, int count) throws Exception {
    List<Long> seen = new ArrayList<>();
    while (seen.size() < count) {
      UnsafeBuffer bar = client.next(BarDecoder.TEMPLATE_ID);
      seen.add(MessageLayout.outSeq(bar, 0));
    }
    return seen;
  }
}

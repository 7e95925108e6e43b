package io.semnal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.protocol.Channel;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.ReplayBeginDecoder;
import io.semnal.protocol.sbe.ReplayEndDecoder;
import io.semnal.protocol.sbe.SessionErrorDecoder;
import io.semnal.protocol.sbe.SignalState;
import io.semnal.protocol.sbe.SnapshotBeginDecoder;
import io.semnal.protocol.sbe.SnapshotEndDecoder;
import io.semnal.protocol.sbe.SubscribedDecoder;
import io.semnal.testing.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ResumeTest {
  private static final int SIGNALS = 1;
  private static final int SCORES = 2;
  private static final int BARS = 4;
  private static final int STREAM = SIGNALS | SCORES | BARS | 16;
  private static final int HISTORY = 200_000;
  private final Outbound outbound = new Outbound();
  private final GatewayFixture.Settings settings = new GatewayFixture.Settings();
  private GatewayFixture gateway;
  private long definitionsGiven = Long.MAX_VALUE;

  private byte[] message(long seq) {
    return switch ((int) (seq % 7)) {
      case 0, 3 -> outbound.bar(seq, 1 + (int) (seq % 2), 60);
      case 1 -> outbound.signal(seq, 1, 1, new byte[(int) (seq % 50) * 4]);
      case 2 -> outbound.bar(seq, 2, 300);
      default -> outbound.score(seq, 1 + (int) (seq % 2), 1 + (int) (seq % 3 % 2));
    };
  }

  private GatewayFixture start(int messages) throws Exception {
    gateway = new GatewayFixture(settings);
    gateway.history.append(outbound.instrument(1, 1, "EURUSD", 5));
    gateway.history.append(outbound.instrument(2, 2, "USDJPY", 3));
    gateway.history.append(outbound.strategy(3, 1, "trend"));
    gateway.history.append(outbound.strategy(4, 2, "fade"));
    for (long seq = 5; seq <= messages; seq++) {
      gateway.history.append(message(seq));
    }
    return gateway.start(definitionsGiven);
  }

  @AfterEach
  void stop() {
    if (gateway != null) {
      gateway.close();
    }
  }

  /** Publishes in batches of random size until told to stop. */
  private final class Traffic implements AutoCloseable {
    private final AtomicBoolean running = new AtomicBoolean(true);
    private final Thread thread = new Thread(this::run, "traffic");

    void start() {
      thread.start();
    }

    private void run() {
      Random random = new Random(7);
      Outbound encoder = new Outbound();
      while (running.get()) {
        byte[][] batch = new byte[1 + random.nextInt(40)][];
        long head = gateway.history.head();
        for (int i = 0; i < batch.length; i++) {
          batch[i] = encoder.bar(head + 1 + i, 1 + i % 2, 60);
        }
        gateway.publish(batch);
        java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
      }
    }

    @Override
    public void close() {
      running.set(false);
      LoopThread.join(thread);
    }
  }

  /** Reads the stream after the definitions that a session is told first. */
  private static void toReplayBegin(TcpClient client) throws Exception {
    client.next(ReplayBeginDecoder.TEMPLATE_ID);
  }

  @Test
  void everyMessageOnceAcrossRandomCuts() throws Exception {
    start(HISTORY);
    Random random = new Random(42);
    long seen = 0;
    int rounds = 0;
    try (Traffic traffic = new Traffic()) {
      traffic.start();
      while (seen < HISTORY + 3_000) {
        // The first rounds begin far behind the window, the last ones in it.
        int take = 1 + random.nextInt(rounds % 3 == 0 ? 100 : 25_000);
        seen = takeSome(seen, take, rounds % 2 == 0);
        rounds++;
      }
    }
    assertThat(rounds).isGreaterThan(15);
    assertThat(gateway.history.opened.get()).isGreaterThan(5);
  }

  private long takeSome(long from, int take, boolean halfMessages) throws Exception {
    long seen = from;
    try (TcpClient client = gateway.connect("all")) {
      client.subscribe(1, STREAM, from, false, true, List.of());
      toReplayBegin(client);
      for (int i = 0; i < take; i++) {
        UnsafeBuffer message = client.nextOutbound();
        assertThat(MessageLayout.outSeq(message, 0)).isEqualTo(seen + 1);
        if (halfMessages || i == take - 1) {
          assertThat(TcpClient.bytes(message)).isEqualTo(gateway.history.get(seen + 1));
        }
        seen++;
      }
    }
    return seen;
  }

  @Test
  void aFilteredReplayEqualsTheFilteredJournal() throws Exception {
    start(HISTORY);
    try (Traffic traffic = new Traffic();
        TcpClient client = gateway.connect("all")) {
      traffic.start();
      client.subscribe(1, SIGNALS | BARS, 1_000L, 1, false, true, List.of(), List.of(60), "EURUSD");
      toReplayBegin(client);
      List<Long> got = new ArrayList<>();
      boolean ended = false;
      while (!ended || got.getLast() < HISTORY + 1_000) {
        UnsafeBuffer message = client.next();
        int template = MessageLayout.templateId(message, 0);
        ended |= template == ReplayEndDecoder.TEMPLATE_ID;
        if (MessageLayout.isOutbound(template)) {
          got.add(MessageLayout.outSeq(message, 0));
        }
      }
      List<Long> expected = new ArrayList<>();
      for (long seq = 1_001; seq <= got.getLast(); seq++) {
        UnsafeBuffer m = new UnsafeBuffer(gateway.history.get(seq));
        int channel = Channel.of(MessageLayout.templateId(m, 0));
        int seconds = MessageLayout.timeframe(m, 0);
        if ((channel == 0 || channel == 2)
            && MessageLayout.instrumentId(m, 0) == 1
            && seconds == 60) {
          expected.add(seq);
        }
      }
      assertThat(got).isEqualTo(expected);
    }
  }

  @Test
  void servesFromTheWindowWithoutTheJournal() throws Exception {
    start(10_000);
    try (TcpClient client = gateway.connect("all")) {
      client.resume(9, STREAM, 4_000);
      ReplayBeginDecoder begin = new ReplayBeginDecoder();
      begin.wrapAndApplyHeader(
          client.next(ReplayBeginDecoder.TEMPLATE_ID), 0, new MessageHeaderDecoder());
      assertThat(begin.requestId()).isEqualTo(9);
      assertThat(begin.fromOutSeq()).isEqualTo(4_000);
      assertThat(begin.toOutSeq()).isEqualTo(10_000);
      for (long seq = 4_001; seq <= 10_000; seq++) {
        assertThat(MessageLayout.outSeq(client.next(), 0)).isEqualTo(seq);
      }
      ReplayEndDecoder end = new ReplayEndDecoder();
      UnsafeBuffer message = client.next();
      end.wrapAndApplyHeader(message, 0, new MessageHeaderDecoder());
      assertThat(end.lastOutSeq()).isEqualTo(10_000);
      assertThat(gateway.history.opened.get()).isZero();
    }
  }

  @Test
  void aServerThatKnowsDefinitionsOnlyReplaysFromTheJournal() throws Exception {
    definitionsGiven = 4;
    start(2_000);
    try (TcpClient client = gateway.connect("all")) {
      client.resume(1, STREAM, 10);
      toReplayBegin(client);
      for (long seq = 11; seq <= 2_000; seq++) {
        assertThat(MessageLayout.outSeq(client.nextOutbound(), 0)).isEqualTo(seq);
      }
      client.next(ReplayEndDecoder.TEMPLATE_ID);
      assertThat(gateway.history.opened.get()).isEqualTo(1);
      gateway.publish(message(2_001));
      assertThat(MessageLayout.outSeq(client.nextOutbound(), 0)).isEqualTo(2_001);
    }
  }

  @Test
  void resumesAtTheHeadWithNothingToReplay() throws Exception {
    start(1_000);
    try (TcpClient client = gateway.connect("all")) {
      client.resume(1, STREAM, 1_000);
      toReplayBegin(client);
      assertThat(MessageLayout.templateId(client.next(), 0))
          .isEqualTo(ReplayEndDecoder.TEMPLATE_ID);
      gateway.publish(message(1_001));
      assertThat(MessageLayout.outSeq(client.nextOutbound(), 0)).isEqualTo(1_001);
    }
  }

  @Test
  void anotherEpochAFutureTokenAndAnOldOneGetAnErrorAndASnapshot() throws Exception {
    settings.window = 2;
    gateway = new GatewayFixture(settings);
    gateway.history.append(outbound.instrument(1, 1, "EURUSD", 5));
    gateway.history.append(outbound.strategy(2, 1, "trend"));
    gateway.history.append(outbound.signal(3, 1, 1, new byte[0]));
    gateway.history.append(outbound.signal(4, 1, 1, new byte[0]));
    gateway.history.append(outbound.event(5, 3, 1, 1, SignalState.ACTIVE));
    gateway.history.append(outbound.event(6, 4, 1, 1, SignalState.ENDED));
    gateway.start();
    gateway.history.forgetBefore(5);
    expectErrorAndSnapshot(1, 7L, ErrorCode.FROM_AHEAD);
    expectErrorAndSnapshot(2, 5L, ErrorCode.EPOCH_CHANGED);
    expectErrorAndSnapshot(1, 3L, ErrorCode.REPLAY_AGED_OUT);
  }

  private void expectErrorAndSnapshot(long epoch, long from, ErrorCode code) throws Exception {
    try (TcpClient client = gateway.connect("all")) {
      client.subscribe(3, STREAM, from, epoch, false, false, List.of(), List.of());
      SessionErrorDecoder error = client.nextError();
      assertThat(error.code()).isEqualTo(code);
      assertThat(error.requestId()).isEqualTo(3);
      assertThat(error.fatal()).isEqualTo(io.semnal.protocol.sbe.BooleanType.F);
      assertThat(MessageLayout.templateId(client.next(), 0))
          .isEqualTo(SubscribedDecoder.TEMPLATE_ID);
      assertThat(MessageLayout.templateId(client.next(), 0))
          .isEqualTo(SnapshotBeginDecoder.TEMPLATE_ID);
      List<Long> told = new ArrayList<>();
      UnsafeBuffer message = client.next();
      while (MessageLayout.templateId(message, 0) != SnapshotEndDecoder.TEMPLATE_ID) {
        told.add(MessageLayout.outSeq(message, 0));
        message = client.next();
      }
      assertThat(told).containsExactly(1L, 2L, 3L, 5L);
    }
  }

  @Test
  void liveBeginsWhereTheSnapshotEnds() throws Exception {
    start(500);
    try (TcpClient client = gateway.connect("all")) {
      client.subscribe(1, STREAM, null, true, false, List.of());
      client.next(SnapshotEndDecoder.TEMPLATE_ID);
      gateway.publish(message(501), message(502));
      assertThat(MessageLayout.outSeq(client.nextOutbound(), 0)).isEqualTo(501);
      assertThat(MessageLayout.outSeq(client.nextOutbound(), 0)).isEqualTo(502);
    }
  }

  @Test
  void refusesAResumeOnTopOfASubscription() throws Exception {
    start(500);
    try (TcpClient client = gateway.connect("all")) {
      client.subscribe(1, BARS).next(SubscribedDecoder.TEMPLATE_ID);
      client.resume(2, SCORES, 100);
      SessionErrorDecoder error = client.nextError();
      assertThat(error.code()).isEqualTo(ErrorCode.UNEXPECTED_MESSAGE);
      assertThat(error.requestId()).isEqualTo(2);
    }
  }

  @Test
  void pacesTheReplayAndLetsGoOfTheJournalWhenTheClientLeaves() throws Exception {
    settings.replayPerSecond = 10_000;
    start(HISTORY);
    try (TcpClient client = gateway.connect("all")) {
      long begin = System.nanoTime();
      client.resume(1, STREAM, 4);
      toReplayBegin(client);
      for (int i = 0; i < 5_000; i++) {
        client.nextOutbound();
      }
      // 5,000 at 10,000/s; a tenth of a second's worth may come at once.
      assertThat(System.nanoTime() - begin).isGreaterThan(390_000_000L);
    }
    Await.until("the end of the replay", () -> gateway.history.openNow.get() == 0);
  }

  @Test
  void aJournalCutDuringAReplayIsToldAndFollowedByASnapshot() throws Exception {
    settings.replayPerSecond = 20_000;
    start(HISTORY);
    try (TcpClient client = gateway.connect("all")) {
      client.resume(5, STREAM, 4);
      toReplayBegin(client);
      client.nextOutbound();
      gateway.history.forgetBefore(150_000);
      SessionErrorDecoder error = client.nextError();
      assertThat(error.code()).isEqualTo(ErrorCode.REPLAY_AGED_OUT);
      assertThat(error.requestId()).isEqualTo(5);
      assertThat(error.lastOutSeq()).isBetween(5L, 149_999L);
      client.next(SnapshotEndDecoder.TEMPLATE_ID);
      gateway.publish(message(HISTORY + 1));
      assertThat(MessageLayout.outSeq(client.nextOutbound(), 0)).isEqualTo(HISTORY + 1);
    }
  }

  @Test
  void aDamagedMessageIsNotServedAndASnapshotFollows() throws Exception {
    start(HISTORY);
    gateway.history.damagedAt = 20_000;
    try (TcpClient client = gateway.connect("all")) {
      client.resume(5, STREAM, 19_000);
      toReplayBegin(client);
      for (long next = 19_001; next < 20_000; next++) {
        assertThat(MessageLayout.outSeq(client.nextOutbound(), 0)).isEqualTo(next);
      }
      SessionErrorDecoder error = client.nextError();
      assertThat(error.code()).isEqualTo(ErrorCode.REPLAY_AGED_OUT);
      assertThat(error.lastOutSeq()).isEqualTo(19_999L);
      client.next(SnapshotEndDecoder.TEMPLATE_ID);
      gateway.publish(message(HISTORY + 1));
      assertThat(MessageLayout.outSeq(client.nextOutbound(), 0)).isEqualTo(HISTORY + 1);
    }
  }

  @Test
  void aJournalThatCannotBeReadEndsTheSessionAndNoOther() throws Exception {
    start(HISTORY);
    gateway.history.failAt = 20_000;
    try (TcpClient client = gateway.connect("all");
        TcpClient other = gateway.connect("all")) {
      other.subscribe(1, STREAM).next(SubscribedDecoder.TEMPLATE_ID);
      client.resume(5, STREAM, 4);
      SessionErrorDecoder error = client.nextError();
      assertThat(error.code()).isEqualTo(ErrorCode.INTERNAL);
      assertThat(error.lastOutSeq()).isEqualTo(20_000);
      assertThat(error.text()).doesNotContain("disk");
      assertThat(client.next()).isNull();
      gateway.publish(message(HISTORY + 1));
      assertThat(MessageLayout.outSeq(other.nextOutbound(), 0)).isEqualTo(HISTORY + 1);
      assertThat(gateway.history.openNow.get()).isZero();
    }
  }

  @Test
  void aSecondSubscribeWaitsForTheReplaysEnd() throws Exception {
    settings.replayPerSecond = 100_000;
    start(HISTORY);
    try (TcpClient client = gateway.connect("all")) {
      client.resume(1, SIGNALS, 4);
      toReplayBegin(client);
      client.subscribe(2, BARS);
      SessionErrorDecoder error = client.nextError();
      assertThat(error.code()).isEqualTo(ErrorCode.BUSY);
      assertThat(error.requestId()).isEqualTo(2);
      client.next(ReplayEndDecoder.TEMPLATE_ID);
      client.subscribe(3, BARS).next(SubscribedDecoder.TEMPLATE_ID);
    }
  }

  /** JSON, filtered by channel, over the edge loop: what was seen is the journal's bars. */
  @Test
  void everyBarOnceAcrossRandomCutsInJson() throws Exception {
    settings.window = 8_192;
    int messages = 40_000;
    start(messages);
    Random random = new Random(3);
    List<Long> seen = new ArrayList<>();
    long last = 4;
    try (Traffic traffic = new Traffic()) {
      traffic.start();
      while (last < messages + 1_000) {
        try (WsClient client = new WsClient(gateway.wsPort()).login(gateway.clientKey("all"))) {
          client.send(
              "{\"type\":\"subscribe\",\"requestId\":\"1\",\"channels\":[\"bars\"],\"resume\":\"1:"
                  + last
                  + "\"}");
          for (int take = 1 + random.nextInt(4_000); take > 0; take--) {
            last = client.next("bar").get("outSeq").asLong();
            seen.add(last);
          }
        }
      }
    }
    List<Long> expected = new ArrayList<>();
    for (long seq = 5; seq <= last; seq++) {
      UnsafeBuffer m = new UnsafeBuffer(gateway.history.get(seq));
      if (Channel.of(MessageLayout.templateId(m, 0)) == Channel.BARS.ordinal()) {
        expected.add(seq);
      }
    }
    assertThat(seen).isEqualTo(expected);
    assertThat(gateway.history.opened.get()).isPositive();
  }
}

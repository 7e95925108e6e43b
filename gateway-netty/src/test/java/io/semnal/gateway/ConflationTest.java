package io.semnal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BooleanType;
import io.semnal.protocol.sbe.ConflatedDecoder;
import io.semnal.protocol.sbe.ConflatedSubscribeEncoder;
import io.semnal.protocol.sbe.ConflationMode;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.ScoreDecoder;
import io.semnal.protocol.sbe.SessionErrorDecoder;
import io.semnal.protocol.sbe.SlowWarningDecoder;
import io.semnal.protocol.sbe.SubscribedDecoder;
import io.semnal.protocol.sbe.ViewerQuoteDecoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConflationTest {
  private static final int SIGNALS = 1;
  private static final int SCORES = 2;
  private static final int QUOTES = 8;
  private final Outbound outbound = new Outbound();
  private final GatewayFixture.Settings settings = new GatewayFixture.Settings();
  private GatewayFixture gateway;

  private void start() throws Exception {
    gateway = new GatewayFixture(settings);
    gateway.history.append(outbound.instrument(1, 1, "EURUSD", 5));
    gateway.history.append(outbound.instrument(2, 2, "USDJPY", 3));
    gateway.history.append(outbound.strategy(3, 1, "trend"));
    gateway.start();
  }

  @AfterEach
  void stop() {
    if (gateway != null) {
      gateway.close();
    }
  }

  private TcpClient narrow() throws Exception {
    return new TcpClient(gateway.tcpPort(), 4_096).login(gateway.clientKey("all"));
  }

  private static TcpClient subscribe(TcpClient client, int channels, ConflationMode how, int millis)
      throws Exception {
    UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);
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
    e.instrumentsCount(0);
    e.timeframesCount(0);
    e.strategiesCount(0);
    client.send(buffer, MessageLayout.HEADER + e.encodedLength());
    return client;
  }

  private byte[] message(long seq) {
    return seq % 1_000 == 0
        ? outbound.signal(seq, 1, 1, new byte[0])
        : outbound.score(seq, 1 + (int) (seq % 2), 1);
  }

  private void publish(long from, long to) {
    for (long seq = from; seq <= to; seq += 500) {
      byte[][] batch = new byte[(int) Math.min(500, to - seq + 1)][];
      for (int i = 0; i < batch.length; i++) {
        batch[i] = message(seq + i);
      }
      gateway.publish(batch);
    }
  }

  /** What a client with conflated scores is told: each score once, as itself or as left out. */
  private static final class Seen {
    final Map<Integer, List<Long>> scores = new HashMap<>();
    final Map<Integer, Long> accountedTo = new HashMap<>();
    final List<Long> signals = new ArrayList<>();
    long leftOut;
    boolean warned;

    void onMessage(UnsafeBuffer message) {
      switch (MessageLayout.templateId(message, 0)) {
        case ScoreDecoder.TEMPLATE_ID -> {
          int instrument = MessageLayout.instrumentId(message, 0);
          long seq = MessageLayout.outSeq(message, 0);
          assertThat(seq).isGreaterThan(accountedTo.getOrDefault(instrument, 0L));
          account(instrument, seq, seq);
          scores.computeIfAbsent(instrument, i -> new ArrayList<>()).add(seq);
        }
        case ConflatedDecoder.TEMPLATE_ID -> {
          ConflatedDecoder d = new ConflatedDecoder();
          d.wrapAndApplyHeader(message, 0, new MessageHeaderDecoder());
          assertThat(d.channels().scores()).isTrue();
          assertThat(d.timeframe()).isEqualTo(60);
          assertThat(d.strategyId()).isEqualTo(1);
          assertThat(d.toSeq()).isGreaterThanOrEqualTo(d.fromSeq());
          account(d.instrumentId(), d.fromSeq(), d.toSeq());
          leftOut += d.toSeq() - d.fromSeq() + 1;
        }
        case SlowWarningDecoder.TEMPLATE_ID -> warned = true;
        case io.semnal.protocol.sbe.SignalDecoder.TEMPLATE_ID ->
            signals.add(MessageLayout.outSeq(message, 0));
        default ->
            assertThat(MessageLayout.templateId(message, 0))
                .isNotEqualTo(SessionErrorDecoder.TEMPLATE_ID);
      }
    }

    /** No score of the topic lies between what was accounted for and {@code from}. */
    private void account(int instrument, long from, long to) {
      long after = accountedTo.getOrDefault(instrument, 3L);
      for (long seq = after + 1; seq < from; seq++) {
        assertThat(seq % 1_000 != 0 && 1 + seq % 2 == instrument)
            .as("score %d of instrument %d was neither sent nor told as left out", seq, instrument)
            .isFalse();
      }
      accountedTo.put(instrument, to);
    }
  }

  @Test
  void aSlowClientWithConflatedScoresGetsEverySignalAndTheLatestScores() throws Exception {
    settings.maxPending = 256 * 1024;
    start();
    long last = 60_000;
    try (TcpClient client = narrow()) {
      subscribe(client, SIGNALS | SCORES, ConflationMode.LATEST, 0)
          .next(SubscribedDecoder.TEMPLATE_ID);
      publish(4, last);
      gateway.settle();
      Seen seen = new Seen();
      while (seen.signals.size() < 60
          || seen.accountedTo.getOrDefault(1, 0L) < last - 2
          || seen.accountedTo.getOrDefault(2, 0L) < last - 1) {
        seen.onMessage(client.next());
      }
      List<Long> expected = new ArrayList<>();
      for (long seq = 1_000; seq <= last; seq += 1_000) {
        expected.add(seq);
      }
      assertThat(seen.signals).isEqualTo(expected);
      assertThat(seen.leftOut).isGreaterThan(1_000);
      assertThat(seen.scores.get(1).getLast()).isEqualTo(last - 2);
      assertThat(seen.scores.get(2).getLast()).isEqualTo(last - 1);
      assertThat(gateway.metrics.counter("gateway_slow_total{loop=\"hot\"}", "").get()).isZero();
    }
  }

  @Test
  void anIntervalLetsTheFirstPassAndThenTheLatest() throws Exception {
    start();
    try (TcpClient client = gateway.connect("all")) {
      subscribe(client, SCORES | SIGNALS, ConflationMode.INTERVAL, 200)
          .next(SubscribedDecoder.TEMPLATE_ID);
      // In one turn of the loop: between two, the interval could end.
      gateway.publish(
          message(4),
          message(5),
          message(6),
          message(7),
          message(8),
          message(9),
          outbound.signal(10, 1, 1, new byte[0]));
      Seen seen = new Seen();
      while (seen.accountedTo.getOrDefault(1, 0L) < 8 || seen.accountedTo.getOrDefault(2, 0L) < 9) {
        seen.onMessage(client.next());
      }
      assertThat(seen.scores.get(1)).containsExactly(4L, 8L);
      assertThat(seen.scores.get(2)).containsExactly(5L, 9L);
      // 6, and all up to before 8 or 9 as a range.
      assertThat(seen.leftOut).isEqualTo(4);
      assertThat(seen.signals).containsExactly(10L);
    }
  }

  @Test
  void anIntervalPacesQuotesInJson() throws Exception {
    start();
    try (WsClient client = new WsClient(gateway.wsPort()).login(gateway.clientKey("all"))) {
      client.send(
          "{\"type\":\"subscribe\",\"requestId\":\"1\",\"channels\":[\"quotes\"],"
              + "\"instruments\":[\"EURUSD\"],\"conflation\":\"interval\",\"intervalMillis\":300}");
      client.next("subscribed");
      byte[][] quotes = new byte[50][];
      for (int i = 0; i < quotes.length; i++) {
        quotes[i] = outbound.quote(1 + i, 1, 100_000_000L + i);
      }
      gateway.inbound(quotes);
      assertThat(client.next("quote").get("journalSeq").asText()).isEqualTo("1");
      JsonNode conflated = client.next("conflated");
      assertThat(conflated.get("fromSeq").asText()).isEqualTo("2");
      assertThat(conflated.get("toSeq").asText()).isEqualTo("49");
      assertThat(conflated.get("instrument").asText()).isEqualTo("EURUSD");
      assertThat(conflated.get("channels").get(0).asText()).isEqualTo("quotes");
      assertThat(client.next("quote").get("journalSeq").asText()).isEqualTo("50");
    }
  }

  @Test
  void whoWantsEveryQuoteGetsEachOrIsEnded() throws Exception {
    settings.maxPending = 512 * 1024;
    start();
    try (TcpClient quick = gateway.connect("all");
        TcpClient slow = narrow()) {
      subscribe(quick, QUOTES, ConflationMode.NONE, 0).next(SubscribedDecoder.TEMPLATE_ID);
      subscribe(slow, QUOTES, ConflationMode.NONE, 0).next(SubscribedDecoder.TEMPLATE_ID);
      int total = 150_000;
      for (int from = 1; from <= total; from += 500) {
        byte[][] quotes = new byte[500][];
        for (int i = 0; i < quotes.length; i++) {
          quotes[i] = outbound.quote(from + i, 1, 100_000_000L + from + i);
        }
        gateway.inbound(quotes);
        for (int i = 0; i < quotes.length; i++) {
          assertThat(MessageLayout.journalSeq(quick.next(ViewerQuoteDecoder.TEMPLATE_ID), 0))
              .isEqualTo(from + i);
        }
      }
      long next = 1;
      boolean warned = false;
      UnsafeBuffer message = slow.next(ViewerQuoteDecoder.TEMPLATE_ID);
      while (MessageLayout.templateId(message, 0) != SessionErrorDecoder.TEMPLATE_ID) {
        switch (MessageLayout.templateId(message, 0)) {
          case ViewerQuoteDecoder.TEMPLATE_ID ->
              assertThat(MessageLayout.journalSeq(message, 0)).isEqualTo(next++);
          case SlowWarningDecoder.TEMPLATE_ID -> warned = true;
          default -> assertThat(MessageLayout.templateId(message, 0)).isEqualTo(-1);
        }
        message = slow.next();
      }
      SessionErrorDecoder error = new SessionErrorDecoder();
      error.wrapAndApplyHeader(message, 0, new MessageHeaderDecoder());
      assertThat(error.code()).isEqualTo(ErrorCode.SLOW_CONSUMER);
      assertThat(warned).isTrue();
      assertThat(next).isLessThan(total);
    }
  }

  @Test
  void refusesAnIntervalOutOfRangeAndLeavesTheSessionAsItWas() throws Exception {
    start();
    try (TcpClient client = gateway.connect("all")) {
      for (int millis : new int[] {0, 19, 60_001, -5}) {
        subscribe(client, SCORES, ConflationMode.INTERVAL, millis);
        SessionErrorDecoder error = client.nextError();
        assertThat(error.code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
        assertThat(error.requestId()).isEqualTo(7);
      }
      client.subscribe(8, SCORES).next(SubscribedDecoder.TEMPLATE_ID);
      gateway.publish(message(4), message(6));
      assertThat(MessageLayout.outSeq(client.nextOutbound(), 0)).isEqualTo(4);
      assertThat(MessageLayout.outSeq(client.nextOutbound(), 0)).isEqualTo(6);
    }
  }
}

package io.semnal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.protocol.Channel;
import io.semnal.protocol.sbe.BarDecoder;
import io.semnal.protocol.sbe.ConflatedDecoder;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.ScoreDecoder;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.protocol.sbe.SignalEventDecoder;
import io.semnal.protocol.sbe.SignalState;
import io.semnal.protocol.sbe.SignalType;
import io.semnal.protocol.session.ResumeToken;
import io.semnal.testing.StandingPort;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Typed messages, by callback and by iterator, against the real gateway. */
class StreamListenerTest {
  private final Outbound journal = new Outbound();
  private final Typed typed = new Typed();

  private static final class Typed implements StreamListener {
    final List<String> seen = new ArrayList<>();
    final List<Double> buys = new ArrayList<>();
    final List<ServerError> errors = new ArrayList<>();

    private String how(Arrival a) {
      return (a.isReplay() ? " replay" : "")
          + (a.isSnapshot() ? " snapshot" : "")
          + (a.isConflated() ? " conflated" : "")
          + (a.isLive() ? " live" : "");
    }

    @Override
    public void onSignal(SignalDecoder s, Arrival a) {
      seen.add(
          "signal "
              + s.outSeq()
              + " "
              + a.instrument(s.instrumentId())
              + " "
              + a.strategy(s.strategyId())
              + " "
              + a.model(s.modelId())
              + " "
              + s.signalType()
              + " "
              + a.price(s.entry())
              + how(a));
    }

    @Override
    public void onSignalEvent(SignalEventDecoder e, Arrival a) {
      seen.add("event " + e.outSeq() + " " + a.instrument(e.instrumentId()) + how(a));
    }

    @Override
    public void onBar(BarDecoder b, Arrival a) {
      seen.add("bar " + b.outSeq() + " " + b.ticks() + how(a));
    }

    @Override
    public void onScore(ScoreDecoder s, Arrival a) {
      buys.add(s.buy());
      seen.add("score" + how(a));
    }

    @Override
    public void onConflated(ConflatedDecoder c, Arrival a) {
      seen.add("conflated " + (c.toSeq() - c.fromSeq() + 1));
    }

    @Override
    public void onLive(long lastOutSeq) {
      seen.add("live after " + lastOutSeq);
    }

    @Override
    public void onError(ServerError error) {
      errors.add(error);
    }
  }

  @BeforeEach
  void define() {
    journal.definitions();
  }

  private void until(SemnalClient client, java.util.function.BooleanSupplier done)
      throws IOException {
    Polling.until(client, typed.seen::toString, done);
  }

  @ParameterizedTest
  @EnumSource(
      value = Way.class,
      names = {"TCP", "WS_SBE"})
  void tellsEachKindAndHowItCame(Way way) throws Exception {
    journal.signal();
    journal.event(0);
    journal.bar();
    try (GatewayRig rig = new GatewayRig(journal, 0, 0);
        SemnalClient client = new SemnalClient(way.options(rig), typed)) {
      client.connect();
      client.subscribe(
          Subscription.to(Channel.SIGNALS, Channel.BARS).resumingAfter(new ResumeToken(1, 0)));
      until(client, () -> typed.seen.size() == 4);
      rig.publish(journal.signal());
      until(client, () -> typed.seen.size() == 5);
      assertThat(typed.seen)
          .containsExactly(
              "signal 5 EURUSD trend gbm@3 BUY 1.1643 replay",
              "event 6 USDJPY replay",
              "bar 7 3 replay",
              "live after 7",
              "signal 8 EURUSD trend gbm@3 BUY 1.1643 live");
    }
  }

  /** A hundred scores at once, and at most one in an interval: the first and the last. */
  @ParameterizedTest
  @EnumSource(
      value = Way.class,
      names = {"TCP", "WS_SBE"})
  void tellsWhatWasConflated(Way way) throws Exception {
    try (GatewayRig rig = new GatewayRig(journal, 0, 0);
        SemnalClient client = new SemnalClient(way.options(rig), typed)) {
      client.connect();
      client.subscribe(
          Subscription.to(Channel.SIGNALS, Channel.SCORES)
              .withConflation(Conflation.every(Duration.ofMillis(500))));
      until(client, () -> client.token() != null);
      ResumeToken before = client.token();
      for (int i = 1; i <= 100; i++) {
        rig.publish(journal.score(i));
      }
      until(client, () -> typed.buys.contains(100.0));
      assertThat(typed.buys.getFirst()).isEqualTo(1.0);
      int leftOut =
          typed.seen.stream()
              .filter(s -> s.startsWith("conflated "))
              .mapToInt(s -> Integer.parseInt(s.substring(10)))
              .sum();
      assertThat(leftOut + typed.buys.size()).as("nothing goes untold").isEqualTo(100);
      assertThat(typed.seen.getFirst()).isEqualTo("score live");
      assertThat(leftOut).isPositive();
      for (int i = 0; i < typed.seen.size(); i++) {
        boolean told = i > 0 && typed.seen.get(i - 1).startsWith("conflated ");
        if (typed.seen.get(i).startsWith("score")) {
          assertThat(typed.seen.get(i)).isEqualTo(told ? "score conflated live" : "score live");
        }
      }
      assertThat(client.token()).as("conflated scores have no place").isEqualTo(before);
      assertThat(client.gaps()).isZero();
    }
  }

  @Test
  void tellsErrorsWithTheirCodes() throws Exception {
    try (GatewayRig rig = new GatewayRig(journal, 0, 0);
        SemnalClient client = new SemnalClient(Way.TCP.options(rig), typed)) {
      client.connect();
      client.subscribe(Subscription.to(Channel.BARS).withInstruments(List.of("XXXYYY")));
      until(client, () -> !typed.errors.isEmpty());
      ServerError error = typed.errors.getFirst();
      assertThat(error.code()).isEqualTo(ErrorCode.UNKNOWN_INSTRUMENT);
      assertThat(error.fatal()).isFalse();
      assertThat(error.requestId()).isEqualTo(1);
      assertThat(error.toString()).contains("XXXYYY");
    }
    assertThatThrownBy(
            () ->
                new SemnalClient(
                    ClientOptions.of("ws://x:1/ws", GatewayRig.CLIENT).withJson(), typed))
        .hasMessageContaining("withJson");
    assertThatThrownBy(() -> Conflation.every(Duration.ofMillis(5))).hasMessageContaining("20");
  }

  @ParameterizedTest
  @EnumSource(
      value = Way.class,
      names = {"TCP", "WS_SBE"})
  void givesMessagesOneByOneOverARestart(Way way) throws Exception {
    journal.signal();
    journal.bar();
    GatewayRig.Settings settings = new GatewayRig.Settings();
    settings.tcpPort = StandingPort.tcp();
    settings.wsPort = StandingPort.tcp();
    GatewayRig rig = new GatewayRig(journal, settings);
    try (MessageStream stream =
        MessageStream.open(
            way.options(rig),
            Subscription.to(Channel.SIGNALS, Channel.BARS).resumingAfter(new ResumeToken(1, 0)))) {
      Published.Signal signal = (Published.Signal) stream.next();
      assertThat(signal)
          .isEqualTo(
              new Published.Signal(
                  5,
                  Instant.ofEpochSecond(0, 4_000),
                  "EURUSD",
                  true,
                  Duration.ofMinutes(1),
                  "trend",
                  "gbm@3",
                  SignalType.BUY,
                  0.625,
                  1.1643,
                  1.1633,
                  1.1658,
                  Instant.ofEpochSecond(1_152_921_504, 606_846_976)));
      assertThat(stream.token()).isEqualTo(new ResumeToken(1, 5));
      Published.Bar bar = (Published.Bar) stream.next();
      assertThat(bar.bid()).isEqualTo(new Published.Ohlc(1.164, 1.1645, 1.1635, 1.1642));
      assertThat(bar.ticks()).isEqualTo(3);
      assertThat(stream.next(Duration.ofMillis(1))).isNull();
      rig.close();
      for (int i = 0; i < 50; i++) {
        journal.event(0);
      }
      rig = new GatewayRig(journal, settings);
      long expected = 7;
      for (Published message : stream.messages()) {
        assertThat(message.outSeq()).isEqualTo(expected);
        assertThat(((Published.Event) message).state()).isEqualTo(SignalState.ACTIVE);
        if (++expected == 57) {
          break;
        }
      }
      assertThat(stream.token()).isEqualTo(new ResumeToken(1, 56));
    } finally {
      rig.close();
    }
  }

  @Test
  void throwsWhatIsRefused() throws Exception {
    try (GatewayRig rig = new GatewayRig(journal, 0, 0);
        MessageStream stream =
            MessageStream.open(
                Way.TCP.options(rig),
                Subscription.to(Channel.SIGNALS).withInstruments(List.of("XXXYYY")))) {
      assertThatThrownBy(stream::next)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("UNKNOWN_INSTRUMENT");
    }
  }
}

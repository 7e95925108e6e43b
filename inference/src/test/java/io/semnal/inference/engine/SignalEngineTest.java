package io.semnal.inference.engine;

import static io.semnal.inference.engine.EngineRig.MINUTE;
import static io.semnal.inference.engine.EngineRig.SECOND;
import static io.semnal.inference.engine.EngineRig.START;
import static io.semnal.inference.engine.EngineRig.price;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.semnal.core.config.StrategyConfig.Trigger;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BarDecoder;
import io.semnal.protocol.sbe.EndReason;
import io.semnal.protocol.sbe.FeedState;
import io.semnal.protocol.sbe.ScoreReason;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.protocol.sbe.SignalEventDecoder;
import io.semnal.protocol.sbe.SignalState;
import io.semnal.protocol.sbe.SignalType;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignalEngineTest {
  private final ScriptedScorer scorer =
      new ScriptedScorer(TestConfig.COLUMNS.size(), 3, false, null);

  private EngineRig rig(TestConfig config) {
    scorer.says(0.2, 0.2, 0.6);
    return new EngineRig(
        config.build(), ScriptedScorer.model("test", 1, 1, TestConfig.COLUMNS, scorer));
  }

  private EngineRig tick(TestConfig config) {
    return rig(config.strategy("s", Trigger.TICK, "EURUSD")).start(START);
  }

  private EngineRig barClose(TestConfig config) {
    return rig(config.strategy("s", Trigger.BAR_CLOSE, "EURUSD")).start(START);
  }

  /** A BUY published at {@code time}: entry 1.10010, stop 20 and target 30 pips away. */
  private long openBuy(EngineRig rig) {
    long time = rig.warmUp(START) + SECOND;
    rig.clock(START + 4 * MINUTE);
    scorer.says(0.7, 0.2, 0.1);
    time = START + 4 * MINUTE + SECOND;
    rig.quote(time, 1.10000, 1.10010);
    return time;
  }

  @Test
  void publishesLevelsAtMultiplesOfAtrFromTheQuoteThatFills() {
    EngineRig rig = tick(new TestConfig());
    long time = openBuy(rig);

    SignalDecoder signal = rig.signals().getFirst();
    assertThat(signal.signalType()).isEqualTo(SignalType.BUY);
    assertThat(signal.entry()).isEqualTo(price(1.10010));
    // Mid range of the last bar: 1.10105 - 1.10005 = 10 pips; stop 2, target 3 of them.
    assertThat(signal.stopLoss()).isEqualTo(price(1.09810));
    assertThat(signal.takeProfit()).isEqualTo(price(1.10310));
    assertThat(signal.expiration()).isEqualTo(time + 10 * MINUTE);
    assertThat(signal.strength()).isEqualTo(0.7);
    assertThat(signal.time()).isEqualTo(time);
    assertThat(signal.featuresLength()).isZero();
  }

  @Test
  void entersAtTheNextQuotesAskAndLeavesAtTheTarget() {
    EngineRig rig = tick(new TestConfig());
    long time = openBuy(rig);
    rig.quote(time + SECOND, 1.10010, 1.10021);
    rig.quote(time + 2 * SECOND, 1.10310, 1.10320);

    List<SignalEventDecoder> events = rig.events();
    assertThat(events).hasSize(2);
    assertThat(events.get(0).state()).isEqualTo(SignalState.ACTIVE);
    assertThat(events.get(0).price()).isEqualTo(price(1.10021));
    assertThat(events.get(0).pips()).isNaN();
    assertThat(events.get(1).reason()).isEqualTo(EndReason.TARGET);
    assertThat(events.get(1).price()).isEqualTo(price(1.10310));
    assertThat(events.get(1).pips()).isCloseTo(28.9, within(1e-9));
    assertThat(events.get(1).signalId()).isEqualTo(rig.signals().getFirst().outSeq());
  }

  @Test
  void scoresAClosedBarAtItsDueTimeAndTheSameQuoteEnters() {
    EngineRig rig = barClose(new TestConfig());
    rig.warmUp(START);
    scorer.says(0.1, 0.8, 0.1);
    rig.quote(START + 4 * MINUTE + 20 * SECOND, 1.09990, 1.10000);

    SignalDecoder signal = rig.signals().getFirst();
    assertThat(signal.time()).isEqualTo(START + 4 * MINUTE);
    assertThat(signal.eventTime()).isEqualTo(MessageLayout.ABSENT);
    assertThat(signal.entry()).isEqualTo(price(1.10000));
    SignalEventDecoder entered = rig.events().getFirst();
    assertThat(entered.state()).isEqualTo(SignalState.ACTIVE);
    assertThat(entered.price()).isEqualTo(price(1.09990));
    assertThat(entered.time()).isEqualTo(START + 4 * MINUTE + 20 * SECOND);
  }

  @Test
  void flipsThroughTheSpreadWithoutCooldown() {
    TestConfig config = new TestConfig();
    config.cooldownBars = 100;
    EngineRig rig = tick(config);
    long time = openBuy(rig);
    rig.quote(time + SECOND, 1.10010, 1.10020);
    scorer.says(0.1, 0.8, 0.1);
    rig.quote(time + 2 * SECOND, 1.10015, 1.10025);

    SignalEventDecoder flipped = rig.events().getLast();
    assertThat(flipped.reason()).isEqualTo(EndReason.FLIPPED);
    assertThat(flipped.price()).isEqualTo(price(1.10015));
    assertThat(rig.signals().getLast().signalType()).isEqualTo(SignalType.SELL);
    assertThat(rig.signals().getLast().entry()).isEqualTo(price(1.10015));
    assertThat(rig.lastReason()).isEqualTo(ScoreReason.SIGNAL);
    assertThat(rig.signals().getLast().outSeq()).isGreaterThan(flipped.outSeq());
  }

  @Test
  void aSpreadTooWideHoldsAFlipBackAltogether() {
    EngineRig rig = tick(new TestConfig());
    long time = openBuy(rig);
    scorer.says(0.1, 0.8, 0.1);
    rig.quote(time + SECOND, 1.10000, 1.10050);
    assertThat(rig.lastReason()).isEqualTo(ScoreReason.SPREAD);
    assertThat(rig.signals()).hasSize(1);
    assertThat(rig.engine.counters().openSignals()).isEqualTo(1);
  }

  @Test
  void countsTheSameSideAndIgnoresIt() {
    EngineRig rig = tick(new TestConfig());
    long time = openBuy(rig);
    for (int i = 1; i <= 5; i++) {
      rig.quote(time + i * SECOND, 1.10000, 1.10010);
      assertThat(rig.lastReason()).isEqualTo(ScoreReason.POSITION_OPEN);
    }
    rig.quote(time + 6 * SECOND, 1.09700, 1.09710);
    SignalEventDecoder end = rig.events().getLast();
    assertThat(end.reason()).isEqualTo(EndReason.STOP);
    assertThat(end.price()).isEqualTo(price(1.09700));
    assertThat(end.repeats()).isEqualTo(5);
    assertThat(rig.signals()).hasSize(2);
  }

  @Test
  void coolsDownInMarketTime() {
    TestConfig config = new TestConfig();
    config.cooldownBars = 2;
    EngineRig rig = tick(config);
    long time = openBuy(rig);
    rig.quote(time + SECOND, 1.10000, 1.10010);
    long end = time + 2 * SECOND;
    rig.quote(end, 1.09700, 1.09710);
    assertThat(rig.lastReason()).isEqualTo(ScoreReason.COOLDOWN);
    rig.quote(end + 2 * MINUTE - 1, 1.09700, 1.09710);
    assertThat(rig.lastReason()).isEqualTo(ScoreReason.COOLDOWN);
    rig.quote(end + 2 * MINUTE, 1.09700, 1.09710);
    assertThat(rig.lastReason()).isEqualTo(ScoreReason.SIGNAL);
  }

  @Test
  void expiresOverTheWeekendAtTheLastKnownQuote() {
    TestConfig config = new TestConfig();
    config.horizonBars = 10;
    scorer.says(0.2, 0.2, 0.6);
    // Friday 2026-03-06, 21:57Z is three minutes before the close in New York (winter time).
    long friday = Instant.parse("2026-03-06T21:53:00Z").getEpochSecond() * SECOND;
    EngineRig rig = rig(config.strategy("s", Trigger.TICK, "EURUSD")).start(friday);
    rig.warmUp(friday);
    rig.clock(friday + 4 * MINUTE);
    scorer.says(0.7, 0.2, 0.1);
    rig.quote(friday + 4 * MINUTE + SECOND, 1.10000, 1.10010);
    rig.quote(friday + 4 * MINUTE + 2 * SECOND, 1.10000, 1.10010);
    // 2 min 59 s are left before the close; New York changes to summer time on that Sunday.
    long sunday = Instant.parse("2026-03-08T21:00:00Z").getEpochSecond() * SECOND;
    long due = sunday + 7 * MINUTE + SECOND;
    assertThat(rig.signals().getFirst().expiration()).isEqualTo(due);
    rig.clock(due - 1);
    assertThat(rig.events()).hasSize(1);
    rig.quote(due + 5 * SECOND, 1.10100, 1.10110);
    SignalEventDecoder end = rig.events().getLast();
    assertThat(end.reason()).isEqualTo(EndReason.EXPIRED);
    assertThat(end.time()).isEqualTo(due);
    assertThat(end.price()).isEqualTo(price(1.10000));
    assertThat(end.pips()).isCloseTo(-1, within(1e-9));
  }

  @Test
  void aStopOnTheFirstQuoteAfterTheWeekendIsAGap() {
    TestConfig config = new TestConfig();
    config.horizonBars = 100;
    long friday = Instant.parse("2026-03-06T21:53:00Z").getEpochSecond() * SECOND;
    EngineRig rig = rig(config.strategy("s", Trigger.TICK, "EURUSD")).start(friday);
    rig.warmUp(friday);
    rig.clock(friday + 4 * MINUTE);
    scorer.says(0.7, 0.2, 0.1);
    rig.quote(friday + 4 * MINUTE + SECOND, 1.10000, 1.10010);
    rig.quote(friday + 4 * MINUTE + 2 * SECOND, 1.10000, 1.10010);
    long sunday = Instant.parse("2026-03-08T21:00:00Z").getEpochSecond() * SECOND;
    rig.quote(sunday + SECOND, 1.09000, 1.09010);
    assertThat(rig.events().getLast().reason()).isEqualTo(EndReason.GAP);
    assertThat(rig.events().getLast().price()).isEqualTo(price(1.09000));
  }

  @Test
  void aStopOnTheFirstQuoteAfterTheFeedWasDownIsAGap() {
    EngineRig rig = tick(new TestConfig());
    long time = openBuy(rig);
    rig.quote(time + SECOND, 1.10000, 1.10010);
    rig.feed(FeedState.DOWN, time + 2 * SECOND, 1, 0);
    rig.feed(FeedState.UP, time + 3 * SECOND, 1, 0);
    rig.quote(time + 4 * SECOND, 1.09000, 1.09010);
    assertThat(rig.events().getLast().reason()).isEqualTo(EndReason.GAP);
  }

  @Test
  void flaggedQuotesFillNothingAndScoreNothing() {
    EngineRig rig = tick(new TestConfig());
    long time = openBuy(rig);
    rig.quote(1, time + SECOND, 1.09000, 1.08990, QuoteRules.CROSSED);
    assertThat(rig.events()).isEmpty();
    assertThat(rig.lastReason()).isEqualTo(ScoreReason.QUALITY);
    assertThat(rig.scores().getLast().buy()).isNaN();
    assertThat(rig.scores().getLast().bid()).isEqualTo(price(1.09000));
  }

  @Test
  void droppedQuotesLeaveNoTrace() {
    EngineRig rig = tick(new TestConfig());
    long time = openBuy(rig);
    int before = rig.sink.size();
    rig.quote(1, time + SECOND, 1.09000, 1.09010, QuoteRules.DUPLICATE);
    assertThat(rig.sink.size()).isEqualTo(before);
    assertThat(rig.engine.counters().quotesDropped()).isEqualTo(1);
  }

  @Test
  void lateQuotesAreLeftOutAndSaySo() {
    EngineRig rig = tick(new TestConfig());
    long time = openBuy(rig);
    int before = rig.sink.size();
    rig.send(rig.in.quote(1, time + SECOND, time - MINUTE, price(1.09000), price(1.09010), 0));
    assertThat(rig.sink.size()).isEqualTo(before);
    assertThat(rig.engine.counters().quotesLate()).isEqualTo(1);
  }

  @Test
  void aFlaggedBarScoresNothingOnItsClose() {
    EngineRig rig = barClose(new TestConfig());
    rig.warmUp(START);
    rig.quote(1, START + 3 * MINUTE + 40 * SECOND, 1.10000, 1.09990, QuoteRules.CROSSED);
    rig.clock(START + 4 * MINUTE);
    assertThat(rig.lastReason()).isEqualTo(ScoreReason.QUALITY);
    assertThat(rig.bars().getLast().flags().crossed()).isTrue();
  }

  @Test
  void aFeedReportedStaleScoresNothingUntilItSpeaksAgain() {
    EngineRig rig = barClose(new TestConfig());
    rig.warmUp(START);
    rig.feed(FeedState.STALE, START + 3 * MINUTE + 40 * SECOND, 1, 1);
    rig.clock(START + 4 * MINUTE);
    assertThat(rig.lastReason()).isEqualTo(ScoreReason.QUALITY);
    rig.quote(START + 4 * MINUTE + SECOND, 1.10000, 1.10010);
    rig.clock(START + 5 * MINUTE);
    assertThat(rig.lastReason()).isEqualTo(ScoreReason.BELOW_THRESHOLD);
  }

  @Test
  void namesThePolicysReasons() {
    TestConfig config = new TestConfig();
    EngineRig rig = tick(config);
    rig.quote(START + SECOND, 1.10000, 1.10010);
    assertThat(rig.lastReason()).isEqualTo(ScoreReason.NOT_WARM);
    rig.warmUp(START + MINUTE);
    long time = START + 5 * MINUTE + SECOND;
    scorer.says(0.5, 0.1, 0.4);
    rig.quote(time, 1.10000, 1.10010);
    assertThat(rig.lastReason()).isEqualTo(ScoreReason.BELOW_THRESHOLD);
    assertThat(rig.scores().getLast().side()).isEqualTo(SignalType.BUY);
    scorer.says(0.4, 0.1, 0.5);
    rig.quote(time + 1, 1.10000, 1.10010);
    assertThat(rig.scores().getLast().side()).isEqualTo(SignalType.NEUTRAL);
    scorer.says(0.7, 0.4, -0.1);
    rig.quote(time + 2, 1.10000, 1.10010);
    assertThat(rig.lastReason()).isEqualTo(ScoreReason.SCORER_ERROR);
    assertThat(rig.scores().getLast().buy()).isNaN();
    scorer.script((row, out) -> false);
    rig.quote(time + 3, 1.10000, 1.10010);
    assertThat(rig.lastReason()).isEqualTo(ScoreReason.SCORER_ERROR);
    scorer.says(0.7, 0.2, 0.1);
    rig.quote(time + 4, 1.10000, 1.10050);
    assertThat(rig.lastReason()).isEqualTo(ScoreReason.SPREAD);
  }

  @Test
  void aLeadTooSmallIsAMargin() {
    TestConfig config = new TestConfig();
    config.threshold = 0.4;
    config.margin = 0.2;
    EngineRig rig = tick(config);
    rig.warmUp(START);
    scorer.says(0.45, 0.4, 0.15);
    rig.quote(START + 4 * MINUTE + SECOND, 1.10000, 1.10010);
    assertThat(rig.lastReason()).isEqualTo(ScoreReason.MARGIN);
  }

  @Test
  void nothingIsScoredWhileTheMarketIsClosed() {
    long saturday = Instant.parse("2026-03-07T12:00:00Z").getEpochSecond() * SECOND;
    EngineRig rig = rig(new TestConfig().strategy("s", Trigger.TICK, "EURUSD")).start(saturday);
    rig.quote(saturday, 1.10000, 1.10010);
    assertThat(rig.lastReason()).isEqualTo(ScoreReason.CLOSED);
  }

  @Test
  void aStrategyWithoutAModelSaysSo() {
    EngineRig rig =
        new EngineRig(
            new TestConfig().strategy("s", Trigger.TICK, "EURUSD").build(), java.util.Map.of(), 1);
    rig.start(START);
    rig.quote(START, 1.10000, 1.10010);
    assertThat(rig.lastReason()).isEqualTo(ScoreReason.NO_MODEL);
    assertThat(rig.scores().getLast().modelId()).isZero();
  }

  @Test
  void saysNeutralOnceWhenThePublishedSideIsGone() {
    TestConfig config = new TestConfig();
    config.publishNeutral = true;
    EngineRig rig = tick(config);
    long time = openBuy(rig);
    scorer.says(0.3, 0.3, 0.4);
    rig.quote(time + SECOND, 1.10000, 1.10010);
    rig.quote(time + 2 * SECOND, 1.10000, 1.10010);
    assertThat(rig.signals()).hasSize(2);
    SignalDecoder neutral = rig.signals().getLast();
    assertThat(neutral.signalType()).isEqualTo(SignalType.NEUTRAL);
    assertThat(neutral.strength()).isEqualTo(0.4);
    assertThat(neutral.entry()).isEqualTo(MessageLayout.ABSENT);
    assertThat(neutral.expiration()).isEqualTo(MessageLayout.ABSENT);
    assertThat(rig.engine.counters().openSignals()).isEqualTo(1);
  }

  @Test
  void signalsCarryTheirFeaturesWhereAskedTo() {
    TestConfig config = new TestConfig();
    config.publishFeatures = true;
    EngineRig rig = tick(config);
    openBuy(rig);
    SignalDecoder signal = rig.signals().getFirst();
    assertThat(signal.featuresLength()).isEqualTo(8);
    byte[] features = new byte[8];
    signal.getFeatures(features, 0, 8);
    var buffer = java.nio.ByteBuffer.wrap(features).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    assertThat(buffer.getFloat(4)).isEqualTo(1.10005f);
    long hash = 0xcbf29ce484222325L;
    while (buffer.hasRemaining()) {
      hash ^= buffer.getInt() & 0xFFFFFFFFL;
      hash *= 0x100000001b3L;
    }
    assertThat(signal.featureHash()).isEqualTo(hash);
    assertThat(rig.scores().getLast().featureHash()).isEqualTo(hash);
  }

  @Test
  void aConflatedQuoteStopsAtItsWorstPrice() {
    EngineRig rig = tick(new TestConfig());
    long time = openBuy(rig);
    rig.quote(time + SECOND, 1.10000, 1.10010);
    rig.send(
        rig.in.conflated(
            1,
            time + 2 * SECOND,
            price(1.10000),
            price(1.10010),
            price(1.09700),
            price(1.10400),
            price(1.09710),
            price(1.10410),
            9));
    SignalEventDecoder end = rig.events().getLast();
    assertThat(end.reason()).isEqualTo(EndReason.STOP);
    assertThat(end.price()).isEqualTo(price(1.09700));
    rig.clock(START + 5 * MINUTE);
    BarDecoder bar = rig.bars().getLast();
    assertThat(bar.bidHigh()).isEqualTo(price(1.10400));
    assertThat(bar.bidLow()).isEqualTo(price(1.09700));
  }

  @Test
  void historicalBarsWarmUpAndAreNotPublished() {
    EngineRig rig = tick(new TestConfig());
    for (int i = 0; i < 3; i++) {
      rig.send(
          rig.in.bar(1, 60, START + i * MINUTE, START + (i + 1) * MINUTE, price(1.10000), 100_000));
    }
    assertThat(rig.bars()).isEmpty();
    scorer.says(0.7, 0.2, 0.1);
    rig.quote(START + 3 * MINUTE + SECOND, 1.10000, 1.10010);
    assertThat(rig.lastReason()).isEqualTo(ScoreReason.SIGNAL);
  }

  @Test
  void unknownInstrumentsAreCountedAndIgnored() {
    EngineRig rig = tick(new TestConfig());
    int before = rig.sink.size();
    rig.quote(77, START + SECOND, 1, 1.1, 0);
    assertThat(rig.sink.size()).isEqualTo(before);
    assertThat(rig.engine.counters().quotesUnknown()).isEqualTo(1);
  }

  @Test
  void aRunBeginsWithItsHeader() {
    EngineRig rig = rig(new TestConfig().strategy("s", Trigger.TICK, "EURUSD"));
    assertThatThrownBy(() -> rig.clock(START)).isInstanceOf(IllegalStateException.class);
  }
}

package io.semnal.inference.engine;

import static io.semnal.inference.engine.EngineRig.MINUTE;
import static io.semnal.inference.engine.EngineRig.SECOND;
import static io.semnal.inference.engine.EngineRig.START;
import static io.semnal.inference.engine.EngineRig.price;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.StrategyConfig.Trigger;
import io.semnal.inference.registry.LoadedModel;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.EndReason;
import io.semnal.protocol.sbe.EngineCommandType;
import io.semnal.protocol.sbe.EngineState;
import io.semnal.protocol.sbe.EngineStatusDecoder;
import io.semnal.protocol.sbe.FeedQualityDecoder;
import io.semnal.protocol.sbe.FeedState;
import io.semnal.protocol.sbe.InstrumentDefinitionDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.ModelDefinitionDecoder;
import io.semnal.protocol.sbe.ScoreReason;
import io.semnal.protocol.sbe.SignalEventDecoder;
import io.semnal.protocol.sbe.SignalState;
import io.semnal.protocol.sbe.StrategyDefinitionDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Operators, feeds, models that change, and runs that follow each other. */
class EngineOperationsTest {
  private final ScriptedScorer scorer =
      new ScriptedScorer(TestConfig.COLUMNS.size(), 3, false, null);
  private final LoadedModel model = ScriptedScorer.model("test", 1, 1, TestConfig.COLUMNS, scorer);

  /** Two tick strategies on EURUSD and USDJPY, both warm on EURUSD, about to say BUY. */
  private EngineRig rig() {
    scorer.says(0.2, 0.2, 0.6);
    EngineRig rig = new EngineRig(config("a", "b"), model).start(START);
    rig.warmUp(START);
    rig.clock(START + 4 * MINUTE);
    scorer.says(0.7, 0.2, 0.1);
    return rig;
  }

  private static EngineConfig config(String... strategies) {
    TestConfig config = new TestConfig();
    config.cooldownBars = 3;
    for (String strategy : strategies) {
      config.strategy(strategy, Trigger.TICK, "EURUSD", "USDJPY");
    }
    return config.build();
  }

  private static final long T = START + 4 * MINUTE;

  private List<ScoreReason> quoteAt(EngineRig rig, long time) {
    int before = rig.scores().size();
    rig.quote(time, 1.10000, 1.10010);
    return rig.scores().subList(before, rig.scores().size()).stream().map(s -> s.reason()).toList();
  }

  private EngineStatusDecoder lastStatus(EngineRig rig) {
    return new EngineStatusDecoder()
        .wrapAndApplyHeader(
            rig.sink.of(EngineStatusDecoder.TEMPLATE_ID).getLast(), 0, new MessageHeaderDecoder());
  }

  @Test
  void aPauseHoldsNewSignalsUntilItsResume() {
    EngineRig rig = rig();
    rig.command(EngineCommandType.PAUSE, T, 0, 0, MessageLayout.ABSENT);
    assertThat(lastStatus(rig).state()).isEqualTo(EngineState.PAUSED);
    assertThat(lastStatus(rig).reason()).isEqualTo("because");
    assertThat(quoteAt(rig, T + 1)).containsOnly(ScoreReason.PAUSED);
    rig.command(EngineCommandType.RESUME, T + 2, 1, 0, MessageLayout.ABSENT);
    assertThat(lastStatus(rig).state()).isEqualTo(EngineState.PAUSED);
    assertThat(quoteAt(rig, T + 3)).containsOnly(ScoreReason.PAUSED);
    rig.command(EngineCommandType.RESUME, T + 4, 0, 0, MessageLayout.ABSENT);
    assertThat(lastStatus(rig).state()).isEqualTo(EngineState.RUNNING);
    assertThat(quoteAt(rig, T + 5)).containsOnly(ScoreReason.SIGNAL);
  }

  @Test
  void aPausedSignalLivesOn() {
    EngineRig rig = rig();
    quoteAt(rig, T + 1);
    rig.command(EngineCommandType.PAUSE, T + 2, 0, 0, MessageLayout.ABSENT);
    quoteAt(rig, T + 3);
    assertThat(rig.events()).hasSize(2);
    assertThat(rig.events().getLast().state()).isEqualTo(SignalState.ACTIVE);
  }

  @Test
  void aKillCancelsWhatItCovers() {
    EngineRig rig = rig();
    quoteAt(rig, T + 1);
    rig.quote(T + 2, 1.10020, 1.10030);
    rig.command(EngineCommandType.KILL, T + 3, 1, 2, MessageLayout.ABSENT);
    SignalEventDecoder end = rig.events().getLast();
    assertThat(end.reason()).isEqualTo(EndReason.CANCELLED);
    assertThat(end.strategyId()).isEqualTo(2);
    assertThat(end.price()).isEqualTo(price(1.10020));
    assertThat(end.pips()).isCloseTo(-1, within(1e-9));
    assertThat(quoteAt(rig, T + 4)).containsExactly(ScoreReason.POSITION_OPEN, ScoreReason.PAUSED);
    rig.command(EngineCommandType.RESUME, T + 5, 0, 0, MessageLayout.ABSENT);
    assertThat(quoteAt(rig, T + 6)).containsExactly(ScoreReason.POSITION_OPEN, ScoreReason.PAUSED);
    rig.command(EngineCommandType.UNKILL, T + 7, 0, 2, MessageLayout.ABSENT);
    assertThat(quoteAt(rig, T + 8))
        .containsExactly(ScoreReason.POSITION_OPEN, ScoreReason.COOLDOWN);
  }

  @Test
  void aPendingSignalIsCancelledWithoutOutcome() {
    EngineRig rig = rig();
    quoteAt(rig, T + 1);
    rig.command(EngineCommandType.KILL, T + 2, 0, 0, MessageLayout.ABSENT);
    assertThat(rig.events()).hasSize(2);
    for (SignalEventDecoder end : rig.events()) {
      assertThat(end.state()).isEqualTo(SignalState.ENDED);
      assertThat(end.price()).isEqualTo(MessageLayout.ABSENT);
      assertThat(end.pips()).isNaN();
    }
    assertThat(rig.engine.outcomes().outcomes()).isEmpty();
  }

  @Test
  void aBlackoutEndsByItselfAtItsTime() {
    EngineRig rig = rig();
    rig.command(EngineCommandType.BLACKOUT, T, 1, 0, T + 10 * SECOND);
    assertThat(quoteAt(rig, T + 10 * SECOND - 1)).containsOnly(ScoreReason.PAUSED);
    assertThat(quoteAt(rig, T + 20 * SECOND)).containsOnly(ScoreReason.SIGNAL);
    assertThat(lastStatus(rig).time()).isEqualTo(T + 10 * SECOND);
    assertThat(lastStatus(rig).state()).isEqualTo(EngineState.RUNNING);
    assertThat(lastStatus(rig).instrumentId()).isEqualTo(1);
  }

  @Test
  void aCommandForNobodyIsRefusedInWords() {
    EngineRig rig = rig();
    rig.command(EngineCommandType.KILL, T, 0, 9, MessageLayout.ABSENT);
    assertThat(lastStatus(rig).command()).isEqualTo(EngineCommandType.NULL_VAL);
    assertThat(lastStatus(rig).reason()).isEqualTo("refused: no configured strategy has id 9");
    assertThat(quoteAt(rig, T + 1)).containsOnly(ScoreReason.SIGNAL);
  }

  @Test
  void aLongReasonIsCutAtACharacter() {
    EngineRig rig = rig();
    String reason = "x".repeat(StatusWriter.MAX_REASON - 1) + "ü and more";
    rig.send(rig.in.command(EngineCommandType.PAUSE, T, 0, 0, MessageLayout.ABSENT, reason));
    assertThat(lastStatus(rig).reason()).isEqualTo("x".repeat(StatusWriter.MAX_REASON - 1));
  }

  @Test
  void tellsClientsOfFeedsThatGoDown() {
    EngineRig rig = rig();
    rig.feed(FeedState.DOWN, T, 1, 0);
    FeedQualityDecoder quality =
        new FeedQualityDecoder()
            .wrapAndApplyHeader(
                rig.sink.of(FeedQualityDecoder.TEMPLATE_ID).getLast(),
                0,
                new MessageHeaderDecoder());
    assertThat(quality.state()).isEqualTo(FeedState.DOWN);
    assertThat(quality.sourceId()).isEqualTo(1);
    assertThat(quality.flags().stale()).isTrue();
    assertThat(quality.reason()).isEqualTo("line");
  }

  @Test
  void anActivatedModelTakesOverForThoseWhoFollowItsName() {
    EngineRig rig = rig();
    ScriptedScorer next = new ScriptedScorer(TestConfig.COLUMNS.size(), 3, true, null);
    next.says(0.1, 0.8, 0.1);
    LoadedModel second = ScriptedScorer.model("test", 2, 2, TestConfig.COLUMNS, next);
    rig.engine.models().prepare(second);
    rig.send(rig.in.activate(T, "test", 2, second.sha256()));
    ModelDefinitionDecoder definition =
        new ModelDefinitionDecoder()
            .wrapAndApplyHeader(
                rig.sink.of(ModelDefinitionDecoder.TEMPLATE_ID).getLast(),
                0,
                new MessageHeaderDecoder());
    assertThat(definition.modelId()).isEqualTo(2);
    assertThat(definition.version()).isEqualTo(2);
    assertThat(rig.sink.of(StrategyDefinitionDecoder.TEMPLATE_ID)).hasSize(4);
    quoteAt(rig, T + 1);
    assertThat(rig.scores().getLast().modelId()).isEqualTo(2);
    assertThat(rig.scores().getLast().sell()).isEqualTo(0.8);
    assertThat(rig.engine.modelName(2)).isEqualTo("test@2");
  }

  @Test
  void theOldModelIsClosedOnceNoStrategyScoresWithIt() {
    EngineRig rig = rig();
    ScriptedScorer next = new ScriptedScorer(TestConfig.COLUMNS.size(), 3, true, null);
    next.says(0.1, 0.8, 0.1);
    LoadedModel second = ScriptedScorer.model("test", 2, 2, TestConfig.COLUMNS, next);
    ModelHandover handover = rig.engine.models().prepare(second);
    rig.engine.models().closeRetired();
    assertThat(scorer.isClosed()).isFalse();
    assertThat(handover.isAnswered()).isFalse();
    rig.send(rig.in.activate(T, "test", 2, second.sha256()));
    assertThat(handover.isAnswered()).isTrue();
    assertThat(handover.refusal()).isNull();
    assertThat(rig.engine.models().active())
        .extracting(active -> active.model().version())
        .containsOnly(2);
    assertThat(scorer.isClosed()).as("before a cold thread closes it").isFalse();
    rig.engine.models().closeRetired();
    assertThat(scorer.isClosed()).isTrue();
    assertThat(next.isClosed()).isFalse();
    quoteAt(rig, T + 1);
    assertThat(rig.scores().getLast().sell()).isEqualTo(0.8);
    rig.engine.close();
    assertThat(next.isClosed()).isTrue();
  }

  @Test
  void aWithdrawnModelIsClosedAndCannotBeActivated() {
    EngineRig rig = rig();
    ScriptedScorer next = new ScriptedScorer(TestConfig.COLUMNS.size(), 3, true, null);
    LoadedModel second = ScriptedScorer.model("test", 2, 2, TestConfig.COLUMNS, next);
    ModelHandover handover = rig.engine.models().prepare(second);
    assertThat(rig.engine.models().withdraw(handover)).isTrue();
    rig.engine.models().closeRetired();
    assertThat(next.isClosed()).isTrue();
    rig.send(rig.in.activate(T, "test", 2, second.sha256()));
    assertThat(lastStatus(rig).reason()).startsWith("not activated, the old model stays");
    assertThat(handover.isAnswered()).isFalse();
    assertThat(rig.engine.models().withdraw(handover)).isFalse();
  }

  @Test
  void anUnknownOrUnfitModelLeavesTheOldOne() {
    EngineRig rig = rig();
    rig.send(rig.in.activate(T, "test", 2, new byte[32]));
    assertThat(lastStatus(rig).reason()).startsWith("not activated, the old model stays");
    ScriptedScorer wide = new ScriptedScorer(7, 3, false, null);
    LoadedModel unfit = ScriptedScorer.model("test", 3, 3, TestConfig.COLUMNS, wide);
    rig.engine.models().prepare(unfit);
    rig.send(rig.in.activate(T, "test", 3, unfit.sha256()));
    assertThat(lastStatus(rig).reason()).contains("takes 7 features");
    quoteAt(rig, T + 1);
    assertThat(rig.scores().getLast().modelId()).isEqualTo(1);
    rig.engine.close();
    assertThat(wide.isClosed()).isTrue();
    assertThat(scorer.isClosed()).isTrue();
  }

  private EngineRig nextRun(EngineRig rig, EngineConfig config, boolean warmUp) {
    EngineRig next = new EngineRig(config, model);
    for (byte[] out : rig.sink.all()) {
      next.engine.onEarlierOutbound(new UnsafeBuffer(out), 0, out.length);
    }
    if (warmUp) {
      byte[] quote = rig.in.quote(1, T + 2, T + 2, price(1.10020), price(1.10030), 0);
      byte[] define = rig.in.define(T + 2, 1, "EURUSD");
      next.engine.onWarmUp(new UnsafeBuffer(define), 0, define.length);
      next.engine.onWarmUp(new UnsafeBuffer(quote), 0, quote.length);
    }
    return next;
  }

  @Test
  void openSignalsOfAStrategyThatIsGoneAreCancelledWhenTheRunBegins() {
    EngineRig first = rig();
    quoteAt(first, T + 1);
    quoteAt(first, T + 2);
    EngineRig second = nextRun(first, config("b", "c"), true);
    second.start(T + 3);
    SignalEventDecoder end = second.events().getFirst();
    assertThat(second.events()).hasSize(1);
    assertThat(end.strategyId()).isEqualTo(1);
    assertThat(end.reason()).isEqualTo(EndReason.CANCELLED);
    assertThat(end.price()).isEqualTo(price(1.10020));
    assertThat(end.outSeq()).isEqualTo(first.engine.outSeq() + 1);
    assertThat(end.streamSeq()).isEqualTo(3);
    // b keeps its id and its signal, c gets a new id.
    List<Integer> ids = new ArrayList<>();
    for (UnsafeBuffer b : second.sink.of(StrategyDefinitionDecoder.TEMPLATE_ID)) {
      ids.add(MessageLayout.strategyId(b, 0));
    }
    assertThat(ids).containsExactly(2, 3);
    second.quote(T + 4, 1.09000, 1.09010);
    assertThat(second.events().getLast().strategyId()).isEqualTo(2);
    assertThat(second.events().getLast().reason()).isEqualTo(EndReason.STOP);
  }

  @Test
  void withoutAKnownPriceACancelledSignalHasNoOutcome() {
    EngineRig first = rig();
    quoteAt(first, T + 1);
    quoteAt(first, T + 2);
    EngineRig second = nextRun(first, config("b"), false);
    second.start(T + 3);
    assertThat(second.events().getFirst().price()).isEqualTo(MessageLayout.ABSENT);
    assertThat(second.events().getFirst().pips()).isNaN();
  }

  @Test
  void whatExpiredBetweenTheRunsEndsAtItsTimeAndNothingIsScoredLate() {
    EngineRig first = rig();
    quoteAt(first, T + 1);
    quoteAt(first, T + 2);
    EngineRig second = nextRun(first, config("a", "b"), true);
    second.start(T + 60 * MINUTE);
    assertThat(second.events()).hasSize(2);
    assertThat(second.events().getFirst().reason()).isEqualTo(EndReason.EXPIRED);
    assertThat(second.events().getFirst().time()).isEqualTo(T + 1 + 10 * MINUTE);
    assertThat(second.bars()).isNotEmpty();
    assertThat(second.scores()).isEmpty();
  }

  @Test
  void killsAndCooldownsHoldOverRuns() {
    EngineRig first = rig();
    quoteAt(first, T + 1);
    first.command(EngineCommandType.KILL, T + 2, 0, 1, MessageLayout.ABSENT);
    first.command(EngineCommandType.KILL, T + 2, 0, 2, MessageLayout.ABSENT);
    first.command(EngineCommandType.UNKILL, T + 2, 0, 2, MessageLayout.ABSENT);
    EngineRig second = nextRun(first, config("a", "b"), false);
    second.start(T + 3);
    scorer.says(0.2, 0.2, 0.6);
    second.warmUp(START + 5 * MINUTE);
    scorer.says(0.7, 0.2, 0.1);
    assertThat(quoteAt(second, START + 9 * MINUTE))
        .containsExactly(ScoreReason.PAUSED, ScoreReason.SIGNAL);
    EngineRig third = nextRun(first, config("b"), false);
    third.start(T + 3);
    for (int i = 0; i < 3; i++) {
      third.send(
          third.in.bar(
              1, 60, START + (i + 1) * MINUTE, START + (i + 2) * MINUTE, price(1.10000), 100_000));
    }
    assertThat(quoteAt(third, T + 3 * MINUTE + 1)).containsExactly(ScoreReason.COOLDOWN);
    assertThat(quoteAt(third, T + 3 * MINUTE + 2)).containsExactly(ScoreReason.SIGNAL);
  }

  @Test
  void repeatsAreCountedOverRuns() {
    EngineRig first = rig();
    for (int i = 1; i <= 3; i++) {
      quoteAt(first, T + i);
    }
    EngineRig second = nextRun(first, config("a", "b"), true);
    second.start(T + 4);
    for (int i = 0; i < 2; i++) {
      second.send(
          second.in.bar(
              1, 60, START + (5 + i) * MINUTE, START + (6 + i) * MINUTE, price(1.10000), 100_000));
    }
    quoteAt(second, START + 7 * MINUTE);
    second.quote(START + 7 * MINUTE + 1, 1.09000, 1.09010);
    assertThat(second.events()).hasSize(2);
    assertThat(second.events()).extracting(SignalEventDecoder::repeats).containsOnly(3);
  }

  @Test
  void definesEverythingBeforeItsFirstUse() {
    EngineRig rig = rig();
    List<Integer> templates = new ArrayList<>();
    rig.sink.all().forEach(b -> templates.add(MessageLayout.templateId(new UnsafeBuffer(b), 0)));
    assertThat(templates.subList(0, 7)).containsExactly(23, 23, 22, 21, 21, 20, 20);
    InstrumentDefinitionDecoder definition =
        new InstrumentDefinitionDecoder()
            .wrapAndApplyHeader(
                rig.sink.of(InstrumentDefinitionDecoder.TEMPLATE_ID).getFirst(),
                0,
                new MessageHeaderDecoder());
    assertThat(definition.symbol()).isEqualTo("EURUSD");
    assertThat(definition.instrumentId()).isEqualTo(1);
    StrategyDefinitionDecoder strategy =
        new StrategyDefinitionDecoder()
            .wrapAndApplyHeader(
                rig.sink.of(StrategyDefinitionDecoder.TEMPLATE_ID).getFirst(),
                0,
                new MessageHeaderDecoder());
    assertThat(strategy.name()).isEqualTo("a");
    assertThat(
            com.typesafe.config.ConfigFactory.parseString(strategy.policy()).getInt("horizonBars"))
        .isEqualTo(10);
  }

  @Test
  void anInstrumentDefinedLaterIsTakenFromThenOn() {
    scorer.says(0.2, 0.2, 0.6);
    EngineRig rig = new EngineRig(config("a"), Map.of("a", model), 1);
    rig.send(rig.in.runHeader(START));
    rig.quote(START, 1.10000, 1.10010);
    assertThat(rig.scores()).isEmpty();
    rig.send(rig.in.define(START, 1, "EURUSD"));
    rig.quote(START, 1.10000, 1.10010);
    assertThat(rig.lastReason()).isEqualTo(ScoreReason.NOT_WARM);
  }
}

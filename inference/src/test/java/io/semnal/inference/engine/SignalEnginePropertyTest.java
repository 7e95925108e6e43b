package io.semnal.inference.engine;

import static io.semnal.inference.engine.EngineRig.MINUTE;
import static io.semnal.inference.engine.EngineRig.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.PolicyConfig;
import io.semnal.core.config.StrategyConfig.Trigger;
import io.semnal.core.market.Timeframe;
import io.semnal.inference.registry.LoadedModel;
import io.semnal.inference.signal.OutcomeStatistics;
import io.semnal.protocol.Channel;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.ScoreReason;
import io.semnal.protocol.sbe.SignalEventDecoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.agrona.concurrent.UnsafeBuffer;

/** What must hold of the engine whatever the market does. */
class SignalEnginePropertyTest {
  private static final int CAUSE_SEQ = MessageLayout.HEADER + 8;

  /** Three strategies: ticks, bars, and bars of a longer timeframe with cooldown and features. */
  private static EngineConfig config() {
    TestConfig c = new TestConfig();
    c.sets.add(
        new FeatureSetConfig("slow", Timeframe.M5, FeatureSetConfig.Price.MID, TestConfig.COLUMNS));
    c.threshold = 0.45;
    c.margin = 0.15;
    c.maxSlippageAtr = 0.3;
    c.commissionPips = 0.3;
    c.horizonBars = 4;
    c.maxSpreadPips = 1.5;
    c.publishNeutral = true;
    c.bind("a-tick", Trigger.TICK, "fx", "test", "EURUSD", "USDJPY");
    c.stopAtr = 1;
    c.targetAtr = 1.5;
    c.cooldownBars = 2;
    c.publishFeatures = true;
    c.bind("b-bar", Trigger.BAR_CLOSE, "fx", "test", "EURUSD", "USDJPY");
    c.targetAtr = 0.5;
    c.cooldownBars = 0;
    c.maxSlippageAtr = 3;
    c.bind("c-slow", Trigger.BAR_CLOSE, "slow", "test", "USDJPY");
    return c.build();
  }

  private static Map<Integer, PolicyConfig> policies(EngineConfig config) {
    Map<Integer, PolicyConfig> policies = new HashMap<>();
    for (int i = 0; i < config.strategies().size(); i++) {
      policies.put(i + 1, config.strategies().get(i).policy());
    }
    return policies;
  }

  /** Any function of the row will do, as long as it is spread out; now and then it fails. */
  private static boolean mix(float[] row, double[] out) {
    long h = 17;
    for (float value : row) {
      h = (h ^ Float.floatToIntBits(value)) * 0x9E3779B97F4A7C15L;
      h ^= h >>> 29;
    }
    double a = (h >>> 40) / (double) (1 << 24);
    double b = (h >>> 16 & 0xFFFFFF) / (double) (1 << 24) * (1 - a);
    out[0] = a;
    out[1] = b;
    out[2] = 1 - a - b;
    return (h & 63) != 0;
  }

  private static LoadedModel model() {
    return ScriptedScorer.model(
        "test",
        1,
        1,
        TestConfig.COLUMNS,
        new ScriptedScorer(TestConfig.COLUMNS.size(), 3, false, SignalEnginePropertyTest::mix));
  }

  private static EngineRig rig(int pattern) {
    EngineConfig config = config();
    return new EngineRig(config, EngineRig.everywhere(config, model()), pattern);
  }

  private static RandomMarket market(long seed, int count, boolean silences) {
    RandomMarket market = new RandomMarket(seed, new Inbound(), START);
    market.silences = silences;
    return market.begin().go(count);
  }

  private static EngineRig run(List<RandomMarket.Message> messages, int pattern) {
    EngineRig rig = rig(pattern);
    for (RandomMarket.Message m : messages) {
      int before = rig.sink.size();
      rig.send(m.bytes());
      if (m.seq() > 3) {
        assertThat(rig.sink.size() - before)
            .isLessThanOrEqualTo(rig.engine.maxOutboundPerMessage());
      }
    }
    assertThat(rig.sink.longest()).isLessThanOrEqualTo(rig.engine.maxOutboundLength());
    return rig;
  }

  @Property(tries = 40)
  void twoEnginesSayTheSameBytes(@ForAll long seed) {
    List<RandomMarket.Message> messages = market(seed, 800, true).messages();
    EngineRig one = run(messages, 1);
    EngineRig two = run(messages, 99);
    assertSame(one.sink.all(), two.sink.all());
  }

  @Property(tries = 60)
  void clockMessagesChangeNothingButTheCause(@ForAll long seed) {
    List<RandomMarket.Message> messages = market(seed, 800, true).messages();
    EngineRig plain = run(messages, 1);
    EngineRig clocked = rig(2);
    RandomMarket.withClocks(messages, seed ^ 5).forEach(clocked::send);
    assertSame(withoutCause(plain.sink.all()), withoutCause(clocked.sink.all()));
  }

  private static List<byte[]> withoutCause(List<byte[]> messages) {
    List<byte[]> out = new ArrayList<>();
    for (byte[] message : messages) {
      byte[] copy = message.clone();
      Arrays.fill(copy, CAUSE_SEQ, CAUSE_SEQ + 8, (byte) 0);
      out.add(copy);
    }
    return out;
  }

  private static void assertSame(List<byte[]> one, List<byte[]> two) {
    assertThat(two).hasSameSizeAs(one);
    for (int i = 0; i < one.size(); i++) {
      assertThat(two.get(i)).as("message %d", i).isEqualTo(one.get(i));
    }
  }

  @Property(tries = 40)
  void signalsLiveAsANaiveWalkOverTheQuotesSays(@ForAll long seed) {
    List<RandomMarket.Message> messages = market(seed, 1_500, false).messages();
    EngineRig rig = run(messages, 1);
    int priced = new LifeAudit(messages, rig.sink.all(), policies(config())).check();
    assertThat(priced).isGreaterThan(0);
  }

  @Property(tries = 40)
  void reasonsFollowFromTheNumbers(@ForAll long seed) {
    EngineRig rig = run(market(seed, 1_500, false).messages(), 1);
    Map<ScoreReason, Integer> seen = new PolicyAudit(policies(config())).check(rig.sink.all());
    assertThat(seen)
        .containsKeys(
            ScoreReason.SIGNAL,
            ScoreReason.BELOW_THRESHOLD,
            ScoreReason.MARGIN,
            ScoreReason.NOT_WARM,
            ScoreReason.QUALITY);
    seen.forEach(
        (reason, count) ->
            assertThat(rig.engine.counters().scores(reason)).isEqualTo((long) count));
  }

  @Property(tries = 30)
  void sequencesAreContiguousOverAllAndPerTopic(@ForAll long seed) {
    List<byte[]> out = run(market(seed, 800, true).messages(), 1).sink.all();
    assertContiguous(out);
  }

  private static void assertContiguous(List<byte[]> out) {
    Map<List<Integer>, Long> streams = new HashMap<>();
    long outSeq = 0;
    long cause = 0;
    for (byte[] bytes : out) {
      UnsafeBuffer b = new UnsafeBuffer(bytes);
      assertThat(MessageLayout.outSeq(b, 0)).isEqualTo(++outSeq);
      assertThat(MessageLayout.causeSeq(b, 0)).isGreaterThanOrEqualTo(cause);
      cause = MessageLayout.causeSeq(b, 0);
      List<Integer> topic =
          List.of(
              Channel.of(MessageLayout.templateId(b, 0)),
              MessageLayout.instrumentId(b, 0),
              MessageLayout.timeframe(b, 0),
              MessageLayout.strategyId(b, 0));
      long expected = streams.merge(topic, 1L, Long::sum);
      assertThat(MessageLayout.streamSeq(b, 0)).as("%s", topic).isEqualTo(expected);
    }
  }

  @Property(tries = 30)
  void aNewRunContinuesWhereTheOldOneStopped(@ForAll long seed) {
    RandomMarket market = market(seed, 900, false);
    int firstRun = market.messages().size();
    market.begin().go(600);
    List<RandomMarket.Message> messages = market.messages();
    EngineRig first = run(messages.subList(0, firstRun), 1);

    EngineRig second = rig(2);
    for (byte[] out : first.sink.all()) {
      second.engine.onEarlierOutbound(new UnsafeBuffer(out), 0, out.length);
    }
    // As recovery does: from some quote on, long after the definitions.
    assertThat(first.lastReason()).isNotEqualTo(ScoreReason.NOT_WARM);
    for (RandomMarket.Message m : messages.subList(firstRun / 4, firstRun)) {
      second.engine.onWarmUp(new UnsafeBuffer(m.bytes()), 0, m.bytes().length);
    }
    assertThat(second.sink.size()).isZero();
    assertThat(second.engine.coldSlots()).isEmpty();
    messages.subList(firstRun, messages.size()).forEach(m -> second.send(m.bytes()));

    List<byte[]> all = new ArrayList<>(first.sink.all());
    all.addAll(second.sink.all());
    assertContiguous(all);
    new LifeAudit(messages, all, policies(config())).check();
    new PolicyAudit(policies(config())).check(all);
    assertOutcomes(all, second.engine.outcomes().outcomes());
  }

  /** Counted anew from the events: how many, how many won, and their sum. */
  private static void assertOutcomes(List<byte[]> all, List<OutcomeStatistics.Outcome> outcomes) {
    long count = 0;
    long wins = 0;
    double sum = 0;
    for (byte[] bytes : all) {
      UnsafeBuffer b = new UnsafeBuffer(bytes);
      if (MessageLayout.templateId(b, 0) == SignalEventDecoder.TEMPLATE_ID) {
        SignalEventDecoder e =
            new SignalEventDecoder().wrapAndApplyHeader(b, 0, new MessageHeaderDecoder());
        if (!Double.isNaN(e.pips())) {
          count++;
          wins += e.pips() > 0 ? 1 : 0;
          sum += e.pips();
        }
      }
    }
    assertThat(outcomes.stream().mapToLong(OutcomeStatistics.Outcome::count).sum())
        .isEqualTo(count);
    assertThat(outcomes.stream().mapToLong(OutcomeStatistics.Outcome::wins).sum()).isEqualTo(wins);
    assertThat(outcomes.stream().mapToDouble(OutcomeStatistics.Outcome::pips).sum())
        .isCloseTo(sum, org.assertj.core.api.Assertions.within(1e-6));
  }

  /** Jumps over every boundary at once, with a side that changes from score to score. */
  @Property(tries = 30)
  void noMessageCausesMoreThanTheBound(@ForAll long seed) {
    EngineConfig config = config();
    boolean[] up = {false};
    ScriptedScorer flipper =
        new ScriptedScorer(
            TestConfig.COLUMNS.size(),
            3,
            false,
            (row, out) -> {
              up[0] = !up[0];
              out[0] = up[0] ? 1 : 0;
              out[1] = up[0] ? 0 : 1;
              out[2] = 0;
              return true;
            });
    LoadedModel model = ScriptedScorer.model("test", 1, 1, TestConfig.COLUMNS, flipper);
    EngineRig rig = new EngineRig(config, EngineRig.everywhere(config, model), 1);
    RandomMarket market = new RandomMarket(seed, rig.in, START).begin();
    for (int i = 0; i < 60; i++) {
      market.go(12);
      market.time += 20 * MINUTE;
    }
    int most = 0;
    for (RandomMarket.Message m : market.messages()) {
      int before = rig.sink.size();
      rig.send(m.bytes());
      if (m.seq() > 3) {
        most = Math.max(most, rig.sink.size() - before);
      }
    }
    assertThat(most).isLessThanOrEqualTo(rig.engine.maxOutboundPerMessage());
    assertThat(most).isGreaterThan(8);
  }
}

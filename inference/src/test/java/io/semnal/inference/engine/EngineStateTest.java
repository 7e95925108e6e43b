package io.semnal.inference.engine;

import static io.semnal.inference.engine.EngineRig.MINUTE;
import static io.semnal.inference.engine.EngineRig.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.core.state.DeepState;
import io.semnal.core.state.StateMismatchException;
import io.semnal.protocol.sbe.EndReason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * An engine that is written down between any two messages and read back into a new one says what
 * the uninterrupted one says from there on, byte by byte, and is the same in every field.
 */
class EngineStateTest {
  /** What is no state, and why; what a pipeline holds is compared where it is at home. */
  private static final Map<String, String> SCRATCH =
      Map.ofEntries(
          Map.entry("FeaturePipeline", "compared in its own module"),
          Map.entry("GraphRow", "compared in its own module"),
          Map.entry("MarketCalendar", "remembers answers that follow from the time asked for"),
          Map.entry("io.semnal.protocol.sbe", "codecs, wrapped anew for each message"),
          Map.entry("RecordingSink", "the test's own"),
          Map.entry("ScriptedScorer", "the test's own; has no memory"),
          Map.entry("MarketQuote", "filled anew by each quote"),
          Map.entry("ScoreFrame", "begun anew by each score"),
          Map.entry("Warmth", "a report for other threads"),
          Map.entry("History", "its bar is filled anew by each message"),
          Map.entry("OutboundWriter.buffer", "claimed anew for each message"),
          Map.entry("OutboundWriter.offset", "claimed anew for each message"),
          Map.entry("SignalEngine.closedKeys", "filled anew by each boundary"),
          Map.entry("SignalEngine.closedFlagged", "filled anew by each boundary"),
          Map.entry("SignalEngine.closedCount", "set anew by each boundary"),
          Map.entry("EarlierRuns.hash", "filled anew by each definition"),
          Map.entry("Models.hash", "filled anew by each activation"),
          Map.entry("Models.cards", "of models that score no more: for reports"),
          Map.entry("Models.retired", "nobody scores with them, another thread closes them"),
          Map.entry("Models.owned", "whom to close: by identity, in no order"),
          Map.entry("Models.pins", "of the run's header"));

  private static final int CUTS = 9;

  @Property(tries = 6)
  void saysTheSameBytesFromAnyMessageOn(@ForAll long seed) {
    List<StateScript.Op> ops = StateScript.twoRuns(seed, 450);
    Random random = new Random(seed);
    int[] cuts = random.ints(CUTS, 0, ops.size()).sorted().distinct().toArray();
    StateScript whole = new StateScript(1);
    List<StateScript> restored = new ArrayList<>();
    int[] said = new int[cuts.length];
    for (int i = 0; i < ops.size(); i++) {
      whole.take(ops.get(i));
      int cut = Arrays.binarySearch(cuts, i);
      if (cut >= 0) {
        said[cut] = whole.sink.size();
        byte[] state = whole.state();
        StateScript rest = new StateScript(99 + cut).restore(state);
        assertThat(rest.state()).as("saved again at %d", i).isEqualTo(state);
        requireSameFields(whole, rest, i);
        restored.add(rest);
      }
    }
    byte[] end = whole.state();
    for (int c = 0; c < cuts.length; c++) {
      StateScript rest = restored.get(c);
      ops.subList(cuts[c] + 1, ops.size()).forEach(rest::take);
      List<byte[]> expected = whole.sink.all().subList(said[c], whole.sink.size());
      assertThat(rest.sink.all()).as("cut %d of %d", cuts[c], ops.size()).hasSameSizeAs(expected);
      for (int i = 0; i < expected.size(); i++) {
        byte[] other = rest.sink.bytes(i);
        assertThat(other).as("cut %d, message %d", cuts[c], i).isEqualTo(expected.get(i));
      }
      assertThat(rest.state()).as("the end, cut at %d", cuts[c]).isEqualTo(end);
    }
  }

  private static void requireSameFields(StateScript one, StateScript other, int at) {
    DeepState deep = new DeepState(SCRATCH);
    assertThat(deep.differences(one.engine, other.engine)).as("fields at %d", at).isEmpty();
  }

  @Example
  void looksAtEverythingButWhatIsNamed() {
    DeepState deep = new DeepState(SCRATCH);
    Set<EndReason> ends = EnumSet.noneOf(EndReason.class);
    int activated = 0;
    for (int seed = 1; seed <= 4; seed++) {
      StateScript one = new StateScript(1);
      StateScript.twoRuns(seed, 400).forEach(one::take);
      StateScript other = new StateScript(2).restore(one.state());
      assertThat(deep.differences(one.engine, other.engine)).isEmpty();
      activated += one.activated();
      for (EndReason reason : EndReason.values()) {
        if (one.engine.counters().ends(reason) > 0) {
          ends.add(reason);
        }
      }
    }
    // The script is worth it: models change, and signals end in many ways.
    assertThat(activated).isPositive();
    assertThat(ends).contains(EndReason.STOP, EndReason.TARGET, EndReason.EXPIRED);
    assertThat(deep.unused()).isEmpty();
    List<String> names = deep.seen().stream().map(Class::getSimpleName).toList();
    assertThat(names).contains("TrackedSignal", "Restriction", "StrategySlot", "Row");
  }

  @Example
  void closesTheModelsThatItWasBuiltWithButDoesNotNeed() {
    StateScript one = new StateScript(1);
    StateScript.activated(2).forEach(one::take);
    StateScript other = new StateScript(2);
    other.restore(one.state());
    assertThat(other.isClosed(1)).as("one strategy stays with version 1").isFalse();
    assertThat(other.engine.models().active().stream().map(a -> a.model().version()))
        .containsExactly(2, 2, 1);
    assertThat(other.engine.models().activeId("a-tick"))
        .isEqualTo(one.engine.models().activeId("a-tick"));
    other.engine.close();
    assertThat(other.isClosed(2)).isTrue();
    assertThat(other.isClosed(1)).isTrue();
  }

  @Example
  void refusesAnotherStrategysStateAndAnUsedEngine() {
    StateScript one = new StateScript(1);
    List<StateScript.Op> ops = StateScript.twoRuns(7, 50);
    ops.forEach(one::take);
    byte[] state = one.state();
    assertThatThrownBy(() -> one.restore(state)).isInstanceOf(IllegalStateException.class);
    byte[] cut = Arrays.copyOf(state, state.length / 2);
    assertThatThrownBy(() -> new StateScript(1).restore(cut))
        .isInstanceOf(StateMismatchException.class);
    TestConfig fewer = new TestConfig();
    EngineRig rig =
        new EngineRig(
            fewer
                .strategy("other", io.semnal.core.config.StrategyConfig.Trigger.TICK, "EURUSD")
                .build(),
            ScriptedScorer.model(
                "test",
                1,
                1,
                TestConfig.COLUMNS,
                new ScriptedScorer(2, 3, false, (row, out) -> false)));
    rig.start(START).quote(START + MINUTE, 1.1, 1.1001);
    assertThatThrownBy(() -> new StateScript(1).restore(StateScript.state(rig.engine)))
        .isInstanceOf(StateMismatchException.class);
  }
}

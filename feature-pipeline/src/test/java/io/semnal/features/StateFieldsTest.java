package io.semnal.features;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.core.state.DeepState;
import io.semnal.core.state.StateVisitor;
import io.semnal.features.graph.Node;
import io.semnal.features.graph.Plans;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * No field is forgotten: a restored pipeline equals the one it was taken from in everything that
 * can be reached from it, but for scratch; and every kind of node was looked at.
 */
class StateFieldsTest {
  /** What is no state, and why. */
  private static final Map<String, String> SCRATCH =
      Map.ofEntries(
          Map.entry("Node.out", "computed by each close and update before anybody reads it"),
          Map.entry("BarInputs", "loaded by each close and update"),
          Map.entry("DominantCycle.next", "made by each computation"),
          Map.entry("Trendline.mean", "made by each computation"),
          Map.entry("ParabolicSar.next", "made by each computation"),
          Map.entry("SuperTrend.nextUpper", "made by each computation"),
          Map.entry("SuperTrend.nextLower", "made by each computation"),
          Map.entry("SuperTrend.nextBullish", "made by each computation"),
          Map.entry("SortedWindow.countBelow", "made by each question"),
          Map.entry("SortedWindow.sumBelow", "made by each question"),
          Map.entry("TimeNode.knownTime", "remembers what follows from the bar's time"),
          Map.entry("TimeNode.known", "remembers what follows from the bar's time"),
          Map.entry("SessionSum.knownOpen", "remembers what follows from the bar's time"),
          Map.entry("SessionSum.presentDay", "remembers what follows from the bar's time"),
          Map.entry("SessionLevel.knownOpen", "remembers what follows from the bar's time"),
          Map.entry("SessionLevel.presentDay", "remembers what follows from the bar's time"),
          Map.entry("MarketCalendar", "remembers answers that follow from the time asked for"),
          Map.entry("Alignment", "remembers answers that follow from the time asked for"),
          Map.entry("BarAggregator.periodOpen", "found by each quote that needs it"),
          Map.entry("BarAggregator.periodClose", "found by each quote that needs it"),
          Map.entry("BarAggregator.closing", "filled by each boundary"),
          Map.entry("InstrumentBars.views", "made by each look at a forming bar"),
          Map.entry("FeatureGraph.changes", "compared by rows with what they last saw: nothing"),
          Map.entry("GraphRow.seenChanges", "a new row has seen nothing, and computes"),
          Map.entry("GraphRow.seenCloses", "likewise"),
          Map.entry("GraphRow.seenOpenTime", "likewise"),
          Map.entry("GraphRow.seenBidOpen", "likewise"),
          Map.entry("GraphRow.seenAskOpen", "likewise"),
          Map.entry("GraphRow.values", "what a row was last asked to compute"),
          Map.entry("GraphRow.allDefined", "follows from the nodes"),
          Map.entry("GraphRow.allWarm", "follows from the nodes"),
          Map.entry("WindowRow.allWarm", "follows from the counts"),
          Map.entry("GraphRow.perTick", "code"),
          Map.entry("Plan", "code"),
          Map.entry("Plans", "code"),
          Map.entry("GraphCompiler", "has done its work"));

  @Test
  void aRestoredPipelineIsTheSameInEveryField() throws ReflectiveOperationException, IOException {
    DeepState deep = new DeepState(SCRATCH);
    StateRig original = new StateRig(Plans.written());
    int at = 0;
    for (StateMarket.Step step : new StateMarket(4).steps(3_400)) {
      original.take(step);
      // Bars of files wait to be closed at the first of them; many nodes are cold at the others.
      if (++at == 301 || at == 800 || at == 3_400) {
        StateRig twin = new StateRig(Plans.interpreted()).restore(original.state(), step);
        assertThat(deep.differences(original.pipeline, twin.pipeline)).as("step %d", at).isEmpty();
        original.requireSame(twin, at);
      }
    }
    assertThat(deep.unused()).as("exclusions of nothing").isEmpty();
    assertThat(deep.seen()).as("kinds of nodes that were compared").containsAll(nodes());
  }

  @Test
  void everyNodeThatRemembersVisitsItsHistory() throws ReflectiveOperationException, IOException {
    List<Class<?>> silent = new ArrayList<>();
    for (Class<?> type : nodes()) {
      boolean remembers = Stream.of(type.getDeclaredFields()).anyMatch(StateFieldsTest::remembers);
      boolean visits =
          Stream.of(type.getDeclaredMethods())
              .anyMatch(
                  m ->
                      m.getName().equals("history")
                          && m.getParameterTypes()[0] == StateVisitor.class);
      if (remembers && !visits) {
        silent.add(type);
      }
    }
    assertThat(silent).isEmpty();
  }

  /** A field that can be written, an array, or something that has such fields. */
  private static boolean remembers(Field field) {
    String name = field.getDeclaringClass().getSimpleName() + "." + field.getName();
    int modifiers = field.getModifiers();
    if (Modifier.isStatic(modifiers) || SCRATCH.containsKey(name)) {
      return false;
    }
    return !Modifier.isFinal(modifiers) || field.getType().isArray();
  }

  /** Every class in the graph's package that is a node and can be made. */
  private static List<Class<?>> nodes() throws ReflectiveOperationException, IOException {
    String folder = Node.class.getPackageName().replace('.', '/');
    URI place =
        URI.create(Node.class.getResource("Node.class").toString().replace("Node.class", ""));
    List<String> names;
    if (place.getScheme().equals("jar")) {
      try (FileSystem jar = FileSystems.newFileSystem(place, Map.of())) {
        names = names(jar.getPath(folder));
      }
    } else {
      names = names(Path.of(place));
    }
    List<Class<?>> nodes = new ArrayList<>();
    for (String name : names) {
      Class<?> type = Class.forName(Node.class.getPackageName() + "." + name);
      if (Node.class.isAssignableFrom(type)
          && !Modifier.isAbstract(type.getModifiers())
          && !type.getSimpleName().equals("ConstantNode")) {
        nodes.add(type);
      }
    }
    assertThat(nodes).hasSizeGreaterThan(30);
    return nodes;
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(f -> f.getFileName().toString())
          .filter(f -> f.endsWith(".class") && !f.equals("package-info.class"))
          .map(f -> f.replace(".class", ""))
          .sorted()
          .toList();
    }
  }
}

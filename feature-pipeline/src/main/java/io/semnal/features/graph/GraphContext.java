package io.semnal.features.graph;

import io.semnal.core.config.FeatureSetConfig.Price;
import io.semnal.core.market.MarketCalendar;
import io.semnal.core.market.Timeframe;
import io.semnal.core.state.StateVisitor;
import io.semnal.core.state.Stateful;
import io.semnal.features.Bar;
import io.semnal.features.FeatureRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The nodes of one instrument, timeframe and price, in the order in which they are computed. */
public final class GraphContext implements Stateful {
  private final FeatureGraph graph;
  private final int instrument;
  private final Timeframe timeframe;
  private final Price price;
  private final BarInputs inputs = new BarInputs();
  private final List<Node> nodes = new ArrayList<>();

  /** Looked up by key only, never iterated; needed until the graph is sealed. */
  private Map<String, Node> byKey = new HashMap<>();

  private Node[][] stages = {};
  private Plan[] closing = {};

  /** Remember this context's closed rows. */
  private final List<WindowRow> windows = new ArrayList<>();

  /** How many stages, from the first, hold warm nodes only. */
  private int settledStages;

  private long lastClose = Long.MIN_VALUE / 2;
  private long closedBars;

  GraphContext(FeatureGraph graph, int instrument, Timeframe timeframe, Price price) {
    this.graph = graph;
    this.instrument = instrument;
    this.timeframe = timeframe;
    this.price = price;
  }

  public int instrument() {
    return instrument;
  }

  public Timeframe timeframe() {
    return timeframe;
  }

  public Price price() {
    return price;
  }

  public MarketCalendar calendar() {
    return graph.calendar();
  }

  /** The node of that name, inputs and numbers, made once. */
  public Node node(String name, List<Node> series, double[] numbers, Supplier<Node> factory) {
    StringBuilder key = new StringBuilder(name);
    for (Node node : series) {
      key.append(node instanceof ConstantNode c ? " =" + c.value() : " #" + node.id);
    }
    for (double number : numbers) {
      key.append(' ').append(number);
    }
    Node known = byKey.get(key.toString());
    if (known != null) {
      return known;
    }
    Node node = factory.get();
    if (node.id >= 0) {
      throw new IllegalStateException(
          "the factory of " + name + " gave a node that the graph has: it would commit twice");
    }
    if (node.isPure() && series.stream().allMatch(ConstantNode.class::isInstance)) {
      node.update();
      node = new ConstantNode(node.out);
    } else {
      node.id = nodes.size();
      nodes.add(node);
    }
    byKey.put(key.toString(), node);
    return node;
  }

  /** The value of another context's node at its last closed bar. */
  public Node remote(GraphContext source, Node target) {
    if (target instanceof ConstantNode) {
      return target;
    }
    return node(
        "@" + graph.indexOf(source) + "/" + target.id,
        List.of(),
        new double[0],
        () -> new RemoteNode(this, source, target));
  }

  /** A row's columns over several bars. */
  public FeatureRow window(GraphRow row, int rows) {
    WindowRow window = new WindowRow(row, rows);
    windows.add(window);
    return window;
  }

  BarInputs inputs() {
    return inputs;
  }

  long now() {
    return graph.now();
  }

  long lastClose() {
    return lastClose;
  }

  long closedBars() {
    return closedBars;
  }

  List<Node> nodes() {
    return nodes;
  }

  int stageCount() {
    return stages.length;
  }

  /** Sorts the nodes by stage; no node is added from here on. */
  void seal() {
    byKey = Map.of();
    int count = nodes.stream().mapToInt(n -> n.stage + 1).max().orElse(0);
    for (Node node : nodes) {
      for (Node input : node.inputs()) {
        input.escapes |= input.stage != node.stage;
      }
    }
    stages = new Node[count][];
    closing = new Plan[count];
    for (int s = 0; s < count; s++) {
      int stage = s;
      stages[s] = nodes.stream().filter(n -> n.stage == stage).toArray(Node[]::new);
      closing[s] = graph.plans().closing(stages[s]);
    }
  }

  /** Makes a closed bar the present one. */
  void beginClose(Bar bar) {
    inputs.load(bar, price);
    lastClose = bar.closeTime;
    closedBars++;
  }

  void closeStage(int stage) {
    if (stage >= stages.length) {
      return;
    }
    closing[stage].close();
    if (stage >= settledStages) {
      settle(stage);
    }
  }

  private void settle(int stage) {
    boolean all = true;
    for (Node node : stages[stage]) {
      node.settle();
      all &= node.warm;
    }
    if (all && stage == settledStages) {
      settledStages++;
    }
  }

  /** Once every context of the instant has closed. */
  void endClose() {
    for (int i = 0; i < windows.size(); i++) {
      windows.get(i).rowClosed();
    }
  }

  /** The bar that nodes see is not part of it: each close and each update loads one. */
  @Override
  public void state(StateVisitor s) {
    s.section(instrument + " " + timeframe + " " + price + ", " + nodes.size() + " nodes");
    lastClose = s.of(lastClose);
    closedBars = s.of(closedBars);
    settledStages = s.of(settledStages);
    for (Node node : nodes) {
      node.state(s);
    }
    for (WindowRow window : windows) {
      window.state(s);
    }
  }

  /** Makes the forming bar the present one. */
  void beginUpdate(Bar forming) {
    inputs.load(forming, price);
  }

  /** Rises with everything that a provisional value may depend on. */
  long changes() {
    return graph.changes();
  }

  Plans plans() {
    return graph.plans();
  }
}

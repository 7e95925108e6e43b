package io.semnal.features.graph;

import io.semnal.features.Bar;
import io.semnal.features.FeatureRow;
import io.semnal.features.WarmUpNeed;
import io.semnal.features.bar.BarAggregator;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** The columns of one feature set for one instrument, and the nodes that they need. */
public final class GraphRow implements FeatureRow {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;

  /** Nodes of a plan that is dear to write. */
  private static final int LONG = 16;

  private final GraphContext context;
  private final int timeframe;
  private final BarAggregator bars;
  private final Node[] columns;

  /** What the columns are computed from and does not move while a bar forms. */
  private final Plan perBar;

  /** What else the columns are computed from inside their own context, in topological order. */
  private final Node[] moving;

  /** If it is long, only made when asked for: many rows never look at a forming bar. */
  private Plan perTick;

  private long seenChanges = Long.MIN_VALUE;
  private long seenCloses = Long.MIN_VALUE;
  private long seenOpenTime = Long.MIN_VALUE;
  private long seenBidOpen;
  private long seenAskOpen;
  private final double[] values;
  private boolean allDefined;
  private boolean allWarm;

  /**
   * @param timeframe position of the context's timeframe
   */
  public GraphRow(GraphContext context, int timeframe, BarAggregator bars, List<Node> columns) {
    this.context = context;
    this.timeframe = timeframe;
    this.bars = bars;
    this.columns = columns.toArray(new Node[0]);
    for (Node column : columns) {
      column.observed = true;
    }
    List<Node> resting = new ArrayList<>();
    this.moving = moving(reachable(this.columns), resting);
    this.perBar = new Plan(resting.toArray(Node[]::new));
    this.perTick = moving.length > LONG ? null : context.plans().updating(moving);
    this.values = new double[this.columns.length];
    Arrays.fill(values, Double.NaN);
  }

  @Override
  public int columns() {
    return columns.length;
  }

  @Override
  public boolean isDefined() {
    if (!allDefined) {
      for (Node column : columns) {
        if (!column.defined) {
          return false;
        }
      }
      allDefined = true;
    }
    for (double value : values) {
      if (Double.isNaN(value)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean isWarm() {
    if (!allWarm) {
      for (Node column : columns) {
        if (!column.warm) {
          return false;
        }
      }
      allWarm = true;
    }
    return true;
  }

  @Override
  public boolean isWarm(int column) {
    return columns[column].warm;
  }

  @Override
  public List<WarmUpNeed> warmUp(int column) {
    return warmUp(column, 0);
  }

  /**
   * @param more bars that must follow once the column is warm
   */
  List<WarmUpNeed> warmUp(int column, int more) {
    List<WarmUpNeed> needs = new ArrayList<>();
    WarmUp.report(
        context,
        List.of(columns[column]),
        more,
        (c, bars) ->
            needs.add(new WarmUpNeed(c.instrument(), c.timeframe(), bars, c.closedBars())));
    needs.sort(
        Comparator.comparing(WarmUpNeed::timeframe).thenComparingInt(WarmUpNeed::instrument));
    return needs;
  }

  /** Whether one column has a value by its seeding convention. */
  boolean isDefined(int column) {
    return columns[column].defined;
  }

  /** A column as of the last closed bar, whatever was computed since. */
  double closedValue(int column) {
    return columns[column].closed;
  }

  /** Whether a bar is forming, so that {@link #forming} takes it in. */
  boolean hasForming() {
    return bars.forming(context.instrument(), timeframe).ticks != 0;
  }

  @Override
  public void closed() {
    for (int i = 0; i < columns.length; i++) {
      values[i] = columns[i].closed;
    }
  }

  @Override
  public void forming() {
    Bar forming = bars.forming(context.instrument(), timeframe);
    if (forming.ticks == 0) {
      closed();
      return;
    }
    if (seenChanges != context.changes()) {
      update(forming);
    }
    for (int i = 0; i < columns.length; i++) {
      values[i] = columns[i].out;
    }
  }

  @Override
  public double value(int column) {
    return values[column];
  }

  @Override
  public void writeFloats(MemorySegment target, long offset) {
    for (int i = 0; i < values.length; i++) {
      target.set(FLOAT, offset + (long) i * Float.BYTES, (float) values[i]);
    }
  }

  @Override
  public void writeDoubles(MemorySegment target, long offset) {
    for (int i = 0; i < values.length; i++) {
      target.set(DOUBLE, offset + (long) i * Double.BYTES, values[i]);
    }
  }

  @Override
  public void prepareForming() {
    if (perTick == null) {
      perTick = context.plans().updating(moving);
    }
  }

  private void update(Bar forming) {
    prepareForming();
    seenChanges = context.changes();
    context.beginUpdate(forming);
    if (seenCloses != context.closedBars()
        || seenOpenTime != forming.openTime
        || seenBidOpen != forming.bidOpen
        || seenAskOpen != forming.askOpen) {
      seenCloses = context.closedBars();
      seenOpenTime = forming.openTime;
      seenBidOpen = forming.bidOpen;
      seenAskOpen = forming.askOpen;
      perBar.update();
    }
    perTick.update();
  }

  /**
   * @param resting takes the nodes that do not move while a bar forms; they depend on no other
   */
  private static Node[] moving(Node[] all, List<Node> resting) {
    Set<Node> found = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Node> result = new ArrayList<>();
    for (Node node : all) {
      boolean inputsMove = false;
      for (Node input : node.inputs()) {
        inputsMove |= found.contains(input);
      }
      if (node.movesWithinBar(inputsMove)) {
        found.add(node);
        result.add(node);
      } else {
        resting.add(node);
      }
    }
    return result.toArray(Node[]::new);
  }

  private static Node[] reachable(Node[] columns) {
    TreeMap<Integer, Node> found = new TreeMap<>();
    Deque<Node> open = new ArrayDeque<>(List.of(columns));
    while (!open.isEmpty()) {
      Node node = open.pop();
      if (node.id < 0 || found.put(node.id, node) != null || node instanceof RemoteNode) {
        continue;
      }
      for (Node input : node.inputs()) {
        open.push(input);
      }
    }
    return found.values().toArray(Node[]::new);
  }
}

package io.semnal.features.graph;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ObjIntConsumer;

/** Counts the bars that a cold graph needs until some of its nodes are warm. */
public final class WarmUp {
  /** Looked up, and folded by maximum: the order of iteration does not show. */
  private final Map<Node, Map<GraphContext, Integer>> known = new IdentityHashMap<>();

  private final boolean warm;

  private WarmUp(boolean warm) {
    this.warm = warm;
  }

  /**
   * Reports bars per context. A node with history over another timeframe's value needs its own bars
   * after that value is warm: they are counted as bars of that timeframe too.
   */
  public static void report(
      GraphContext context, List<Node> nodes, ObjIntConsumer<GraphContext> report) {
    report(new WarmUp(true), context, nodes, report);
  }

  /** The same until all have a value, converged or not. */
  public static void reportDefined(
      GraphContext context, List<Node> nodes, ObjIntConsumer<GraphContext> report) {
    report(new WarmUp(false), context, nodes, report);
  }

  private static void report(
      WarmUp warmUp, GraphContext context, List<Node> nodes, ObjIntConsumer<GraphContext> report) {
    Map<GraphContext, Integer> total = new HashMap<>();
    for (Node node : nodes) {
      warmUp.need(context, node).forEach((c, bars) -> total.merge(c, bars, Math::max));
    }
    total.forEach(report::accept);
  }

  private Map<GraphContext, Integer> need(GraphContext context, Node node) {
    Map<GraphContext, Integer> cached = known.get(node);
    if (cached != null) {
      return cached;
    }
    Map<GraphContext, Integer> result = new HashMap<>();
    if (node instanceof RemoteNode remote) {
      result.putAll(need(remote.source(), remote.inputs()[0]));
      result.merge(context, 1, Math::max);
    } else if (!(node instanceof ConstantNode)) {
      result.put(context, 1);
      for (Node input : node.inputs()) {
        need(context, input).forEach((c, bars) -> result.merge(c, bars, Math::max));
      }
      int more = (warm ? node.usuallyWarmAfter() : node.definedAfter()) - 1;
      result.replaceAll((c, bars) -> bars + (c == context ? more : converted(more, context, c)));
    }
    known.put(node, result);
    return result;
  }

  private static int converted(int bars, GraphContext from, GraphContext to) {
    long seconds = (long) bars * from.timeframe().seconds();
    return (int) Math.ceilDiv(seconds, (long) to.timeframe().seconds());
  }
}

package io.semnal.features.graph;

/**
 * A node of another timeframe or instrument, as of the last closed bar there; NaN once that bar's
 * close lies more than two of its periods back.
 */
final class RemoteNode extends Node {
  private final GraphContext own;
  private final GraphContext source;
  private final Node target;
  private final long limit;

  RemoteNode(GraphContext own, GraphContext source, Node target) {
    super(target);
    this.own = own;
    this.source = source;
    this.target = target;
    target.observed = true;
    limit = 2 * source.timeframe().nanos();
    stage = target.stage + 1;
  }

  GraphContext source() {
    return source;
  }

  @Override
  protected double compute() {
    return own.now() - source.lastClose() > limit ? Double.NaN : target.closed;
  }
}

package io.semnal.features.graph;

/** Whether the bar bears a mark: 1 or 0. */
public final class FlagNode extends Node {
  private final BarInputs inputs;
  private final int bit;

  /**
   * @param bit of the schema's {@code BarFlags}
   */
  public FlagNode(GraphContext context, int bit) {
    this.inputs = context.inputs();
    this.bit = bit;
  }

  @Override
  protected double compute() {
    return (inputs.bar.flags & bit) != 0 ? 1 : 0;
  }
}

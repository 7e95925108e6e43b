package io.semnal.features.graph;

/** A number. */
public final class ConstantNode extends Node {
  public ConstantNode(double value) {
    out = value;
    closed = value;
    defined = true;
    warm = true;
  }

  public double value() {
    return out;
  }

  @Override
  protected double compute() {
    return out;
  }

  @Override
  boolean isPure() {
    return true;
  }
}

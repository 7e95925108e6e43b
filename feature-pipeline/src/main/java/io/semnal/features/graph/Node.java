package io.semnal.features.graph;

import io.semnal.core.state.StateVisitor;
import io.semnal.core.state.Stateful;

/**
 * One value of a feature graph, computed from other nodes' values and from its own history.
 *
 * <p>A {@link Plan} drives it, always in topological order. An update computes the value that a
 * close with the present inputs would give, and remembers nothing. A close computes the same value
 * by the same code, then commits the inputs to the node's history. Thus a provisional value equals
 * the closed one by construction.
 *
 * <p>A value is finite or NaN; NaN means missing, and an infinity becomes one. What a missing input
 * does is each node's own rule: windows are NaN as long as they hold one, recursive averages leave
 * it out.
 */
public abstract class Node implements Stateful {
  private static final Node[] NONE = {};

  /** Value of the last update or close. */
  double out = Double.NaN;

  /** Value of the last close, where {@link #observed}. */
  double closed = Double.NaN;

  /** Whether something other than nodes of the same context reads the value. */
  boolean observed;

  /** Whether a node of another stage reads {@link #out}. */
  boolean escapes;

  /** Position in its context, which is a topological order; -1 for constants. */
  int id = -1;

  /** Hops over other contexts that lie below; a hop is taken one stage after its target. */
  int stage;

  boolean defined;
  boolean warm;

  private final Node[] inputs;
  private final int definedAfter;
  private final int warmAfter;
  private int definedSeen;
  private int warmSeen;

  /** A node without history. */
  protected Node(Node... inputs) {
    this(1, 1, inputs);
  }

  /**
   * @param definedAfter closes, the first with all inputs defined included, until there is a value
   * @param warmAfter closes, the first with all inputs warm included, until the value has converged
   */
  protected Node(int definedAfter, int warmAfter, Node... inputs) {
    this.inputs = inputs.length == 0 ? NONE : inputs;
    this.definedAfter = definedAfter;
    this.warmAfter = warmAfter;
    for (Node input : inputs) {
      stage = Math.max(stage, input.stage);
    }
  }

  /** The value for the inputs' present values; must not change the node's state. */
  protected abstract double compute();

  /**
   * Takes the inputs' present values into the node's history; {@link #out} is the value just
   * computed.
   */
  protected void commit() {}

  /**
   * Whether this history has forgotten its beginning; asked once after each close with all inputs
   * warm, until it is so. For nodes whose memory is as long as their data makes it.
   */
  protected boolean converged() {
    return true;
  }

  /** Bars by which such a node has usually converged: what a warm-up should bring. */
  int usuallyWarmAfter() {
    return warmAfter;
  }

  /** What such a node waits for, in words that follow "warm when"; empty for others. */
  String warmWhen() {
    return "";
  }

  /** Whether the value depends on nothing but the inputs' present values. */
  boolean isPure() {
    return false;
  }

  /**
   * Whether the value can change while a bar forms, given whether an input's can. To say no is a
   * promise that a value computed once after the bar's first tick holds until its close.
   */
  boolean movesWithinBar(boolean inputsMove) {
    return true;
  }

  final Node[] inputs() {
    return inputs;
  }

  final int definedAfter() {
    return definedAfter;
  }

  final int warmAfter() {
    return warmAfter;
  }

  /** Computes the provisional value. */
  final void update() {
    out = finite(compute());
  }

  /** Computes the value and makes it part of the history. */
  final void close() {
    double value = finite(compute());
    out = value;
    if (observed) {
      closed = value;
    }
    commit();
  }

  /** Counts a close, after those of the inputs. */
  final void settle() {
    if (warm) {
      return;
    }
    boolean allDefined = true;
    boolean allWarm = true;
    for (Node input : inputs) {
      allDefined &= input.defined;
      allWarm &= input.warm;
    }
    if (allDefined && ++definedSeen >= definedAfter) {
      defined = true;
    }
    if (allWarm) {
      warm = ++warmSeen >= warmAfter & converged();
    }
  }

  /**
   * Visits what closes leave behind in this class, scratch left out. A class with fields that
   * {@link #commit} or {@link #converged} writes overrides it.
   */
  protected void history(StateVisitor s) {}

  /** Of a node between two messages: {@link #out} is computed again before anybody reads it. */
  @Override
  public final void state(StateVisitor s) {
    s.section(getClass().getSimpleName());
    definedSeen = s.of(definedSeen);
    warmSeen = s.of(warmSeen);
    defined = s.of(defined);
    warm = s.of(warm);
    if (observed) {
      closed = s.of(closed);
    }
    history(s);
  }

  /** The value, or NaN for an infinity. */
  static double finite(double value) {
    return value - value == 0.0 ? value : Double.NaN;
  }
}

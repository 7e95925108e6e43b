package io.semnal.features.graph;

import io.semnal.features.expression.Expression.Operator;

/** Nodes without history. */
public final class Elementwise {
  private Elementwise() {}

  /** The node of an operator. A comparison with a missing side is missing. */
  public static Node binary(Operator operator, Node a, Node b) {
    return switch (operator) {
      case ADD -> new Add(a, b);
      case SUBTRACT -> new Subtract(a, b);
      case MULTIPLY -> new Multiply(a, b);
      case DIVIDE -> new Divide(a, b);
      default -> new Compare(operator, a, b);
    };
  }

  private abstract static class Pure extends Node {
    Pure(Node... inputs) {
      super(inputs);
    }

    @Override
    final boolean isPure() {
      return true;
    }
  }

  private static final class Add extends Pure {
    private final Node a;
    private final Node b;

    Add(Node a, Node b) {
      super(a, b);
      this.a = a;
      this.b = b;
    }

    @Override
    protected double compute() {
      return a.out + b.out;
    }
  }

  private static final class Subtract extends Pure {
    private final Node a;
    private final Node b;

    Subtract(Node a, Node b) {
      super(a, b);
      this.a = a;
      this.b = b;
    }

    @Override
    protected double compute() {
      return a.out - b.out;
    }
  }

  private static final class Multiply extends Pure {
    private final Node a;
    private final Node b;

    Multiply(Node a, Node b) {
      super(a, b);
      this.a = a;
      this.b = b;
    }

    @Override
    protected double compute() {
      return a.out * b.out;
    }
  }

  private static final class Divide extends Pure {
    private final Node a;
    private final Node b;

    Divide(Node a, Node b) {
      super(a, b);
      this.a = a;
      this.b = b;
    }

    @Override
    protected double compute() {
      return a.out / b.out;
    }
  }

  private static final class Compare extends Pure {
    private final Operator operator;
    private final Node a;
    private final Node b;

    Compare(Operator operator, Node a, Node b) {
      super(a, b);
      this.operator = operator;
      this.a = a;
      this.b = b;
    }

    @Override
    protected double compute() {
      double x = a.out;
      double y = b.out;
      if (Double.isNaN(x) || Double.isNaN(y)) {
        return Double.NaN;
      }
      boolean holds =
          switch (operator) {
            case LESS -> x < y;
            case LESS_OR_EQUAL -> x <= y;
            case GREATER -> x > y;
            case GREATER_OR_EQUAL -> x >= y;
            case EQUAL -> x == y;
            case NOT_EQUAL -> x != y;
            default -> throw new IllegalStateException(operator.symbol());
          };
      return holds ? 1 : 0;
    }
  }

  /** {@code -x}. */
  public static final class Negate extends Pure {
    private final Node x;

    public Negate(Node x) {
      super(x);
      this.x = x;
    }

    @Override
    protected double compute() {
      return -x.out;
    }
  }

  /** A function of one number. */
  public static final class Function extends Pure {
    /** Which one; {@code log} and {@code sqrt} are NaN outside their domain. */
    public enum Kind {
      ABS,
      LOG,
      SQRT,
      SIGN,
      FLOOR,
      EXP
    }

    private final Kind kind;
    private final Node x;

    public Function(Kind kind, Node x) {
      super(x);
      this.kind = kind;
      this.x = x;
    }

    @Override
    protected double compute() {
      double v = x.out;
      return switch (kind) {
        case ABS -> Math.abs(v);
        case LOG -> StrictMath.log(v);
        case SQRT -> Math.sqrt(v);
        case SIGN -> Math.signum(v);
        case FLOOR -> Math.floor(v);
        case EXP -> StrictMath.exp(v);
      };
    }
  }

  /** The lesser of two; NaN where one is. */
  public static final class Lesser extends Pure {
    private final Node a;
    private final Node b;

    public Lesser(Node a, Node b) {
      super(a, b);
      this.a = a;
      this.b = b;
    }

    @Override
    protected double compute() {
      return Math.min(a.out, b.out);
    }
  }

  /** The greater of two; NaN where one is. */
  public static final class Greater extends Pure {
    private final Node a;
    private final Node b;

    public Greater(Node a, Node b) {
      super(a, b);
      this.a = a;
      this.b = b;
    }

    @Override
    protected double compute() {
      return Math.max(a.out, b.out);
    }
  }

  /** {@code a / b}, or a stated value where {@code b} is zero: a flat market says nothing. */
  public static final class Ratio extends Pure {
    private final Node a;
    private final Node b;
    private final Node otherwise;

    public Ratio(Node a, Node b, Node otherwise) {
      super(a, b, otherwise);
      this.a = a;
      this.b = b;
      this.otherwise = otherwise;
    }

    @Override
    protected double compute() {
      double divisor = b.out;
      return divisor == 0 ? otherwise.out + 0 * a.out : a.out / divisor;
    }
  }
}

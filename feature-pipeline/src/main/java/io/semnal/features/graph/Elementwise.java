package io.semnal.features.graph;

import io.semnal.features.expression.Expression.Operator;

/** Nodes without history. */
public final class Elementwise {
  /** As far from 1, the series' first term that is left out is below the last digit. */
  private static final double SMALL = 0x1p-9;

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

  static double add(double a, double b) {
    return a + b;
  }

  static double subtract(double a, double b) {
    return a - b;
  }

  static double multiply(double a, double b) {
    return a * b;
  }

  static double divide(double a, double b) {
    return a / b;
  }

  static double less(double a, double b) {
    return a < b ? 1 : unlessMissing(a, b);
  }

  static double lessOrEqual(double a, double b) {
    return a <= b ? 1 : unlessMissing(a, b);
  }

  static double more(double a, double b) {
    return a > b ? 1 : unlessMissing(a, b);
  }

  static double moreOrEqual(double a, double b) {
    return a >= b ? 1 : unlessMissing(a, b);
  }

  static double equal(double a, double b) {
    return a == b ? 1 : unlessMissing(a, b);
  }

  static double notEqual(double a, double b) {
    return a != b ? differ(a, b) : 0;
  }

  private static double differ(double a, double b) {
    return a < b || a > b ? 1 : Double.NaN;
  }

  /** 0, or NaN where a side is. */
  private static double unlessMissing(double a, double b) {
    return a != a || b != b ? Double.NaN : 0;
  }

  static double negate(double x) {
    return -x;
  }

  static double abs(double x) {
    return Math.abs(x);
  }

  static double sqrt(double x) {
    return Math.sqrt(x);
  }

  static double sign(double x) {
    return Math.signum(x);
  }

  static double floor(double x) {
    return Math.floor(x);
  }

  /** Around 1, where prices are by prices, by the series of the area hyperbolic tangent. */
  static double log(double x) {
    double change = x - 1;
    if (Math.abs(change) > SMALL) {
      return StrictMath.log(x);
    }
    double z = change / (x + 1);
    double square = z * z;
    return 2 * z * (1 + square * (1.0 / 3 + square / 5));
  }

  static double exp(double x) {
    return StrictMath.exp(x);
  }

  static double lesser(double a, double b) {
    return Math.min(a, b);
  }

  static double greater(double a, double b) {
    return Math.max(a, b);
  }

  static double ratio(double a, double b, double otherwise) {
    return b == 0 ? otherwise + 0 * a : a / b;
  }

  /** A node that is computed by one static method of this class, if it has an operation. */
  abstract static class Pure extends Node {
    Pure(Node... inputs) {
      super(inputs);
    }

    /**
     * Name of the static method of {@link Elementwise} that gives the value for those of {@link
     * #inputs}, or {@code null} where only {@link #compute} does.
     */
    abstract String operation();

    @Override
    final boolean isPure() {
      return true;
    }

    @Override
    final boolean movesWithinBar(boolean inputsMove) {
      return inputsMove;
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
    String operation() {
      return "add";
    }

    @Override
    protected double compute() {
      return add(a.out, b.out);
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
    String operation() {
      return "subtract";
    }

    @Override
    protected double compute() {
      return subtract(a.out, b.out);
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
    String operation() {
      return "multiply";
    }

    @Override
    protected double compute() {
      return multiply(a.out, b.out);
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
    String operation() {
      return "divide";
    }

    @Override
    protected double compute() {
      return divide(a.out, b.out);
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
    String operation() {
      return switch (operator) {
        case LESS -> "less";
        case LESS_OR_EQUAL -> "lessOrEqual";
        case GREATER -> "more";
        case GREATER_OR_EQUAL -> "moreOrEqual";
        case EQUAL -> "equal";
        case NOT_EQUAL -> "notEqual";
        default -> throw new IllegalStateException(operator.symbol());
      };
    }

    @Override
    protected double compute() {
      double x = a.out;
      double y = b.out;
      return switch (operator) {
        case LESS -> less(x, y);
        case LESS_OR_EQUAL -> lessOrEqual(x, y);
        case GREATER -> more(x, y);
        case GREATER_OR_EQUAL -> moreOrEqual(x, y);
        case EQUAL -> equal(x, y);
        case NOT_EQUAL -> notEqual(x, y);
        default -> throw new IllegalStateException(operator.symbol());
      };
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
    String operation() {
      return "negate";
    }

    @Override
    protected double compute() {
      return negate(x.out);
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
    String operation() {
      return switch (kind) {
        case ABS -> "abs";
        case SQRT -> "sqrt";
        case SIGN -> "sign";
        case FLOOR -> "floor";
        case LOG -> "log";
        case EXP -> "exp";
      };
    }

    @Override
    protected double compute() {
      double v = x.out;
      return switch (kind) {
        case ABS -> abs(v);
        case LOG -> log(v);
        case SQRT -> sqrt(v);
        case SIGN -> sign(v);
        case FLOOR -> floor(v);
        case EXP -> exp(v);
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
    String operation() {
      return "lesser";
    }

    @Override
    protected double compute() {
      return lesser(a.out, b.out);
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
    String operation() {
      return "greater";
    }

    @Override
    protected double compute() {
      return greater(a.out, b.out);
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
    String operation() {
      return "ratio";
    }

    @Override
    protected double compute() {
      return ratio(a.out, b.out, otherwise.out);
    }
  }
}

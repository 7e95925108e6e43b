package io.semnal.features.expression;

import io.semnal.core.market.Timeframe;
import java.util.List;

/** A column as it was written, before names are looked up. */
public sealed interface Expression {
  /** Where it begins in the column's text, from 0. */
  int position();

  /** A literal. */
  record Number(double value, int position) implements Expression {}

  /**
   * A name, its arguments if there are any, and the chosen output, or {@code null}.
   *
   * @param outputPosition where the output's name begins
   */
  record Call(
      String name, List<Expression> arguments, String output, int outputPosition, int position)
      implements Expression {
    public Call {
      arguments = List.copyOf(arguments);
    }
  }

  /** Unary minus. */
  record Negate(Expression operand, int position) implements Expression {}

  /** Arithmetic or comparison; {@code position} is the operator's. */
  record Binary(Operator operator, Expression left, Expression right, int position)
      implements Expression {}

  /**
   * The value at the last closed bar of another timeframe, another instrument, or both; {@code
   * null} stands for the row's own.
   */
  record At(Expression operand, Timeframe timeframe, String instrument, int position)
      implements Expression {}

  /** Binary operators; a comparison is 1 where it holds, else 0. */
  enum Operator {
    LESS("<", 1),
    LESS_OR_EQUAL("<=", 1),
    GREATER(">", 1),
    GREATER_OR_EQUAL(">=", 1),
    EQUAL("==", 1),
    NOT_EQUAL("!=", 1),
    ADD("+", 2),
    SUBTRACT("-", 2),
    MULTIPLY("*", 3),
    DIVIDE("/", 3);

    private final String symbol;
    private final int precedence;

    Operator(String symbol, int precedence) {
      this.symbol = symbol;
      this.precedence = precedence;
    }

    public String symbol() {
      return symbol;
    }

    /** Higher binds tighter. */
    int precedence() {
      return precedence;
    }
  }
}

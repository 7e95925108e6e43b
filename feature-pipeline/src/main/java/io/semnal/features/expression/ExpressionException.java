package io.semnal.features.expression;

/** A column cannot be understood: says where and why. */
public final class ExpressionException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final int position;
  private final String problem;

  /**
   * @param column the whole text
   * @param position of the problem, from 0
   */
  public ExpressionException(String column, int position, String problem) {
    super("column '" + column + "', character " + (position + 1) + ": " + problem);
    this.position = position;
    this.problem = problem;
  }

  /** From 0. */
  public int position() {
    return position;
  }

  /** The message without column and character. */
  public String problem() {
    return problem;
  }
}

package io.semnal.core.state;

/** A written state does not belong to the object that it is read into. */
public final class StateMismatchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StateMismatchException(String message) {
    super(message);
  }
}

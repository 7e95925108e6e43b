package io.semnal.research.learn;

/** A fit was asked to stop before its end. */
public final class StoppedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StoppedException() {
    super("stopped");
  }
}

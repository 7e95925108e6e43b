package io.semnal.inference.registry;

/** A model is missing, broken, or does not fit its contract; the message says which and where. */
public final class ModelRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ModelRefusedException(String message) {
    super(message);
  }

  public ModelRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}

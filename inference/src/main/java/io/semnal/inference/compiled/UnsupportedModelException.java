package io.semnal.inference.compiled;

/** A sound model holds something that the compiled scorer does not cover; the message names it. */
public final class UnsupportedModelException extends RuntimeException {
  private static final long serialVersionUID = 1;

  UnsupportedModelException(String message) {
    super(message);
  }

  UnsupportedModelException(String message, Throwable cause) {
    super(message, cause);
  }
}

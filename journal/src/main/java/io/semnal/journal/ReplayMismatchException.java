package io.semnal.journal;

/** An engine said something else in replay than it had published. */
public final class ReplayMismatchException extends JournalException {
  ReplayMismatchException(String message) {
    super(message);
  }
}

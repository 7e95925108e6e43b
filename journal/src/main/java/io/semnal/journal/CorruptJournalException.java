package io.semnal.journal;

/** Bytes in a journal that no writer of ours can have left there; the message names the place. */
public final class CorruptJournalException extends JournalException {
  public CorruptJournalException(String message) {
    super(message);
  }

  public CorruptJournalException(String message, Throwable cause) {
    super(message, cause);
  }
}

package io.semnal.journal;

/** Bytes in a journal that no writer of ours can have left there; the message names the place. */
public sealed class CorruptJournalException extends JournalException
    permits DamagedMessageException {
  public CorruptJournalException(String message) {
    super(message);
  }

  public CorruptJournalException(String message, Throwable cause) {
    super(message, cause);
  }
}

package io.semnal.journal;

/** A message whose bytes are not those that were written, by the checksum beside its queue. */
public final class DamagedMessageException extends CorruptJournalException {
  DamagedMessageException(String message) {
    super(message);
  }
}

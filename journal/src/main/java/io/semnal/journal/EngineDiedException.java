package io.semnal.journal;

/** An engine threw while it was given a message of the journal. */
public final class EngineDiedException extends JournalException {
  private final long journalSeq;

  EngineDiedException(long journalSeq, Throwable cause) {
    super("the engine died at inbound message " + journalSeq + ": " + cause, cause);
    this.journalSeq = journalSeq;
  }

  /** The inbound message that it was given. */
  public long journalSeq() {
    return journalSeq;
  }
}

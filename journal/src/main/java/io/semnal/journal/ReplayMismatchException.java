package io.semnal.journal;

/** An engine said something else in replay than it had published. */
public final class ReplayMismatchException extends JournalException {
  ReplayMismatchException(String message) {
    super(
        message
            + "; if a disk did this, 'semnal journal salvage --to DIR --out-before OUTSEQ' copies"
            + " what stands before it, and the next start says the rest again");
  }
}

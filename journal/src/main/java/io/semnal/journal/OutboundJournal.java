package io.semnal.journal;

/**
 * What was published, for clients that resume: any thread asks, and opens readers of its own beside
 * the writer.
 */
public final class OutboundJournal implements AutoCloseable {
  private final JournalDirectory journal;
  private QueueReader marks;

  public OutboundJournal(JournalDirectory journal) {
    this.journal = journal;
  }

  /** {@code outSeq} of the oldest message kept; {@code head() + 1} if there is none. */
  public synchronized long oldest() {
    long oldest = marks().oldest().sequence();
    // Of what was pruned, the oldest file still has messages, but not all.
    return oldest == 0 ? head() + 1 : Math.max(oldest, journal.floor().outSeq());
  }

  /** {@code outSeq} of the newest message journaled; 0 if there never was one. */
  public synchronized long head() {
    return marks().head().sequence();
  }

  /**
   * A reader before the first message whose {@code outSeq} lies above {@code afterOutSeq}. The
   * thread that opens it reads and closes it.
   */
  public QueueReader open(long afterOutSeq) {
    QueueReader reader = journal.outboundReader();
    reader.seekToSequence(afterOutSeq + 1);
    return reader;
  }

  /** The same before the first message whose engine time is {@code time} or later. */
  public QueueReader openAt(long time) {
    QueueReader reader = journal.outboundReader();
    reader.seekToTime(time);
    return reader;
  }

  private QueueReader marks() {
    if (marks == null) {
      // Numbers alone, asked for by the hot thread as well.
      marks = journal.rawOutboundReader();
    }
    return marks;
  }

  @Override
  public synchronized void close() {
    if (marks != null) {
      marks.close();
      marks = null;
    }
  }
}

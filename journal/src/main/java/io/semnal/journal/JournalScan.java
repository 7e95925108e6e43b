package io.semnal.journal;

import io.semnal.core.ingress.MessageHandler;
import io.semnal.core.source.SourceRegistry;
import io.semnal.core.state.StateReader;

/**
 * Reads both queues of a journal once, from end to end or from a snapshot on, and concludes their
 * {@link JournalState}.
 */
public final class JournalScan {
  private final JournalDirectory journal;
  private final Progress progress;
  private final JournalFold fold = new JournalFold();
  private boolean readsRaw;

  private JournalScan(JournalDirectory journal, Progress progress) {
    this.journal = journal;
    this.progress = progress;
    fold.prunedTo(journal.floor());
  }

  /**
   * Reads the whole journal. Faults are listed in the state, not thrown; a reader stops where a
   * queue cannot be read on.
   *
   * @param sources receives the sources and their progress; {@code null} = nobody
   */
  public static JournalState scan(
      JournalDirectory journal, SourceRegistry sources, Progress progress) {
    return new JournalScan(journal, progress).run(sources);
  }

  /** The same from the newest snapshot on, if there is one that serves. */
  public static JournalState scan(
      JournalDirectory journal,
      SnapshotChoice snapshots,
      SourceRegistry sources,
      Progress progress) {
    JournalScan scan = new JournalScan(journal, progress);
    Snapshot newest = snapshots.newest();
    if (newest != null) {
      scan.goOnFrom(newest.journalBytes());
    }
    return scan.run(sources);
  }

  /**
   * The same, if there is a snapshot that serves: without reading what lies before it.
   *
   * @return {@code null} if there is none
   */
  public static JournalState scanFromSnapshot(JournalDirectory journal, Progress progress) {
    SnapshotChoice snapshots = SnapshotChoice.of(journal);
    return snapshots.newest() == null ? null : scan(journal, snapshots, null, progress);
  }

  /**
   * The same for those who compare outbound with what an engine says: a damaged message of outbound
   * is left to them, who can name the field.
   */
  static JournalState toCompare(
      JournalDirectory journal, SnapshotChoice snapshots, Progress progress) {
    JournalScan scan = new JournalScan(journal, progress);
    scan.readsRaw = true;
    Snapshot newest = snapshots.newest();
    if (newest != null) {
      scan.goOnFrom(newest.journalBytes());
    }
    return scan.run(null);
  }

  /** The same from where an earlier scan has come to. */
  static JournalState scanOn(JournalDirectory journal, JournalState from, Progress progress) {
    JournalScan scan = new JournalScan(journal, progress);
    scan.goOnFrom(from.resumable());
    return scan.run(null);
  }

  private void goOnFrom(byte[] bytes) {
    StateReader reader = new StateReader(bytes);
    fold.state(reader);
    reader.requireEnd();
    fold.forgetPruned();
  }

  private JournalState run(SourceRegistry registry) {
    // Outbound first: beside a running writer, what is read here has its cause inbound by then.
    read(Side.OUTBOUND);
    read(Side.INBOUND);
    if (registry != null) {
      fold.copyTo(registry);
    }
    return fold.conclude();
  }

  private QueueReader reader(Side side) {
    return side == Side.OUTBOUND && readsRaw ? journal.rawOutboundReader() : journal.reader(side);
  }

  private void read(Side side) {
    boolean isInbound = side == Side.INBOUND;
    try (QueueReader queue = reader(side)) {
      fold.readsFrom(queue::place);
      long head = queue.head().sequence();
      String task = "reading " + side.folder();
      long done = isInbound ? fold.journalSeq() : fold.outSeq();
      if (done > 0) {
        queue.seekToSequence(done + 1);
      }
      MessageHandler handler = isInbound ? fold::onInbound : fold::onOutbound;
      while (queue.readNext(handler)) {
        if ((++done & (Progress.EVERY - 1)) == 0) {
          progress.at(task, done, head);
        }
      }
      long last = isInbound ? fold.journalSeq() : fold.outSeq();
      if (last < head) {
        fold.fault(
            side.sequenceName()
                + " ends at "
                + last
                + ", though the queue's index knows of "
                + head
                + ", at "
                + queue.place());
      }
    } catch (CorruptJournalException e) {
      fold.fault(e.getMessage());
    }
  }
}

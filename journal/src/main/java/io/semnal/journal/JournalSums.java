package io.semnal.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.agrona.concurrent.Agent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives every message of a journal a checksum, shortly behind its writer: the duty of a cold thread
 * of the process that writes. Reading so soon, it sees what the writer left in memory, not what a
 * disk made of it later. Whatever becomes of it, the server goes on, and {@link #problem} says so.
 *
 * <p>Snapshots wait for it: what lies before one has checksums, and what lies behind one is
 * compared by the start that goes on from it.
 */
public final class JournalSums implements Agent {
  private static final Logger LOG = LoggerFactory.getLogger(JournalSums.class);

  /** Messages of a queue in a duty cycle. */
  private static final int BATCH = 1024;

  private final List<SumWriter> writers = new ArrayList<>();
  private final Supplier<JournalQueue> shadow;
  private boolean hasShadow;
  private boolean begun;
  private volatile long summed;
  private volatile String problem;

  /**
   * @param shadow the third queue, or {@code null} while there is none
   */
  JournalSums(JournalQueue inbound, JournalQueue outbound, Supplier<JournalQueue> shadow) {
    writers.add(new SumWriter(inbound));
    writers.add(new SumWriter(outbound));
    this.shadow = shadow;
  }

  /** Cuts off checksums of what the queues have lost. Before anything is appended. */
  public synchronized void trim() {
    writers.forEach(SumWriter::trim);
  }

  /** What stands in the queues was compared, or is new: from now on it is given checksums. */
  public synchronized void begin() {
    begun = true;
  }

  /** Sums everything that stands there now, and has the disk keep it. Any thread. */
  public synchronized void complete() {
    if (!begun) {
      return;
    }
    while (advance() > 0) {
      // To the end.
    }
    writers.forEach(SumWriter::force);
  }

  private int advance() {
    JournalQueue third = hasShadow ? null : shadow.get();
    if (third != null) {
      hasShadow = true;
      writers.add(new SumWriter(third));
    }
    int work = 0;
    long sum = 0;
    for (SumWriter writer : writers) {
      work += writer.advance(BATCH);
      sum += writer.summed();
    }
    summed = sum;
    return work;
  }

  /** Messages that were given a checksum by this process. Any thread. */
  public long summed() {
    return summed;
  }

  /** Why it has stopped, or {@code null}. Any thread. */
  public String problem() {
    return problem;
  }

  @Override
  public synchronized int doWork() {
    if (!begun || problem != null) {
      return 0;
    }
    try {
      return advance();
    } catch (RuntimeException | Error e) {
      problem = "new messages get no checksums until the next start: " + e.getMessage();
      LOG.error("no more checksums are written until the next start", e);
      return 0;
    }
  }

  /** Gives what stands there its checksums, and ends. The queues are open still. */
  synchronized void close() {
    try {
      if (problem == null) {
        complete();
      }
    } catch (RuntimeException e) {
      LOG.warn("the last messages have no checksums: {}", e.getMessage());
    } finally {
      writers.forEach(SumWriter::close);
    }
  }

  @Override
  public String roleName() {
    return "journal-sums";
  }
}

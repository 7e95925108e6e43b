package io.semnal.server.upkeep;

import io.semnal.core.config.RuntimeConfig;
import io.semnal.journal.JournalDirectory;
import io.semnal.journal.JournalException;
import io.semnal.journal.JournalScan;
import io.semnal.journal.JournalState;
import io.semnal.journal.Progress;
import io.semnal.journal.Pruning;
import io.semnal.journal.PruningPlan;
import io.semnal.journal.SnapshotChoice;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prunes the journal of a running server as its configuration says, on a thread of its own: a
 * pruning may read whole files, and clients that resume must not wait for it.
 */
public final class Retention implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

  private static final Duration MOST = Duration.ofMinutes(1);
  private static final Duration LEAST = Duration.ofSeconds(1);

  /** Of an age shorter than a few minutes, how often it is looked. */
  private static final int LOOKS = 4;

  private final JournalDirectory journal;
  private final RuntimeConfig.Journal.Retention limits;
  private final Duration warmUp;
  private final ScheduledExecutorService thread;
  private String lastNote = "";

  /**
   * @param warmUp what a new run would warm up with, back from the journal's end: it stays
   */
  public Retention(
      JournalDirectory journal, RuntimeConfig.Journal.Retention limits, Duration warmUp) {
    this.journal = journal;
    this.limits = limits;
    this.warmUp = warmUp;
    thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread t = new Thread(task, "semnal-retention");
              t.setDaemon(true);
              t.setPriority(Thread.MIN_PRIORITY);
              return t;
            });
  }

  /** Begins to look, every so often. */
  public void start() {
    if (!limits.age().isZero() || limits.size() > 0) {
      Duration every = every();
      thread.scheduleWithFixedDelay(
          this::pruneQuietly, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private Duration every() {
    Duration share = limits.age().dividedBy(LOOKS);
    if (share.isZero() || share.compareTo(MOST) > 0) {
      return MOST;
    }
    return share.compareTo(LEAST) < 0 ? LEAST : share;
  }

  private void pruneQuietly() {
    try {
      prune();
    } catch (JournalException e) {
      // The next look may go better; what cannot be pruned is still journaled and replayed.
      LOG.warn("the journal is not pruned: {}", e.getMessage());
    }
  }

  /** Looks once. */
  PruningPlan prune() {
    JournalState state =
        JournalScan.scan(journal, SnapshotChoice.of(journal), null, Progress.NONE).requireSound();
    long head = state.inbound().time();
    PruningPlan plan =
        PruningPlan.of(
            journal,
            state,
            limits.age().isZero() ? Long.MIN_VALUE : head - limits.age().toNanos(),
            limits.size() == 0 ? Long.MAX_VALUE : limits.size(),
            head - warmUp.toNanos());
    Pruning.carryOut(journal, plan);
    if (plan.note() != null && !plan.note().equals(lastNote)) {
      LOG.warn("the journal is larger or older than journal.retention says: {}", plan.note());
      lastNote = plan.note();
    }
    return plan;
  }

  /** Ends after the pruning that is under way. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(1, TimeUnit.MINUTES)) {
        LOG.warn("a pruning goes on after the server's end; the next start finishes it");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

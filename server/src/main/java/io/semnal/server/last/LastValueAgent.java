package io.semnal.server.last;

import io.semnal.core.config.EngineConfig;
import io.semnal.journal.JournalDirectory;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.Agent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the last values beside the journal, four times a second, on the edge thread. A thread of
 * its own opens the map and brings it to the journal's end first, which may take seconds.
 *
 * <p>The values are a convenience: where they cannot be written the server says so once and goes on
 * without.
 */
public final class LastValueAgent implements Agent, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LastValueAgent.class);
  private static final long EVERY = 250_000_000L;

  /** A turn of the edge thread: well below a millisecond. */
  private static final int SLICE = 1_024;

  private static final int CATCH_UP = 1 << 16;

  private final JournalDirectory journal;
  private final EngineConfig config;
  private final int[] idByIndex;
  private final Thread opener =
      Thread.ofPlatform().daemon(true).name("semnal-last-values").unstarted(this::open);
  private volatile LastValueView view;
  private volatile boolean closed;
  private boolean behind;
  private long due;

  /**
   * @param idByIndex journal's ids of the configured instruments
   */
  public LastValueAgent(JournalDirectory journal, EngineConfig config, int[] idByIndex) {
    this.journal = journal;
    this.config = config;
    this.idByIndex = idByIndex.clone();
  }

  @Override
  public void onStart() {
    opener.start();
  }

  private void open() {
    LastValueView opened = null;
    try {
      opened = new LastValueView(journal, config, idByIndex);
      while (!closed && opened.follow(CATCH_UP) > 0) {
        // To the end of the journal.
      }
      opened.flush(wallNanos());
      view = opened;
    } catch (Exception | LinkageError | AssertionError e) {
      failed(e);
      if (opened != null) {
        opened.close();
      }
    }
  }

  @Override
  public int doWork() {
    LastValueView v = view;
    if (v == null) {
      return 0;
    }
    long now = System.nanoTime();
    if (!behind && now - due < 0) {
      return 0;
    }
    try {
      int count = v.follow(SLICE);
      behind = count >= SLICE;
      if (!behind) {
        v.flush(wallNanos());
        due = now + EVERY;
      }
      return count;
    } catch (RuntimeException | LinkageError | AssertionError e) {
      failed(e);
      view = null;
      v.close();
      return 0;
    }
  }

  private static long wallNanos() {
    return TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
  }

  private static void failed(Throwable e) {
    LOG.warn("the last values beside the journal are not written: {}", e.toString(), e);
  }

  /** Once the edge thread has ended, and before the journal is closed. */
  @Override
  public void close() {
    closed = true;
    boolean interrupted = false;
    while (opener.isAlive()) {
      try {
        opener.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    LastValueView v = view;
    if (v != null) {
      view = null;
      v.close();
    }
  }

  @Override
  public String roleName() {
    return "last-values";
  }
}

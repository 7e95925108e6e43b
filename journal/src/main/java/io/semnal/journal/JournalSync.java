package io.semnal.journal;

import io.semnal.core.ingress.MessageLog;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;

/**
 * Has a journal written to its disk on purpose, for those who must survive a power cut: every so
 * often, or before anything is acknowledged or sent. A killed process loses nothing without it.
 */
public final class JournalSync implements AutoCloseable {
  private final QueueSync inbound;
  private final QueueSync outbound;
  private final AtomicLong forces = new AtomicLong();
  private ScheduledExecutorService thread;

  /** Of a journal that is open for writing. */
  public JournalSync(JournalDirectory journal) {
    inbound = new QueueSync(journal.queue(Side.INBOUND).folder());
    outbound = new QueueSync(journal.queue(Side.OUTBOUND).folder());
  }

  /** Returns when everything appended inbound before the call is on the disk. Any thread. */
  public void inbound() {
    inbound.force();
    forces.incrementAndGet();
  }

  /** The same of both queues, inbound first: no effect outlives its cause. Any thread. */
  public void both() {
    inbound();
    outbound.force();
    forces.incrementAndGet();
  }

  /** Times that a queue was written to its disk. Any thread. */
  public long forces() {
    return forces.get();
  }

  /**
   * Writes both every so often, on a thread of its own.
   *
   * @param onError told when the disk refuses; it is not tried again
   */
  public void start(Duration every, Consumer<RuntimeException> onError) {
    thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread t = new Thread(task, "semnal-sync");
              t.setDaemon(true);
              return t;
            });
    thread.scheduleWithFixedDelay(
        () -> {
          try {
            both();
          } catch (RuntimeException e) {
            onError.accept(e);
            throw e;
          }
        },
        every.toMillis(),
        every.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  /** An outbound log whose batches are on the disk, with their causes, before they are sent. */
  public MessageLog synced(MessageLog log) {
    return new MessageLog() {
      @Override
      public void append(DirectBuffer buffer, int offset, int length) {
        log.append(buffer, offset, length);
      }

      @Override
      public void sync() {
        both();
      }

      @Override
      public void idle() {
        log.idle();
      }

      @Override
      public void close() {
        log.close();
      }
    };
  }

  @Override
  public void close() {
    if (thread != null) {
      thread.shutdown();
      try {
        thread.awaitTermination(10, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    inbound.close();
    outbound.close();
  }
}

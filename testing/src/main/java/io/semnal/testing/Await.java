package io.semnal.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Waits for what another thread or process will bring about: interruptible, bounded, and failing
 * with a sentence that says what did not come.
 *
 * <p>The bound is there for what will never come, not for what comes late: no verdict may hang on
 * how fast a machine is.
 */
public final class Await {
  /** Longer than the slowest machine takes for anything that one test awaits. */
  public static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final int YIELDS = 100;
  private static final long PAUSE_NANOS = 200_000;

  private Await() {}

  /** A fact that can be looked at any number of times; looking may do a share of the work. */
  @FunctionalInterface
  public interface Fact<X extends Exception> {
    boolean holds() throws X;
  }

  /**
   * Returns once the fact holds.
   *
   * @param what the fact in words, for the message where it never does
   * @throws AssertionError where it does not hold within {@link #PATIENCE}, or the thread was
   *     interrupted
   */
  public static <X extends Exception> void until(String what, Fact<X> fact) throws X {
    until(() -> what, PATIENCE, fact);
  }

  /** The same, with words that are only found when they are needed. */
  public static <X extends Exception> void until(Supplier<String> what, Fact<X> fact) throws X {
    until(what, PATIENCE, fact);
  }

  public static <X extends Exception> void until(
      Supplier<String> what, Duration patience, Fact<X> fact) throws X {
    Deadline deadline = new Deadline(what, patience);
    while (!fact.holds()) {
      deadline.pause();
    }
  }

  /** The bound of one wait, for loops that do more than look. Not thread-safe. */
  public static final class Deadline {
    private final Supplier<String> what;
    private final Duration patience;
    private final long begin = System.nanoTime();
    private int pauses;

    public Deadline(String what) {
      this(() -> what, PATIENCE);
    }

    public Deadline(Supplier<String> what, Duration patience) {
      this.what = what;
      this.patience = patience;
    }

    /** Gives way to others for a moment; throws where there is no more patience. */
    public void pause() {
      check();
      if (pauses++ < YIELDS) {
        Thread.yield();
      } else {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }

    /** The check alone, for loops that wait by something else. */
    public void check() {
      if (Thread.interrupted()) {
        throw new AssertionError("interrupted while waiting: " + what.get());
      }
      if (System.nanoTime() - begin > patience.toNanos()) {
        throw new AssertionError(
            "did not come within " + patience.toSeconds() + " s: " + what.get());
      }
    }
  }
}

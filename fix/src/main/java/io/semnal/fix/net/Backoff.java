package io.semnal.fix.net;

/** How long to wait before connecting again: twice as long after each failure, to a limit. */
public final class Backoff {
  private final long least;
  private final long most;
  private long delay;
  private long due = Long.MIN_VALUE;

  /** In nanoseconds. */
  public Backoff(long least, long most) {
    if (least <= 0 || most < least) {
      throw new IllegalArgumentException("a back-off has 0 < least <= most");
    }
    this.least = least;
    this.most = most;
    delay = least;
  }

  boolean isDue(long now) {
    return now >= due;
  }

  void failed(long now) {
    due = now + delay;
    delay = Math.min(most, delay * 2);
  }

  void succeeded() {
    delay = least;
  }
}

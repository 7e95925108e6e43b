package io.semnal.core.access;

/**
 * So many events a second, and a second's worth at once. One thread; allocates nothing.
 *
 * <p>Kept as the time at which the bucket would be full again, so that a long rest needs no sum.
 */
public final class TokenBucket {
  private static final long SECOND = 1_000_000_000L;

  private final long nanosPerToken;
  private final long span;
  private long fullAt;
  private boolean begun;

  /**
   * @param perSecond 0 = without limit
   */
  public TokenBucket(int perSecond) {
    nanosPerToken = perSecond == 0 ? 0 : Math.max(1, SECOND / perSecond);
    span = nanosPerToken * perSecond;
  }

  /**
   * @param now {@link System#nanoTime}
   * @return whether there was one
   */
  public boolean take(long now) {
    if (nanosPerToken == 0) {
      return true;
    }
    if (!begun || fullAt - now < 0) {
      begun = true;
      fullAt = now;
    }
    if (fullAt - now + nanosPerToken > span) {
      return false;
    }
    fullAt += nanosPerToken;
    return true;
  }
}

package io.semnal.feed.fix;

/**
 * Decides which of several sources speaks for an instrument, by event time: the preferred one while
 * it keeps up, another when the first is down or lies too far behind, and never a price older than
 * one that was taken. A function of event times and of sources going up and down; no clock. One
 * thread; allocates nothing.
 */
final class SourceArbiter {
  private static final int NOBODY = -1;

  private final long failoverAfter;
  private final boolean[] up;
  private final int[] leader;
  private final int[] former;
  private final long[] last;
  private long switches;

  /**
   * @param sources in the order of preference
   * @param failoverAfter nanoseconds of event time by which another source has to be ahead of the
   *     leader's last price
   */
  SourceArbiter(int sources, int instruments, long failoverAfter) {
    this.failoverAfter = failoverAfter;
    up = new boolean[sources];
    leader = new int[instruments];
    former = new int[instruments];
    java.util.Arrays.fill(former, NOBODY);
    last = new long[instruments];
    java.util.Arrays.fill(leader, NOBODY);
    java.util.Arrays.fill(last, Long.MIN_VALUE);
  }

  void up(int source) {
    up[source] = true;
  }

  /** Whatever it led is free for the next that speaks. */
  void down(int source) {
    up[source] = false;
    for (int i = 0; i < leader.length; i++) {
      if (leader[i] == source) {
        leader[i] = NOBODY;
      }
    }
  }

  /** Whether that source's price is the one to take. */
  boolean admits(int source, int instrument, long eventTime) {
    int leading = leader[instrument];
    if (leading != source) {
      boolean free = leading == NOBODY || source < leading;
      boolean newer = last[instrument] == Long.MIN_VALUE || eventTime >= last[instrument];
      if (!newer || !free && eventTime - last[instrument] <= failoverAfter) {
        return false;
      }
      switches += former[instrument] == NOBODY || former[instrument] == source ? 0 : 1;
      leader[instrument] = source;
      former[instrument] = source;
    }
    last[instrument] = Math.max(last[instrument], eventTime);
    return true;
  }

  /** Times that a source spoke for an instrument for which another had spoken last. */
  long switches() {
    return switches;
  }

  /** The source that speaks for the instrument; −1: none. */
  int leader(int instrument) {
    return leader[instrument];
  }
}

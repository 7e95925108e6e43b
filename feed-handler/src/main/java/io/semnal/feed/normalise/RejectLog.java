package io.semnal.feed.normalise;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs refused quotes, at most one line a second and reason; the next line says how many were left
 * out. One thread. Allocates only when it writes.
 */
public final class RejectLog {
  private static final Logger LOG = LoggerFactory.getLogger(RejectLog.class);
  private static final long INTERVAL = 1_000_000_000L;

  private final String source;
  private final long[] last = new long[RejectReason.values().length];
  private final long[] suppressed = new long[RejectReason.values().length];
  private final boolean[] written = new boolean[RejectReason.values().length];

  public RejectLog(String source) {
    this.source = source;
  }

  /**
   * @param nanoTime {@link System#nanoTime()}, read by the caller
   * @return whether a line was written
   */
  public boolean onReject(
      RejectReason reason,
      int instrumentId,
      long sourceSeq,
      long eventTime,
      long bid,
      long ask,
      long nanoTime) {
    int i = reason.ordinal();
    if (written[i] && nanoTime - last[i] < INTERVAL) {
      suppressed[i]++;
      return false;
    }
    LOG.warn(
        "source {}: refused {}: instrument id {}, sourceSeq {}, eventTime {} ns, bid {}e-8, ask"
            + " {}e-8; {} more of these since the last such line",
        source,
        reason.text(),
        instrumentId,
        sourceSeq,
        eventTime,
        bid,
        ask,
        suppressed[i]);
    written[i] = true;
    last[i] = nanoTime;
    suppressed[i] = 0;
    return true;
  }
}

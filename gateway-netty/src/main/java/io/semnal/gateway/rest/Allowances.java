package io.semnal.gateway.rest;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How much each of many askers may still ask: a bucket of tokens each, refilled as time goes by.
 * Loop thread.
 */
final class Allowances {
  private static final int MOST_ASKERS = 4_096;
  private static final double NANOS = 1e9;

  private static final class Bucket {
    double tokens;
    long at;
  }

  private final double perSecond;
  private final double burst;
  private final LongSupplier nanos;
  private final Map<String, Bucket> buckets =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
          return size() > MOST_ASKERS;
        }
      };

  /**
   * @param nanos a clock that never goes back
   */
  Allowances(double perSecond, double burst, LongSupplier nanos) {
    this.perSecond = perSecond;
    this.burst = burst;
    this.nanos = nanos;
  }

  /**
   * Takes tokens if there are enough.
   *
   * @return 0, or the seconds after which there will be
   */
  int take(String asker, int tokens) {
    long now = nanos.getAsLong();
    Bucket bucket = buckets.get(asker);
    if (bucket == null) {
      bucket = new Bucket();
      bucket.tokens = burst;
      bucket.at = now;
      buckets.put(asker, bucket);
    }
    bucket.tokens = Math.min(burst, bucket.tokens + (now - bucket.at) / NANOS * perSecond);
    bucket.at = now;
    if (bucket.tokens >= tokens) {
      bucket.tokens -= tokens;
      return 0;
    }
    return Math.max(1, (int) Math.ceil((tokens - bucket.tokens) / perSecond));
  }
}

package io.semnal.core.market;

import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A time zone's offsets as a table, so that local time costs two comparisons and no allocation.
 * Exact from 1970 to 2100; beyond, the nearest offset holds. Not thread-safe: it remembers the last
 * interval it looked up.
 */
final class ZoneOffsets {
  private static final long SECOND = 1_000_000_000L;
  private static final Instant FIRST = Instant.parse("1970-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("2100-01-01T00:00:00Z");

  /** Interval i begins at {@code starts[i]}. */
  private final long[] starts;

  private final long[] offsets;
  private int current;

  ZoneOffsets(String zone) {
    ZoneRules rules = ZoneId.of(zone).getRules();
    List<ZoneOffsetTransition> transitions = new ArrayList<>();
    ZoneOffsetTransition next = rules.nextTransition(FIRST);
    while (next != null && next.getInstant().isBefore(LAST)) {
      transitions.add(next);
      next = rules.nextTransition(next.getInstant());
    }
    starts = new long[transitions.size() + 1];
    offsets = new long[transitions.size() + 1];
    starts[0] = Long.MIN_VALUE;
    offsets[0] = rules.getOffset(FIRST).getTotalSeconds() * SECOND;
    for (int i = 0; i < transitions.size(); i++) {
      starts[i + 1] = transitions.get(i).toEpochSecond() * SECOND;
      offsets[i + 1] = transitions.get(i).getOffsetAfter().getTotalSeconds() * SECOND;
    }
  }

  /** Nanoseconds to add to a UTC time to get the local time. */
  long offset(long time) {
    int i = current;
    if (time < starts[i] || (i + 1 < starts.length && time >= starts[i + 1])) {
      int found = Arrays.binarySearch(starts, time);
      i = found >= 0 ? found : -found - 2;
      current = i;
    }
    return offsets[i];
  }

  /** UTC time of a local time that is neither skipped nor repeated by a change of the clocks. */
  long toUtc(long local) {
    long guess = local - offset(local);
    return local - offset(guess);
  }
}

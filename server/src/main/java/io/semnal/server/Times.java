package io.semnal.server;

import java.time.Instant;

/** Engine times for people. */
public final class Times {
  private static final long NANOS = 1_000_000_000L;

  private Times() {}

  /** ISO-8601, UTC. */
  public static String iso(long nanos) {
    return instant(nanos).toString();
  }

  public static Instant instant(long nanos) {
    return Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS));
  }

  public static long nanos(Instant instant) {
    return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), NANOS), instant.getNano());
  }
}

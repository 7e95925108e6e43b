package io.semnal.client;

import io.semnal.protocol.sbe.ConflationMode;
import java.time.Duration;

/**
 * What of its quotes and scores a client lets the server leave out. Signals, bars and status are
 * never left out.
 *
 * @param interval zero but with {@link ConflationMode#INTERVAL}
 */
public record Conflation(ConflationMode mode, Duration interval) {
  private static final long LEAST_MILLIS = 20;
  private static final long MOST_MILLIS = 60_000;

  /** Each one; a client that cannot take them is disconnected, to resume. */
  public static final Conflation NONE = new Conflation(ConflationMode.NONE, Duration.ZERO);

  /** While the connection is full, only the latest of each topic. */
  public static final Conflation LATEST = new Conflation(ConflationMode.LATEST, Duration.ZERO);

  public Conflation {
    boolean paced = mode == ConflationMode.INTERVAL;
    long millis = interval.toMillis();
    if (paced ? millis < LEAST_MILLIS || millis > MOST_MILLIS : !interval.isZero()) {
      throw new IllegalArgumentException(
          paced
              ? "an interval has " + LEAST_MILLIS + " to " + MOST_MILLIS + " milliseconds"
              : mode + " has no interval");
    }
  }

  /**
   * Of each topic at most one message in this time, the latest.
   *
   * @param interval 20 ms to 60 s
   */
  public static Conflation every(Duration interval) {
    return new Conflation(ConflationMode.INTERVAL, interval);
  }
}

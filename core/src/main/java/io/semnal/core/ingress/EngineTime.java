package io.semnal.core.ingress;

import io.semnal.core.time.WallClock;
import io.semnal.protocol.MessageLayout;

/**
 * The rule that turns clocks into the engine's time, which never decreases. Ingress thread.
 *
 * <p>{@code WALL}: a quote's time is {@code max(previous, min(eventTime, now))}, everything else
 * lies {@code grace} behind now. {@code SOURCE}: a quote's time is {@code max(previous,
 * eventTime)}; nothing else moves time and no wall clock is read.
 */
public final class EngineTime {
  private final WallClock wall;
  private final long grace;
  private long last;

  private EngineTime(WallClock wall, long grace) {
    this.wall = wall;
    this.grace = grace;
  }

  public static EngineTime wall(WallClock clock, long graceNanos) {
    return new EngineTime(clock, graceNanos);
  }

  public static EngineTime source() {
    return new EngineTime(null, 0);
  }

  public boolean isWall() {
    return wall != null;
  }

  /** Continues from the journal's last message. */
  public void resumeFrom(long time) {
    last = Math.max(last, time);
  }

  public long last() {
    return last;
  }

  /** The wall clock, or {@link MessageLayout#ABSENT} with the source clock. */
  public long now() {
    return wall == null ? MessageLayout.ABSENT : wall.now();
  }

  /**
   * Time of a quote.
   *
   * @param now what {@link #now()} said
   */
  public long ofQuote(long eventTime, long now) {
    long time = wall == null ? eventTime : Math.min(eventTime, now);
    last = Math.max(last, time);
    return last;
  }

  /** Time of any other message. */
  public long ofOther(long now) {
    if (wall != null) {
      last = Math.max(last, now - grace);
    }
    return last;
  }

  /** Source clock only: time moves to where a source says that it is, without a quote. */
  public long advanceTo(long time) {
    last = Math.max(last, time);
    return last;
  }
}

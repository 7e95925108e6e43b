package io.semnal.fix.session;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.TemporalAdjusters;
import java.util.Objects;

/**
 * When a session is up: each day or each week from one local time to another, in any time zone. Its
 * numbers begin at 1 with each new stretch. Equal start and end: all day or all week, with a new
 * stretch at that time. Summer time is followed.
 *
 * <p>Remembers the current stretch, so that asking costs two comparisons. One thread.
 */
public final class SessionSchedule {
  private static final long SECOND = 1_000_000_000L;

  private final ZoneId zone;
  private final LocalTime startTime;
  private final LocalTime endTime;
  private final DayOfWeek startDay;
  private final DayOfWeek endDay;
  private long from = 1;
  private long to;
  private long start;
  private boolean open;

  private SessionSchedule(
      ZoneId zone, LocalTime startTime, LocalTime endTime, DayOfWeek startDay, DayOfWeek endDay) {
    this.zone = Objects.requireNonNull(zone);
    this.startTime = Objects.requireNonNull(startTime);
    this.endTime = Objects.requireNonNull(endTime);
    this.startDay = startDay;
    this.endDay = endDay;
  }

  /** From start to end each day; over midnight if the end is not after the start. */
  public static SessionSchedule daily(ZoneId zone, LocalTime start, LocalTime end) {
    return new SessionSchedule(zone, start, end, null, null);
  }

  /** From one day and time to another each week. */
  public static SessionSchedule weekly(
      ZoneId zone, DayOfWeek startDay, LocalTime start, DayOfWeek endDay, LocalTime end) {
    return new SessionSchedule(
        zone, start, end, Objects.requireNonNull(startDay), Objects.requireNonNull(endDay));
  }

  /** A schedule of the same times with a memory of its own, for another session. */
  public SessionSchedule copy() {
    return new SessionSchedule(zone, startTime, endTime, startDay, endDay);
  }

  /** Whether the session is up at that time, UTC nanoseconds. */
  public boolean isOpen(long now) {
    locate(now);
    return open;
  }

  /** When the stretch of that time began, or, between two, the last one; UTC nanoseconds. */
  public long startOf(long now) {
    locate(now);
    return start;
  }

  private void locate(long now) {
    if (now >= from && now < to) {
      return;
    }
    ZonedDateTime time =
        Instant.ofEpochSecond(Math.floorDiv(now, SECOND), Math.floorMod(now, SECOND)).atZone(zone);
    ZonedDateTime begin = latestStart(time);
    ZonedDateTime end = endAfter(begin);
    ZonedDateTime next = nextStart(begin);
    start = nanos(begin);
    open = now < nanos(end);
    from = open ? start : nanos(end);
    to = open ? Math.min(nanos(end), nanos(next)) : nanos(next);
  }

  private ZonedDateTime latestStart(ZonedDateTime time) {
    ZonedDateTime begin = time.with(startTime);
    if (startDay != null) {
      begin = at(begin.with(TemporalAdjusters.previousOrSame(startDay)), startTime);
    }
    if (begin.isAfter(time)) {
      begin = at(startDay == null ? begin.minusDays(1) : begin.minusWeeks(1), startTime);
    }
    return begin;
  }

  private ZonedDateTime nextStart(ZonedDateTime begin) {
    return at(startDay == null ? begin.plusDays(1) : begin.plusWeeks(1), startTime);
  }

  private ZonedDateTime endAfter(ZonedDateTime begin) {
    ZonedDateTime end = at(begin, endTime);
    if (endDay != null) {
      end = at(end.with(TemporalAdjusters.nextOrSame(endDay)), endTime);
    }
    if (!end.isAfter(begin)) {
      end = at(endDay == null ? end.plusDays(1) : end.plusWeeks(1), endTime);
    }
    return end;
  }

  /** The local time again: a day's arithmetic may have moved it over a change of the clocks. */
  private ZonedDateTime at(ZonedDateTime day, LocalTime time) {
    return ZonedDateTime.of(day.toLocalDate(), time, zone);
  }

  private static long nanos(ZonedDateTime time) {
    return time.toEpochSecond() * SECOND + time.getNano();
  }
}

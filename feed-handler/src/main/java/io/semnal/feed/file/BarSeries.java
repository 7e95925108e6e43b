package io.semnal.feed.file;

import io.semnal.core.market.Alignment;
import io.semnal.core.market.Timeframe;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * Files whose first bars are of one instrument, read one after another in the order of those bars,
 * however they were given. Each instrument's bars must follow each other.
 */
final class BarSeries implements AutoCloseable {
  /** A file with its first bar. */
  record Part(BarFile file, int instrument, long firstOpen) {}

  final FileBar bar = new FileBar();
  private final List<Part> parts;
  private final BarFileOptions options;
  private final Problems problems;
  private final Timeframe timeframe;
  private final Alignment alignment;
  private final long[] lastClose;
  private long lastOpen = Long.MIN_VALUE;
  private BarFileReader reader;
  private int next;

  BarSeries(List<Part> parts, BarFileOptions options, Problems problems) {
    this.parts = parts.stream().sorted(Comparator.comparingLong(Part::firstOpen)).toList();
    this.options = options;
    this.problems = problems;
    timeframe = options.timeframe();
    alignment = options.alignment();
    lastClose = new long[options.instruments().size()];
  }

  /** Reads on into {@link #bar}. */
  boolean advance() throws IOException {
    while (reader != null || next < parts.size()) {
      if (reader == null) {
        reader = new BarFileReader(parts.get(next++).file(), options, problems);
      }
      if (!reader.next(bar)) {
        reader.close();
        reader = null;
      } else if (follows()) {
        return true;
      }
    }
    return false;
  }

  private boolean follows() throws IOException {
    long begin = alignment.open(bar.openTime, timeframe);
    if (begin != bar.openTime) {
      reader.reject(
          iso(bar.openTime)
              + " is not where a bar of "
              + timeframe
              + " begins with alignment "
              + alignment
              + ": that is "
              + iso(begin)
              + " ("
              + reader.shown()
              + ")");
      return false;
    }
    if (bar.openTime < lastClose[bar.instrument]) {
      reader.reject(
          iso(bar.openTime)
              + " lies before the end of the "
              + timeframe
              + " bar before it, "
              + iso(lastClose[bar.instrument])
              + " ("
              + reader.shown()
              + ")");
      return false;
    }
    if (bar.openTime < lastOpen) {
      reader.reject(
          iso(bar.openTime)
              + " lies before the bar of another instrument that is read before it, "
              + iso(lastOpen)
              + ": a file of several instruments must be in the order of time ("
              + reader.shown()
              + ")");
      return false;
    }
    lastOpen = bar.openTime;
    bar.closeTime = alignment.close(begin, timeframe);
    lastClose[bar.instrument] = bar.closeTime;
    return true;
  }

  static String iso(long nanos) {
    return Instant.ofEpochSecond(
            Math.floorDiv(nanos, TimeFormat.SECOND), Math.floorMod(nanos, TimeFormat.SECOND))
        .toString();
  }

  String place() {
    return reader == null ? "" : reader.place();
  }

  @Override
  public void close() throws IOException {
    next = parts.size();
    if (reader != null) {
      reader.close();
      reader = null;
    }
  }
}

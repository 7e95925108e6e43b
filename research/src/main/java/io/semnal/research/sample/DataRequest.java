package io.semnal.research.sample;

import io.semnal.core.market.Instrument;
import io.semnal.core.market.Timeframe;
import io.semnal.feed.file.TickFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;

/**
 * Which prices to learn from or to judge by.
 *
 * @param files bar files, tick files in the order of time, or one journal's folder
 * @param ticks what tick files hold; {@code null} = bars, or a journal
 * @param instrument of files that do not name theirs; {@code null} = they do
 * @param zone of times without an offset; {@code null} = UTC, of ticks the format's own
 * @param timeframe of bars; {@code null} = found from their times
 * @param from first time of a row, UTC nanoseconds; what lies before warms up
 * @param to times of rows lie before it, and no price from then on is looked at
 */
public record DataRequest(
    List<Path> files,
    TickFormat ticks,
    Instrument instrument,
    ZoneOffset zone,
    Timeframe timeframe,
    long from,
    long to) {
  public DataRequest {
    files = List.copyOf(files);
    if (files.isEmpty()) {
      throw new IllegalArgumentException("no data is given");
    }
    if (from >= to) {
      throw new IllegalArgumentException("the range of time is empty: it ends where it begins");
    }
    for (Path file : files) {
      if (!Files.exists(file)) {
        throw new IllegalArgumentException("there is no " + file);
      }
    }
  }

  /** A journal, all of it. */
  public static DataRequest journal(Path folder) {
    return new DataRequest(List.of(folder), null, null, null, null, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /** Whether the data is a journal. */
  public boolean isJournal() {
    return ticks == null && files.size() == 1 && Files.isDirectory(files.getFirst());
  }
}

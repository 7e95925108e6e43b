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
 */
public record DataRequest(
    List<Path> files,
    TickFormat ticks,
    Instrument instrument,
    ZoneOffset zone,
    Timeframe timeframe) {
  public DataRequest {
    files = List.copyOf(files);
    if (files.isEmpty()) {
      throw new IllegalArgumentException("no data is given");
    }
    for (Path file : files) {
      if (!Files.exists(file)) {
        throw new IllegalArgumentException("there is no " + file);
      }
    }
  }

  /** Whether the data is a journal. */
  public boolean isJournal() {
    return ticks == null && files.size() == 1 && Files.isDirectory(files.getFirst());
  }
}

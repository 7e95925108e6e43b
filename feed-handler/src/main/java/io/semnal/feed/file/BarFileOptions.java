package io.semnal.feed.file;

import io.semnal.core.market.Alignment;
import io.semnal.core.market.Instrument;
import io.semnal.core.market.Timeframe;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;

/**
 * What bar files do not say themselves.
 *
 * @param instruments that may be read; a bar's {@code instrument} is a position in this list
 * @param timeframe of the bars; {@code null} = found from the first of them
 * @param alignment where bars begin: one that begins elsewhere is an error
 * @param zone of times without an offset
 */
public record BarFileOptions(
    List<Instrument> instruments,
    Timeframe timeframe,
    Alignment alignment,
    ZoneOffset zone,
    OnError onError) {
  public BarFileOptions {
    instruments = List.copyOf(instruments);
    Objects.requireNonNull(alignment);
    Objects.requireNonNull(zone);
    Objects.requireNonNull(onError);
    if (instruments.isEmpty()) {
      throw new IllegalArgumentException("no instrument is given");
    }
  }

  /** UTC throughout, the bars' length found from their times, stopping at the first error. */
  public static BarFileOptions of(List<Instrument> instruments) {
    return new BarFileOptions(
        instruments, null, Alignment.parse("utc"), ZoneOffset.UTC, OnError.STOP);
  }

  public BarFileOptions withTimeframe(Timeframe value) {
    return new BarFileOptions(instruments, value, alignment, zone, onError);
  }

  public BarFileOptions withAlignment(Alignment value) {
    return new BarFileOptions(instruments, timeframe, value, zone, onError);
  }

  public BarFileOptions withZone(ZoneOffset value) {
    return new BarFileOptions(instruments, timeframe, alignment, value, onError);
  }

  public BarFileOptions withOnError(OnError value) {
    return new BarFileOptions(instruments, timeframe, alignment, zone, value);
  }
}

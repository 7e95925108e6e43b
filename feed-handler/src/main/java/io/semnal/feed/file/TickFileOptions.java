package io.semnal.feed.file;

import io.semnal.core.market.Instrument;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;

/**
 * What the files themselves do not say.
 *
 * @param instrument the only instrument of the files, or {@code null} where a symbol column (or a
 *     bi5 path) names one of {@code instruments}; if given, a symbol in the file must equal it and
 *     the ticks' {@code instrument} is -1
 * @param instruments what symbols are looked up in; a tick's {@code instrument} is the position
 *     here
 * @param zone offset of times that carry none, or {@code null} for the format's own: UTC, but
 *     −05:00 for histdata
 * @param start the instant that a LEAN or bi5 file's milliseconds count from, where its name does
 *     not say; {@code null} = by name. With one file only
 * @param pointDecimals decimals of one point of a bi5 file; -1 = by instrument: 3 for JPY and
 *     metals and the few others that Dukascopy quotes so, else 5
 * @param mapping columns, for {@link TickFormat#CSV} only
 */
public record TickFileOptions(
    Instrument instrument,
    List<Instrument> instruments,
    ZoneOffset zone,
    Instant start,
    int pointDecimals,
    CsvMapping mapping,
    OnError onError) {
  public TickFileOptions {
    instruments = List.copyOf(instruments);
    Objects.requireNonNull(onError);
    if (instrument == null && instruments.isEmpty()) {
      throw new IllegalArgumentException("no instrument is given");
    }
    if (pointDecimals < -1 || pointDecimals > 8) {
      throw new IllegalArgumentException("point decimals must be 0 to 8, not " + pointDecimals);
    }
  }

  /** Files of one instrument, each format's own zone, stopping at the first error. */
  public static TickFileOptions of(Instrument instrument) {
    return new TickFileOptions(
        Objects.requireNonNull(instrument), List.of(), null, null, -1, null, OnError.STOP);
  }

  /** Files that name their instruments, each format's own zone, stopping at the first error. */
  public static TickFileOptions ofMany(List<Instrument> instruments) {
    return new TickFileOptions(null, instruments, null, null, -1, null, OnError.STOP);
  }

  public TickFileOptions withZone(ZoneOffset value) {
    return new TickFileOptions(
        instrument, instruments, value, start, pointDecimals, mapping, onError);
  }

  public TickFileOptions withStart(Instant value) {
    return new TickFileOptions(
        instrument, instruments, zone, value, pointDecimals, mapping, onError);
  }

  public TickFileOptions withPointDecimals(int value) {
    return new TickFileOptions(instrument, instruments, zone, start, value, mapping, onError);
  }

  public TickFileOptions withMapping(CsvMapping value) {
    return new TickFileOptions(instrument, instruments, zone, start, pointDecimals, value, onError);
  }

  public TickFileOptions withOnError(OnError value) {
    return new TickFileOptions(instrument, instruments, zone, start, pointDecimals, mapping, value);
  }
}

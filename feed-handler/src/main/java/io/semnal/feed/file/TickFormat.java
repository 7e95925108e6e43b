package io.semnal.feed.file;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The layouts of tick files that can be read. */
public enum TickFormat {
  /** QuantConnect LEAN: a zip per day, {@code msSinceMidnight,bid,ask}, the date in its name. */
  LEAN_TICK,
  /** TrueFX: {@code [SYMBOL,]time,bid,ask}, UTC, with or without a header. */
  TRUEFX,
  /** HistData ASCII: {@code YYYYMMDD HHMMSSmmm,bid,ask,0}, New York standard time. */
  HISTDATA,
  /** Dukascopy CSV: {@code time,ask,bid[,askVolume,bidVolume]}, volumes in millions. */
  DUKASCOPY,
  /** Dukascopy binary: an LZMA file per hour of 20-byte records, UTC. */
  BI5,
  /** Any delimited text, by a {@link CsvMapping}. */
  CSV;

  /** Reads {@code lean-tick}, {@code truefx} and so on. */
  public static TickFormat parse(String text) {
    String name = text.trim().toLowerCase(Locale.ROOT);
    for (TickFormat format : values()) {
      if (format.wireName().equals(name)) {
        return format;
      }
    }
    throw new IllegalArgumentException(
        "'"
            + text
            + "' is not a tick format: "
            + Arrays.stream(values()).map(TickFormat::wireName).collect(Collectors.joining(", ")));
  }

  /** The name on the command line. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

package io.semnal.feed.file;

import java.io.IOException;
import java.time.ZoneOffset;

/** {@code msSinceMidnight,bid,ask}; the date is in the file's name. */
final class LeanLayout implements TextLayout {
  private final RowParser parser;

  LeanLayout(FileName file, TickFileOptions options, Symbols symbols) throws IOException {
    long midnight;
    if (options.start() != null) {
      midnight = FileName.nanos(options.start());
    } else {
      ZoneOffset zone = options.zone() == null ? ZoneOffset.UTC : options.zone();
      midnight = file.leanDate() - zone.getTotalSeconds() * TimeFormat.SECOND;
    }
    String symbol = file.leanSymbol();
    int instrument = symbol == null ? TextLayout.unnamedInstrument(symbols) : symbols.find(symbol);
    if (instrument == Symbols.UNKNOWN) {
      throw new IOException("holds " + symbol + ", not " + symbols.expected());
    }
    parser =
        new RowParser(
            RowParser.Columns.of(0, 1, 2, 3, 3),
            CountedTime.millisOfDay(midnight),
            symbols,
            instrument,
            false);
  }

  @Override
  public byte delimiter() {
    return ',';
  }

  @Override
  public RowParser begin(Row first) {
    return parser;
  }
}

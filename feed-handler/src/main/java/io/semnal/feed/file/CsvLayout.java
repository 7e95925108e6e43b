package io.semnal.feed.file;

import java.io.IOException;
import java.time.ZoneOffset;

/** Columns by a {@link CsvMapping}. */
final class CsvLayout implements TextLayout {
  private final CsvMapping mapping;
  private final TimeFormat times;
  private final Symbols symbols;

  CsvLayout(TickFileOptions options, Symbols symbols) {
    mapping = options.mapping();
    times =
        TimeFormat.of(
            mapping.timeFormat(), options.zone() == null ? ZoneOffset.UTC : options.zone());
    this.symbols = symbols;
  }

  @Override
  public byte delimiter() {
    return (byte) mapping.delimiter();
  }

  @Override
  public RowParser begin(Row first) throws IOException {
    if (first.failed()) {
      return null;
    }
    int symbol = column(mapping.symbol(), first);
    int instrument = symbol >= 0 ? -1 : TextLayout.unnamedInstrument(symbols);
    int time = column(mapping.time(), first);
    int date = column(mapping.date(), first);
    int bid = column(mapping.bid(), first);
    int ask = column(mapping.ask(), first);
    int least = Math.max(Math.max(time, date), Math.max(Math.max(bid, ask), symbol)) + 1;
    RowParser.Columns columns =
        new RowParser.Columns(
            time,
            date,
            symbol,
            bid,
            ask,
            column(mapping.bidSize(), first),
            column(mapping.askSize(), first),
            least,
            Row.MOST_FIELDS,
            false);
    return new RowParser(columns, times, symbols, instrument, isHeader(first, time, bid, ask));
  }

  private boolean isHeader(Row first, int time, int bid, int ask) {
    return mapping.needsHeader()
        || mapping.header() == CsvMapping.Header.YES
        || (mapping.header() == CsvMapping.Header.AUTO
            && first.beginsWithLetter(time)
            && first.beginsWithLetter(bid)
            && first.beginsWithLetter(ask));
  }

  private static int column(String reference, Row header) throws IOException {
    if (reference == null) {
      return -1;
    }
    if (CsvMapping.isNumber(reference)) {
      return Integer.parseInt(reference);
    }
    int found = -1;
    for (int i = 0; i < header.count(); i++) {
      if (header.text(i).equalsIgnoreCase(reference)) {
        if (found >= 0) {
          throw new IOException("the header names column '" + reference + "' twice");
        }
        found = i;
      }
    }
    if (found < 0) {
      throw new IOException("the header names no column '" + reference + "'");
    }
    return found;
  }
}

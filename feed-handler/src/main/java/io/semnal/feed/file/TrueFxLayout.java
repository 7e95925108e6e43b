package io.semnal.feed.file;

import java.io.IOException;
import java.time.ZoneOffset;

/** {@code [SYMBOL,]time,bid,ask}, with or without a header. */
final class TrueFxLayout implements TextLayout {
  private static final RowParser.Columns BARE = RowParser.Columns.of(0, 1, 2, 3, 3);
  private static final RowParser.Columns NAMED = RowParser.Columns.of(1, 2, 3, 4, 4).withSymbol(0);

  private final ZoneOffset zone;
  private final Symbols symbols;

  TrueFxLayout(TickFileOptions options, Symbols symbols) {
    zone = options.zone() == null ? ZoneOffset.UTC : options.zone();
    this.symbols = symbols;
  }

  @Override
  public byte delimiter() {
    return ',';
  }

  @Override
  public RowParser begin(Row first) throws IOException {
    if (first.failed()) {
      return null;
    }
    if (first.count() != 3 && first.count() != 4) {
      first.failLine("has neither 3 nor 4 columns");
      return null;
    }
    boolean named = first.count() == 4;
    return new RowParser(
        named ? NAMED : BARE,
        new CalendarTime(zone, CalendarTime.COMPACT | CalendarTime.DASHES),
        symbols,
        named ? -1 : TextLayout.unnamedInstrument(symbols),
        TextLayout.isHeader(first));
  }
}

package io.semnal.feed.file;

import java.io.IOException;
import java.time.ZoneOffset;

/** {@code YYYYMMDD HHMMSSmmm,bid,ask[,0]}: New York standard time all year, as HistData says. */
final class HistDataLayout implements TextLayout {
  private static final ZoneOffset NEW_YORK_STANDARD = ZoneOffset.ofHours(-5);
  private final RowParser parser;

  HistDataLayout(TickFileOptions options, Symbols symbols) throws IOException {
    ZoneOffset zone = options.zone() == null ? NEW_YORK_STANDARD : options.zone();
    parser =
        new RowParser(
            RowParser.Columns.of(0, 1, 2, 3, 4),
            new HistDataTime(zone),
            symbols,
            TextLayout.unnamedInstrument(symbols),
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

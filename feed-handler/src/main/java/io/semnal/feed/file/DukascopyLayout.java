package io.semnal.feed.file;

import java.io.IOException;
import java.time.ZoneOffset;
import java.util.Locale;

/**
 * {@code time,ask,bid[,askVolume,bidVolume]}, ask first, volumes in millions. A header may put the
 * columns in another order.
 */
final class DukascopyLayout implements TextLayout {
  private static final int MOST = 5;
  private static final RowParser.Columns PLAIN =
      new RowParser.Columns(0, -1, -1, 2, 1, 4, 3, 3, MOST, true);

  private final ZoneOffset zone;
  private final Symbols symbols;

  DukascopyLayout(TickFileOptions options, Symbols symbols) {
    zone = options.zone();
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
    int instrument = TextLayout.unnamedInstrument(symbols);
    boolean header = TextLayout.isHeader(first);
    boolean local = header && isLocal(first.text(0));
    ZoneOffset assumed = zone != null ? zone : local ? null : ZoneOffset.UTC;
    TimeFormat times =
        header || first.count() == 0 || !isCount(first)
            ? new CalendarTime(assumed, CalendarTime.DOTS | CalendarTime.DASHES)
            : TimeFormat.of("epoch-ms", ZoneOffset.UTC);
    return new RowParser(header ? columns(first) : PLAIN, times, symbols, instrument, header);
  }

  /** A local time without its offset in each line cannot be placed. */
  private static boolean isLocal(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.contains("local") || lower.contains("eet") || lower.contains("cet");
  }

  private static boolean isCount(Row row) {
    for (int i = row.start(0); i < row.end(0); i++) {
      if (row.bytes()[i] < '0' || row.bytes()[i] > '9') {
        return false;
      }
    }
    return !row.isEmpty(0);
  }

  private static RowParser.Columns columns(Row header) throws IOException {
    int bid = -1;
    int ask = -1;
    int bidSize = -1;
    int askSize = -1;
    for (int i = 1; i < header.count(); i++) {
      String name = header.text(i).toLowerCase(Locale.ROOT);
      boolean volume = name.contains("vol");
      if (name.startsWith("bid")) {
        bid = volume ? bid : i;
        bidSize = volume ? i : bidSize;
      } else if (name.startsWith("ask")) {
        ask = volume ? ask : i;
        askSize = volume ? i : askSize;
      }
    }
    if (bid < 0 || ask < 0) {
      throw new IOException("the header names no Ask or no Bid column");
    }
    int least = Math.max(bid, ask) + 1;
    return new RowParser.Columns(
        0, -1, -1, bid, ask, bidSize, askSize, least, Math.max(MOST, header.count()), true);
  }
}

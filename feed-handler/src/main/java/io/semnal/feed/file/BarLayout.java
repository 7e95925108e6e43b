package io.semnal.feed.file;

import io.semnal.core.market.Timeframe;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Turns the rows of one text into bars: which column holds what, and how its times are read. */
final class BarLayout {
  private static final List<String> FIELDS = List.of("open", "high", "low", "close");
  private static final String[] SYMBOL = {"instrument", "symbol"};
  private static final int LEAN_COLUMNS = 11;
  private static final int[] LEAN_BID = {1, 2, 3, 4};
  private static final int[] LEAN_ASK = {6, 7, 8, 9};

  private final TimeFormat times;
  private final int columnCount;
  private final int time;
  private final int[] bid;

  /** The same as {@link #bid} where a file has one price only. */
  private final int[] ask;

  /** -1 = none, like the next two. */
  private final int volume;

  private final int symbol;
  private final int timeframe;

  private BarLayout(
      TimeFormat times,
      int columnCount,
      int time,
      int[] bid,
      int[] ask,
      int volume,
      int symbol,
      int timeframe) {
    this.times = times;
    this.columnCount = columnCount;
    this.time = time;
    this.bid = bid;
    this.ask = ask;
    this.volume = volume;
    this.symbol = symbol;
    this.timeframe = timeframe;
  }

  /** Rows of a LEAN file: time, bid prices and size, ask prices and size. */
  static BarLayout lean(TimeFormat times) {
    return new BarLayout(times, LEAN_COLUMNS, 0, LEAN_BID, LEAN_ASK, -1, -1, -1);
  }

  static boolean isLean(Row first) {
    return first.count() == LEAN_COLUMNS && !first.beginsWithLetter(0);
  }

  /** Whether a header names a column of instruments. */
  static boolean namesInstruments(Row header) {
    return first(columns(header), SYMBOL) >= 0;
  }

  private static Map<String, Integer> columns(Row header) {
    Map<String, Integer> columns = new HashMap<>();
    for (int i = 0; i < header.count(); i++) {
      columns.putIfAbsent(
          header.text(i).toLowerCase(Locale.ROOT).replace("_", "").replace(" ", ""), i);
    }
    return columns;
  }

  /**
   * By the names of a header; case, spaces and underscores do not matter, nor do columns of other
   * names.
   *
   * @throws IOException naming the columns that are missing
   */
  static BarLayout byHeader(Row header, String line, TimeFormat times) throws IOException {
    Map<String, Integer> columns = columns(header);
    int time = first(columns, "date", "time", "timestamp", "opentime");
    boolean sides = columns.containsKey("bidopen") && columns.containsKey("askopen");
    int[] bid = prices(columns, sides ? "bid" : "");
    int[] ask = sides ? prices(columns, "ask") : bid;
    StringBuilder missing = new StringBuilder(time < 0 ? "date or time" : "");
    missing(missing, sides ? "bid" : "", bid);
    if (sides) {
      missing(missing, "ask", ask);
    }
    if (!missing.isEmpty()) {
      throw new IOException("the header '" + line + "' has no column " + missing);
    }
    return new BarLayout(
        times,
        header.count(),
        time,
        bid,
        ask,
        first(columns, "volume", "ticks"),
        first(columns, SYMBOL),
        first(columns, "timeframe"));
  }

  private static int first(Map<String, Integer> columns, String... names) {
    return Arrays.stream(names).mapToInt(n -> columns.getOrDefault(n, -1)).max().orElse(-1);
  }

  private static int[] prices(Map<String, Integer> columns, String side) {
    return FIELDS.stream().mapToInt(field -> columns.getOrDefault(side + field, -1)).toArray();
  }

  private static void missing(StringBuilder names, String side, int[] columns) {
    for (int i = 0; i < columns.length; i++) {
      if (columns[i] < 0) {
        names.append(names.isEmpty() ? "" : ", ").append(side).append(FIELDS.get(i));
      }
    }
  }

  boolean hasSymbol() {
    return symbol >= 0;
  }

  boolean hasTimeframe() {
    return timeframe >= 0;
  }

  /** Seconds of a row's own timeframe, or -1 with the failure noted; 0 where the text has none. */
  int timeframe(Row row) {
    if (timeframe < 0) {
      return 0;
    }
    if (row.count() <= timeframe) {
      failCount(row);
      return -1;
    }
    try {
      return Timeframe.parse(row.text(timeframe)).seconds();
    } catch (IllegalArgumentException e) {
      row.fail(timeframe, "timeframe", "is not such as 1m, 15m, 4h or 1d");
      return -1;
    }
  }

  /**
   * Reads a row.
   *
   * @param unnamed the instrument of rows without a symbol
   * @return {@code false} with the failure noted in the row
   */
  boolean parse(Row row, Symbols symbols, int unnamed, FileBar into) {
    if (row.failed()) {
      return false;
    }
    if (row.count() < columnCount) {
      return failCount(row);
    }
    into.openTime = times.parse(row.bytes(), row.start(time), row.end(time));
    if (into.openTime == TimeFormat.BAD) {
      return row.fail(time, "time", "is not " + times.example());
    }
    into.instrument = unnamed;
    if (symbol >= 0) {
      into.instrument = symbols.find(row.bytes(), row.start(symbol), row.end(symbol));
      if (into.instrument == Symbols.UNKNOWN) {
        return row.fail(symbol, "instrument", "is not " + symbols.expected());
      }
    }
    into.volume = volume < 0 || row.isEmpty(volume) ? Double.NaN : volume(row);
    return bid(row, into)
        && (ask == bid ? sameAsk(into) : ask(row, into))
        && !row.failed()
        && isWhole(row, into);
  }

  private boolean failCount(Row row) {
    return row.failLine("has " + row.count() + " columns, the header " + columnCount);
  }

  private boolean bid(Row row, FileBar into) {
    into.bidOpen = price(row, bid, 0);
    into.bidHigh = price(row, bid, 1);
    into.bidLow = price(row, bid, 2);
    into.bidClose = price(row, bid, 3);
    return into.bidOpen >= 0 && into.bidHigh >= 0 && into.bidLow >= 0 && into.bidClose >= 0;
  }

  private boolean ask(Row row, FileBar into) {
    into.askOpen = price(row, ask, 0);
    into.askHigh = price(row, ask, 1);
    into.askLow = price(row, ask, 2);
    into.askClose = price(row, ask, 3);
    return into.askOpen >= 0 && into.askHigh >= 0 && into.askLow >= 0 && into.askClose >= 0;
  }

  private static boolean sameAsk(FileBar into) {
    into.askOpen = into.bidOpen;
    into.askHigh = into.bidHigh;
    into.askLow = into.bidLow;
    into.askClose = into.bidClose;
    return true;
  }

  private static boolean isWhole(Row row, FileBar bar) {
    return bar.bidHigh >= bar.bidLow && bar.askHigh >= bar.askLow
        || row.failLine("has a high below its low");
  }

  /** Zero is a price here: series for study have it. */
  private static long price(Row row, int[] columns, int field) {
    int column = columns[field];
    long value = Decimals.parseRounded(row.bytes(), row.start(column), row.end(column));
    if (value == Decimals.NOT_A_NUMBER) {
      value = byExponent(row.text(column));
    }
    if (value < 0) {
      row.fail(
          column,
          "column " + FIELDS.get(field),
          value == Decimals.NEGATIVE
              ? "is negative"
              : value == Decimals.OVERFLOW ? "is too large" : "is not a price");
    }
    return value;
  }

  /** {@code 1.25e-05}, as some tools write. */
  private static long byExponent(String text) {
    if (text.length() > 32 || !text.matches("[0-9.]+[eE][+-]?[0-9]{1,2}")) {
      return Decimals.NOT_A_NUMBER;
    }
    try {
      return new BigDecimal(text)
          .movePointRight(8)
          .setScale(0, RoundingMode.HALF_UP)
          .longValueExact();
    } catch (ArithmeticException | NumberFormatException e) {
      return Decimals.NOT_A_NUMBER;
    }
  }

  private double volume(Row row) {
    try {
      double value = Double.parseDouble(row.text(volume));
      if (value >= 0 || Double.isNaN(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    row.fail(volume, "volume", "is not a number from 0");
    return Double.NaN;
  }
}

package io.semnal.feed.file;

import io.semnal.feed.Tick;
import io.semnal.protocol.MessageLayout;

/** Turns rows of known columns into ticks. Allocates nothing. */
final class RowParser {
  private static final int SCRATCH = 256;

  /**
   * Which column holds what, from 0; -1 = none.
   *
   * @param least columns that a row must have
   * @param most columns that a row may have
   * @param millions whether sizes are in millions of units of the base currency
   */
  record Columns(
      int time,
      int date,
      int symbol,
      int bid,
      int ask,
      int bidSize,
      int askSize,
      int least,
      int most,
      boolean millions) {
    static Columns of(int time, int bid, int ask, int least, int most) {
      return new Columns(time, -1, -1, bid, ask, -1, -1, least, most, false);
    }

    Columns withSymbol(int column) {
      return new Columns(time, date, column, bid, ask, bidSize, askSize, least, most, millions);
    }
  }

  private final Columns columns;
  private final TimeFormat times;
  private final Symbols symbols;
  private final int instrument;
  private final boolean header;
  private final byte[] scratch = new byte[SCRATCH];

  /**
   * @param instrument of rows without a symbol column
   * @param header whether the line that this was found by is a header
   */
  RowParser(Columns columns, TimeFormat times, Symbols symbols, int instrument, boolean header) {
    this.columns = columns;
    this.times = times;
    this.symbols = symbols;
    this.instrument = instrument;
    this.header = header;
  }

  boolean firstLineIsHeader() {
    return header;
  }

  /** {@code false} with the failure noted in the row. */
  boolean parse(Row row, Tick tick) {
    if (row.failed()) {
      return false;
    }
    if (row.count() < columns.least) {
      return row.failLine("misses a column");
    }
    if (row.count() > columns.most) {
      return row.failLine("has too many columns");
    }
    long time = time(row);
    if (time == TimeFormat.BAD) {
      return false;
    }
    long bid = row.price(columns.bid, "bid");
    if (bid < 0) {
      return false;
    }
    long ask = row.price(columns.ask, "ask");
    if (ask < 0) {
      return false;
    }
    int found = instrument;
    if (columns.symbol >= 0) {
      found = symbols.find(row.bytes(), row.start(columns.symbol), row.end(columns.symbol));
      if (found == Symbols.UNKNOWN) {
        return row.fail(columns.symbol, "symbol", "is not " + symbols.expected());
      }
    }
    tick.instrument = found;
    tick.eventTime = time;
    tick.bid = bid;
    tick.ask = ask;
    return sizes(row, tick);
  }

  private long time(Row row) {
    int column = columns.time;
    if (columns.date >= 0) {
      return dateAndTime(row);
    }
    long time = times.parse(row.bytes(), row.start(column), row.end(column));
    if (time == TimeFormat.BAD) {
      failTime(row);
    }
    return time;
  }

  private long dateAndTime(Row row) {
    int dateLength = row.end(columns.date) - row.start(columns.date);
    int timeLength = row.end(columns.time) - row.start(columns.time);
    if (dateLength + timeLength >= SCRATCH) {
      failTime(row);
      return TimeFormat.BAD;
    }
    System.arraycopy(row.bytes(), row.start(columns.date), scratch, 0, dateLength);
    scratch[dateLength] = ' ';
    System.arraycopy(row.bytes(), row.start(columns.time), scratch, dateLength + 1, timeLength);
    long time = times.parse(scratch, 0, dateLength + 1 + timeLength);
    if (time == TimeFormat.BAD) {
      row.failLine("has a date and time that are not " + times.example());
    }
    return time;
  }

  private void failTime(Row row) {
    row.fail(columns.time, "time", "is not " + times.example());
  }

  private boolean sizes(Row row, Tick tick) {
    tick.bidSize = MessageLayout.ABSENT;
    tick.askSize = MessageLayout.ABSENT;
    if (columns.bidSize >= 0 && columns.bidSize < row.count()) {
      tick.bidSize = row.size(columns.bidSize, "bid size", columns.millions);
    }
    if (columns.askSize >= 0 && columns.askSize < row.count()) {
      tick.askSize = row.size(columns.askSize, "ask size", columns.millions);
    }
    return !row.failed();
  }
}

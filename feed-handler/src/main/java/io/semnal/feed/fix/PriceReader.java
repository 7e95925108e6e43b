package io.semnal.feed.fix;

import io.semnal.fix.codec.FixGroup;
import io.semnal.fix.codec.FixMessage;
import io.semnal.fix.codec.FixValues;
import io.semnal.fix.codec.MsgType;
import io.semnal.fix.codec.Tag;
import io.semnal.protocol.MessageLayout;

/**
 * Reads a venue's price messages (W, X, S, i) into books and tells their best prices. What names no
 * instrument of ours, or changes what is not there, is counted and otherwise ignored. One thread;
 * allocates nothing but while a book grows.
 */
final class PriceReader {
  private static final int UNDERLYING_SYMBOL = 311;
  private static final int UNDERLYING_ID = 309;
  private static final char NEW = '0';
  private static final char CHANGE = '1';
  private static final char DELETE = '2';
  private static final char OVERLAY = '5';
  private static final char EMPTY_BOOK = 'J';
  private static final long SIZE_UNIT = 1_000_000;

  private final SymbolTable symbols;
  private final PriceListener listener;
  private final EventTimes times;
  private final FixGroup group = new FixGroup();
  private final FixGroup inner = new FixGroup();
  private final DepthBook[] books;
  private final boolean[] awaiting;
  private final long[] lastRpt;
  private final boolean[] touched;
  private final long[] time;
  private final int[] rank;
  private final int[] order;
  private int touchedCount;
  private long unknown;
  private long oneSided;

  PriceReader(VenueProfile profile, SymbolTable symbols, int instruments, PriceListener listener) {
    this.symbols = symbols;
    this.listener = listener;
    times = new EventTimes(profile.eventTime());
    books = new DepthBook[instruments];
    for (int i = 0; i < instruments; i++) {
      books[i] = new DepthBook();
    }
    awaiting = new boolean[instruments];
    lastRpt = new long[instruments];
    touched = new boolean[instruments];
    time = new long[instruments];
    rank = new int[instruments];
    order = new int[instruments];
  }

  /** Entries that name nothing of ours, or change what is not there. */
  long unknown() {
    return unknown;
  }

  /** Messages behind which a side of the book was empty: no quote. */
  long oneSided() {
    return oneSided;
  }

  DepthBook book(int instrument) {
    return books[instrument];
  }

  /** Empties every book; what comes is a new beginning. */
  void clear() {
    for (int i = 0; i < books.length; i++) {
      forget(i, false);
    }
  }

  /** Empties a book. */
  void forget(int instrument, boolean untilSnapshot) {
    books[instrument].clear();
    awaiting[instrument] = untilSnapshot;
    lastRpt[instrument] = 0;
  }

  /** Whether increments of that instrument mean nothing until the next snapshot. */
  boolean isAwaiting(int instrument) {
    return awaiting[instrument];
  }

  /** Takes a message of prices; returns whether it was one. */
  boolean onMessage(FixMessage message) {
    switch (message.msgType()) {
      case MsgType.MARKET_DATA_SNAPSHOT -> onSnapshot(message);
      case MsgType.MARKET_DATA_INCREMENTAL -> onIncremental(message);
      case MsgType.QUOTE -> onQuote(message);
      case MsgType.MASS_QUOTE -> onMassQuote(message);
      default -> {
        return false;
      }
    }
    publish();
    return true;
  }

  static boolean isPrice(int type) {
    return type == MsgType.MARKET_DATA_SNAPSHOT
        || type == MsgType.MARKET_DATA_INCREMENTAL
        || type == MsgType.QUOTE
        || type == MsgType.MASS_QUOTE;
  }

  /** The instrument that a message names by 55, or by 48; {@link SymbolTable#UNKNOWN}: none. */
  int instrument(FixMessage message) {
    int found = symbols.find(message, message.find(Tag.SYMBOL));
    return found >= 0 ? found : symbols.find(message, message.find(Tag.SECURITY_ID));
  }

  private int instrument(FixMessage message, FixGroup entry) {
    int found = symbols.find(message, entry.find(Tag.SYMBOL));
    return found >= 0 ? found : symbols.find(message, entry.find(Tag.SECURITY_ID));
  }

  // ---- W

  private void onSnapshot(FixMessage message) {
    int instrument = instrument(message);
    if (instrument < 0) {
      unknown++;
      return;
    }
    forget(instrument, false);
    DepthBook book = books[instrument];
    lastRpt[instrument] = Math.max(0, message.integer(Tag.RPT_SEQ));
    group.open(message, Tag.NO_MD_ENTRIES);
    while (group.next()) {
      int side = side(group.character(Tag.MD_ENTRY_TYPE));
      long price = group.decimal(Tag.MD_ENTRY_PX);
      if (side >= 0 && price > 0) {
        long size = size(group.decimal(Tag.MD_ENTRY_SIZE));
        // Some venues say 0 of what they do not tell.
        put(message, book, side, price, size == 0 ? MessageLayout.ABSENT : size);
        touch(instrument, times.of(message, group), times.rank());
      }
    }
    // An empty picture is one too: there is no price any more.
    touch(instrument, FixValues.NONE, Integer.MAX_VALUE);
  }

  private void put(FixMessage message, DepthBook book, int side, long price, long size) {
    int id = group.find(Tag.MD_ENTRY_ID);
    int offset = id < 0 ? 0 : message.valueOffset(id);
    int length = id < 0 ? 0 : message.valueLength(id);
    if (!book.put(side, message.buffer(), offset, length, price, size)) {
      unknown++;
    }
  }

  // ---- X

  private void onIncremental(FixMessage message) {
    int instrument = instrument(message);
    group.open(message, Tag.NO_MD_ENTRIES);
    while (group.next()) {
      int named = instrument(message, group);
      if (named >= 0) {
        instrument = named;
      } else if (group.has(Tag.SYMBOL) || instrument < 0) {
        unknown++;
        continue;
      }
      if (isInOrder(instrument)) {
        apply(message, instrument);
      }
    }
  }

  /** RptSeq counts an instrument's updates, where a venue sends it. */
  private boolean isInOrder(int instrument) {
    if (awaiting[instrument]) {
      return false;
    }
    long rpt = group.integer(Tag.RPT_SEQ);
    if (rpt <= 0) {
      return true;
    }
    long last = lastRpt[instrument];
    lastRpt[instrument] = rpt;
    if (last > 0 && rpt > last + 1) {
      forget(instrument, true);
      listener.onMissing(instrument);
      return false;
    }
    return true;
  }

  private void apply(FixMessage message, int instrument) {
    DepthBook book = books[instrument];
    char action = group.character(Tag.MD_UPDATE_ACTION);
    char type = group.character(Tag.MD_ENTRY_TYPE);
    if (type == EMPTY_BOOK) {
      book.clear();
      touch(instrument, times.of(message, group), times.rank());
      return;
    }
    int side = side(type);
    if (side < 0 && group.has(Tag.MD_ENTRY_TYPE)) {
      return;
    }
    boolean done;
    if (action == DELETE) {
      done = delete(message, instrument, side);
    } else {
      boolean known = action == NEW || action == CHANGE || action == OVERLAY;
      done = known && change(message, instrument, side);
    }
    if (!done) {
      unknown++;
    }
  }

  private boolean delete(FixMessage message, int instrument, int side) {
    DepthBook book = books[instrument];
    int id = group.find(Tag.MD_ENTRY_ID);
    id = id < 0 ? group.find(Tag.MD_ENTRY_REF_ID) : id;
    int offset = id < 0 ? 0 : message.valueOffset(id);
    int length = id < 0 ? 0 : message.valueLength(id);
    long price = group.decimal(Tag.MD_ENTRY_PX);
    long bid = book.bid();
    long ask = book.ask();
    boolean done;
    if (side < 0) {
      done = book.remove(message.buffer(), offset, length);
    } else {
      done = book.remove(side, message.buffer(), offset, length, price);
      // Entries that a venue gave an id may be deleted by price, and the other way round.
      done = done || length > 0 && book.remove(side, message.buffer(), 0, 0, price);
    }
    if (bid != book.bid() || ask != book.ask()) {
      touch(instrument, times.of(message, group), times.rank());
    }
    return done;
  }

  private boolean change(FixMessage message, int instrument, int givenSide) {
    DepthBook book = books[instrument];
    int id = group.find(Tag.MD_ENTRY_ID);
    int offset = id < 0 ? 0 : message.valueOffset(id);
    int length = id < 0 ? 0 : message.valueLength(id);
    int side = givenSide >= 0 ? givenSide : book.sideOf(message.buffer(), offset, length);
    if (side < 0) {
      return false;
    }
    long price = price(group.decimal(Tag.MD_ENTRY_PX));
    long size = size(group.decimal(Tag.MD_ENTRY_SIZE));
    long bid = book.bid();
    long ask = book.ask();
    int ref = group.find(Tag.MD_ENTRY_REF_ID);
    if (ref >= 0 && length > 0) {
      book.rename(
          side,
          message.buffer(),
          message.valueOffset(ref),
          message.valueLength(ref),
          offset,
          length);
    }
    boolean done =
        size == 0
            ? book.remove(side, message.buffer(), offset, length, price)
            : book.put(side, message.buffer(), offset, length, price, size);
    long best = side == DepthBook.BID ? book.bid() : book.ask();
    if (bid != book.bid() || ask != book.ask() || price != MessageLayout.ABSENT && price == best) {
      touch(instrument, times.of(message, group), times.rank());
    }
    return done;
  }

  // ---- S and i

  private void onQuote(FixMessage message) {
    int instrument = instrument(message);
    if (instrument < 0) {
      unknown++;
      return;
    }
    awaiting[instrument] = false;
    DepthBook book = books[instrument];
    for (int side = DepthBook.BID; side <= DepthBook.ASK; side++) {
      boolean isBid = side == DepthBook.BID;
      long price = message.decimal(isBid ? Tag.BID_PX : Tag.OFFER_PX);
      price =
          price != FixValues.NONE
              ? price
              : message.decimal(isBid ? Tag.BID_SPOT_RATE : Tag.OFFER_SPOT_RATE);
      if (price != FixValues.NONE) {
        book.clear(side);
      }
      if (price > 0) {
        long size = size(message.decimal(isBid ? Tag.BID_SIZE : Tag.OFFER_SIZE));
        book.put(side, message.buffer(), 0, 0, price, size == 0 ? MessageLayout.ABSENT : size);
      }
    }
    touch(instrument, times.of(message, null), times.rank());
  }

  private void onMassQuote(FixMessage message) {
    group.open(message, Tag.NO_QUOTE_SETS);
    while (group.next()) {
      int ofSet = setInstrument(message);
      inner.open(group, Tag.NO_QUOTE_ENTRIES);
      while (inner.next()) {
        int named = instrument(message, inner);
        int instrument = named >= 0 ? named : ofSet;
        if (instrument < 0 || !inner.has(Tag.QUOTE_ENTRY_ID)) {
          unknown++;
          continue;
        }
        awaiting[instrument] = false;
        quoteEntry(message, instrument, DepthBook.BID);
        quoteEntry(message, instrument, DepthBook.ASK);
        touch(instrument, times.of(message, inner), times.rank());
      }
    }
  }

  private int setInstrument(FixMessage message) {
    int found = symbols.find(message, group.find(UNDERLYING_SYMBOL));
    found = found >= 0 ? found : symbols.find(message, group.find(UNDERLYING_ID));
    return found >= 0 ? found : symbols.find(message, group.find(Tag.QUOTE_SET_ID));
  }

  /** What an entry does not say stays as it was; a price or a size of zero takes it away. */
  private void quoteEntry(FixMessage message, int instrument, int side) {
    boolean isBid = side == DepthBook.BID;
    long price = inner.decimal(isBid ? Tag.BID_SPOT_RATE : Tag.OFFER_SPOT_RATE);
    price = price != FixValues.NONE ? price : inner.decimal(isBid ? Tag.BID_PX : Tag.OFFER_PX);
    long size = size(inner.decimal(isBid ? Tag.BID_SIZE : Tag.OFFER_SIZE));
    if (price == FixValues.NONE && size == MessageLayout.ABSENT) {
      return;
    }
    int id = inner.find(Tag.QUOTE_ENTRY_ID);
    int offset = message.valueOffset(id);
    int length = message.valueLength(id);
    DepthBook book = books[instrument];
    if (price == 0 || size == 0) {
      book.remove(side, message.buffer(), offset, length, 0);
    } else if (!book.put(side, message.buffer(), offset, length, price(price), size)) {
      unknown++;
    }
  }

  // ---- what comes of it

  private void touch(int instrument, long at, int rankOfTime) {
    if (!touched[instrument]) {
      touched[instrument] = true;
      time[instrument] = at;
      rank[instrument] = rankOfTime;
      order[touchedCount++] = instrument;
    } else if (rankOfTime < rank[instrument]) {
      time[instrument] = at;
      rank[instrument] = rankOfTime;
    } else if (rankOfTime == rank[instrument]) {
      time[instrument] = Math.max(time[instrument], at);
    }
  }

  private void publish() {
    for (int i = 0; i < touchedCount; i++) {
      int instrument = order[i];
      touched[instrument] = false;
      DepthBook book = books[instrument];
      long bid = book.bid();
      long ask = book.ask();
      if (bid == MessageLayout.ABSENT || ask == MessageLayout.ABSENT) {
        oneSided++;
      } else {
        listener.onPrice(
            instrument, time[instrument], bid, ask, book.bidSize(bid), book.askSize(ask));
      }
    }
    touchedCount = 0;
  }

  private static int side(char type) {
    return type == '0' ? DepthBook.BID : type == '1' ? DepthBook.ASK : -1;
  }

  private static long price(long mantissa) {
    return mantissa > 0 ? mantissa : MessageLayout.ABSENT;
  }

  private static long size(long mantissa) {
    return mantissa < 0 ? MessageLayout.ABSENT : mantissa / SIZE_UNIT;
  }
}

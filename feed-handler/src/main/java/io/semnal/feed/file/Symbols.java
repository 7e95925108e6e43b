package io.semnal.feed.file;

import io.semnal.core.market.Instrument;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Finds the instrument that a file names. {@code EUR/USD}, {@code eur_usd} and {@code EURUSD} are
 * the same.
 */
final class Symbols {
  /** The file names another instrument than it may. */
  static final int UNKNOWN = -2;

  private final Instrument only;
  private final byte[][] known;
  private int last;

  Symbols(TickFileOptions options) {
    this(options.instrument(), options.instruments());
  }

  /**
   * @param only the instrument of everything that is read; {@code null} = what is read says which
   * @param all that may be named
   */
  Symbols(Instrument only, List<Instrument> all) {
    this.only = only;
    List<Instrument> instruments = only == null ? all : List.of(only);
    known = new byte[instruments.size()][];
    for (int i = 0; i < known.length; i++) {
      known[i] = instruments.get(i).symbol().getBytes(StandardCharsets.US_ASCII);
    }
  }

  /** What a tick's {@code instrument} becomes: -1 for the only one, else a position. */
  int find(byte[] bytes, int from, int to) {
    if (equal(known[last], bytes, from, to)) {
      return result(last);
    }
    for (int i = 0; i < known.length; i++) {
      if (equal(known[i], bytes, from, to)) {
        last = i;
        return result(i);
      }
    }
    return UNKNOWN;
  }

  int find(String symbol) {
    byte[] bytes = symbol.getBytes(StandardCharsets.ISO_8859_1);
    return find(bytes, 0, bytes.length);
  }

  /** The instrument of files that name none, or {@link #UNKNOWN} if several may be meant. */
  int unnamed() {
    return known.length == 1 ? result(0) : UNKNOWN;
  }

  /** What may stand there, for messages. */
  String expected() {
    return only == null ? "one of the instruments given" : only.symbol();
  }

  private int result(int position) {
    return only == null ? position : -1;
  }

  private static boolean equal(byte[] symbol, byte[] bytes, int from, int to) {
    int i = 0;
    int j = from;
    while (true) {
      while (i < symbol.length && isSeparator(symbol[i])) {
        i++;
      }
      while (j < to && isSeparator(bytes[j])) {
        j++;
      }
      if (i == symbol.length || j == to) {
        return i == symbol.length && j == to;
      }
      if (symbol[i++] != upper(bytes[j++])) {
        return false;
      }
    }
  }

  private static boolean isSeparator(byte b) {
    return b == '/' || b == '_' || b == '-';
  }

  private static int upper(byte b) {
    return b >= 'a' && b <= 'z' ? b - 32 : b;
  }
}

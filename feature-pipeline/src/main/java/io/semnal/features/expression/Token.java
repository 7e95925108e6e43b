package io.semnal.features.expression;

/**
 * A piece of a column's text.
 *
 * @param text the name, symbol or operator; of a number its digits
 * @param position where it begins, from 0
 */
record Token(Kind kind, String text, int position) {
  enum Kind {
    NUMBER,
    NAME,
    /** One of the operators, or {@code ( ) , .} */
    SYMBOL,
    /** {@code @15m}, without the {@code @}. */
    TIMEFRAME,
    /** {@code #EURUSD}, without the {@code #}. */
    INSTRUMENT,
    END
  }

  boolean is(String symbol) {
    return kind == Kind.SYMBOL && text.equals(symbol);
  }

  /** As an error message calls it. */
  String described() {
    return kind == Kind.END ? "the end" : "'" + text + "'";
  }
}

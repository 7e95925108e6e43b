package io.semnal.features.expression;

import io.semnal.features.expression.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** Cuts a column's text into tokens. */
final class Lexer {
  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private int at;

  private Lexer(String text) {
    this.text = text;
  }

  /** The tokens, closed by one of kind {@code END}. */
  static List<Token> tokens(String text) {
    Lexer lexer = new Lexer(text);
    while (lexer.next()) {
      // each call adds one token
    }
    return lexer.tokens;
  }

  private boolean next() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    int start = at;
    if (at == text.length()) {
      tokens.add(new Token(Kind.END, "", start));
      return false;
    }
    char c = text.charAt(at);
    if (isDigit(c) || (c == '.' && at + 1 < text.length() && isDigit(text.charAt(at + 1)))) {
      number();
    } else if (isLetter(c)) {
      take(Kind.NAME, start, ch -> isLetter(ch) || isDigit(ch));
    } else if (c == '@') {
      at++;
      take(Kind.TIMEFRAME, start, ch -> isLetter(ch) || isDigit(ch));
    } else if (c == '#') {
      at++;
      instrument(start);
    } else {
      symbol(c);
    }
    return true;
  }

  private void number() {
    int start = at;
    digits();
    if (at < text.length() && text.charAt(at) == '.') {
      at++;
      digits();
    }
    if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      at++;
      if (at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
        at++;
      }
      if (at == text.length() || !isDigit(text.charAt(at))) {
        throw new ExpressionException(text, start, "a number's exponent has no digits");
      }
      digits();
    }
    if (at < text.length() && isLetter(text.charAt(at))) {
      throw new ExpressionException(text, at, "a number runs into '" + text.charAt(at) + "'");
    }
    tokens.add(new Token(Kind.NUMBER, text.substring(start, at), start));
  }

  private void digits() {
    while (at < text.length() && isDigit(text.charAt(at))) {
      at++;
    }
  }

  /**
   * A bare symbol has letters, digits and {@code _} only: {@code -} and {@code /} are operators.
   */
  private void instrument(int start) {
    if (at < text.length() && text.charAt(at) == '"') {
      int end = text.indexOf('"', at + 1);
      if (end < 0) {
        throw new ExpressionException(text, at, "a quoted instrument has no closing '\"'");
      }
      tokens.add(new Token(Kind.INSTRUMENT, text.substring(at + 1, end), start));
      at = end + 1;
      return;
    }
    take(Kind.INSTRUMENT, start, ch -> isLetter(ch) || isDigit(ch));
  }

  private void take(Kind kind, int start, IntPredicate part) {
    int from = at;
    while (at < text.length() && part.test(text.charAt(at))) {
      at++;
    }
    if (at == from) {
      throw new ExpressionException(
          text,
          start,
          kind == Kind.TIMEFRAME
              ? "'@' wants a timeframe, as in @15m"
              : "'#' wants an instrument, as in #EURUSD");
    }
    tokens.add(new Token(kind, text.substring(from, at), start));
  }

  private void symbol(char c) {
    String pair = text.substring(at, Math.min(at + 2, text.length()));
    if (pair.equals("<=") || pair.equals(">=") || pair.equals("==") || pair.equals("!=")) {
      tokens.add(new Token(Kind.SYMBOL, pair, at));
      at += 2;
    } else if ("+-*/(),.<>".indexOf(c) >= 0) {
      tokens.add(new Token(Kind.SYMBOL, String.valueOf(c), at));
      at++;
    } else {
      throw new ExpressionException(text, at, "'" + c + "' has no meaning here");
    }
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLetter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }
}

package io.semnal.features.expression;

import io.semnal.core.market.Timeframe;
import io.semnal.features.expression.Expression.Operator;
import io.semnal.features.expression.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a column by recursive descent.
 *
 * <pre>
 *   expression = sum [ ("&lt;" | "&lt;=" | "&gt;" | "&gt;=" | "==" | "!=") sum ]
 *   sum        = product { ("+" | "-") product }
 *   product    = unary { ("*" | "/") unary }
 *   unary      = [ "-" ] unary | postfix
 *   postfix    = primary { "@" timeframe | "#" instrument }
 *   primary    = number | "(" expression ")" | name [ "(" [ expression { "," expression } ] ")" ] [ "." name ]
 * </pre>
 */
public final class ExpressionParser {
  /** Deeper nesting is refused, so that no text can exhaust the stack. */
  private static final int MAX_DEPTH = 100;

  private final String text;
  private final List<Token> tokens;
  private int at;
  private int depth;

  private ExpressionParser(String text) {
    this.text = text;
    this.tokens = Lexer.tokens(text);
  }

  /**
   * @throws ExpressionException naming the character
   */
  public static Expression parse(String text) {
    ExpressionParser parser = new ExpressionParser(text);
    if (parser.peek().kind() == Kind.END) {
      throw parser.error(parser.peek(), "nothing is written here");
    }
    Expression expression = parser.expression();
    if (parser.peek().kind() != Kind.END) {
      throw parser.error(parser.peek(), "expected the end, not " + parser.peek().described());
    }
    return expression;
  }

  private Expression expression() {
    if (++depth > MAX_DEPTH) {
      throw error(peek(), "nested more than " + MAX_DEPTH + " deep");
    }
    Expression left = binary(2);
    Operator comparison = operator(1);
    if (comparison != null) {
      Token token = next();
      left = new Expression.Binary(comparison, left, binary(2), token.position());
      if (operator(1) != null) {
        throw error(peek(), "comparisons do not chain: use parentheses");
      }
    }
    depth--;
    return left;
  }

  private Expression binary(int precedence) {
    if (precedence > 3) {
      return unary();
    }
    Expression left = binary(precedence + 1);
    for (Operator o = operator(precedence); o != null; o = operator(precedence)) {
      Token token = next();
      left = new Expression.Binary(o, left, binary(precedence + 1), token.position());
    }
    return left;
  }

  private Expression unary() {
    if (!peek().is("-")) {
      return postfix();
    }
    if (++depth > MAX_DEPTH) {
      throw error(peek(), "nested more than " + MAX_DEPTH + " deep");
    }
    int position = next().position();
    Expression operand = unary();
    depth--;
    return operand instanceof Expression.Number number
        ? new Expression.Number(-number.value(), position)
        : new Expression.Negate(operand, position);
  }

  private Expression postfix() {
    Expression operand = primary();
    Timeframe timeframe = null;
    String instrument = null;
    int position = peek().position();
    while (true) {
      Token token = peek();
      if (token.kind() == Kind.TIMEFRAME) {
        if (timeframe != null) {
          throw error(token, "a second timeframe");
        }
        timeframe = timeframe(next());
      } else if (token.kind() == Kind.INSTRUMENT) {
        if (instrument != null) {
          throw error(token, "a second instrument");
        }
        instrument = next().text();
      } else {
        return timeframe == null && instrument == null
            ? operand
            : new Expression.At(operand, timeframe, instrument, position);
      }
    }
  }

  private Timeframe timeframe(Token token) {
    try {
      return Timeframe.parse(token.text());
    } catch (IllegalArgumentException e) {
      throw error(token, e.getMessage());
    }
  }

  private Expression primary() {
    Token token = next();
    if (token.kind() == Kind.NUMBER) {
      return new Expression.Number(Double.parseDouble(token.text()), token.position());
    }
    if (token.is("(")) {
      Expression inner = expression();
      expect(")");
      return inner;
    }
    if (token.kind() != Kind.NAME) {
      throw error(token, "expected a name, a number or '(', not " + token.described());
    }
    List<Expression> arguments = peek().is("(") ? arguments() : List.of();
    if (!peek().is(".")) {
      return new Expression.Call(token.text(), arguments, null, token.position(), token.position());
    }
    next();
    Token output = next();
    if (output.kind() != Kind.NAME) {
      throw error(output, "expected the name of an output after '.', not " + output.described());
    }
    return new Expression.Call(
        token.text(), arguments, output.text(), output.position(), token.position());
  }

  private List<Expression> arguments() {
    next();
    List<Expression> arguments = new ArrayList<>();
    if (peek().is(")")) {
      next();
      return arguments;
    }
    while (true) {
      arguments.add(expression());
      Token token = next();
      if (token.is(")")) {
        return arguments;
      }
      if (!token.is(",")) {
        throw error(token, "expected ',' or ')', not " + token.described());
      }
    }
  }

  /** The next token's operator if it has this precedence, else {@code null}. */
  private Operator operator(int precedence) {
    for (Operator operator : Operator.values()) {
      if (operator.precedence() == precedence && peek().is(operator.symbol())) {
        return operator;
      }
    }
    return null;
  }

  private void expect(String symbol) {
    Token token = next();
    if (!token.is(symbol)) {
      throw error(token, "expected '" + symbol + "', not " + token.described());
    }
  }

  private Token peek() {
    return tokens.get(at);
  }

  private Token next() {
    Token token = tokens.get(at);
    if (token.kind() != Kind.END) {
      at++;
    }
    return token;
  }

  private ExpressionException error(Token token, String problem) {
    return new ExpressionException(text, token.position(), problem);
  }
}

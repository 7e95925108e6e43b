package io.semnal.features.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.core.market.Timeframe;
import io.semnal.features.FeaturePipeline;
import io.semnal.features.Pipelines;
import io.semnal.features.indicator.CanonicalText;
import io.semnal.features.indicator.IndicatorCatalogue;
import java.util.HexFormat;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionParserTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rsi | rsi(close,14)",
        "rsi( 14 ) | rsi(close,14)",
        "rsi(high, 7) | rsi(high,7)",
        "macd.histogram | macd(close,12,26,9).histogram",
        "macd(12,26,9) | macd(close,12,26,9).macd",
        "1 + 2 * close | (1 + (2 * close))",
        "(1 + 2) * close | ((1 + 2) * close)",
        "close - open - low | ((close - open) - low)",
        "close / open / low | ((close / open) / low)",
        "-close * 2 | ((-close) * 2)",
        "- -1.5e-3 | 0.0015",
        "close > open + 1 | (close > (open + 1))",
        "rsi(14)@15m | rsi(close,14)@15m",
        "rsi(14)@60m | rsi(close,14)@1h",
        "(close - open)#EURUSD@1h | (close - open)@1h#\"EURUSD\"",
        "close#EURUSD-open | (close#\"EURUSD\" - open)",
        "spread.mean / atr(14) | (spread.mean / atr(14))",
        "std(return(1),20) | std(return(close,1),20)",
        "rma(14) / bb.upper | (smma(close,14) / bollinger(close,20,2).upper)",
      })
  void readsColumns(String column, String canonical) {
    assertThat(CanonicalText.of(ExpressionParser.parse(column), IndicatorCatalogue.standard()))
        .isEqualTo(canonical);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "rsi(14 | 7 | expected ',' or ')', not the end",
        "rsi(14)) | 8 | expected the end, not ')'",
        "close + | 8 | expected a name, a number or '(', not the end",
        "rsl(14) | 1 | unknown name 'rsl'; did you mean 'rsi'?",
        "macd(12,26,9).histgram | 15 | 'macd' has no output 'histgram', only macd, signal, histogram; did you mean 'histogram'?",
        "rsi(2.5) | 5 | 'period' of rsi(x = close, period = 14) must be a whole number, not 2.5",
        "rsi(0) | 5 | 'period' of rsi(x = close, period = 14) must lie between 1 and 10000",
        "sma(close, open) | 12 | 'period' of sma(x = close, period = 20) must be a number, not a series",
        "lag(close, -1) | 12 | 'bars' of lag(x = close, bars = 1) must lie between 0 and 10000",
        "rsi(14, 3, 4) | 1 | too many arguments: it is rsi(x = close, period = 14)",
        "clamp(close, 1) | 1 | 'high' is missing: it is clamp(x, low, high)",
        "close@7m | 6 | timeframe 7m is not one of [1m, 15m]",
        "close@soon | 6 | 'soon' is not a timeframe such as 1m, 15m, 4h or 1d",
        "close@15m@1m | 10 | a second timeframe",
        "close#EURSUD | 6 | unknown instrument 'EURSUD'; did you mean 'EURUSD'?",
        "1 < close < 2 | 11 | comparisons do not chain: use parentheses",
        "close $ 2 | 7 | '$' has no meaning here",
        "2x | 2 | a number runs into 'x'",
        "1e | 1 | a number's exponent has no digits",
        "`` | 1 | nothing is written here",
      })
  void saysWhereAndWhatIsWrong(String column, int character, String problem) {
    FeaturePipeline pipeline = Pipelines.pipeline(Timeframe.M1, Timeframe.M15);
    String text = column == null ? "" : column;
    assertThatThrownBy(() -> pipeline.bind(Pipelines.set(Timeframe.M1, "close", text), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "feature set 'test': column '" + text + "', character " + character + ": " + problem);
  }

  @Property(tries = 3_000)
  void anyTextParsesOrIsRefusedWithItsPlace(@ForAll("texts") String text) {
    try {
      ExpressionParser.parse(text);
    } catch (ExpressionException e) {
      assertThat(e.position()).isBetween(0, text.length());
    }
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(
            "rsi", "(", ")", ",", ".", "14", "1e9", "@15m", "#EURUSD", "#\"", "+", "-", "*", "/",
            "<=", "==", "!", " ", "close", "é", "@", "\u0000", "mean")
        .list()
        .ofMaxSize(12)
        .map(parts -> String.join("", parts));
  }

  @Test
  void refusesNestingThatWouldExhaustTheStack() {
    assertThatThrownBy(() -> ExpressionParser.parse("(".repeat(100_000)))
        .isInstanceOf(ExpressionException.class)
        .hasMessageContaining("nested more than 100 deep");
    assertThatThrownBy(() -> ExpressionParser.parse("-".repeat(100_000)))
        .isInstanceOf(ExpressionException.class);
  }

  @Test
  void hashIsOfMeaningNotOfSpelling() {
    byte[] hash = FeaturePipeline.hash(Pipelines.set(Timeframe.M1, "rsi(14)", "macd.signal"));
    assertThat(FeaturePipeline.hash(Pipelines.set(Timeframe.M1, "rsi", "macd(12, 26, 9).signal")))
        .isEqualTo(hash);
    assertThat(FeaturePipeline.hash(Pipelines.set(Timeframe.M5, "rsi", "macd.signal")))
        .isNotEqualTo(hash);
    assertThat(FeaturePipeline.hash(Pipelines.set(Timeframe.M1, "macd.signal", "rsi")))
        .isNotEqualTo(hash);
    assertThat(HexFormat.of().formatHex(hash))
        .as("models in the field are bound to it: change it with the code version only")
        .isEqualTo("cc931267e967a1faf7a93333907ee6fa" + "52515ae73b728685c8573a437fdcac82");
  }
}

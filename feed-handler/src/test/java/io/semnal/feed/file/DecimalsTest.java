package io.semnal.feed.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalsTest {
  private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE, 8);

  @Property(tries = 20_000)
  void agreesWithBigDecimal(@ForAll("decimalTexts") String text) {
    BigDecimal value = new BigDecimal(text);
    long expected;
    if (value.compareTo(MOST) > 0 && value.setScale(8, RoundingMode.DOWN).compareTo(MOST) > 0) {
      expected = Decimals.OVERFLOW;
    } else if (value.stripTrailingZeros().scale() > 8) {
      expected = Decimals.TOO_PRECISE;
    } else {
      expected = value.movePointRight(8).longValueExact();
    }
    assertThat(parse(text)).as(text).isEqualTo(expected);
  }

  @Property
  void everyMantissaComesBack(@ForAll long any) {
    long mantissa = any & Long.MAX_VALUE;
    assertThat(parse(BigDecimal.valueOf(mantissa, 8).toPlainString())).isEqualTo(mantissa);
  }

  @Property
  void negativesAreNamed(@ForAll("decimalTexts") String text) {
    assertThat(parse("-" + text)).isEqualTo(Decimals.NEGATIVE);
  }

  @Provide
  Arbitrary<String> decimalTexts() {
    Arbitrary<String> whole = Arbitraries.strings().numeric().ofMinLength(1).ofMaxLength(13);
    Arbitrary<String> digits = Arbitraries.strings().numeric().ofMaxLength(12);
    Arbitrary<String> zeros = Arbitraries.strings().withChars('0').ofMaxLength(10);
    return net.jqwik.api.Combinators.combine(whole, digits, zeros)
        .as((w, d, z) -> d.isEmpty() && z.isEmpty() ? w : w + "." + d + z);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "-",
        "--1",
        "-.",
        "+1.3",
        "NaN",
        "nan",
        "Infinity",
        "-Infinity",
        "1e5",
        "1.3E-2",
        "1,3",
        "1.3.4",
        "1..3",
        "0x10",
        " 1.3",
        "1.3 ",
        "1.3f",
        "١.٣",
        "1.30000000x",
        "1_000",
        "99999999999999999999999x"
      })
  void refusesWhatIsNoNumber(String text) {
    assertThat(parse(text)).isEqualTo(Decimals.NOT_A_NUMBER);
  }

  @ParameterizedTest
  @CsvSource({
    "1.38676, 138676000",
    ".5, 50000000",
    "5., 500000000",
    "0, 0",
    "0.00000000, 0",
    "0.00000001, 1",
    "1.1234567800000000, 112345678",
    "000001.50, 150000000",
    "92233720368.54775807, 9223372036854775807",
    "92233720368.54775808, -3",
    "92233720369, -3",
    "9223372036854775808, -3",
    "99999999999999999999999.5, -3",
    "1.123456789, -4",
    "0.000000001, -4",
    "-0.000000001, -2",
    "-99999999999999999999999, -2",
  })
  void readsToTheLastDigit(String text, long expected) {
    assertThat(parse(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "1.123456784, 112345678",
    "1.123456785, 112345679",
    "0.8999999761581421, 89999998",
    "92233720368.547758075, -3",
  })
  void roundsSizes(String text, long expected) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    assertThat(Decimals.parseRounded(bytes, 0, bytes.length)).isEqualTo(expected);
  }

  private static long parse(String text) {
    byte[] bytes = ("9" + text + "9").getBytes(StandardCharsets.UTF_8);
    return Decimals.parse(bytes, 1, bytes.length - 1);
  }
}

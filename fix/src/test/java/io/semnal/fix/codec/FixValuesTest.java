package io.semnal.fix.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;
import org.agrona.concurrent.UnsafeBuffer;

/** Values against BigDecimal, Long and java.time. */
class FixValuesTest {
  private static final long YEAR_2261 = 9_183_110_400_000_000_000L;
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("yyyyMMdd-HH:mm:ss").withZone(ZoneOffset.UTC);

  @Property(tries = 3000)
  void readsDecimalsAsBigDecimalDoes(
      @ForAll @LongRange(min = -9_999_999_999L, max = 9_999_999_999L) long unscaled,
      @ForAll @IntRange(min = 0, max = 12) int scale,
      @ForAll @IntRange(min = 0, max = 4) int zeros) {
    BigDecimal value = BigDecimal.valueOf(unscaled, scale);
    String plain = value.abs().toPlainString();
    String text = (unscaled < 0 ? "-" : "") + "0".repeat(zeros) + plain;
    assertThat(decimal(text))
        .isEqualTo(value.setScale(8, RoundingMode.HALF_UP).unscaledValue().longValueExact());
  }

  @Property(tries = 3000)
  void writesDecimalsThatReadBackAndAreNoLongerThanNeeded(
      @ForAll @LongRange(min = -900_000_000_000_000_000L, max = 900_000_000_000_000_000L)
          long mantissa,
      @ForAll @IntRange(min = 0, max = 8) int decimals) {
    FixMessage message = encoded(e -> e.decimal(44, mantissa, decimals));
    BigDecimal expected = BigDecimal.valueOf(mantissa, 8).stripTrailingZeros();
    if (expected.scale() < decimals) {
      expected = expected.setScale(decimals);
    }
    String plain = expected.toPlainString();
    assertThat(message.text(44)).isEqualTo(mantissa == 0 ? plain.replace("-", "") : plain);
  }

  @Property(tries = 2000)
  void writesAndReadsIntegersAsLongDoes(@ForAll long value) {
    FixMessage message = encoded(e -> e.integer(34, value));
    assertThat(message.text(34)).isEqualTo(Long.toString(value));
    if (Math.abs(value / 10) < Long.MAX_VALUE / 10 - 1) {
      assertThat(message.integer(34)).isEqualTo(value);
    }
  }

  @Property(tries = 3000)
  void writesAndReadsTimesAsJavaTimeDoes(
      @ForAll @LongRange(min = 0, max = YEAR_2261) long nanos,
      @ForAll @IntRange(min = 0, max = 3) int thirds) {
    int digits = thirds * 3;
    Instant instant = Instant.ofEpochSecond(nanos / 1_000_000_000L, nanos % 1_000_000_000L);
    String fraction = String.format("%09d", instant.getNano()).substring(0, digits);
    FixMessage message = encoded(e -> e.timestamp(52, nanos, digits));
    assertThat(message.text(52))
        .isEqualTo(SECONDS.format(instant) + (digits == 0 ? "" : "." + fraction));
    long unit = (long) Math.pow(10, 9 - digits);
    assertThat(message.timestamp(52)).isEqualTo(nanos / unit * unit);
  }

  @Property(tries = 3000)
  void takesNoTextForAValueThatItIsNot(
      @ForAll @CharRange(from = '+', to = ':') @StringLength(max = 28) String text) {
    assertThat(decimal(text) == FixValues.NONE)
        .isEqualTo(!text.matches("-?(\\d+\\.?\\d*|\\.\\d+)") || tooLarge(text));
    UnsafeBuffer buffer = new UnsafeBuffer(Messages.bytes(text + "        "));
    long time = FixValues.timestamp(buffer, 0, text.length());
    assertThat(time == FixValues.NONE || text.matches("\\d{8}-\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,12})?"))
        .isTrue();
  }

  private static boolean tooLarge(String text) {
    return new BigDecimal(text)
            .abs()
            .setScale(8, RoundingMode.HALF_UP)
            .compareTo(BigDecimal.TEN.pow(10))
        >= 0;
  }

  @Example
  void acceptsALeapSecondAndRefusesDaysThatAreNot() {
    assertThat(timestamp("20161231-23:59:60")).isEqualTo(timestamp("20170101-00:00:00"));
    assertThat(timestamp("20240229-00:00:00")).isNotEqualTo(FixValues.NONE);
    for (String wrong :
        new String[] {
          "20230229-00:00:00", "20231301-00:00:00", "20230100-00:00:00", "20230101-24:00:00",
          "20230101-00:60:00", "20230101-00:00:61", "20230101 00:00:00", "2023010-00:00:00.",
          "19691231-23:59:59"
        }) {
      assertThat(timestamp(wrong)).as(wrong).isEqualTo(FixValues.NONE);
    }
  }

  @Example
  void breaksNoMessageByTheTextInIt() {
    FixMessage message = encoded(e -> e.text(58, "a\u0001" + "10=000\u0001ü").integer(34, 1));
    assertThat(message.text(58)).isEqualTo("a?10=000??");
    assertThat(message.integer(34)).isEqualTo(1);
  }

  @Example
  void refusesAMessageBeyondItsLimitAndWritesTheNext() {
    FixEncoder encoder = new FixEncoder(FixVersion.FIX44, 2_000);
    encoder.begin(MsgType.NEWS).text(58, "x".repeat(3_000));
    assertThat(encoder.finish()).isEqualTo(-1);
    encoder.begin(MsgType.NEWS).text(58, "x".repeat(1_500));
    assertThat(encoder.finish()).isGreaterThan(1_500);
  }

  private static long decimal(String text) {
    return FixValues.decimal(new UnsafeBuffer(Messages.bytes(text)), 0, text.length());
  }

  private static long timestamp(String text) {
    return FixValues.timestamp(new UnsafeBuffer(Messages.bytes(text)), 0, text.length());
  }

  private static FixMessage encoded(java.util.function.Consumer<FixEncoder> fields) {
    FixEncoder encoder = new FixEncoder(FixVersion.FIX44, 10_000);
    encoder.begin(MsgType.NEWS);
    fields.accept(encoder);
    int length = encoder.finish();
    byte[] bytes = new byte[length];
    encoder.buffer().getBytes(encoder.offset(), bytes);
    return Messages.read(bytes);
  }
}

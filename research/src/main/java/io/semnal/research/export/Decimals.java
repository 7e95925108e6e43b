package io.semnal.research.export;

import io.semnal.protocol.MessageLayout;
import java.math.BigDecimal;
import java.time.Instant;

/** Prices and times as exact text. */
public final class Decimals {
  /** Decimals of a quantity. */
  static final int QUANTITY = 2;

  private static final long NANOS = 1_000_000_000L;
  private static final long[] POWERS = {
    1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000
  };

  private Decimals() {}

  /** With at least the instrument's decimals, more where the price has them; empty where absent. */
  public static String price(long mantissa, int decimals) {
    if (mantissa == MessageLayout.ABSENT) {
      return "";
    }
    BigDecimal exact =
        BigDecimal.valueOf(mantissa, MessageLayout.PRICE_DECIMALS).stripTrailingZeros();
    return (exact.scale() < decimals ? exact.setScale(decimals) : exact).toPlainString();
  }

  /** A mantissa with {@code decimals} decimals in the fewest digits, without an object for it. */
  static void append(long mantissa, int decimals, StringBuilder out) {
    long whole = mantissa / POWERS[decimals];
    long fraction = Math.abs(mantissa % POWERS[decimals]);
    if (mantissa < 0 && whole == 0) {
      out.append('-');
    }
    out.append(whole);
    if (fraction == 0) {
      return;
    }
    out.append('.');
    for (int i = decimals - 1; fraction > 0; i--) {
      out.append((char) ('0' + fraction / POWERS[i]));
      fraction %= POWERS[i];
    }
  }

  /** ISO-8601, UTC; empty where absent. */
  public static String time(long nanos) {
    return nanos == MessageLayout.ABSENT
        ? ""
        : Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS))
            .toString();
  }
}

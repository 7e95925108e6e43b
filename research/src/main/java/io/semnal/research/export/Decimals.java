package io.semnal.research.export;

import io.semnal.protocol.MessageLayout;
import java.math.BigDecimal;
import java.time.Instant;

/** Prices and times as exact text. */
public final class Decimals {
  private static final long NANOS = 1_000_000_000L;

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

  /** ISO-8601, UTC; empty where absent. */
  public static String time(long nanos) {
    return nanos == MessageLayout.ABSENT
        ? ""
        : Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS))
            .toString();
  }
}

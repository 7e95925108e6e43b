package io.semnal.core.market;

import java.util.Locale;

/**
 * Length of a bar.
 *
 * @param seconds length in seconds, above zero
 */
public record Timeframe(int seconds) implements Comparable<Timeframe> {
  public static final Timeframe M1 = new Timeframe(60);
  public static final Timeframe M5 = new Timeframe(300);
  public static final Timeframe M15 = new Timeframe(900);
  public static final Timeframe H1 = new Timeframe(3_600);
  public static final Timeframe H4 = new Timeframe(14_400);
  public static final Timeframe D1 = new Timeframe(86_400);

  public Timeframe {
    if (seconds <= 0) {
      throw new IllegalArgumentException("a timeframe must be above zero seconds, not " + seconds);
    }
  }

  /** Reads {@code 30s}, {@code 1m}, {@code 4h} or {@code 1d}. */
  public static Timeframe parse(String text) {
    String t = text.trim().toLowerCase(Locale.ROOT);
    if (!t.matches("[1-9][0-9]{0,4}[smhd]")) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a timeframe such as 1m, 15m, 4h or 1d");
    }
    int n = Integer.parseInt(t.substring(0, t.length() - 1));
    return new Timeframe(
        Math.multiplyExact(
            n,
            switch (t.charAt(t.length() - 1)) {
              case 's' -> 1;
              case 'm' -> 60;
              case 'h' -> 3_600;
              default -> 86_400;
            }));
  }

  public long nanos() {
    return seconds * 1_000_000_000L;
  }

  /** The shortest exact name: {@code 1m}, {@code 4h}. */
  public String label() {
    if (seconds % 86_400 == 0) {
      return seconds / 86_400 + "d";
    }
    if (seconds % 3_600 == 0) {
      return seconds / 3_600 + "h";
    }
    return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }

  @Override
  public int compareTo(Timeframe other) {
    return Integer.compare(seconds, other.seconds);
  }

  @Override
  public String toString() {
    return label();
  }
}

package io.semnal.client;

import java.util.Locale;

/** Timeframes as people write them: {@code 30s}, {@code 1m}, {@code 4h}, {@code 1d}. */
public final class TimeframeLabel {
  private static final int MINUTE = 60;
  private static final int HOUR = 3_600;
  private static final int DAY = 86_400;

  private TimeframeLabel() {}

  /** Seconds of a label; an {@link IllegalArgumentException} says what was expected. */
  public static int seconds(String label) {
    String text = label.trim().toLowerCase(Locale.ROOT);
    if (!text.matches("[1-9][0-9]{0,3}[smhd]")) {
      throw new IllegalArgumentException(
          "'" + label + "' is not a timeframe such as 1m, 15m, 4h or 1d");
    }
    int unit =
        switch (text.charAt(text.length() - 1)) {
          case 's' -> 1;
          case 'm' -> MINUTE;
          case 'h' -> HOUR;
          default -> DAY;
        };
    return Integer.parseInt(text.substring(0, text.length() - 1)) * unit;
  }

  /** The shortest exact label. */
  public static String of(int seconds) {
    if (seconds % DAY == 0) {
      return seconds / DAY + "d";
    }
    if (seconds % HOUR == 0) {
      return seconds / HOUR + "h";
    }
    return seconds % MINUTE == 0 ? seconds / MINUTE + "m" : seconds + "s";
  }
}

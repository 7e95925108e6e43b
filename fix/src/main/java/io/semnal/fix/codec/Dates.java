package io.semnal.fix.codec;

/**
 * Days since the epoch from and to calendar dates, without objects. After Howard Hinnant's
 * chrono-compatible algorithms; proleptic Gregorian, years from 0.
 */
final class Dates {
  private static final int DAYS_PER_ERA = 146_097;
  private static final int EPOCH_FROM_ERA = 719_468;

  private Dates() {}

  static long epochDay(int year, int month, int day) {
    int y = month <= 2 ? year - 1 : year;
    int era = y / 400;
    int yearOfEra = y - era * 400;
    int dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return (long) era * DAYS_PER_ERA + dayOfEra - EPOCH_FROM_ERA;
  }

  /** The date as {@code YYYYMMDD}. */
  static int date(long epochDay) {
    long z = epochDay + EPOCH_FROM_ERA;
    long era = z / DAYS_PER_ERA;
    int dayOfEra = (int) (z - era * DAYS_PER_ERA);
    int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
    int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    int mp = (5 * dayOfYear + 2) / 153;
    int day = dayOfYear - (153 * mp + 2) / 5 + 1;
    int month = mp < 10 ? mp + 3 : mp - 9;
    int year = (int) (yearOfEra + era * 400) + (month <= 2 ? 1 : 0);
    return year * 10_000 + month * 100 + day;
  }

  static int lengthOfMonth(int year, int month) {
    if (month == 2) {
      return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
    }
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
  }
}

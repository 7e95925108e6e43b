package io.semnal.features;

import io.semnal.core.market.Timeframe;
import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Reads bars of a CSV file with the header {@code date|time,open,high,low,close[,volume]}, in any
 * order of columns, further ones ignored. Bid and ask are the price. Prices are kept to 8 decimals
 * like all of Semnal's, further digits rounded half-even; times without an offset are UTC.
 */
final class BarFileReader implements AutoCloseable {
  private static final int DECIMALS = 8;
  private static final List<String> PRICES = List.of("open", "high", "low", "close");

  /** What was read last, as the file spells its time. */
  String timeText;

  final Bar bar = new Bar();

  private final Path file;
  private final BufferedReader reader;
  private final int timeColumn;
  private final int[] priceColumns;

  /** -1 = none. */
  private final int volumeColumn;

  private final int columnCount;
  private long line = 1;

  BarFileReader(Path file) throws IOException {
    this.file = file;
    reader = Files.newBufferedReader(file);
    String header = reader.readLine();
    if (header == null) {
      reader.close();
      throw new BarFileException(file, 0, "is empty");
    }
    List<String> names =
        Arrays.stream(header.replace("\uFEFF", "").split(",", -1))
            .map(name -> name.trim().toLowerCase(Locale.ROOT))
            .toList();
    columnCount = names.size();
    timeColumn = Math.max(names.indexOf("date"), names.indexOf("time"));
    volumeColumn = names.indexOf("volume");
    priceColumns = PRICES.stream().mapToInt(names::indexOf).toArray();
    List<String> missing =
        new ArrayList<>(PRICES.stream().filter(name -> !names.contains(name)).toList());
    if (timeColumn < 0) {
      missing.addFirst("date or time");
    }
    if (!missing.isEmpty()) {
      reader.close();
      throw new BarFileException(
          file, 1, "the header '" + header + "' has no column " + String.join(", ", missing));
    }
  }

  /** The smallest step between the first thousand bars. */
  static Timeframe inferTimeframe(Path file) throws IOException {
    long least = Long.MAX_VALUE;
    try (BarFileReader bars = new BarFileReader(file)) {
      long before = Long.MIN_VALUE;
      for (int i = 0; i < 1_000 && bars.next(); i++) {
        if (before != Long.MIN_VALUE) {
          least = Math.min(least, bars.bar.openTime - before);
        }
        before = bars.bar.openTime;
      }
    }
    long seconds = least / 1_000_000_000L;
    if (least == Long.MAX_VALUE || seconds <= 0 || seconds > 86_400 || 86_400 % seconds != 0) {
      throw new BarFileException(
          file, 0, "its times do not show the length of a bar: give the timeframe");
    }
    return new Timeframe((int) seconds);
  }

  /**
   * Reads the next bar; its closing time is left to the caller.
   *
   * @return whether there was one
   * @throws BarFileException naming the line
   */
  boolean next() throws IOException {
    String text = reader.readLine();
    line++;
    while (text != null && text.isBlank()) {
      text = reader.readLine();
      line++;
    }
    if (text == null) {
      return false;
    }
    String[] fields = text.split(",", -1);
    if (fields.length < columnCount) {
      throw error("has " + fields.length + " columns, the header " + columnCount);
    }
    timeText = fields[timeColumn].trim();
    bar.openTime = time(timeText);
    bar.bidOpen = price(fields, 0);
    bar.bidHigh = price(fields, 1);
    bar.bidLow = price(fields, 2);
    bar.bidClose = price(fields, 3);
    bar.askOpen = bar.bidOpen;
    bar.askHigh = bar.bidHigh;
    bar.askLow = bar.bidLow;
    bar.askClose = bar.bidClose;
    bar.volume = volumeColumn < 0 ? Double.NaN : volume(fields[volumeColumn].trim());
    return true;
  }

  BarFileException error(String problem) {
    return new BarFileException(file, line, problem);
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }

  private long time(String text) {
    try {
      String iso = text.replace(' ', 'T');
      if (iso.indexOf('T') < 0) {
        return LocalDate.parse(iso).toEpochDay() * 86_400_000_000_000L;
      }
      boolean hasOffset = iso.endsWith("Z") || iso.matches(".*T.*[+-].*");
      OffsetDateTime time =
          hasOffset ? OffsetDateTime.parse(iso) : LocalDateTime.parse(iso).atOffset(ZoneOffset.UTC);
      return Math.addExact(
          Math.multiplyExact(time.toEpochSecond(), 1_000_000_000L), time.getNano());
    } catch (DateTimeException | ArithmeticException e) {
      throw error(
          "'"
              + text
              + "' is not a time such as 2017-01-03, 2017-01-03 09:30 or"
              + " 2017-01-03T09:30:00Z");
    }
  }

  private long price(String[] fields, int index) {
    String text = fields[priceColumns[index]].trim();
    try {
      return new BigDecimal(text)
          .movePointRight(DECIMALS)
          .setScale(0, RoundingMode.HALF_EVEN)
          .longValueExact();
    } catch (ArithmeticException | NumberFormatException e) {
      throw error("'" + text + "' is not a price (column " + PRICES.get(index) + ")");
    }
  }

  private double volume(String text) {
    if (text.isEmpty()) {
      return Double.NaN;
    }
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw error("'" + text + "' is not a volume");
    }
  }
}

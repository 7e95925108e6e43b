package io.semnal.feed.file;

import io.semnal.core.market.Instrument;
import io.semnal.feed.Tick;
import io.semnal.protocol.MessageLayout;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.tukaani.xz.LZMAInputStream;

/**
 * One hour of Dukascopy ticks: an LZMA stream of 20-byte big-endian records (milliseconds in the
 * hour, ask and bid in points, ask and bid volume in millions as floats). A file of no bytes is an
 * hour without ticks.
 */
final class Bi5TickFile implements TickFile {
  static final int RECORD = 20;

  private static final int RECORDS = 3_276;
  private static final int HOUR_MILLIS = 3_600_000;
  private static final int MEMORY_LIMIT_KIB = 64 * 1024;
  private static final double VOLUME_SCALE = 1e8;
  private static final Set<String> THREE_DECIMALS =
      Set.of("JPY", "XAU", "XAG", "HUF", "RUB", "THB", "CZK");

  private final Path path;
  private final long hour;
  private final int instrument;
  private final long point;
  private final Problems problems;
  private final byte[] bytes = new byte[RECORD * RECORDS];
  private final UnsafeBuffer records = new UnsafeBuffer(bytes);
  private InputStream in;
  private int at;
  private int limit;
  private long number;

  /**
   * @throws IOException if the path does not say what the options leave open
   */
  Bi5TickFile(Path path, TickFileOptions options, Symbols symbols, Problems problems)
      throws IOException {
    this.path = path;
    this.problems = problems;
    FileName name = new FileName(path, null);
    hour = options.start() != null ? FileName.nanos(options.start()) : name.bi5Hour();
    String symbol = name.bi5Symbol();
    instrument = symbol == null ? TextLayout.unnamedInstrument(symbols) : symbols.find(symbol);
    if (instrument == Symbols.UNKNOWN) {
      throw new IOException("the path says " + symbol + ", not " + symbols.expected());
    }
    Instrument of = instrument < 0 ? options.instrument() : options.instruments().get(instrument);
    int decimals = options.pointDecimals() >= 0 ? options.pointDecimals() : pointDecimals(of);
    long size = 1;
    for (int i = decimals; i < MessageLayout.PRICE_DECIMALS; i++) {
      size *= 10;
    }
    point = size;
    in = open();
  }

  /** Decimals of Dukascopy's point, which is not the number of decimals that we show. */
  private static int pointDecimals(Instrument instrument) {
    boolean three =
        THREE_DECIMALS.contains(instrument.base()) || THREE_DECIMALS.contains(instrument.quote());
    return three ? 3 : 5;
  }

  private InputStream open() throws IOException {
    InputStream raw = new BufferedInputStream(Files.newInputStream(path), 64 * 1024);
    if (Files.size(path) == 0) {
      return raw;
    }
    try {
      return new LZMAInputStream(raw, MEMORY_LIMIT_KIB);
    } catch (IOException | RuntimeException e) {
      raw.close();
      throw e;
    }
  }

  @Override
  public boolean next(Tick into) throws IOException {
    while (limit - at >= RECORD || fill()) {
      int record = at;
      at += RECORD;
      number++;
      if (read(record, into)) {
        return true;
      }
    }
    return false;
  }

  private boolean fill() throws IOException {
    System.arraycopy(bytes, at, bytes, 0, limit - at);
    limit -= at;
    at = 0;
    while (limit < RECORD) {
      int n = in.read(bytes, limit, bytes.length - limit);
      if (n < 0) {
        if (limit > 0) {
          number++;
          throw new IOException("the record is cut off after " + limit + " of 20 bytes");
        }
        return false;
      }
      limit += n;
    }
    return true;
  }

  private boolean read(int from, Tick into) throws IOException {
    int millis = records.getInt(from, ByteOrder.BIG_ENDIAN);
    int ask = records.getInt(from + 4, ByteOrder.BIG_ENDIAN);
    int bid = records.getInt(from + 8, ByteOrder.BIG_ENDIAN);
    float askVolume = Float.intBitsToFloat(records.getInt(from + 12, ByteOrder.BIG_ENDIAN));
    float bidVolume = Float.intBitsToFloat(records.getInt(from + 16, ByteOrder.BIG_ENDIAN));
    if (millis < 0 || millis >= HOUR_MILLIS) {
      return fail("time is not within the hour", millis);
    }
    if (bid <= 0) {
      return fail("bid is not above zero", bid);
    }
    if (ask <= 0) {
      return fail("ask is not above zero", ask);
    }
    if (!(askVolume >= 0 && askVolume < 1e9f && bidVolume >= 0 && bidVolume < 1e9f)) {
      return fail("volume is not a number from 0", askVolume, bidVolume);
    }
    into.instrument = instrument;
    into.eventTime = hour + millis * 1_000_000L;
    into.bid = bid * point;
    into.ask = ask * point;
    into.bidSize = Math.round(bidVolume * VOLUME_SCALE);
    into.askSize = Math.round(askVolume * VOLUME_SCALE);
    return true;
  }

  private boolean fail(String what, Object... found) throws IOException {
    problems.line(
        problems.wantsMessage()
            ? place() + ": " + what + " (" + Arrays.toString(found) + ")"
            : null);
    return false;
  }

  @Override
  public String place() {
    return number == 0 ? path.toString() : path + ": record " + number;
  }

  @Override
  public long bytesRead() {
    return 0;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}

package io.semnal.feed.sim;

import io.semnal.core.market.Instrument;
import io.semnal.feed.Tick;
import io.semnal.feed.TickSource;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Instruments, times and loops that the simulator's tests share. */
final class Market {
  static final long SECOND = 1_000_000_000L;
  static final long MINUTE = 60 * SECOND;
  static final long HOUR = 60 * MINUTE;
  static final long DAY = 24 * HOUR;

  /** A Sunday 17:00 New York (winter time). */
  static final long SUNDAY = at("2026-01-11T22:00:00Z");

  private Market() {}

  @FunctionalInterface
  interface TickHandler {
    void onTick(Tick tick);
  }

  static long at(String instant) {
    return Instant.parse(instant).getEpochSecond() * SECOND;
  }

  static Instrument pair(String symbol) {
    boolean yen = symbol.endsWith("JPY");
    return new Instrument(
        symbol, symbol.substring(0, 3), symbol.substring(3), yen ? 1_000_000 : 10_000, yen ? 3 : 5);
  }

  static List<Instrument> pairs(String... symbols) {
    List<Instrument> pairs = new ArrayList<>();
    for (String symbol : symbols) {
      pairs.add(pair(symbol));
    }
    return pairs;
  }

  /** The 28 pairs of the majors, and gold. */
  static List<Instrument> all() {
    String[] majors = {"EUR", "GBP", "AUD", "NZD", "USD", "CAD", "CHF", "JPY"};
    List<Instrument> all = new ArrayList<>();
    for (int base = 0; base < majors.length; base++) {
      for (int quote = base + 1; quote < majors.length; quote++) {
        all.add(pair(majors[base] + majors[quote]));
      }
    }
    all.add(new Instrument("XAUUSD", "XAU", "USD", 1_000_000, 2));
    return all;
  }

  static long run(TickSource source, TickHandler handler) throws IOException {
    Tick tick = new Tick();
    long count = 0;
    try (source) {
      while (source.next(tick)) {
        handler.onTick(tick);
        count++;
      }
    }
    return count;
  }

  static long hash(TickSource source) throws IOException {
    long[] hash = {1};
    run(source, tick -> hash[0] = hash(hash[0], tick));
    return hash[0];
  }

  static long hash(long hash, Tick tick) {
    long h = hash * 31 + tick.instrument;
    h = h * 31 + tick.eventTime;
    h = h * 31 + tick.bid;
    h = h * 31 + tick.ask;
    h = h * 31 + tick.bidSize;
    return h * 31 + tick.askSize;
  }

  static double mid(Tick tick) {
    return 0.5 * (tick.bid + tick.ask);
  }
}

package io.semnal.research;

import io.semnal.core.market.Instrument;
import io.semnal.feed.Tick;
import io.semnal.feed.TickSource;
import io.semnal.feed.sim.MarketSimulator;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * Which simulated days a model is fitted on.
 *
 * @param seed of the simulator
 * @param from beginning of the first day
 * @param days simulated, warm-up and weekends included
 * @param activity share of the market's natural number of ticks
 * @param symbols those that the configuration lacks are left out
 * @param stride a row at every so many bars
 * @param heldOut share of the time, at the end, that the model is judged on
 * @param penalty L2 on standardised weights
 */
public record TrainingRecipe(
    long seed,
    Instant from,
    int days,
    double activity,
    List<String> symbols,
    int stride,
    double heldOut,
    double penalty) {
  private static final long SECOND = 1_000_000_000L;
  private static final long DAY = 86_400 * SECOND;
  private static final int FINGERPRINT_TICKS = 50_000;

  public TrainingRecipe {
    symbols = List.copyOf(symbols);
    if (days <= 0 || stride <= 0 || !(heldOut > 0.0 && heldOut < 1.0) || !(penalty >= 0.0)) {
      throw new IllegalArgumentException("no recipe: days, stride, held-out share or penalty");
    }
  }

  /** Of the model that comes with a build. */
  public static TrainingRecipe shipped() {
    return new TrainingRecipe(
        20_260_105L,
        Instant.parse("2026-01-04T22:00:00Z"),
        26,
        0.25,
        List.of("EURUSD", "USDJPY", "GBPUSD", "AUDUSD", "USDCAD", "EURJPY", "EURGBP", "XAUUSD"),
        3,
        0.25,
        10.0);
  }

  /** Those of the recipe among the configured ones. */
  List<Instrument> instruments(List<Instrument> configured) {
    List<Instrument> chosen =
        configured.stream().filter(instrument -> symbols.contains(instrument.symbol())).toList();
    if (chosen.isEmpty()) {
      throw new IllegalArgumentException(
          "the configuration has none of the instruments to train on: " + symbols);
    }
    return chosen;
  }

  /** The simulated ticks. */
  TickSource ticks(List<Instrument> instruments) {
    long start = from.getEpochSecond() * SECOND;
    return new MarketSimulator(seed, instruments, start, start + days * DAY, activity);
  }

  /**
   * One line that changes whenever the samples or the fit would: the recipe, and a fingerprint of
   * the first ticks, so that a changed simulator counts as well.
   */
  String text(List<Instrument> instruments) throws IOException {
    return String.format(
        Locale.ROOT,
        "simulator seed %d, %d days from %s, activity %s, ticks %08x, %s, every %d bars, held out"
            + " %s, L2 %s",
        seed,
        days,
        from,
        activity,
        fingerprint(instruments),
        String.join(" ", instruments.stream().map(Instrument::symbol).toList()),
        stride,
        heldOut,
        penalty);
  }

  private int fingerprint(List<Instrument> instruments) throws IOException {
    Tick tick = new Tick();
    long hash = 1;
    try (TickSource source = ticks(instruments)) {
      for (int i = 0; i < FINGERPRINT_TICKS && source.next(tick); i++) {
        hash = (hash * 31 + tick.eventTime) * 31 + tick.bid;
      }
    }
    return Long.hashCode(hash);
  }
}

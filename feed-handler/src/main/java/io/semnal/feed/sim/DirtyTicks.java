package io.semnal.feed.sim;

import io.semnal.feed.Tick;
import io.semnal.feed.TickSource;
import java.io.IOException;

/**
 * Spoils some ticks of another source, to try out what quality flags and failure policies do with
 * them. The same seed spoils the same ticks. One thread; allocates nothing per tick.
 */
public final class DirtyTicks implements TickSource {
  private static final long SECOND = 1_000_000_000L;

  /**
   * Fractions of all ticks, 0 to 1 and together at most 1.
   *
   * @param crossed bid above ask
   * @param locked bid equals ask
   * @param duplicate comes twice
   * @param late its event time lies 30 to 150 seconds back
   * @param spike both prices 2 % too high
   */
  public record Rates(double crossed, double locked, double duplicate, double late, double spike) {
    public Rates {
      double sum = crossed + locked + duplicate + late + spike;
      double least =
          Math.min(Math.min(crossed, locked), Math.min(duplicate, Math.min(late, spike)));
      if (!(least >= 0.0 && sum <= 1.0)) {
        throw new IllegalArgumentException(
            "fractions must be 0 to 1 and together at most 1, not " + sum);
      }
    }
  }

  private final TickSource source;
  private final Rates rates;
  private final SimulatorRandom random;
  private final Tick repeated = new Tick();
  private boolean repeat;

  public DirtyTicks(TickSource source, long seed, Rates rates) {
    this.source = source;
    this.rates = rates;
    random = new SimulatorRandom(seed).split("dirty");
  }

  @Override
  public boolean next(Tick into) throws IOException {
    if (repeat) {
      repeat = false;
      copy(repeated, into);
      return true;
    }
    if (!source.next(into)) {
      return false;
    }
    spoil(into, random.nextDouble());
    return true;
  }

  private void spoil(Tick tick, double draw) {
    double left = draw - rates.crossed;
    if (left < 0.0) {
      cross(tick);
    } else if ((left -= rates.locked) < 0.0) {
      tick.ask = tick.bid;
    } else if ((left -= rates.duplicate) < 0.0) {
      copy(tick, repeated);
      repeat = true;
    } else if ((left -= rates.late) < 0.0) {
      tick.eventTime -= 30 * SECOND + (long) (random.nextDouble() * 120) * SECOND;
    } else if (left < rates.spike) {
      shift(tick);
    }
  }

  private static void cross(Tick tick) {
    long bid = tick.bid;
    tick.bid = tick.ask;
    tick.ask = bid;
  }

  /** By whole spreads, so that prices keep their number of decimals. */
  private static void shift(Tick tick) {
    long spread = Math.max(1L, tick.ask - tick.bid);
    long shift = tick.bid / 50 / spread * spread;
    tick.bid += shift;
    tick.ask += shift;
  }

  private static void copy(Tick from, Tick to) {
    to.instrument = from.instrument;
    to.eventTime = from.eventTime;
    to.bid = from.bid;
    to.ask = from.ask;
    to.bidSize = from.bidSize;
    to.askSize = from.askSize;
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}

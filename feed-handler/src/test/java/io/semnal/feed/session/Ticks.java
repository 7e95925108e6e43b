package io.semnal.feed.session;

import io.semnal.feed.Tick;
import io.semnal.feed.TickSource;
import java.util.Random;

/** A seeded input of any length, the same each time that it is opened. */
final class Ticks implements TickSource {
  private final int count;
  private final Random random;
  private int made;

  Ticks(int count, long seed) {
    this.count = count;
    random = new Random(seed);
  }

  @Override
  public boolean next(Tick into) {
    if (made == count) {
      return false;
    }
    made++;
    into.instrument = random.nextInt(2);
    into.eventTime = 1_500_000_000_000_000_000L + made * 1_000_000L;
    into.bid = 100_000_000L + random.nextInt(1_000_000);
    into.ask = into.bid + random.nextInt(10_000) - 1_000;
    return true;
  }

  @Override
  public void close() {}
}

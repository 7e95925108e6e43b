package io.semnal.server;

import io.semnal.core.config.SemnalConfig;
import io.semnal.core.ingress.Ingress;
import io.semnal.core.metrics.Metrics;
import io.semnal.feed.BadInputException;
import io.semnal.feed.Tick;
import io.semnal.feed.normalise.QuoteFlagBits;
import io.semnal.feed.normalise.QuoteNormalizer;
import io.semnal.feed.normalise.QuoteWriter;
import io.semnal.protocol.MessageLayout;

/**
 * Takes ticks of this process (files, the simulator) through the same checks as a feed's into the
 * ingress of a host. Ingress thread.
 */
public final class TickIntake {
  private final EngineHost host;
  private final Ingress ingress;
  private final QuoteNormalizer normalizer;
  private final QuoteWriter writer = new QuoteWriter();
  private final int[] ids;
  private final int sourceId;
  private final int commonFlags;
  private long sourceSeq;
  private int length;
  private long accepted;
  private long rejected;
  private long present;

  /**
   * @param simulated whether every quote is marked as made up
   */
  public TickIntake(
      EngineHost host, SemnalConfig config, Metrics metrics, String source, boolean simulated) {
    this.host = host;
    ingress = host.ingress();
    ids = host.idsByIndex(config.engine().instruments());
    sourceId = host.defineSource(source);
    sourceSeq = host.sources().lastSeq(sourceId);
    commonFlags = simulated ? QuoteFlagBits.SIMULATED : 0;
    normalizer =
        new QuoteNormalizer(
            config.runtime().feed(), source, host.instruments()::containsKey, metrics);
  }

  /**
   * Journals a tick and publishes it to the ring.
   *
   * @param index of the tick's instrument in the configuration
   * @return {@code false} if the ring has no room: nothing was taken, call {@link #retry} before
   *     the next one
   */
  public boolean offer(Tick tick, int index) {
    int id = index >= 0 && index < ids.length ? ids[index] : 0;
    int flags = normalizer.flags(id, tick.eventTime, tick.bid, tick.ask, MessageLayout.ABSENT);
    if (flags == QuoteNormalizer.REJECTED) {
      rejected++;
      return true;
    }
    length = writer.encode(tick, sourceId, ++sourceSeq, id, flags | commonFlags);
    return retry();
  }

  /** Offers again what had no room. */
  public boolean retry() {
    if (!ingress.offer(writer.buffer(), 0, length)) {
      return false;
    }
    accepted++;
    return true;
  }

  /**
   * Lets a tick pass that the journal has already, so that what follows is flagged as if it had
   * just been taken.
   *
   * @return whether it is in the journal: not where it was rejected
   */
  public boolean skip(Tick tick, int index) {
    int id = index >= 0 && index < ids.length ? ids[index] : 0;
    boolean taken =
        normalizer.flags(id, tick.eventTime, tick.bid, tick.ask, MessageLayout.ABSENT)
            != QuoteNormalizer.REJECTED;
    present += taken ? 1 : 0;
    return taken;
  }

  /** Like {@link #offer}, pumping the host while the ring is full: where no other thread runs. */
  public void take(Tick tick, int index) {
    boolean taken = offer(tick, index);
    while (!taken) {
      host.pump();
      taken = retry();
    }
  }

  /**
   * Refuses to go back in time: every quote would be late.
   *
   * @param first event time of the first tick, or the latest of those that were skipped and it
   */
  public void requireNotBefore(long first, String place) throws BadInputException {
    if (first < ingress.time()) {
      throw new BadInputException(
          place
              + ": its first tick is of "
              + Times.iso(first)
              + ", but the journal has come to "
              + Times.iso(ingress.time())
              + "; import files in the order of time, or into another journal");
    }
  }

  public long accepted() {
    return accepted;
  }

  /** Ticks skipped, since the journal had them. */
  public long present() {
    return present;
  }

  public long rejected() {
    return rejected;
  }

  /** Why the last one was rejected. */
  public String lastReject() {
    return normalizer.lastReject().label();
  }
}

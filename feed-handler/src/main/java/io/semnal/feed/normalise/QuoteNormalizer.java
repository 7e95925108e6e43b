package io.semnal.feed.normalise;

import io.semnal.core.config.RuntimeConfig;
import io.semnal.core.metrics.Counter;
import io.semnal.core.metrics.Metrics;
import io.semnal.protocol.MessageLayout;
import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * Judges the quotes of one source: refuses what is none, and computes the schema's {@code
 * QuoteFlags} of the rest. The late flag is the engine's to give, conflated and simulated are the
 * source's.
 *
 * <p>With the source clock ({@code now} absent) the flags are a function of the sequence of quotes
 * alone. One thread; allocates nothing but at an instrument's first quote.
 */
public final class QuoteNormalizer {
  /** The quote is refused: {@link #lastReject()} says why. */
  public static final int REJECTED = -1;

  /** First mantissa that is no price: sums of four prices still fit a long. */
  static final long PRICE_LIMIT = Long.MAX_VALUE / 4;

  /** 2200-01-01: a time that far ahead is damage, and would hold engine time there. */
  static final long TIME_LIMIT = 84_006L * 86_400 * 1_000_000_000;

  /** By bit. */
  private static final String[] FLAGS = {
    "crossed", "locked", "stale", "late", "duplicate", "spike", "conflated", "future_time"
  };

  private final IntPredicate known;
  private final double spikeSigmas;
  private final long staleAfter;
  private final long maxFuture;
  private final Counter[] rejects = new Counter[RejectReason.values().length];
  private final Counter[] flagged = new Counter[FLAGS.length];
  private Previous[] previous = new Previous[64];
  private RejectReason lastReject;
  private boolean trouble;
  private long lastArrival = MessageLayout.ABSENT;

  /** The last quote of one instrument. */
  private static final class Previous {
    private final SpikeDetector spikes;
    private long eventTime = MessageLayout.ABSENT;
    private long bid;
    private long ask;

    private Previous(double spikeSigmas) {
      spikes = new SpikeDetector(spikeSigmas);
    }
  }

  /**
   * @param config {@code staleAfter} of zero = no quote is stale by age
   * @param source its name, for the counters
   * @param known whether an instrument has this id
   */
  public QuoteNormalizer(
      RuntimeConfig.Feed config, String source, IntPredicate known, Metrics metrics) {
    this.known = known;
    spikeSigmas = config.spikeSigmas();
    staleAfter = config.staleAfter().toNanos();
    maxFuture = config.maxFuture().toNanos();
    String label = source.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    for (int i = 0; i < FLAGS.length; i++) {
      flagged[i] =
          metrics.counter(
              "feed_flagged_total{source=\"" + label + "\",flag=\"" + FLAGS[i] + "\"}",
              "Quotes flagged at the feed");
    }
    for (RejectReason reason : RejectReason.values()) {
      rejects[reason.ordinal()] =
          metrics.counter(
              "feed_rejects_total{source=\"" + label + "\",reason=\"" + reason.label() + "\"}",
              "Quotes refused at the feed");
    }
  }

  /**
   * Judges the next quote.
   *
   * @param instrumentId 0 or less = not known
   * @param bid mantissa with exponent -8, as {@code ask}
   * @param now the wall clock, or {@link MessageLayout#ABSENT} with the source clock
   * @return a word of {@link QuoteFlagBits}, or {@link #REJECTED}
   */
  public int flags(int instrumentId, long eventTime, long bid, long ask, long now) {
    if (instrumentId <= 0 || !known.test(instrumentId)) {
      return reject(RejectReason.UNKNOWN_INSTRUMENT);
    }
    if (bid <= 0 || ask <= 0 || bid >= PRICE_LIMIT || ask >= PRICE_LIMIT) {
      return reject(RejectReason.BAD_PRICE);
    }
    if (eventTime < 0 || eventTime >= TIME_LIMIT) {
      return reject(RejectReason.BAD_TIME);
    }
    int flags = bid > ask ? QuoteFlagBits.CROSSED : bid == ask ? QuoteFlagBits.LOCKED : 0;
    Previous before = previous(instrumentId);
    if (before.eventTime == eventTime && before.bid == bid && before.ask == ask) {
      flags |= QuoteFlagBits.DUPLICATE;
    } else if (spikeSigmas > 0 && before.spikes.onQuote(eventTime, bid, ask)) {
      flags |= QuoteFlagBits.SPIKE;
    }
    before.eventTime = eventTime;
    before.bid = bid;
    before.ask = ask;
    flags |= (trouble ? QuoteFlagBits.STALE : 0) | byWallClock(eventTime, now);
    if (flags != 0) {
      count(flags);
    }
    return flags;
  }

  private void count(int flags) {
    for (int rest = flags; rest != 0; rest &= rest - 1) {
      flagged[Integer.numberOfTrailingZeros(rest)].increment();
    }
  }

  private int byWallClock(long eventTime, long now) {
    if (now == MessageLayout.ABSENT) {
      return 0;
    }
    lastArrival = now;
    long age = now - eventTime;
    if (staleAfter > 0 && age > staleAfter) {
      return QuoteFlagBits.STALE;
    }
    return -age > maxFuture ? QuoteFlagBits.FUTURE_TIME : 0;
  }

  private Previous previous(int instrumentId) {
    if (instrumentId >= previous.length) {
      previous = Arrays.copyOf(previous, Integer.highestOneBit(instrumentId) << 1);
    }
    Previous found = previous[instrumentId];
    if (found == null) {
      found = new Previous(spikeSigmas);
      previous[instrumentId] = found;
    }
    return found;
  }

  private int reject(RejectReason reason) {
    lastReject = reason;
    rejects[reason.ordinal()].increment();
    return REJECTED;
  }

  /** Why the last refused quote was refused; {@code null} before the first. */
  public RejectReason lastReject() {
    return lastReject;
  }

  /**
   * The source says that its prices are not to be trusted for now (or are again): its quotes are
   * stale until it takes that back. With the source clock, call it only for what stands in the
   * source's own sequence.
   */
  public void trouble(boolean value) {
    trouble = value;
  }

  /** Whether the source has been silent for longer than {@code staleAfter}; wall clock only. */
  public boolean isSilent(long now) {
    return staleAfter > 0
        && now != MessageLayout.ABSENT
        && lastArrival != MessageLayout.ABSENT
        && now - lastArrival > staleAfter;
  }
}

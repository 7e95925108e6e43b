package io.semnal.feed.normalise;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.core.config.RuntimeConfig;
import io.semnal.core.metrics.Counter;
import io.semnal.core.metrics.Metrics;
import io.semnal.protocol.MessageLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuoteNormalizerTest {
  private static final long SOURCE_CLOCK = MessageLayout.ABSENT;
  private static final long SECOND = 1_000_000_000L;
  private static final long T0 = 1_398_902_400L * SECOND;
  private static final long BID = 138_676_000;
  private static final long ASK = 138_686_000;

  private final Metrics metrics = new Metrics();
  private final QuoteNormalizer normalizer = normalizer(12);

  private QuoteNormalizer normalizer(double sigmas) {
    return new QuoteNormalizer(
        new RuntimeConfig.Feed(
            true,
            "127.0.0.1",
            0,
            false,
            Path.of("keys"),
            sigmas,
            Duration.ofSeconds(60),
            Duration.ofSeconds(1)),
        "bro\"ker",
        id -> id <= 300,
        metrics);
  }

  @Test
  void cleanQuoteHasNoFlag() {
    assertThat(normalizer.flags(1, T0, BID, ASK, SOURCE_CLOCK)).isZero();
    assertThat(normalizer.lastReject()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0, 1, BAD_PRICE",
    "1, 1, 0, BAD_PRICE",
    "1, -1, 1, BAD_PRICE",
    "1, 1, -1, BAD_PRICE",
    "1, 1, -9223372036854775808, BAD_PRICE",
    "1, 1, 9223372036854775807, BAD_PRICE",
    "0, 1, 1, UNKNOWN_INSTRUMENT",
    "-7, 1, 1, UNKNOWN_INSTRUMENT",
    "301, 1, 1, UNKNOWN_INSTRUMENT",
    "2147483647, 1, 1, UNKNOWN_INSTRUMENT",
  })
  void refusesAndCounts(int instrument, long bid, long ask, RejectReason reason) {
    assertThat(normalizer.flags(instrument, T0, bid, ask, SOURCE_CLOCK))
        .isEqualTo(QuoteNormalizer.REJECTED);
    assertThat(normalizer.lastReject()).isEqualTo(reason);
    assertThat(metrics.counters())
        .filteredOn(c -> c.get() > 0)
        .extracting(Counter::name)
        .containsExactly(
            "feed_rejects_total{source=\"bro\\\"ker\",reason=\"" + reason.label() + "\"}");
  }

  @Test
  void refusesTimesThatAreNone() {
    for (long time : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE}) {
      assertThat(normalizer.flags(1, time, BID, ASK, T0)).isEqualTo(QuoteNormalizer.REJECTED);
      assertThat(normalizer.lastReject()).isEqualTo(RejectReason.BAD_TIME);
    }
  }

  @Test
  void crossedAndLocked() {
    assertThat(normalizer.flags(1, T0, ASK, BID, SOURCE_CLOCK)).isEqualTo(QuoteFlagBits.CROSSED);
    assertThat(normalizer.flags(1, T0, BID, BID, SOURCE_CLOCK)).isEqualTo(QuoteFlagBits.LOCKED);
  }

  @Test
  void duplicateIsThePreviousOfItsInstrument() {
    assertThat(normalizer.flags(1, T0, BID, ASK, SOURCE_CLOCK)).isZero();
    assertThat(normalizer.flags(300, T0, BID, ASK, SOURCE_CLOCK)).isZero();
    assertThat(normalizer.flags(1, T0, BID, ASK, SOURCE_CLOCK)).isEqualTo(QuoteFlagBits.DUPLICATE);
    assertThat(normalizer.flags(1, T0 + 1, BID, ASK, SOURCE_CLOCK)).isZero();
    assertThat(normalizer.flags(1, T0, BID, ASK, SOURCE_CLOCK)).isZero();
    assertThat(normalizer.flags(1, T0, BID, ASK + 1, SOURCE_CLOCK)).isZero();
    assertThat(normalizer.flags(1, T0, BID + 1, ASK + 1, SOURCE_CLOCK)).isZero();
  }

  @Test
  void rejectedQuoteLeavesNoTrace() {
    normalizer.flags(1, T0, BID, ASK, SOURCE_CLOCK);
    normalizer.flags(1, T0 + 1, -1, ASK, SOURCE_CLOCK);
    assertThat(normalizer.flags(1, T0, BID, ASK, SOURCE_CLOCK)).isEqualTo(QuoteFlagBits.DUPLICATE);
  }

  @Test
  void staleAndFutureByTheWallClockOnly() {
    assertThat(normalizer.flags(1, T0, BID, ASK, T0 + 60 * SECOND)).isZero();
    assertThat(normalizer.flags(1, T0 + 1, BID, ASK, T0 + 60 * SECOND + 2))
        .isEqualTo(QuoteFlagBits.STALE);
    assertThat(normalizer.flags(1, T0 + SECOND, BID, ASK, T0)).isZero();
    assertThat(normalizer.flags(1, T0 + SECOND + 1, BID, ASK, T0))
        .isEqualTo(QuoteFlagBits.FUTURE_TIME);
    assertThat(normalizer.flags(1, 0, BID, ASK, SOURCE_CLOCK)).isZero();
    assertThat(normalizer.flags(1, T0 * 4, BID, ASK, SOURCE_CLOCK)).isZero();
  }

  @Test
  void troubleMakesStaleUntilTakenBack() {
    normalizer.trouble(true);
    assertThat(normalizer.flags(1, T0, ASK, BID, SOURCE_CLOCK))
        .isEqualTo(QuoteFlagBits.STALE | QuoteFlagBits.CROSSED);
    assertThat(metrics.counters())
        .filteredOn(c -> c.get() > 0)
        .extracting(Counter::name)
        .containsExactly(
            "feed_flagged_total{source=\"bro\\\"ker\",flag=\"crossed\"}",
            "feed_flagged_total{source=\"bro\\\"ker\",flag=\"stale\"}");
    normalizer.trouble(false);
    assertThat(normalizer.flags(1, T0, BID, ASK, SOURCE_CLOCK)).isZero();
  }

  @Test
  void silenceIsThatOfTheWholeSource() {
    assertThat(normalizer.isSilent(T0)).isFalse();
    normalizer.flags(1, T0, BID, ASK, T0);
    assertThat(normalizer.isSilent(T0 + 60 * SECOND)).isFalse();
    assertThat(normalizer.isSilent(T0 + 60 * SECOND + 1)).isTrue();
    normalizer.flags(2, T0, BID, ASK, T0 + 61 * SECOND);
    assertThat(normalizer.isSilent(T0 + 62 * SECOND)).isFalse();
    assertThat(normalizer.isSilent(SOURCE_CLOCK)).isFalse();
  }

  @Test
  void singleWrongPrintIsASpikeAndItsFollowersAreNot() {
    long last = walk(normalizer, 500);
    assertThat(normalizer.flags(1, last + SECOND, BID * 2, ASK * 2, SOURCE_CLOCK))
        .isEqualTo(QuoteFlagBits.SPIKE);
    assertThat(normalizer.flags(1, last + 2 * SECOND, BID, ASK, SOURCE_CLOCK)).isZero();
    assertThat(normalizer.flags(1, last + 3 * SECOND, BID / 2, ASK / 2, SOURCE_CLOCK))
        .isEqualTo(QuoteFlagBits.SPIKE);
  }

  @Test
  void levelThatLastsBecomesTheMarket() {
    long last = walk(normalizer, 500);
    long jump = 500_000;
    int flagged = 0;
    for (int i = 1; i <= 100; i++) {
      int flags = normalizer.flags(1, last + i * SECOND, BID + jump, ASK + jump, SOURCE_CLOCK);
      flagged += flags == QuoteFlagBits.SPIKE ? 1 : 0;
    }
    assertThat(flagged).isBetween(1, 10);
  }

  @Test
  void firstMoveAfterStillStretchIsNoSpike() {
    for (int i = 0; i < 200; i++) {
      assertThat(normalizer.flags(1, T0 + i, BID, ASK, SOURCE_CLOCK)).isZero();
    }
    assertThat(normalizer.flags(1, T0 + 200, BID + 10_000, ASK + 10_000, SOURCE_CLOCK)).isZero();
  }

  @Test
  void noVerdictBeforeWarmUpNorAfterAPause() {
    assertThat(normalizer.flags(1, T0, BID, ASK, SOURCE_CLOCK)).isZero();
    assertThat(normalizer.flags(1, T0 + 1, BID * 2, ASK * 2, SOURCE_CLOCK)).isZero();
    long last = walk(normalizer, 500);
    assertThat(
            normalizer.flags(
                1, last + SpikeDetector.PAUSE + SECOND, BID * 2, ASK * 2, SOURCE_CLOCK))
        .isZero();
  }

  @Test
  void zeroSigmasFlagsNothing() {
    QuoteNormalizer never = normalizer(0);
    long last = walk(never, 500);
    assertThat(never.flags(1, last + 1, BID * 2, ASK * 2, SOURCE_CLOCK)).isZero();
  }

  /** Against a naive weighted mean and deviation kept here, with the same constants. */
  @Test
  void spikeFollowsItsFormula() {
    Random random = new Random(42);
    double sigmas = 4;
    QuoteNormalizer four = normalizer(sigmas);
    double mean = Double.NaN;
    double variance = 0;
    double spread = 0;
    int spikes = 0;
    for (int i = 0; i < 20_000; i++) {
      long shock = random.nextInt(50) == 0 ? random.nextInt(400_000) : random.nextInt(20_000);
      long bid = BID + shock;
      long ask = bid + 1_000 + random.nextInt(1_000);
      double mid = (bid + ask) / 2.0;
      boolean expected = false;
      if (i == 0) {
        mean = mid;
        spread = ask - bid;
      } else {
        double deviation = Math.sqrt(variance);
        deviation = Math.max(deviation, spread / 2);
        deviation = Math.max(deviation, Math.min(mid, mean) / 100_000);
        double d = mid - mean;
        expected = i >= 32 && Math.abs(d) > sigmas * deviation;
        double w = Math.max(1.0 / 64, 1.0 / (Math.min(i, 63) + 1));
        w = i >= 32 ? 1.0 / 64 : w;
        double taken = expected ? Math.signum(d) * sigmas * deviation : d;
        mean = mean + w * taken;
        variance = variance + w * (taken * taken - variance);
        spread = expected ? spread : spread + w * (ask - bid - spread);
      }
      int flags = four.flags(1, T0 + i * SECOND, bid, ask, SOURCE_CLOCK);
      assertThat(flags == QuoteFlagBits.SPIKE).as("quote " + i).isEqualTo(expected);
      spikes += expected ? 1 : 0;
    }
    assertThat(spikes).isBetween(50, 1_000);
  }

  @Property(tries = 100)
  void flagsAreAFunctionOfTheQuotes(@ForAll long seed) {
    assertThat(flagsOf(seed)).isEqualTo(flagsOf(seed));
  }

  private List<Integer> flagsOf(long seed) {
    QuoteNormalizer fresh = normalizer(3);
    Random random = new Random(seed);
    List<Integer> flags = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      long bid = BID + random.nextInt(100) * 1_000L * (random.nextInt(30) == 0 ? 50 : 1);
      flags.add(
          fresh.flags(
              1 + random.nextInt(2),
              T0 + i / 2,
              bid,
              bid + random.nextInt(4) * 1_000L - 1_000,
              SOURCE_CLOCK));
    }
    return flags;
  }

  /** A quiet market around the same level; the time of its last quote. */
  private static long walk(QuoteNormalizer target, int quotes) {
    Random random = new Random(1);
    long time = T0;
    for (int i = 0; i < quotes; i++) {
      time += SECOND;
      long move = (random.nextInt(21) - 10) * 1_000L;
      target.flags(1, time, BID + move, ASK + move, SOURCE_CLOCK);
    }
    return time;
  }
}

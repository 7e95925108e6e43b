package io.semnal.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.protocol.Channel;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** The estimate of the server's clock against clocks whose truth is known. */
class ServerClockTest {
  private static final long MILLI = 1_000_000L;

  private final AtomicLong now = new AtomicLong();
  private final ServerClock clock = new ServerClock(now::get);

  /** RFC 5905, section 8: offset = ((T2 - T1) + (T3 - T4)) / 2, delay = (T4 - T1) - (T3 - T2). */
  @Test
  void computesOffsetAndDelayAsNtpDoes() {
    assertThat(clock.isKnown()).isFalse();
    assertThat(clock.errorBound(0)).isEqualTo(Long.MAX_VALUE);
    assertThat(clock.onAnswer(1_000, 51_200, 51_300, 1_500)).isTrue();
    assertThat(clock.offset()).isEqualTo(50_000);
    assertThat(clock.roundTrip()).isEqualTo(400);
    assertThat(clock.errorBound(1_500)).isBetween(200L, 201L);
    assertThat(clock.toServer(2_000)).isEqualTo(52_000);
  }

  @Test
  void theBestOfTheLastSamplesCountsAndItsBoundGrowsWithItsAge() {
    clock.onAnswer(0, 1_000_100, 1_000_100, 200);
    for (int i = 1; i <= 5; i++) {
      clock.onAnswer(i * MILLI, i * MILLI + 1_050_000, i * MILLI + 1_050_000, i * MILLI + 900_000);
    }
    assertThat(clock.roundTrip()).isEqualTo(200);
    assertThat(clock.offset()).isEqualTo(1_000_000);
    // 15 ppm of one second are 15 us.
    assertThat(clock.errorBound(1_000 * MILLI)).isBetween(15_000L, 15_200L);
    for (int i = 6; i <= 13; i++) {
      clock.onAnswer(i * MILLI, i * MILLI + 1_450_000, i * MILLI + 1_450_000, i * MILLI + 900_000);
    }
    assertThat(clock.roundTrip()).as("the old one is forgotten after eight").isEqualTo(900_000);
  }

  @Test
  void refusesWhatCannotBe() {
    assertThat(clock.onAnswer(1_000, 5_000, 5_000, 900)).isFalse();
    assertThat(clock.onAnswer(1_000, 5_000, 4_000, 1_100)).isFalse();
    assertThat(clock.onAnswer(1_000, 5_000, 6_000, 1_100)).isFalse();
    assertThat(clock.isKnown()).isFalse();
    assertThat(clock.refused()).isEqualTo(3);
  }

  /** Ways of any length, unequal there and back; clocks that run apart by up to 15 ppm. */
  @Property(tries = 500)
  void theTrueOffsetIsWithinTheBound(
      @ForAll @LongRange(min = -86_400_000_000_000L, max = 86_400_000_000_000L) long offset,
      @ForAll @DoubleRange(min = -15, max = 15) double ppm,
      @ForAll @IntRange(min = 1, max = 30) int samples,
      @ForAll long seed) {
    AtomicLong client = new AtomicLong();
    ServerClock estimate = new ServerClock(client::get);
    Random random = new Random(seed);
    for (int i = 0; i < samples; i++) {
      long sent = client.get();
      client.addAndGet(random.nextInt(5_000_000));
      long received = server(client.get(), offset, ppm);
      client.addAndGet(random.nextInt(50_000));
      long answered = server(client.get(), offset, ppm);
      client.addAndGet(random.nextInt(5_000_000));
      assertThat(estimate.onAnswer(sent, received, answered, client.get())).isTrue();
      client.addAndGet(random.nextLong(10_000_000_000L));
      long error = estimate.toServer(client.get()) - server(client.get(), offset, ppm);
      assertThat(Math.abs(error)).isLessThanOrEqualTo(estimate.errorBound(client.get()) + 1_000);
    }
  }

  private static long server(long client, long offset, double ppm) {
    return client + offset + (long) (client * (ppm / 1e6));
  }

  /** A server whose clock is three hours ahead, by the same monotonic clock: the truth is known. */
  @Test
  void findsTheClockOfARealServer() throws Exception {
    long shift = Duration.ofHours(3).toNanos();
    for (Way way : Way.values()) {
      GatewayRig.Settings settings = new GatewayRig.Settings();
      settings.wallClock = () -> System.nanoTime() + shift;
      try (GatewayRig rig = new GatewayRig(new Outbound(), settings);
          SemnalClient client =
              new SemnalClient(
                  way.options(rig).withTimeSync(Duration.ofSeconds(1)), new Collected())) {
        client.connect();
        Polling.until(client, () -> "the server's time", () -> client.serverClock().samples() >= 3);
        ServerClock estimate = client.serverClock();
        long before = System.nanoTime();
        long here = estimate.now();
        long after = System.nanoTime();
        long bound = estimate.errorBound(here);
        assertThat(estimate.toServer(here))
            .isBetween(before + shift - bound, after + shift + bound);
        assertThat(client.latency().transit().getTotalCount()).isEqualTo(estimate.samples());
      }
    }
  }

  @Test
  void latenciesAreByTheServersClockAndNeverClamped() {
    clock.onAnswer(0, 1_000_000_500, 1_000_000_500, 1_000);
    LatencyMeter meter = new LatencyMeter(clock);
    // Here at 10,000 is 1,000,010,000 there.
    meter.record(Channel.SIGNALS.ordinal(), 1_000_003_000, false, 10_000);
    meter.record(Channel.SIGNALS.ordinal(), 1_000_009_000, true, 10_000);
    meter.record(Channel.SCORES.ordinal(), 1_000_010_400, false, 10_000);
    meter.record(Channel.SCORES.ordinal(), 1_000_090_000, false, 10_000);
    meter.record(Channel.QUOTES.ordinal(), -4_000_000_000_000L, false, 10_000);
    assertThat(meter.sinceQuote(Channel.SIGNALS).getTotalCount()).isEqualTo(1);
    assertThat(meter.sinceQuote(Channel.SIGNALS).getMaxValue()).isBetween(7_000L, 7_007L);
    assertThat(meter.sinceDue().getMaxValue()).isBetween(1_000L, 1_001L);
    assertThat(meter.sinceQuote(Channel.SCORES).getTotalCount()).isZero();
    assertThat(meter.aheadWithinError()).isEqualTo(1);
    assertThat(meter.ahead()).isEqualTo(1);
    assertThat(meter.furthestAhead()).isEqualTo(80_000);
    assertThat(meter.beyondAnHour()).isEqualTo(1);
    assertThat(meter.clockError().getMaxValue()).isBetween(500L, 502L);
    assertThat(meter.summary())
        .contains("quote to signals here: p50 7.0")
        .contains("2 here before their cause (1 within the clocks' error, at most 80.0 us)")
        .contains("1 more than an hour old");
  }

  @Test
  void nothingIsMeasuredBeforeTheClockIsKnown() {
    LatencyMeter meter = new LatencyMeter(clock);
    meter.record(Channel.SIGNALS.ordinal(), 1, false, 10);
    assertThat(meter.withoutClock()).isEqualTo(1);
    assertThat(meter.sinceQuote(Channel.SIGNALS).getTotalCount()).isZero();
  }
}

package io.semnal.server.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.core.config.ConfigLoader;
import io.semnal.core.config.RuntimeConfig;
import io.semnal.core.market.MarketCalendar;
import io.semnal.core.metrics.Metrics;
import io.semnal.core.source.SourceRegistry;
import io.semnal.gateway.http.HealthCondition;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FeedSilenceTest {
  /** A Wednesday at noon, and the Saturday after it. */
  private static final Instant OPEN = Instant.parse("2026-03-04T12:00:00Z");

  private static final Instant CLOSED = Instant.parse("2026-03-07T12:00:00Z");

  private final SourceRegistry sources = new SourceRegistry();
  private final Metrics metrics = new Metrics();
  private final AtomicLong nanos = new AtomicLong(-5);
  private final AtomicLong wall = new AtomicLong(nanos(OPEN));

  private FeedSilence silence(Map<String, String> more) {
    RuntimeConfig config = ConfigLoader.load(null, Map.of(), more).runtime();
    return new FeedSilence(
        sources, null, config, new MarketCalendar(List.of()), metrics, nanos::get, wall::get);
  }

  private static long nanos(Instant time) {
    return TimeUnit.SECONDS.toNanos(time.getEpochSecond());
  }

  private double gauge(String name) {
    return metrics.reals().stream()
        .filter(g -> g.name().equals(name))
        .findFirst()
        .orElseThrow()
        .value()
        .getAsDouble();
  }

  private void pass(FeedSilence silence, int seconds) {
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    silence.doWork();
  }

  @Test
  void saysSoAfterTheConfiguredTimeAndTakesItBackWithAQuote() {
    int one = sources.define("one");
    int two = sources.define("two");
    FeedSilence silence = silence(Map.of("feed.silentAfter", "30s", "clock.mode", "wall"));
    pass(silence, 29);
    assertThat(silence.condition()).isNull();
    pass(silence, 1);
    assertThat(silence.condition().code()).isEqualTo(HealthCondition.Code.FEED_SILENT);
    assertThat(silence.condition().text())
        .isEqualTo("no quote of any source for 30 s, and the market is open");
    sources.journaled(two, 7);
    pass(silence, 1);
    assertThat(silence.condition()).isNull();
    sources.journaled(one, 1);
    pass(silence, 10);
    pass(silence, 5);
    assertThat(gauge("feed_age_seconds{source=\"one\"}")).isEqualTo(5);
    assertThat(gauge("feed_age_seconds{source=\"two\"}")).isEqualTo(15);
    assertThat(gauge("feed_silent_seconds")).isEqualTo(5);
  }

  @Test
  void expectsNothingWhileTheMarketIsClosedAndOfRecordedTicks() {
    wall.set(nanos(CLOSED));
    FeedSilence closed = silence(Map.of("feed.silentAfter", "30s", "clock.mode", "wall"));
    pass(closed, 3_600);
    assertThat(closed.condition()).isNull();
    wall.set(nanos(OPEN));
    pass(closed, 1);
    assertThat(closed.condition()).isNotNull();
    for (Map<String, String> never :
        List.of(
            Map.of("feed.silentAfter", "30s", "clock.mode", "source"),
            Map.of("feed.silentAfter", "0s", "clock.mode", "wall"))) {
      FeedSilence silence = silence(never);
      pass(silence, 3_600);
      assertThat(silence.condition()).isNull();
    }
  }

  @Test
  void measuresASourceFromWhenItIsDefined() {
    FeedSilence silence = silence(Map.of());
    pass(silence, 100);
    sources.define("late");
    pass(silence, 1);
    pass(silence, 20);
    assertThat(gauge("feed_age_seconds{source=\"late\"}")).isEqualTo(20);
    assertThat(gauge("feed_silent_seconds")).isEqualTo(121);
  }
}

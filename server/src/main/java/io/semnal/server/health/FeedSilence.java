package io.semnal.server.health;

import io.semnal.core.access.ApiKey;
import io.semnal.core.access.KeyRing;
import io.semnal.core.config.RuntimeConfig;
import io.semnal.core.market.MarketCalendar;
import io.semnal.core.metrics.Metrics;
import io.semnal.core.source.SourceRegistry;
import io.semnal.gateway.http.HealthCondition;
import io.semnal.gateway.http.HealthCondition.Code;
import io.semnal.protocol.sbe.Role;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.agrona.concurrent.Agent;

/**
 * Knows how long each source has been silent, by looking now and then at how far it stands in the
 * journal: whatever the transport, and the quotes' own path does nothing for it. Exact to a tenth
 * of a second. One thread; {@link #condition} and the gauges on any.
 */
public final class FeedSilence implements Agent {
  private static final long LOOK_EVERY = 100_000_000L;
  private static final double NANOS = 1e9;

  private final SourceRegistry sources;
  private final KeyRing keys;
  private final long silentAfter;
  private final boolean isLive;
  private final MarketCalendar calendar;
  private final Metrics metrics;
  private final LongSupplier nanoTime;
  private final LongSupplier wallNanos;
  private final Map<String, Source> known = new LinkedHashMap<>();
  private long nextLook;
  private volatile long lastQuoteAt;
  private volatile HealthCondition condition;

  private static final class Source {
    final String name;
    long seq;
    volatile long quoteAt;

    Source(String name, long seq, long now) {
      this.name = name;
      this.seq = seq;
      quoteAt = now;
    }
  }

  /**
   * @param keys whose feeds' sources are expected from the start; {@code null} = not known
   * @param calendar this object's alone
   * @param nanoTime as {@link System#nanoTime}
   * @param wallNanos UTC nanoseconds
   */
  public FeedSilence(
      SourceRegistry sources,
      KeyRing keys,
      RuntimeConfig config,
      MarketCalendar calendar,
      Metrics metrics,
      LongSupplier nanoTime,
      LongSupplier wallNanos) {
    this.sources = sources;
    this.keys = keys;
    this.calendar = calendar;
    this.metrics = metrics;
    this.nanoTime = nanoTime;
    this.wallNanos = wallNanos;
    silentAfter = config.feed().silentAfter().toNanos();
    isLive = config.clock().mode() == RuntimeConfig.Clock.Mode.WALL;
    nextLook = nanoTime.getAsLong();
    lastQuoteAt = nextLook;
    metrics.real(
        "feed_silent_seconds",
        "Since the last quote of any source, or since the start",
        () -> (nanoTime.getAsLong() - lastQuoteAt) / NANOS);
    look(nextLook);
  }

  @Override
  public int doWork() {
    long now = nanoTime.getAsLong();
    if (now - nextLook < 0) {
      return 0;
    }
    nextLook = now + LOOK_EVERY;
    return look(now);
  }

  private int look(long now) {
    for (int id = 1; id <= sources.count(); id++) {
      learn(sources.name(id), now);
    }
    if (keys != null) {
      for (ApiKey key : keys.keys()) {
        if (key.role() == Role.FEED) {
          learn(key.source(), now);
        }
      }
    }
    int moved = 0;
    for (Source source : known.values()) {
      int id = sources.find(source.name);
      long seq = id == 0 ? 0 : sources.lastSeq(id);
      if (seq != source.seq) {
        source.seq = seq;
        source.quoteAt = now;
        lastQuoteAt = now;
        moved++;
      }
    }
    judge(now);
    return moved;
  }

  private void learn(String name, long now) {
    if (!known.containsKey(name)) {
      int id = sources.find(name);
      Source source = new Source(name, id == 0 ? 0 : sources.lastSeq(id), now);
      known.put(name, source);
      metrics.real(
          "feed_age_seconds{source=\"" + name + "\"}",
          "Since the source's last quote, or since the start",
          () -> (nanoTime.getAsLong() - source.quoteAt) / NANOS);
    }
  }

  private void judge(long now) {
    long silent = now - lastQuoteAt;
    condition =
        isLive && silentAfter > 0 && silent >= silentAfter && calendar.isOpen(wallNanos.getAsLong())
            ? new HealthCondition(
                Code.FEED_SILENT,
                "no quote of any source for "
                    + silent / (long) NANOS
                    + " s, and the market is open")
            : null;
  }

  /** Whether nothing comes though something should; {@code null} = all is well. */
  public HealthCondition condition() {
    return condition;
  }

  @Override
  public String roleName() {
    return "feed-silence";
  }
}

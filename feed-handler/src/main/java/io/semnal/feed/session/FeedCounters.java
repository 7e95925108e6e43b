package io.semnal.feed.session;

import io.semnal.core.metrics.Counter;
import io.semnal.core.metrics.Metrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listener's counters, and its log of what feeds do wrong: a line a second at most. */
final class FeedCounters {
  private static final Logger LOG = LoggerFactory.getLogger(FeedListener.class);
  private static final long LOG_EVERY = 1_000_000_000L;

  final Counter sessions;
  final Counter quotes;
  final Counter repeats;
  final Counter badPrice;
  final Counter unknownInstrument;
  final Counter badTime;
  final Counter malformed;
  final Counter refused;
  final Counter pushbacks;
  private long nextLog = System.nanoTime();
  private long unlogged;

  FeedCounters(Metrics metrics) {
    sessions = metrics.gauge("feed_sessions", "Feed sessions that stand");
    quotes = metrics.counter("feed_quotes_total", "Quotes taken from feed sessions");
    repeats = metrics.counter("feed_repeats_total", "Quotes that a feed had sent before");
    badPrice = rejected(metrics, "price");
    unknownInstrument = rejected(metrics, "instrument");
    badTime = rejected(metrics, "time");
    malformed = metrics.counter("feed_malformed_total", "Frames from feeds that cannot be read");
    refused = metrics.counter("feed_logins_refused_total", "Feed logins refused");
    pushbacks =
        metrics.counter("feed_pushback_total", "Times that a feed was not read for want of room");
  }

  private static Counter rejected(Metrics metrics, String reason) {
    return metrics.counter(
        "feed_rejected_total{reason=\"" + reason + "\"}", "Quotes from feeds rejected");
  }

  void log(String peer, String what) {
    long now = System.nanoTime();
    if (now - nextLog < 0) {
      unlogged++;
      return;
    }
    if (unlogged > 0) {
      LOG.warn("feed {}: {} ({} more since the last line)", peer, what, unlogged);
    } else {
      LOG.warn("feed {}: {}", peer, what);
    }
    unlogged = 0;
    nextLog = now + LOG_EVERY;
  }
}

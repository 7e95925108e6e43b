package io.semnal.feed.session;

import io.semnal.core.metrics.Counter;
import io.semnal.core.metrics.Metrics;

/** The listener's counters, and its log of what feeds do wrong: a line a second at most. */
final class FeedCounters {
  final Counter sessions;
  final Counter quotes;
  final Counter repeats;
  final Counter badPrice;
  final Counter unknownInstrument;
  final Counter badTime;
  final Counter malformed;
  final Counter refused;
  final Counter pushbacks;
  private final FeedLog log = new FeedLog();

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
    log.log(peer, what);
  }
}

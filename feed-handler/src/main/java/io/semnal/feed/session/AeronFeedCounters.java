package io.semnal.feed.session;

import io.semnal.core.metrics.Counter;
import io.semnal.core.metrics.Metrics;
import io.semnal.protocol.sbe.ErrorCode;

/** The counters of quotes over Aeron. */
final class AeronFeedCounters {
  final Counter connected;
  final Counter quotes;
  final Counter repeats;
  final Counter gaps;
  final Counter malformed;
  final Counter pushbacks;
  private final Counter badPrice;
  private final Counter unknownInstrument;
  private final Counter badTime;

  AeronFeedCounters(Metrics metrics) {
    connected = metrics.gauge("feed_aeron_connected", "1 = somebody publishes to the Aeron feed");
    quotes = metrics.counter("feed_aeron_quotes_total", "Quotes taken over Aeron");
    repeats = metrics.counter("feed_aeron_repeats_total", "Quotes over Aeron that had come before");
    gaps = metrics.counter("feed_aeron_gaps_total", "Times that quotes over Aeron were missing");
    malformed = metrics.counter("feed_aeron_malformed_total", "Messages over Aeron, not readable");
    pushbacks =
        metrics.counter(
            "feed_aeron_pushback_total", "Times that Aeron was not read for want of room");
    badPrice = rejected(metrics, "price");
    unknownInstrument = rejected(metrics, "instrument");
    badTime = rejected(metrics, "time");
  }

  private static Counter rejected(Metrics metrics, String reason) {
    return metrics.counter(
        "feed_aeron_rejected_total{reason=\"" + reason + "\"}", "Quotes over Aeron rejected");
  }

  void rejected(ErrorCode code) {
    switch (code) {
      case BAD_PRICE -> badPrice.incrementOwned();
      case UNKNOWN_INSTRUMENT -> unknownInstrument.incrementOwned();
      default -> badTime.incrementOwned();
    }
  }
}

package io.semnal.gateway;

import io.semnal.protocol.Channel;

/**
 * A session's quotes and scores where older ones may be left out: what has to wait, waits for the
 * latest of its topic. Signals, bars and status never come here. Loop thread.
 */
final class ConflatedChannels {
  private final SessionHub hub;
  private final SessionOutput output;
  private TopicConflation quotes;
  private TopicConflation scores;

  ConflatedChannels(SessionHub hub, SessionOutput output) {
    this.hub = hub;
    this.output = output;
  }

  /** The subscriptions changed: what waited for an ended or another one is forgotten. */
  void onSubscription(Delivery delivery) {
    quotes = updated(quotes, delivery, Channel.QUOTES.ordinal());
    scores = updated(scores, delivery, Channel.SCORES.ordinal());
  }

  private static TopicConflation updated(TopicConflation now, Delivery delivery, int channel) {
    if (!delivery.conflates(channel)) {
      return null;
    }
    Conflation how = delivery.conflation(channel);
    return now != null && now.how().equals(how) ? now : new TopicConflation(how);
  }

  /** Whether something may become due by time alone. */
  boolean isPaced() {
    return isPaced(quotes) || isPaced(scores);
  }

  private static boolean isPaced(TopicConflation conflation) {
    return conflation != null && conflation.how().intervalNanos() > 0;
  }

  /**
   * @param live whether the session is where the stream is
   */
  void onQuote(LatestTopics latest, int topic, boolean live) {
    quotes.offer(latest, topic, live && output.isWritable(), hub.now(), output);
  }

  /** As {@link #onQuote}. */
  void onScore(LatestTopics latest, int topic, boolean live) {
    scores.offer(latest, topic, live && output.isWritable(), hub.now(), output);
  }

  /** Sends what waits and may go. */
  void release() {
    if (quotes != null) {
      quotes.release(hub.quotes(), hub.now(), output);
    }
    if (scores != null) {
      scores.release(hub.scores(), hub.now(), output);
    }
  }
}

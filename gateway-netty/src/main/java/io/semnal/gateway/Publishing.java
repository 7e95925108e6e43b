package io.semnal.gateway;

import io.semnal.protocol.Channel;
import io.semnal.protocol.MessageLayout;
import org.agrona.DirectBuffer;

/**
 * Who gets which message of one loop: the subscribers of each channel, each message encoded once
 * for all of them, and one flush for each session at a batch's end. Loop thread; allocates nothing.
 */
final class Publishing {
  private final SessionList sessions;
  private final LatestQuotes quotes;
  private final LatestScores scores;
  private final boolean keepsQuotes;
  private final MessageFrames frames;
  private final SessionList[] subscribers = new SessionList[Channel.values().length];
  private final SessionList dirty = new SessionList();

  /**
   * @param sessions all of the loop
   * @param keepsQuotes whether the latest quotes are kept while nobody views them
   * @param frames for what is published
   */
  Publishing(
      SessionList sessions,
      LatestQuotes quotes,
      LatestScores scores,
      boolean keepsQuotes,
      MessageFrames frames) {
    this.sessions = sessions;
    this.quotes = quotes;
    this.scores = scores;
    this.keepsQuotes = keepsQuotes;
    this.frames = frames;
    for (int i = 0; i < subscribers.length; i++) {
      subscribers[i] = new SessionList();
    }
  }

  /**
   * An outbound message that was just appended to the window.
   *
   * @param last whether {@link #flush} follows, without another message before it
   */
  void onOutbound(DirectBuffer buffer, int offset, int length, boolean last) {
    int channel = Channel.of(MessageLayout.templateId(buffer, offset));
    if (channel >= 0) {
      frames.begin(buffer, offset, length);
      if (channel == Channel.DEFINITIONS) {
        define(buffer, offset, length);
      } else {
        publish(channel, buffer, offset, length, last);
      }
      frames.end();
    }
  }

  private void publish(int channel, DirectBuffer buffer, int offset, int length, boolean last) {
    SessionList list = subscribers[channel];
    if (list.size() == 0) {
      return;
    }
    long outSeq = MessageLayout.outSeq(buffer, offset);
    int instrumentId = MessageLayout.instrumentId(buffer, offset);
    int timeframe = MessageLayout.timeframe(buffer, offset);
    int strategyId = MessageLayout.strategyId(buffer, offset);
    int topic = -1;
    for (int i = list.size() - 1; i >= 0; i--) {
      SessionStream stream = list.get(i).stream();
      if (!stream.delivery().wants(channel, instrumentId, timeframe, strategyId)) {
        continue;
      }
      if (stream.delivery().conflates(channel)) {
        topic = topic >= 0 ? topic : scores.take(buffer, offset, length);
        stream.onScore(scores, topic);
      } else {
        stream.onOutbound(frames, channel, outSeq, length, last);
      }
    }
    if (topic >= 0) {
      scores.letGo();
    }
  }

  private void define(DirectBuffer buffer, int offset, int length) {
    long outSeq = MessageLayout.outSeq(buffer, offset);
    for (int i = sessions.size() - 1; i >= 0; i--) {
      ClientSession session = sessions.get(i);
      if (!session.isAccepted()) {
        continue;
      }
      SessionStream stream = session.stream();
      if (stream.delivery().flow() == Delivery.Flow.IDLE) {
        stream.tellDefinition(buffer, offset, length);
      } else if (stream.delivery().mayKnow(buffer, offset)) {
        stream.onOutbound(frames, Channel.DEFINITIONS, outSeq, length, false);
      }
    }
  }

  /** A quote of the inbound stream, for its viewers. */
  void onQuote(DirectBuffer buffer, int offset) {
    SessionList list = subscribers[Channel.QUOTES.ordinal()];
    if (keepsQuotes || list.size() > 0) {
      int instrumentId = quotes.onQuote(buffer, offset);
      for (int i = list.size() - 1; i >= 0; i--) {
        list.get(i).stream().onQuote(quotes, instrumentId);
      }
      quotes.letGo();
    }
  }

  /** What the session asks for changed. */
  void onSubscription(ClientSession session) {
    for (int i = 0; i < subscribers.length; i++) {
      if (session.stream().delivery().isSubscribed(i)) {
        subscribers[i].addIfAbsent(session);
      } else {
        subscribers[i].remove(session);
      }
    }
  }

  /** The channels that some session is subscribed to, see {@link Wanted}. */
  int wanted() {
    int wanted = sessions.size() == 0 ? 0 : 1 << Channel.DEFINITIONS;
    for (int i = 0; i < subscribers.length; i++) {
      wanted |= subscribers[i].size() == 0 ? 0 : 1 << i;
    }
    return wanted;
  }

  /** The session is gone. */
  void remove(ClientSession session) {
    for (SessionList list : subscribers) {
      list.remove(session);
    }
  }

  /** The session has something to flush. */
  void onDirty(ClientSession session) {
    dirty.add(session);
  }

  /** One flush for each session that was written to. */
  void flush() {
    while (dirty.size() > 0) {
      ClientSession session = dirty.get(dirty.size() - 1);
      dirty.removeAt(dirty.size() - 1);
      session.flushBatch();
    }
  }
}

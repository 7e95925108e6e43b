package io.semnal.gateway;

import io.semnal.protocol.Channel;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.session.PeerKey;
import org.agrona.DirectBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One session's share of the outbound stream: where it stands, what it asked for, what of quotes
 * and scores waits, and what becomes of a session that cannot keep up. Loop thread.
 */
final class SessionStream {
  private static final Logger LOG = LoggerFactory.getLogger(SessionStream.class);

  private final SessionHub hub;
  private final ClientSession session;
  private final SessionOutput output;
  private final Delivery delivery;
  private final SessionSender sender;
  private final StreamRequests requests;
  private final SlowPolicy slowness;

  SessionStream(SessionHub hub, ClientSession session, SessionOutput output, SessionSender sender) {
    this.hub = hub;
    this.session = session;
    this.output = output;
    this.sender = sender;
    delivery = new Delivery(hub.window(), hub.ownFrames(), output);
    requests = new StreamRequests(hub, sender, delivery);
    slowness =
        new SlowPolicy(
            hub.context().config().maxPending(),
            hub.context().config().window(),
            hub.context().config().heartbeat().toNanos());
  }

  /** The key is known: what it may read, and when. */
  void begin(PeerKey key, long now) {
    allow(key);
    delivery.release(new Release(key.limits(), hub.context()::wallNanos, hub::now));
    slowness.begin(now);
  }

  /** Again whenever an instrument came up. */
  void allow(PeerKey key) {
    delivery.allow(key, hub.directory().instrumentIds());
  }

  Delivery delivery() {
    return delivery;
  }

  StreamRequests requests() {
    return requests;
  }

  boolean isLive() {
    return delivery.flow() == Delivery.Flow.LIVE;
  }

  boolean isBehind() {
    return delivery.flow() == Delivery.Flow.BEHIND || delivery.flow() == Delivery.Flow.REPLAYING;
  }

  /** The last message that this session may know of; 0 = none is old enough for it. */
  long head() {
    if (!delivery.release().isDelayed()) {
      return hub.window().head();
    }
    long due = delivery.lastDue();
    return due >= hub.window().oldest() ? due : lastOutSeq();
  }

  /** Engine time as far as this session may know of it. */
  long time() {
    return delivery.release().latest(hub.engineTime());
  }

  /** The last message of the stream that was sent; 0 = none, as none is subscribed to. */
  long lastOutSeq() {
    return delivery.isSubscribedToAny() ? delivery.cursor() : 0;
  }

  /** See {@link Delivery#onLive}; ends a session that is owed too much. */
  void onOutbound(MessageFrames shared, int channel, long outSeq, int length, boolean last) {
    boolean wasLive = isLive();
    switch (delivery.onLive(shared, channel, outSeq, length, last)) {
      case SENT -> {
        return;
      }
      case WRITTEN -> {
        sender.touch();
        return;
      }
      case OWED -> {
        // It is behind.
      }
    }
    if (wasLive) {
      hub.onBehind(session);
    }
    if (!requests.isResuming() && !delivery.release().isDelayed()) {
      long behind = hub.window().head() - delivery.cursor();
      judge(slowness.onBacklog(waitingBytes(), behind), true);
    }
  }

  /** A quote just came; a session that is behind in the stream gets the latest when it is live. */
  void onQuote(LatestTopics latest, int instrumentId) {
    int channel = Channel.QUOTES.ordinal();
    if (!delivery.wants(channel, instrumentId, 0, 0)) {
      return;
    }
    if (delivery.conflates(channel)) {
      sender.conflated().onQuote(latest, instrumentId, isLive());
      sender.touch();
    } else {
      everyQuote(latest);
    }
  }

  /** Quotes are in no window: what of them waits, waits in the connection. */
  private void everyQuote(LatestTopics latest) {
    latest.writeTaken(output);
    sender.touch();
    if (!output.isWritable()) {
      judge(slowness.onBacklog(waitingBytes(), 0), true);
    }
  }

  /** A score just came that is wanted, conflated. */
  void onScore(LatestTopics latest, int topic) {
    sender.conflated().onScore(latest, topic, isLive());
    sender.touch();
  }

  /** Brings a session that is behind forward; {@code true} if there was something to do. */
  boolean serve() {
    Delivery.Progress progress = delivery.serve();
    switch (progress) {
      case NONE -> {
        return false;
      }
      case SOME -> sender.touch();
      case ARRIVED -> {
        slowness.onRecovered();
        requests.onArrived();
      }
      case FELL_OUT -> onFellOut();
      case AGED_OUT -> requests.onAgedOut();
      case FAILED -> {
        LOG.error("{}: session {}: replay failed", output.peer(), session.id(), delivery.failure());
        session.fail(ErrorCode.INTERNAL, true, "the replay failed; the operator's log says why");
      }
    }
    session.flush();
    return true;
  }

  private void onFellOut() {
    boolean owed = requests.isResuming() || delivery.release().isDelayed();
    if (owed && output.isWritable()) {
      requests.replayFrom(delivery.cursor());
    } else {
      end("it fell behind the last " + hub.context().config().window() + " messages");
    }
  }

  /** The connection takes more again. */
  void onWritable(long now) {
    slowness.onWritable(now);
    if (isLive()) {
      slowness.onRecovered();
    }
  }

  /** Clock work. */
  void onTimer(boolean writable, long now) {
    judge(slowness.onTimer(writable, now), false);
  }

  /** The subscriptions changed; {@code true} if some of them are paced by time. */
  boolean onSubscription() {
    sender.conflated().onSubscription(delivery);
    return sender.conflated().isPaced();
  }

  /** Whether more waits for the client than may. */
  boolean isClogged() {
    return output.pendingBytes() > slowness.maxPending();
  }

  private long waitingBytes() {
    return delivery.owed() + output.pendingBytes();
  }

  private void judge(SlowPolicy.Verdict verdict, boolean byBytes) {
    switch (verdict) {
      case FINE -> {
        // It keeps up, or was warned.
      }
      case WARN -> warn();
      case END ->
          end(
              byBytes
                  ? "more than " + slowness.maxPending() + " bytes wait"
                  : SlowPolicy.stalled());
    }
  }

  /** It may be long until the client reads this; then it is the first to know why. */
  private void warn() {
    hub.metrics().slowWarning();
    sender.send(
        hub.messages().slowWarning(lastOutSeq(), head(), waitingBytes(), slowness.maxPending()));
  }

  /** Ends the session: never without a warning before, though it may be just before. */
  void end(String why) {
    if (slowness.takeWarning()) {
      warn();
    }
    hub.metrics().slow();
    boolean byRate = delivery.release().isPaced() && output.isWritable();
    String who =
        byRate
            ? "the key's rate does not carry what is subscribed to: "
            : "the client reads too slowly: ";
    session.fail(
        byRate ? ErrorCode.LIMIT_EXCEEDED : ErrorCode.SLOW_CONSUMER,
        true,
        who + why + "; resume after " + hub.epoch() + ":" + delivery.cursor());
  }

  /** A definition while nothing is subscribed to. */
  void tellDefinition(DirectBuffer buffer, int offset, int length) {
    requests.tellDefinition(buffer, offset, length);
  }
}

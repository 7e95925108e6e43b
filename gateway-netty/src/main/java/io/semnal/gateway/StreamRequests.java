package io.semnal.gateway;

import io.semnal.protocol.Channel;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.UnsubscribeDecoder;
import io.semnal.protocol.session.KeyLimits;
import io.semnal.protocol.session.PeerKey;
import org.agrona.DirectBuffer;

/**
 * What a client asks of the stream: to subscribe, to resume, to have a snapshot, to unsubscribe.
 *
 * <p>A Subscribe sets the filter of the channels that it names; other channels stay as they are. A
 * resume is taken while nothing is subscribed to, and until its ReplayEnd there is no further
 * Subscribe. A token that cannot be resumed from is answered by an error and a snapshot; the stream
 * then begins at its head. Loop thread.
 */
final class StreamRequests {
  private final SessionHub hub;
  private final SessionSender sender;
  private final Delivery delivery;
  private boolean resuming;
  private long resumeRequestId;

  StreamRequests(SessionHub hub, SessionSender sender, Delivery delivery) {
    this.hub = hub;
    this.sender = sender;
    this.delivery = delivery;
  }

  /** Whether the stream has yet to come to where it is live. */
  boolean isResuming() {
    return resuming;
  }

  void subscribe(ClientSession session, DirectBuffer buffer, int offset, PeerKey key)
      throws RefusedException {
    SubscribeRequest request =
        SubscribeRequest.read(buffer, offset, hub.directory(), hub.context().timeframes(), key);
    if (resuming) {
      throw new RefusedException(
          ErrorCode.BUSY, true, "a replay is under way: subscribe again after ReplayEnd");
    }
    checkLimits(request, key);
    if (request.resume() && delivery.isSubscribedToAny()) {
      throw new RefusedException(
          ErrorCode.UNEXPECTED_MESSAGE,
          "resume is taken only while nothing is subscribed to: unsubscribe first");
    }
    ErrorCode wrong = request.resume() ? resumeError(request) : null;
    if (wrong != null) {
      hub.metrics().error();
      sender.error(request.requestId(), wrong, false, false, 0, resumeText(wrong, request));
    }
    delivery.subscribe(request.channels(), request.filter());
    hub.onSubscription(session);
    answer(request.requestId(), request.channels());
    if (request.resume() && wrong == null) {
      resume(session, request.requestId(), request.fromOutSeq());
      return;
    }
    if (request.snapshot() || wrong != null) {
      snapshot(request.requestId());
    }
    if (delivery.flow() == Delivery.Flow.IDLE) {
      delivery.goLive();
    }
  }

  /** What the key may read, but not that far back, or not that soon. */
  private void checkLimits(SubscribeRequest request, PeerKey key) throws RefusedException {
    KeyLimits limits = key.limits();
    if (limits.isDelayed() && isOfNow(request)) {
      throw new RefusedException(
          ErrorCode.NOT_ENTITLED,
          "key '"
              + key.id()
              + "' is delayed: there are no quotes, conflated scores and snapshots for it");
    }
    long back = delivery.lastDue() - request.fromOutSeq();
    if (request.resume()
        && request.epoch() == hub.epoch()
        && limits.replay() > 0
        && back > limits.replay()) {
      throw new RefusedException(
          ErrorCode.NOT_ENTITLED,
          "key '" + key.id() + "' may go back " + limits.replay() + " messages, not " + back);
    }
  }

  /** Whether it asks for what has no place in the stream, and so cannot be told later. */
  private static boolean isOfNow(SubscribeRequest request) {
    int scores = Channel.SCORES.ordinal();
    boolean asksScores = (request.channels() & Channel.SCORES.bit()) != 0;
    return request.snapshot()
        || (request.channels() & Channel.QUOTES.bit()) != 0
        || (asksScores && request.filter().conflation(scores).mode() != Conflation.Mode.NONE);
  }

  private void answer(long requestId, int channels) {
    sender.send(hub.messages().subscribed(requestId, channels, hub.epoch(), delivery.cursor()));
  }

  private ErrorCode resumeError(SubscribeRequest request) {
    if (request.epoch() != hub.epoch()) {
      return ErrorCode.EPOCH_CHANGED;
    }
    if (request.fromOutSeq() > delivery.lastDue()) {
      return ErrorCode.FROM_AHEAD;
    }
    return request.fromOutSeq() + 1 < hub.oldestOutSeq() ? ErrorCode.REPLAY_AGED_OUT : null;
  }

  private String resumeText(ErrorCode wrong, SubscribeRequest request) {
    String asked = request.epoch() + ":" + request.fromOutSeq();
    return switch (wrong) {
      case EPOCH_CHANGED -> "token " + asked + " is of another epoch than " + hub.epoch();
      case FROM_AHEAD -> "token " + asked + " lies beyond the head " + delivery.lastDue();
      default -> "token " + asked + " lies before the oldest message, " + hub.oldestOutSeq();
    };
  }

  private void resume(ClientSession session, long requestId, long from) {
    resuming = true;
    resumeRequestId = requestId;
    sender.send(hub.messages().replayBegin(requestId, from, delivery.lastDue()));
    if (hub.window().continuesFrom(from)) {
      delivery.startInWindow(from);
    } else {
      replayFrom(from);
    }
    hub.onBehind(session);
    session.stream().serve();
  }

  /** From the journal. */
  void replayFrom(long from) {
    hub.metrics().replay();
    delivery.startInJournal(from, hub.context(), hub.bounds());
  }

  /** What the stream led up to: definitions, and the open signals that pass the filter. */
  private void snapshot(long requestId) {
    long at = delivery.lastDue();
    sender.send(hub.messages().snapshotBegin(requestId, at));
    hub.directory().forEach(this::tellDefinition);
    if (delivery.isSubscribed(Channel.SIGNALS.ordinal()) && !delivery.release().isDelayed()) {
      hub.openSignals().forEach(this::tellSignal);
    }
    sender.send(hub.messages().snapshotEnd(requestId, at));
  }

  /** A definition, if the key may know of it. */
  void tellDefinition(DirectBuffer buffer, int offset, int length) {
    if (delivery.mayKnow(buffer, offset)) {
      sender.tell(buffer, offset, length, false);
    }
  }

  private void tellSignal(DirectBuffer buffer, int offset, int length) {
    int channel = Channel.SIGNALS.ordinal();
    if (delivery.wants(
        channel,
        MessageLayout.instrumentId(buffer, offset),
        MessageLayout.timeframe(buffer, offset),
        MessageLayout.strategyId(buffer, offset))) {
      sender.tell(buffer, offset, length, delivery.wantsFeatures(channel));
    }
  }

  void unsubscribe(ClientSession session, DirectBuffer buffer, int offset) {
    UnsubscribeDecoder unsubscribe = new UnsubscribeDecoder();
    unsubscribe.wrapAndApplyHeader(buffer, offset, new MessageHeaderDecoder());
    long requestId = unsubscribe.requestId();
    int channels = unsubscribe.channels().getRaw();
    delivery.subscribe(channels, null);
    if (!delivery.isSubscribedToAny()) {
      delivery.goIdle();
      resuming = false;
    }
    hub.onSubscription(session);
    answer(requestId, channels);
  }

  /** The session is live now. */
  void onArrived() {
    if (resuming) {
      resuming = false;
      sender.send(hub.messages().replayEnd(resumeRequestId, delivery.cursor()));
    }
    sender.touch();
  }

  /** The journal was cut while this client was replayed. */
  void onAgedOut() {
    hub.metrics().error();
    sender.error(
        resumeRequestId,
        ErrorCode.REPLAY_AGED_OUT,
        false,
        false,
        delivery.cursor(),
        "the journal no longer has what follows " + delivery.cursor());
    resuming = false;
    delivery.cancelReplay();
    snapshot(resumeRequestId);
    delivery.goLive();
  }
}

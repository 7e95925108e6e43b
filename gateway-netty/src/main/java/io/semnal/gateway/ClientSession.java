package io.semnal.gateway;

import io.semnal.protocol.Channel;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.AuthenticateDecoder;
import io.semnal.protocol.sbe.EngineCommandDecoder;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.HeartbeatDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.sbe.SubscribeDecoder;
import io.semnal.protocol.sbe.TimeSyncDecoder;
import io.semnal.protocol.sbe.UnsubscribeDecoder;
import io.semnal.protocol.session.MessageCheck;
import io.semnal.protocol.session.PeerKey;
import io.semnal.protocol.session.ServerHandshake;
import io.semnal.protocol.session.SessionTerms;
import org.agrona.DirectBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client, from the first byte to the close: the state machine of the session protocol, the same
 * for every transport and encoding. Requests come in as SBE messages; answers go out through {@link
 * MessageFrames} in the session's own encoding.
 *
 * <p>Loop thread.
 */
final class ClientSession {
  private static final Logger LOG = LoggerFactory.getLogger(ClientSession.class);
  private static final long LOGIN_NANOS = 5_000_000_000L;
  private static final int SILENT_INTERVALS = 3;

  private final SessionHub hub;
  private final SessionOutput output;
  private final ServerHandshake handshake;
  private final Delivery delivery;
  private final QuoteConflation quotes;
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final long openedAt;
  private final long heartbeatNanos;
  private PeerKey key;
  private long id;
  private boolean closed;
  private boolean resuming;
  private long resumeRequestId;
  private long lastHeard;
  private long lastBeat;
  private long writableAt;
  private boolean dirty;

  ClientSession(SessionHub hub, SessionOutput output, long now) {
    this.hub = hub;
    this.output = output;
    handshake = new ServerHandshake(Role.CLIENT, hub.context().keys(), hub.context().nonces());
    delivery = new Delivery(hub.window(), hub.ownFrames(), output);
    quotes = new QuoteConflation();
    heartbeatNanos = hub.context().config().heartbeat().toNanos();
    openedAt = now;
    lastHeard = now;
  }

  // From the transport

  /** One SBE message from the client, unchecked. */
  void onMessage(DirectBuffer buffer, int offset, int length) {
    if (closed) {
      return;
    }
    heard();
    if (key == null) {
      login(buffer, offset, length);
    } else {
      request(buffer, offset, length);
    }
    flush();
  }

  /** Any sign of life. */
  void heard() {
    lastHeard = hub.now();
  }

  /** JSON's ping. */
  void onPing() {
    if (!closed && key != null) {
      heard();
      beat();
      flush();
    }
  }

  /** Something that cannot be read on from: told, then closed. */
  void onUnreadable(ErrorCode code, String text) {
    hub.metrics().malformed();
    if (key == null) {
      reject(code, false, text);
    } else {
      fail(code, false, text);
    }
  }

  /** A request that is refused before it becomes a message. */
  void onRefused(ErrorCode code, long requestId, String text) {
    if (closed) {
      return;
    }
    heard();
    if (key == null) {
      reject(code, false, text);
      return;
    }
    error(requestId, code, false, text);
    flush();
  }

  /** The connection is gone. */
  void onClosed() {
    if (!closed) {
      closed = true;
      leave();
    }
  }

  // Login

  private void login(DirectBuffer buffer, int offset, int length) {
    int template = length >= MessageLayout.HEADER ? MessageLayout.templateId(buffer, offset) : 0;
    int reply = handshake.onMessage(buffer, offset, length, hub.messages().buffer(), 0);
    if (handshake.state() == ServerHandshake.State.OPEN) {
      accept();
    } else if (handshake.state() == ServerHandshake.State.REJECTED) {
      if (template == AuthenticateDecoder.TEMPLATE_ID) {
        hub.metrics().loginFailed();
      }
      LOG.info(
          "{}: login refused: {} {}",
          output.peer(),
          handshake.rejectCode(),
          handshake.rejectText());
      send(reply);
      close(CloseReason.of(handshake.rejectCode()));
    } else {
      send(reply);
    }
  }

  private void accept() {
    if (!hub.context().enter()) {
      reject(ErrorCode.LIMIT_EXCEEDED, true, "the server has as many sessions as it takes");
      return;
    }
    key = handshake.key();
    id = hub.context().nextSessionId();
    delivery.allow(key, hub.directory().instrumentIds());
    send(hub.messages().writer().accepted(hub.messages().buffer(), 0, terms()));
    hub.directory().forEach(this::tellDefinition);
    lastBeat = hub.now();
    LOG.info(
        "{}: session {} of key '{}' ({}) stands",
        output.peer(),
        id,
        key.id(),
        handshake.clientName());
  }

  private SessionTerms terms() {
    return new SessionTerms(
        id,
        hub.epoch(),
        hub.oldestOutSeq(),
        hub.window().head(),
        0,
        0,
        (int) hub.context().config().heartbeat().toMillis(),
        hub.context().config().maxFrame(),
        key.admin(),
        key.channels(),
        hub.context().serverName());
  }

  private void reject(ErrorCode code, boolean retryable, String text) {
    if (!closed) {
      send(handshake.reject(code, retryable, text, hub.messages().buffer(), 0));
      close(CloseReason.of(code));
    }
  }

  // Requests

  private void request(DirectBuffer buffer, int offset, int length) {
    int wrong = MessageCheck.check(buffer, offset, length);
    if (wrong == ErrorCode.UNEXPECTED_MESSAGE.value()) {
      // A newer client may know more than this server.
      error(
          0,
          ErrorCode.UNEXPECTED_MESSAGE,
          false,
          "template " + MessageLayout.templateId(buffer, offset) + " is not known");
      return;
    }
    if (wrong != MessageCheck.OK) {
      onUnreadable(ErrorCode.get(wrong), "the message cannot be decoded");
      return;
    }
    switch (MessageLayout.templateId(buffer, offset)) {
      case SubscribeDecoder.TEMPLATE_ID -> subscribe(buffer, offset);
      case UnsubscribeDecoder.TEMPLATE_ID -> unsubscribe(buffer, offset);
      case HeartbeatDecoder.TEMPLATE_ID -> heard();
      case TimeSyncDecoder.TEMPLATE_ID -> timeSync(buffer, offset);
      case EngineCommandDecoder.TEMPLATE_ID -> command(buffer, offset);
      default ->
          error(
              0,
              ErrorCode.UNEXPECTED_MESSAGE,
              false,
              "a client does not send template " + MessageLayout.templateId(buffer, offset));
    }
  }

  private void subscribe(DirectBuffer buffer, int offset) {
    long requestId = SubscribeRequest.requestId(buffer, offset);
    try {
      SubscribeRequest request =
          SubscribeRequest.read(buffer, offset, hub.directory(), hub.context().timeframes(), key);
      if (resuming) {
        throw new RefusedException(
            ErrorCode.BUSY, true, "a replay is under way: subscribe again after ReplayEnd");
      }
      if (request.resume() && delivery.isSubscribedToAny()) {
        throw new RefusedException(
            ErrorCode.UNEXPECTED_MESSAGE,
            "resume is taken only while nothing is subscribed to: unsubscribe first");
      }
      start(request);
    } catch (RefusedException e) {
      error(requestId, e.code(), e.isRetryable(), e.getMessage());
    }
  }

  private void start(SubscribeRequest request) {
    ErrorCode wrong = request.resume() ? resumeError(request) : null;
    if (wrong != null) {
      error(request.requestId(), wrong, false, resumeText(wrong, request));
    }
    delivery.subscribe(request.channels(), request.filter());
    hub.onSubscription(this);
    boolean resumes = request.resume() && wrong == null;
    send(
        hub.messages()
            .subscribed(request.requestId(), request.channels(), hub.epoch(), delivery.cursor()));
    if (resumes) {
      resume(request.requestId(), request.fromOutSeq());
      return;
    }
    if (request.snapshot() || wrong != null) {
      snapshot(request.requestId());
    }
    if (delivery.flow() == Delivery.Flow.IDLE) {
      delivery.goLive();
    }
  }

  private ErrorCode resumeError(SubscribeRequest request) {
    if (request.epoch() != hub.epoch()) {
      return ErrorCode.EPOCH_CHANGED;
    }
    if (request.fromOutSeq() > hub.window().head()) {
      return ErrorCode.FROM_AHEAD;
    }
    return request.fromOutSeq() + 1 < hub.oldestOutSeq() ? ErrorCode.REPLAY_AGED_OUT : null;
  }

  private String resumeText(ErrorCode wrong, SubscribeRequest request) {
    String asked = request.epoch() + ":" + request.fromOutSeq();
    return switch (wrong) {
      case EPOCH_CHANGED -> "token " + asked + " is of another epoch than " + hub.epoch();
      case FROM_AHEAD -> "token " + asked + " lies beyond the head " + hub.window().head();
      default -> "the oldest message kept is " + hub.oldestOutSeq() + ", token " + asked;
    };
  }

  private void resume(long requestId, long from) {
    resuming = true;
    resumeRequestId = requestId;
    send(hub.messages().replayBegin(requestId, from, hub.window().head()));
    if (hub.window().continuesFrom(from)) {
      delivery.startInWindow(from);
    } else {
      replayFrom(from);
    }
    hub.onBehind(this);
    onProgress(delivery.serve());
  }

  private void replayFrom(long from) {
    hub.metrics().replay();
    hub.context()
        .replayer()
        .submit(
            delivery.startInJournal(
                from,
                hub.context().history(),
                hub.bounds(),
                hub.context().config().window(),
                hub.context().config().replayPerSecond()));
  }

  /** What the stream led up to: definitions, and the open signals that pass the filter. */
  private void snapshot(long requestId) {
    long at = hub.window().head();
    send(hub.messages().snapshotBegin(requestId, at));
    hub.directory().forEach(this::tellDefinition);
    if (delivery.isSubscribed(Channel.SIGNALS.ordinal())) {
      hub.openSignals()
          .forEach(
              (buffer, offset, length) -> {
                if (delivery.wants(
                    Channel.SIGNALS.ordinal(),
                    MessageLayout.instrumentId(buffer, offset),
                    MessageLayout.timeframe(buffer, offset),
                    MessageLayout.strategyId(buffer, offset))) {
                  tell(buffer, offset, length, delivery.wantsFeatures(Channel.SIGNALS.ordinal()));
                }
              });
    }
    send(hub.messages().snapshotEnd(requestId, at));
  }

  private void unsubscribe(DirectBuffer buffer, int offset) {
    UnsubscribeDecoder unsubscribe = new UnsubscribeDecoder();
    unsubscribe.wrapAndApplyHeader(buffer, offset, header);
    int channels = unsubscribe.channels().getRaw();
    delivery.subscribe(channels, null);
    if (!delivery.isSubscribedToAny()) {
      delivery.goIdle();
      resuming = false;
    }
    hub.onSubscription(this);
    send(
        hub.messages()
            .subscribed(unsubscribe.requestId(), channels, hub.epoch(), delivery.cursor()));
  }

  private void timeSync(DirectBuffer buffer, int offset) {
    TimeSyncDecoder timeSync = new TimeSyncDecoder();
    timeSync.wrapAndApplyHeader(buffer, offset, header);
    long received = hub.context().wallNanos();
    send(hub.messages().timeSync(timeSync.clientSend(), received, hub.context().wallNanos()));
  }

  private void command(DirectBuffer buffer, int offset) {
    EngineCommandDecoder command = new EngineCommandDecoder();
    command.wrapAndApplyHeader(buffer, offset, header);
    long requestId = command.requestId();
    try {
      hub.commands().pass(this, key, command);
    } catch (RefusedException e) {
      error(requestId, e.code(), e.isRetryable(), e.getMessage());
    }
  }

  /** The command of that request stands in the journal. */
  void onCommandJournaled(long requestId, long journalSeq) {
    if (!closed) {
      send(hub.messages().commandResult(requestId, journalSeq));
      flush();
    }
  }

  // From the hub

  /** See {@link Delivery#onLive}; ends a session that is owed too much. */
  void onOutbound(MessageFrames shared, int channel, long outSeq, int length) {
    boolean wasLive = delivery.flow() == Delivery.Flow.LIVE;
    if (delivery.onLive(shared, channel, outSeq, length)) {
      touch();
      return;
    }
    if (wasLive) {
      hub.onBehind(this);
    }
    if (!resuming
        && delivery.owed() + output.pendingBytes() > hub.context().config().maxPending()) {
      slow("more than " + hub.context().config().maxPending() + " bytes wait");
    }
  }

  /** A definition while nothing is subscribed to. */
  void tellDefinition(DirectBuffer buffer, int offset, int length) {
    if (delivery.mayKnow(buffer, offset)) {
      tell(buffer, offset, length, false);
    }
  }

  /** Brings a session that is behind forward; {@code true} if there was something to do. */
  boolean serve() {
    Delivery.Progress progress = delivery.serve();
    onProgress(progress);
    return progress != Delivery.Progress.NONE;
  }

  private void onProgress(Delivery.Progress progress) {
    switch (progress) {
      case NONE -> {
        return;
      }
      case SOME -> touch();
      case ARRIVED -> arrived();
      case FELL_OUT -> {
        if (resuming && output.isWritable()) {
          replayFrom(delivery.cursor());
        } else {
          slow("it fell behind the last " + hub.context().config().window() + " messages");
        }
      }
      case AGED_OUT -> agedOut();
      case FAILED -> {
        LOG.error("{}: session {}: replay failed", output.peer(), id, delivery.failure());
        fail(ErrorCode.INTERNAL, true, "the replay failed; the operator's log says why");
      }
    }
    flush();
  }

  private void arrived() {
    if (resuming) {
      resuming = false;
      send(hub.messages().replayEnd(resumeRequestId, delivery.cursor()));
    }
    touch();
  }

  /** The journal was cut while this client was replayed. */
  private void agedOut() {
    error(
        resumeRequestId,
        ErrorCode.REPLAY_AGED_OUT,
        false,
        "the journal no longer has what follows " + delivery.cursor());
    resuming = false;
    delivery.cancelReplay();
    snapshot(resumeRequestId);
    delivery.goLive();
  }

  /** A quote just came; a session that is behind in the stream gets none. */
  void onQuote(LatestQuotes latest, int instrumentId) {
    if (delivery.flow() == Delivery.Flow.LIVE
        && delivery.wants(Channel.QUOTES.ordinal(), instrumentId, 0, 0)) {
      if (quotes.isEmpty() && output.isWritable()) {
        latest.frames().writeTo(output, false);
      } else {
        quotes.hold(instrumentId, latest.journalSeq());
      }
      touch();
    }
  }

  /** The connection takes more again. */
  void onWritable() {
    flush();
  }

  /** Clock work, some times in each heartbeat interval. */
  void onTimer(long now) {
    if (closed) {
      return;
    }
    if (key == null) {
      if (now - openedAt > LOGIN_NANOS) {
        reject(ErrorCode.TIMEOUT, true, "login took longer than 5 s");
      }
      return;
    }
    if (now - lastHeard > SILENT_INTERVALS * heartbeatNanos) {
      fail(
          ErrorCode.TIMEOUT,
          true,
          "nothing heard for " + SILENT_INTERVALS + " heartbeat intervals");
      return;
    }
    if (output.isWritable()) {
      writableAt = now;
      if (now - lastBeat >= heartbeatNanos) {
        beat();
        output.ping();
        flush();
      }
    } else if (writableAt != 0 && now - writableAt > SILENT_INTERVALS * heartbeatNanos) {
      slow("it took nothing for " + SILENT_INTERVALS + " heartbeat intervals");
    }
  }

  private void beat() {
    lastBeat = hub.now();
    send(
        hub.messages()
            .writer()
            .heartbeat(
                hub.messages().buffer(), 0, hub.epoch(), hub.window().head(), hub.engineTime()));
  }

  /** An instrument came up that the key may read, or not. */
  void onInstruments() {
    if (key != null) {
      delivery.allow(key, hub.directory().instrumentIds());
    }
  }

  /** Announces that the server stops. */
  void shutdown(long deadline, String reason) {
    if (!closed) {
      send(hub.messages().writer().shutdown(hub.messages().buffer(), 0, deadline, reason));
      close(CloseReason.SHUTDOWN);
    }
  }

  // Output

  private void tell(DirectBuffer buffer, int offset, int length, boolean features) {
    hub.ownFrames().begin(buffer, offset, length);
    hub.ownFrames().writeTo(output, features);
    touch();
  }

  private void send(int length) {
    if (length > 0) {
      tell(hub.messages().buffer(), 0, length, false);
    }
  }

  private void error(long requestId, ErrorCode code, boolean retryable, String text) {
    hub.metrics().error();
    sendError(requestId, code, false, retryable, text);
  }

  private void sendError(
      long requestId, ErrorCode code, boolean fatal, boolean retryable, String text) {
    send(
        hub.messages()
            .writer()
            .error(
                hub.messages().buffer(),
                0,
                requestId,
                code,
                fatal,
                retryable,
                delivery.isSubscribedToAny() ? delivery.cursor() : 0,
                text));
  }

  private void slow(String why) {
    hub.metrics().slow();
    fail(
        ErrorCode.SLOW_CONSUMER,
        true,
        "the client reads too slowly: "
            + why
            + "; resume after "
            + hub.epoch()
            + ":"
            + delivery.cursor());
  }

  private void fail(ErrorCode code, boolean retryable, String text) {
    if (!closed) {
      LOG.info("{}: session {} ends: {} {}", output.peer(), id, code, text);
      sendError(0, code, true, retryable, text);
      close(CloseReason.of(code));
    }
  }

  private void close(CloseReason reason) {
    closed = true;
    output.close(reason);
    leave();
  }

  private void leave() {
    delivery.cancelReplay();
    hub.onClosed(this);
    if (key != null) {
      hub.context().leave();
      LOG.info("{}: session {} of key '{}' ended", output.peer(), id, key.id());
    }
  }

  /** There is something to flush at the end of the batch. */
  private void touch() {
    if (!dirty) {
      dirty = true;
      hub.onDirty(this);
    }
  }

  /** Sends what was written, and the quotes that waited. */
  void flush() {
    dirty = false;
    if (!closed) {
      quotes.release(output, hub);
      output.flush();
    }
  }

  boolean isBehind() {
    return delivery.flow() == Delivery.Flow.BEHIND || delivery.flow() == Delivery.Flow.REPLAYING;
  }

  boolean isAccepted() {
    return key != null;
  }

  boolean isClosed() {
    return closed;
  }

  Delivery delivery() {
    return delivery;
  }

  long id() {
    return id;
  }
}

package io.semnal.gateway;

import io.semnal.core.access.AuditLog;
import io.semnal.gateway.rest.SessionRow;
import io.semnal.protocol.Channel;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.ConflatedSubscribeDecoder;
import io.semnal.protocol.sbe.EngineCommandDecoder;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.HeartbeatDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.SubscribeDecoder;
import io.semnal.protocol.sbe.TimeSyncDecoder;
import io.semnal.protocol.sbe.UnsubscribeDecoder;
import io.semnal.protocol.session.MessageCheck;
import io.semnal.protocol.session.PeerKey;
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
final class ClientSession implements CommandWaiter {
  private static final Logger LOG = LoggerFactory.getLogger(ClientSession.class);
  private static final long LOGIN_NANOS = 5_000_000_000L;
  private static final int SILENT_INTERVALS = 3;

  private final SessionHub hub;
  private final SessionOutput output;
  private final Login login;
  private final Delivery delivery;
  private final SessionSender sender;
  private final StreamRequests stream;
  private final SlowPolicy slowness;
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final TokenBucket requests;
  private final long openedAt;
  private final long heartbeatNanos;
  private PeerKey key;
  private int refusedInRow;
  private long id;
  private boolean closed;
  private long lastHeard;
  private long lastBeat;

  ClientSession(SessionHub hub, SessionOutput output, long now) {
    this.hub = hub;
    this.output = output;
    login = new Login(hub, output);
    delivery = new Delivery(hub.window(), hub.ownFrames(), output);
    sender = new SessionSender(hub, this, output);
    stream = new StreamRequests(hub, sender, delivery);
    requests = new TokenBucket(hub.context().config().limits().requestsPerSecond());
    heartbeatNanos = hub.context().config().heartbeat().toNanos();
    slowness =
        new SlowPolicy(
            hub.context().config().maxPending(), hub.context().config().window(), heartbeatNanos);
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

  /** Takes its place among the connections, or is refused. */
  void connect() {
    String why = login.connect();
    if (why != null) {
      reject(ErrorCode.LIMIT_EXCEEDED, true, why);
    }
  }

  private void login(DirectBuffer buffer, int offset, int length) {
    int answer = login.onMessage(buffer, offset, length);
    if (login.key() != null) {
      accept();
      return;
    }
    send(answer);
    if (login.isRefused()) {
      close(CloseReason.of(login.code()));
    }
  }

  private void accept() {
    key = login.key();
    id = hub.context().nextSessionId();
    delivery.allow(key, hub.directory().instrumentIds());
    delivery.release(new Release(key.limits(), hub.context()::wallNanos, hub::now));
    send(hub.messages().writer().accepted(hub.messages().buffer(), 0, terms()));
    hub.directory().forEach(this::tellDefinition);
    lastBeat = hub.now();
    slowness.begin(lastBeat);
    hub.context().onSession(row());
    LOG.info(
        "{}: session {} of key '{}' ({}) stands", output.peer(), id, key.id(), login.clientName());
  }

  /** The keys are others than they were: a session does not outlive its key. */
  void onKeys() {
    if (closed || key == null) {
      return;
    }
    PeerKey now = hub.context().keys().find(key.id());
    if (!key.equals(now)) {
      boolean gone = now == null;
      String text = "key '" + key.id() + (gone ? "' was revoked" : "' changed: log in again");
      audit(AuditLog.REVOKED, ErrorCode.REVOKED, text);
      hub.metrics().revoked();
      fail(ErrorCode.REVOKED, !gone, text);
    }
  }

  private void audit(String what, ErrorCode code, String text) {
    hub.context()
        .audit()
        .record(what, key.id(), output.peer(), code == null ? "" : code.toString(), text);
  }

  private SessionRow row() {
    return new SessionRow(
        id,
        key.id(),
        login.clientName(),
        output.peer(),
        output.encoding().name(),
        hub.loopName(),
        hub.context().wallNanos());
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

  /** There are too many connections to let this one log in. */
  void refuse() {
    reject(ErrorCode.LIMIT_EXCEEDED, true, "too many connections");
  }

  private void reject(ErrorCode code, boolean retryable, String text) {
    if (!closed) {
      send(login.reject(code, retryable, text));
      close(CloseReason.of(code));
    }
  }

  // Requests

  private void request(DirectBuffer buffer, int offset, int length) {
    if (output.pendingBytes() > slowness.maxPending()) {
      slow("it does not read the answers to its requests");
      return;
    }
    if (!requests.take(hub.now())) {
      tooMany();
      return;
    }
    refusedInRow = 0;
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
      case SubscribeDecoder.TEMPLATE_ID, ConflatedSubscribeDecoder.TEMPLATE_ID ->
          subscribe(buffer, offset);
      case UnsubscribeDecoder.TEMPLATE_ID -> stream.unsubscribe(this, buffer, offset);
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

  /** Told for a while; who goes on all the same is cut off. */
  private void tooMany() {
    int most = hub.context().config().limits().requestsPerSecond();
    String text = "more than " + most + " requests a second";
    if (++refusedInRow > most) {
      fail(ErrorCode.LIMIT_EXCEEDED, true, text);
    } else {
      error(0, ErrorCode.LIMIT_EXCEEDED, true, text);
    }
  }

  private void subscribe(DirectBuffer buffer, int offset) {
    long requestId = SubscribeRequest.requestId(buffer, offset);
    try {
      stream.subscribe(this, buffer, offset, key);
      if (isBehind()) {
        // A delayed session is never live.
        hub.onBehind(this);
      }
    } catch (RefusedException e) {
      error(requestId, e.code(), e.isRetryable(), e.getMessage());
    }
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
    String asked = String.valueOf(command.command());
    try {
      hub.commands().pass(this, key, command);
      audit(AuditLog.ADMIN, null, asked);
    } catch (RefusedException e) {
      audit(AuditLog.ADMIN, e.code(), asked);
      error(requestId, e.code(), e.isRetryable(), e.getMessage());
    }
  }

  @Override
  public void onCommandJournaled(long requestId, long journalSeq) {
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
      sender.touch();
      return;
    }
    if (wasLive) {
      hub.onBehind(this);
    }
    if (!stream.isResuming() && !delivery.release().isDelayed()) {
      long behind = hub.window().head() - delivery.cursor();
      judge(slowness.onBacklog(waitingBytes(), behind), true);
    }
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
          slow(
              byBytes
                  ? "more than " + slowness.maxPending() + " bytes wait"
                  : SlowPolicy.stalled());
    }
  }

  /** It may be long until the client reads this; then it is the first to know why. */
  private void warn() {
    hub.metrics().slowWarning();
    send(
        hub.messages()
            .slowWarning(lastOutSeq(), hub.window().head(), waitingBytes(), slowness.maxPending()));
  }

  /** A definition while nothing is subscribed to. */
  void tellDefinition(DirectBuffer buffer, int offset, int length) {
    stream.tellDefinition(buffer, offset, length);
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
      case SOME -> sender.touch();
      case ARRIVED -> {
        slowness.onRecovered();
        stream.onArrived();
      }
      case FELL_OUT -> {
        boolean owed = stream.isResuming() || delivery.release().isDelayed();
        if (owed && output.isWritable()) {
          stream.replayFrom(delivery.cursor());
        } else {
          slow("it fell behind the last " + hub.context().config().window() + " messages");
        }
      }
      case AGED_OUT -> stream.onAgedOut();
      case FAILED -> {
        LOG.error("{}: session {}: replay failed", output.peer(), id, delivery.failure());
        fail(ErrorCode.INTERNAL, true, "the replay failed; the operator's log says why");
      }
    }
    flush();
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

  private boolean isLive() {
    return delivery.flow() == Delivery.Flow.LIVE;
  }

  /** The connection takes more again. */
  void onWritable() {
    slowness.onWritable(hub.now());
    if (isLive()) {
      slowness.onRecovered();
    }
    flush();
  }

  /** An interval of quotes or scores may be over. */
  void onPace() {
    flush();
  }

  /** The subscriptions changed; {@code true} if some of them are paced by time. */
  boolean onSubscription() {
    sender.conflated().onSubscription(delivery);
    return sender.conflated().isPaced();
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
    boolean writable = output.isWritable();
    judge(slowness.onTimer(writable, now), false);
    if (writable && now - lastBeat >= heartbeatNanos) {
      beat();
      output.ping();
      flush();
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

  private void send(int length) {
    sender.send(length);
  }

  /** A request is refused; the session goes on. */
  private void error(long requestId, ErrorCode code, boolean retryable, String text) {
    hub.metrics().error();
    if (code == ErrorCode.NOT_ENTITLED) {
      audit(AuditLog.NOT_ENTITLED, code, text);
    }
    sender.error(requestId, code, false, retryable, lastOutSeq(), text);
  }

  private long lastOutSeq() {
    return delivery.isSubscribedToAny() ? delivery.cursor() : 0;
  }

  /** Never without a warning before, though it may be just before. */
  private void slow(String why) {
    if (slowness.takeWarning()) {
      warn();
    }
    hub.metrics().slow();
    boolean byRate = delivery.release().isPaced() && output.isWritable();
    fail(
        byRate ? ErrorCode.LIMIT_EXCEEDED : ErrorCode.SLOW_CONSUMER,
        true,
        (byRate
                ? "the key's rate does not carry what is subscribed to: "
                : "the client reads too slowly: ")
            + why
            + "; resume after "
            + hub.epoch()
            + ":"
            + delivery.cursor());
  }

  private void fail(ErrorCode code, boolean retryable, String text) {
    if (!closed) {
      LOG.info("{}: session {} ends: {} {}", output.peer(), id, code, text);
      sender.error(0, code, true, retryable, lastOutSeq(), text);
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
    login.leave();
    if (key != null) {
      hub.context().onSessionEnd(id);
      LOG.info("{}: session {} of key '{}' ended", output.peer(), id, key.id());
    }
  }

  /** The end of a batch in which something was written. */
  void flushBatch() {
    sender.unlisted();
    flush();
  }

  private void flush() {
    if (!closed) {
      sender.flush(isLive());
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
}

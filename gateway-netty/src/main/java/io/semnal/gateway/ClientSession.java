package io.semnal.gateway;

import io.semnal.core.access.AuditLog;
import io.semnal.gateway.rest.SessionRow;
import io.semnal.protocol.sbe.ErrorCode;
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
  private final SessionSender sender;
  private final SessionStream stream;
  private final SessionRequests requests;
  private final long openedAt;
  private final long heartbeatNanos;
  private PeerKey key;
  private long id;
  private boolean closed;
  private long lastHeard;
  private long lastBeat;

  ClientSession(SessionHub hub, SessionOutput output, long now) {
    this.hub = hub;
    this.output = output;
    login = new Login(hub, output);
    sender = new SessionSender(hub, this, output);
    stream = new SessionStream(hub, this, output, sender);
    requests = new SessionRequests(hub, this, sender, stream);
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
      requests.onRequest(key, buffer, offset, length);
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

  /**
   * A FIX Logon proved the key: takes the places of its session.
   *
   * @return {@code null}, or why it is not let in
   */
  String enter(PeerKey proven, String name) {
    return login.enter(proven, name);
  }

  /** The login is complete: the session begins. */
  void accept() {
    key = login.key();
    id = hub.context().nextSessionId();
    lastBeat = hub.now();
    stream.begin(key, lastBeat);
    send(hub.messages().writer().accepted(hub.messages().buffer(), 0, terms()));
    hub.directory().forEach(stream::tellDefinition);
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

  void audit(String what, ErrorCode code, String text) {
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
        stream.head(),
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

  @Override
  public void onCommandJournaled(long requestId, long journalSeq) {
    if (!closed) {
      send(hub.messages().commandResult(requestId, journalSeq));
      flush();
    }
  }

  // From the hub

  /** The connection takes more again. */
  void onWritable() {
    stream.onWritable(hub.now());
    flush();
  }

  /** An interval of quotes or scores may be over. */
  void onPace() {
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
    boolean writable = output.isWritable();
    stream.onTimer(writable, now);
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
            .heartbeat(hub.messages().buffer(), 0, hub.epoch(), stream.head(), stream.time()));
  }

  /** An instrument came up that the key may read, or not. */
  void onInstruments() {
    if (key != null) {
      stream.allow(key);
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
  void error(long requestId, ErrorCode code, boolean retryable, String text) {
    hub.metrics().error();
    if (code == ErrorCode.NOT_ENTITLED) {
      audit(AuditLog.NOT_ENTITLED, code, text);
    }
    sender.error(requestId, code, false, retryable, stream.lastOutSeq(), text);
  }

  /** Ends the session, and says why. */
  void fail(ErrorCode code, boolean retryable, String text) {
    if (!closed) {
      LOG.info("{}: session {} ends: {} {}", output.peer(), id, code, text);
      sender.error(0, code, true, retryable, stream.lastOutSeq(), text);
      close(CloseReason.of(code));
    }
  }

  private void close(CloseReason reason) {
    closed = true;
    output.close(reason);
    leave();
  }

  private void leave() {
    stream.delivery().cancelReplay();
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

  /** Sends what was written. */
  void flush() {
    if (!closed) {
      sender.flush(stream.isLive());
    }
  }

  boolean isAccepted() {
    return key != null;
  }

  boolean isClosed() {
    return closed;
  }

  SessionStream stream() {
    return stream;
  }

  /** 0 = not accepted yet. */
  long id() {
    return id;
  }
}

package io.semnal.gateway;

import io.semnal.core.access.AuditLog;
import io.semnal.core.access.TokenBucket;
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
import org.agrona.DirectBuffer;

/**
 * What a client that has logged in asks for: limited in number, checked, and passed to whoever
 * answers it. Loop thread.
 */
final class SessionRequests {
  private final SessionHub hub;
  private final ClientSession session;
  private final SessionSender sender;
  private final SessionStream stream;
  private final TokenBucket bucket;
  private final int perSecond;
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private int refusedInRow;

  SessionRequests(
      SessionHub hub, ClientSession session, SessionSender sender, SessionStream stream) {
    this.hub = hub;
    this.session = session;
    this.sender = sender;
    this.stream = stream;
    perSecond = hub.context().config().limits().requestsPerSecond();
    bucket = new TokenBucket(perSecond);
  }

  /** One SBE message, unchecked. */
  void onRequest(PeerKey key, DirectBuffer buffer, int offset, int length) {
    if (stream.isClogged()) {
      stream.end("it does not read the answers to its requests");
      return;
    }
    if (!bucket.take(hub.now())) {
      tooMany();
      return;
    }
    refusedInRow = 0;
    int wrong = MessageCheck.check(buffer, offset, length);
    if (wrong == ErrorCode.UNEXPECTED_MESSAGE.value()) {
      // A newer client may know more than this server.
      unexpected("template " + MessageLayout.templateId(buffer, offset) + " is not known");
    } else if (wrong != MessageCheck.OK) {
      session.onUnreadable(ErrorCode.get(wrong), "the message cannot be decoded");
    } else {
      dispatch(key, buffer, offset);
    }
  }

  private void dispatch(PeerKey key, DirectBuffer buffer, int offset) {
    int template = MessageLayout.templateId(buffer, offset);
    switch (template) {
      case SubscribeDecoder.TEMPLATE_ID, ConflatedSubscribeDecoder.TEMPLATE_ID ->
          subscribe(key, buffer, offset);
      case UnsubscribeDecoder.TEMPLATE_ID -> stream.requests().unsubscribe(session, buffer, offset);
      case HeartbeatDecoder.TEMPLATE_ID -> session.heard();
      case TimeSyncDecoder.TEMPLATE_ID -> timeSync(buffer, offset);
      case EngineCommandDecoder.TEMPLATE_ID -> command(key, buffer, offset);
      default -> unexpected("a client does not send template " + template);
    }
  }

  private void unexpected(String text) {
    session.error(0, ErrorCode.UNEXPECTED_MESSAGE, false, text);
  }

  /** Told for a while; who goes on all the same is cut off. */
  private void tooMany() {
    String text = "more than " + perSecond + " requests a second";
    if (++refusedInRow > perSecond) {
      session.fail(ErrorCode.LIMIT_EXCEEDED, true, text);
    } else {
      session.error(0, ErrorCode.LIMIT_EXCEEDED, true, text);
    }
  }

  private void subscribe(PeerKey key, DirectBuffer buffer, int offset) {
    long requestId = SubscribeRequest.requestId(buffer, offset);
    try {
      stream.requests().subscribe(session, buffer, offset, key);
      if (stream.isBehind()) {
        // A delayed session is never live.
        hub.onBehind(session);
      }
    } catch (RefusedException e) {
      session.error(requestId, e.code(), e.isRetryable(), e.getMessage());
    }
  }

  private void timeSync(DirectBuffer buffer, int offset) {
    TimeSyncDecoder timeSync = new TimeSyncDecoder();
    timeSync.wrapAndApplyHeader(buffer, offset, header);
    long received = hub.context().wallNanos();
    sender.send(
        hub.messages().timeSync(timeSync.clientSend(), received, hub.context().wallNanos()));
  }

  private void command(PeerKey key, DirectBuffer buffer, int offset) {
    EngineCommandDecoder command = new EngineCommandDecoder();
    command.wrapAndApplyHeader(buffer, offset, header);
    long requestId = command.requestId();
    String asked = String.valueOf(command.command());
    try {
      hub.commands().pass(session, key, command);
      session.audit(AuditLog.ADMIN, null, asked);
    } catch (RefusedException e) {
      session.audit(AuditLog.ADMIN, e.code(), asked);
      session.error(requestId, e.code(), e.isRetryable(), e.getMessage());
    }
  }
}

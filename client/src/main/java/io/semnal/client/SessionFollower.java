package io.semnal.client;

import io.semnal.protocol.Channel;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BooleanType;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.HeartbeatDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.SessionErrorDecoder;
import io.semnal.protocol.sbe.SnapshotBeginDecoder;
import io.semnal.protocol.sbe.SnapshotEndDecoder;
import io.semnal.protocol.sbe.SubscribedDecoder;
import io.semnal.protocol.session.MessageCheck;
import io.semnal.protocol.session.ResumeToken;
import io.semnal.protocol.session.SessionTerms;
import java.io.IOException;
import org.agrona.DirectBuffer;

/**
 * Follows a session by what arrives, over one connection after another: where the stream stands,
 * what is missing, whether the server ended it; and passes everything on to the owner.
 */
final class SessionFollower implements Transport.Receiver {
  private final ClientHandler handler;
  private final StreamTracker tracker = new StreamTracker();
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final HeartbeatDecoder heartbeat = new HeartbeatDecoder();
  private final SessionErrorDecoder error = new SessionErrorDecoder();
  private final SubscribedDecoder answer = new SubscribedDecoder();
  private final SnapshotEndDecoder snapshotEnd = new SnapshotEndDecoder();
  private long epoch;
  private long requestId;
  private long headOutSeq;
  private long repeats;
  private long gaps;
  private boolean inSnapshot;
  private boolean subscribed;
  private String endedForGood;

  SessionFollower(ClientHandler handler) {
    this.handler = handler;
  }

  /** A connection stands. */
  void begin(SessionTerms terms) {
    epoch = terms.epoch();
    headOutSeq = terms.headOutSeq();
    inSnapshot = false;
    endedForGood = null;
  }

  /** A new stream is asked for. */
  void subscribing(long request, ResumeToken from) {
    requestId = request;
    subscribed = false;
    tracker.reset();
    if (from != null) {
      tracker.base(from.epoch(), from.outSeq());
    }
  }

  /** The same stream is asked for again, after {@link #token} where there is one. */
  void resuming(long request) {
    requestId = request;
    subscribed = false;
    if (!tracker.hasBase()) {
      tracker.reset();
    }
  }

  ResumeToken token() {
    return tracker.token();
  }

  long headOutSeq() {
    return headOutSeq;
  }

  long gaps() {
    return gaps;
  }

  long repeats() {
    return repeats;
  }

  /** Why the server does not want this client back; {@code null} if it may come back. */
  String endedForGood() {
    return endedForGood;
  }

  @Override
  public void onMessage(DirectBuffer buffer, int offset, int length) throws IOException {
    int wrong = MessageCheck.check(buffer, offset, length);
    if (wrong == ErrorCode.UNEXPECTED_MESSAGE.value()) {
      // From a newer server: skipped, as all readers do.
      return;
    }
    if (wrong != MessageCheck.OK) {
      throw new IOException("the server sent a message that cannot be read");
    }
    int template = MessageLayout.templateId(buffer, offset);
    if (template == HeartbeatDecoder.TEMPLATE_ID) {
      headOutSeq = heartbeat.wrapAndApplyHeader(buffer, offset, header).headOutSeq();
      return;
    }
    if (!MessageLayout.isOutbound(template)) {
      session(template, buffer, offset);
    } else if (!inStream(template, buffer, offset)) {
      return;
    }
    handler.onMessage(buffer, offset, length);
  }

  private boolean inStream(int template, DirectBuffer buffer, int offset) {
    int channel = Channel.of(template);
    if (!subscribed || inSnapshot || channel < 0 || channel == Channel.DEFINITIONS) {
      return true;
    }
    int what = tracker.onMessage(buffer, offset, channel);
    if (what == StreamTracker.REPEAT) {
      repeats++;
      return false;
    }
    if (what == StreamTracker.GAP) {
      gaps++;
      handler.onGap(
          channel,
          MessageLayout.instrumentId(buffer, offset),
          MessageLayout.timeframe(buffer, offset),
          MessageLayout.strategyId(buffer, offset),
          tracker.missingFrom(),
          MessageLayout.streamSeq(buffer, offset) - 1);
    }
    return true;
  }

  private void session(int template, DirectBuffer buffer, int offset) {
    switch (template) {
      case SubscribedDecoder.TEMPLATE_ID -> {
        answer.wrapAndApplyHeader(buffer, offset, header);
        boolean latest = answer.requestId() == requestId;
        answer.channels();
        long current = answer.epoch();
        onSubscribed(latest, current, answer.headOutSeq());
      }
      case SnapshotBeginDecoder.TEMPLATE_ID -> inSnapshot = true;
      case SnapshotEndDecoder.TEMPLATE_ID -> {
        inSnapshot = false;
        if (!tracker.hasBase()) {
          snapshotEnd.wrapAndApplyHeader(buffer, offset, header).requestId();
          tracker.base(epoch, snapshotEnd.atOutSeq());
        }
      }
      case SessionErrorDecoder.TEMPLATE_ID -> {
        error.wrapAndApplyHeader(buffer, offset, header);
        error.requestId();
        int code = error.codeRaw();
        boolean isFatal = error.fatalRaw() == BooleanType.T.value();
        boolean mayRetry = error.retryableRaw() == BooleanType.T.value();
        error.lastOutSeq();
        onError(code, isFatal && !mayRetry, error.text());
      }
      default -> {
        // Nothing to follow.
      }
    }
  }

  private void onSubscribed(boolean latest, long current, long head) {
    headOutSeq = Math.max(headOutSeq, head);
    subscribed |= latest;
    if (latest && !tracker.hasBase()) {
      tracker.base(current, head);
    }
  }

  private void onError(int code, boolean end, String text) {
    if (code == ErrorCode.EPOCH_CHANGED.value()
        || code == ErrorCode.FROM_AHEAD.value()
        || code == ErrorCode.REPLAY_AGED_OUT.value()) {
      tracker.reset();
    }
    if (end) {
      endedForGood = text;
    }
  }

  @Override
  public void onText(String json) throws IOException {
    JsonFields fields = JsonFields.parse(json);
    String type = fields.text("type");
    switch (type) {
      case "heartbeat" -> {
        headOutSeq = fields.number("headOutSeq");
        return;
      }
      case "subscribed" ->
          onSubscribed(
              fields.number("requestId") == requestId,
              fields.number("epoch"),
              fields.number("headOutSeq"));
      case "snapshotBegin" -> inSnapshot = true;
      case "snapshotEnd" -> {
        inSnapshot = false;
        if (!tracker.hasBase()) {
          tracker.base(epoch, fields.number("atOutSeq"));
        }
      }
      case "error" -> onErrorText(fields);
      default -> {
        if (subscribed && !inSnapshot && !type.endsWith("Definition")) {
          tracker.onOutSeq(fields.number("outSeq"));
        }
      }
    }
    handler.onText(json);
  }

  private void onErrorText(JsonFields fields) {
    int code = 0;
    for (ErrorCode known : ErrorCode.values()) {
      code = known.name().equals(fields.text("code")) ? known.value() : code;
    }
    onError(code, fields.flag("fatal") && !fields.flag("retryable"), fields.text("text"));
  }
}

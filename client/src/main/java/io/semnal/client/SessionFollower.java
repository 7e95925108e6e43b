package io.semnal.client;

import io.semnal.protocol.Channel;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BooleanType;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.HeartbeatDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.ReplayBeginDecoder;
import io.semnal.protocol.sbe.ReplayEndDecoder;
import io.semnal.protocol.sbe.SessionErrorDecoder;
import io.semnal.protocol.sbe.SnapshotBeginDecoder;
import io.semnal.protocol.sbe.SnapshotEndDecoder;
import io.semnal.protocol.sbe.SubscribedDecoder;
import io.semnal.protocol.sbe.TimeSyncDecoder;
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
  private final TimeSyncDecoder timeSync = new TimeSyncDecoder();
  private final ServerClock clock = new ServerClock();
  private final LatencyMeter meter;
  private final CauseTime causes;
  private int unsequenced;
  private long epoch;
  private long requestId;
  private long headOutSeq;
  private long repeats;
  private long gaps;
  private boolean inSnapshot;
  private boolean inReplay;
  private boolean subscribed;
  private ServerError endedForGood;

  /**
   * @param measures whether latencies are measured
   */
  SessionFollower(ClientHandler handler, boolean measures) {
    this.handler = handler;
    meter = measures ? new LatencyMeter(clock) : null;
    causes = measures ? new CauseTime(meter) : null;
  }

  ServerClock clock() {
    return clock;
  }

  LatencyMeter meter() {
    return meter;
  }

  /** A connection stands. */
  void begin(SessionTerms terms) {
    epoch = terms.epoch();
    headOutSeq = terms.headOutSeq();
    inSnapshot = false;
    inReplay = false;
    endedForGood = null;
    clock.reset();
  }

  /** A new stream is asked for. */
  void subscribing(long request, Subscription wanted) {
    ResumeToken from = wanted.resume();
    unsequenced = wanted.unsequencedBits();
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
  ServerError endedForGood() {
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
      heartbeat.wrapAndApplyHeader(buffer, offset, header).epoch();
      headOutSeq = heartbeat.headOutSeq();
      return;
    }
    if (template == TimeSyncDecoder.TEMPLATE_ID) {
      timeSync.wrapAndApplyHeader(buffer, offset, header);
      onTimeSync(timeSync.clientSend(), timeSync.serverReceive(), timeSync.serverSend());
      return;
    }
    if (!MessageLayout.isOutbound(template)) {
      session(template, buffer, offset);
    } else if (!inStream(template, buffer, offset)) {
      return;
    }
    if (isMeasured()) {
      causes.measure(template, buffer, offset, clock.now());
    }
    handler.onMessage(buffer, offset, length);
  }

  private boolean isMeasured() {
    return causes != null && !inSnapshot && !inReplay;
  }

  private void onTimeSync(long clientSend, long serverReceive, long serverSend) {
    long now = clock.now();
    if (clock.onAnswer(clientSend, serverReceive, serverSend, now) && meter != null) {
      meter.onTimeSync(now - clientSend - (serverSend - serverReceive));
    }
  }

  private boolean inStream(int template, DirectBuffer buffer, int offset) {
    int channel = Channel.of(template);
    if (!subscribed || inSnapshot || channel < 0 || channel == Channel.DEFINITIONS) {
      return true;
    }
    if ((unsequenced & 1 << channel) != 0) {
      // What was left out is told by Conflated; what comes may be behind what came.
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
      case ReplayBeginDecoder.TEMPLATE_ID -> inReplay = true;
      case ReplayEndDecoder.TEMPLATE_ID -> inReplay = false;
      case SnapshotEndDecoder.TEMPLATE_ID -> {
        inSnapshot = false;
        if (!tracker.hasBase()) {
          snapshotEnd.wrapAndApplyHeader(buffer, offset, header).requestId();
          tracker.base(epoch, snapshotEnd.atOutSeq());
        }
      }
      case SessionErrorDecoder.TEMPLATE_ID -> {
        error.wrapAndApplyHeader(buffer, offset, header);
        long request = error.requestId();
        int code = error.codeRaw();
        boolean fatal = error.fatalRaw() == BooleanType.T.value();
        boolean retryable = error.retryableRaw() == BooleanType.T.value();
        long last = error.lastOutSeq();
        onError(
            new ServerError(ServerError.code(code), fatal, retryable, request, last, error.text()));
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

  private void onError(ServerError said) {
    switch (said.code()) {
      case EPOCH_CHANGED, FROM_AHEAD, REPLAY_AGED_OUT -> {
        tracker.reset();
        inReplay = false;
      }
      default -> {
        // The place in the stream stays.
      }
    }
    if (said.fatal() && !said.retryable()) {
      endedForGood = said;
    }
    handler.onError(said);
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
      case "timeSync" -> {
        onTimeSync(
            fields.number("clientSend"),
            fields.number("serverReceive"),
            fields.number("serverSend"));
        return;
      }
      case "subscribed" ->
          onSubscribed(
              fields.number("requestId") == requestId,
              fields.number("epoch"),
              fields.number("headOutSeq"));
      case "snapshotBegin" -> inSnapshot = true;
      case "replayBegin" -> inReplay = true;
      case "replayEnd" -> inReplay = false;
      case "snapshotEnd" -> {
        inSnapshot = false;
        if (!tracker.hasBase()) {
          tracker.base(epoch, fields.number("atOutSeq"));
        }
      }
      case "error" -> onErrorText(fields);
      default -> published(type, fields);
    }
    handler.onText(json);
  }

  private void published(String type, JsonFields fields) throws IOException {
    boolean conflated = type.equals("score") && unsequenced != 0;
    if (subscribed && !inSnapshot && !conflated && !type.endsWith("Definition")) {
      tracker.onOutSeq(fields.number("outSeq"));
    }
    if (isMeasured()) {
      causes.measure(type, fields, clock.now());
    }
  }

  private void onErrorText(JsonFields fields) throws IOException {
    onError(
        new ServerError(
            ServerError.code(fields.text("code")),
            fields.flag("fatal"),
            fields.flag("retryable"),
            fields.number("requestId"),
            fields.number("lastOutSeq"),
            fields.text("text")));
  }
}

package io.semnal.gateway.fix;

import io.semnal.fix.codec.FixEncoder;
import io.semnal.fix.codec.MsgType;
import io.semnal.fix.codec.Tag;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BooleanType;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.ReplayBeginDecoder;
import io.semnal.protocol.sbe.ReplayEndDecoder;
import io.semnal.protocol.sbe.SessionErrorDecoder;
import io.semnal.protocol.sbe.ShutdownDecoder;
import io.semnal.protocol.sbe.SlowWarningDecoder;
import io.semnal.protocol.sbe.SnapshotBeginDecoder;
import io.semnal.protocol.sbe.SnapshotEndDecoder;
import io.semnal.protocol.sbe.SubscribedDecoder;
import org.agrona.DirectBuffer;

/** What a session says on its own account, as fields of FIX messages. Loop thread. */
final class SessionFrames {
  static final int LINES_OF_TEXT = 33;
  static final int ORIG_TIME = 42;
  static final int STREAM_STATUS = MsgType.of("U2");

  /** BusinessRejectReason (380). */
  private static final int OTHER = 0;

  private static final int UNKNOWN_SECURITY = 2;
  private static final int NOT_AVAILABLE = 4;
  private static final int NOT_AUTHORIZED = 6;

  private final FixFields fields;
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final SubscribedDecoder subscribed = new SubscribedDecoder();
  private final SnapshotBeginDecoder snapshotBegin = new SnapshotBeginDecoder();
  private final SnapshotEndDecoder snapshotEnd = new SnapshotEndDecoder();
  private final ReplayBeginDecoder replayBegin = new ReplayBeginDecoder();
  private final ReplayEndDecoder replayEnd = new ReplayEndDecoder();
  private final SessionErrorDecoder error = new SessionErrorDecoder();
  private final ShutdownDecoder shutdown = new ShutdownDecoder();
  private final SlowWarningDecoder slow = new SlowWarningDecoder();
  private int type;
  private FixFrame.Kind kind;

  SessionFrames(FixFields fields) {
    this.fields = fields;
  }

  int msgType() {
    return type;
  }

  FixFrame.Kind kind() {
    return kind;
  }

  /** False: nothing is told. */
  boolean write(DirectBuffer buffer, int offset) {
    type = STREAM_STATUS;
    kind = FixFrame.Kind.PLAIN;
    switch (MessageLayout.templateId(buffer, offset)) {
      case SubscribedDecoder.TEMPLATE_ID -> {
        subscribed.wrapAndApplyHeader(buffer, offset, header);
        if (subscribed.requestId() == FixRequests.INTERNAL) {
          return false;
        }
        state("SUBSCRIBED", subscribed.requestId(), subscribed.headOutSeq());
      }
      case SnapshotBeginDecoder.TEMPLATE_ID -> {
        kind = FixFrame.Kind.REPEATS_BEGIN;
        snapshotBegin.wrapAndApplyHeader(buffer, offset, header);
        state("SNAPSHOT_BEGIN", snapshotBegin.requestId(), snapshotBegin.atOutSeq());
      }
      case SnapshotEndDecoder.TEMPLATE_ID -> {
        kind = FixFrame.Kind.REPEATS_END;
        snapshotEnd.wrapAndApplyHeader(buffer, offset, header);
        state("SNAPSHOT_END", snapshotEnd.requestId(), snapshotEnd.atOutSeq());
      }
      case ReplayBeginDecoder.TEMPLATE_ID -> {
        kind = FixFrame.Kind.REPEATS_BEGIN;
        replayBegin.wrapAndApplyHeader(buffer, offset, header);
        state("REPLAY_BEGIN", replayBegin.requestId(), replayBegin.fromOutSeq());
      }
      case ReplayEndDecoder.TEMPLATE_ID -> {
        kind = FixFrame.Kind.REPEATS_END;
        replayEnd.wrapAndApplyHeader(buffer, offset, header);
        state("REPLAY_END", replayEnd.requestId(), replayEnd.lastOutSeq());
      }
      case SessionErrorDecoder.TEMPLATE_ID -> error(buffer, offset);
      case ShutdownDecoder.TEMPLATE_ID -> {
        shutdown.wrapAndApplyHeader(buffer, offset, header);
        news("SHUTDOWN", shutdown.reason());
      }
      case SlowWarningDecoder.TEMPLATE_ID -> {
        slow.wrapAndApplyHeader(buffer, offset, header);
        news("SLOW", slow.waitingBytes() + " of " + slow.limitBytes() + " bytes wait: read faster");
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private void state(String state, long requestId, long outSeq) {
    fields.out().text(UserTag.STREAM_STATE, state).integer(UserTag.REQUEST_ID, requestId);
    fields.token(outSeq);
  }

  private void news(String headline, String text) {
    type = MsgType.NEWS;
    FixEncoder out = fields.out().text(Tag.HEADLINE, headline).integer(LINES_OF_TEXT, 1);
    out.text(Tag.TEXT, text.isEmpty() ? headline : text);
  }

  /** A refused request is a business reject; what ends the session goes into its Logout. */
  private void error(DirectBuffer buffer, int offset) {
    error.wrapAndApplyHeader(buffer, offset, header);
    ErrorCode code = error.code();
    boolean fatal = error.fatal() == BooleanType.T;
    long requestId = error.requestId();
    long last = error.lastOutSeq();
    String text = code + ": " + error.text();
    if (fatal) {
      type = MsgType.LOGOUT;
      kind = FixFrame.Kind.FAREWELL;
      fields.out().text(Tag.TEXT, text);
      return;
    }
    type = MsgType.BUSINESS_MESSAGE_REJECT;
    fields.out().text(Tag.REF_MSG_TYPE, "U1");
    fields.out().integer(Tag.BUSINESS_REJECT_REF_ID, requestId);
    fields.out().integer(Tag.BUSINESS_REJECT_REASON, reason(code)).text(Tag.TEXT, text);
    fields.out().text(UserTag.ERROR_CODE, code.name());
    if (last > 0) {
      fields.token(last);
    }
  }

  private static int reason(ErrorCode code) {
    return switch (code) {
      case UNKNOWN_INSTRUMENT -> UNKNOWN_SECURITY;
      case NOT_ENTITLED -> NOT_AUTHORIZED;
      case BUSY -> NOT_AVAILABLE;
      default -> OTHER;
    };
  }
}

package io.semnal.protocol.session;

import io.semnal.protocol.Framing;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.AcceptedEncoder;
import io.semnal.protocol.sbe.BooleanType;
import io.semnal.protocol.sbe.ChallengeEncoder;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.FeedAckEncoder;
import io.semnal.protocol.sbe.HeartbeatEncoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.RejectedEncoder;
import io.semnal.protocol.sbe.SessionErrorEncoder;
import io.semnal.protocol.sbe.ShutdownEncoder;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.MutableDirectBuffer;

/**
 * Encodes the server's session messages. Every method writes one SBE message (header included, no
 * framing header) at {@code offset} and returns its length, at most {@link #MOST}. One thread.
 */
public final class SessionWriter {
  /** No message written here is longer. */
  public static final int MOST = 1024;

  private static final int MOST_TEXT = 512;

  private final MessageHeaderEncoder header = new MessageHeaderEncoder();
  private final ChallengeEncoder challenge = new ChallengeEncoder();
  private final AcceptedEncoder accepted = new AcceptedEncoder();
  private final RejectedEncoder rejected = new RejectedEncoder();
  private final SessionErrorEncoder error = new SessionErrorEncoder();
  private final HeartbeatEncoder heartbeat = new HeartbeatEncoder();
  private final FeedAckEncoder feedAck = new FeedAckEncoder();
  private final ShutdownEncoder shutdown = new ShutdownEncoder();

  /**
   * Puts the framing header before a message that was written at {@code frameOffset +
   * Framing.HEADER}.
   *
   * @return the length of the frame
   */
  public static int frame(MutableDirectBuffer buffer, int frameOffset, int messageLength) {
    Framing.write(buffer, frameOffset, messageLength);
    return messageLength + Framing.HEADER;
  }

  public int challenge(MutableDirectBuffer buffer, int offset, int version, byte[] serverNonce) {
    challenge.wrapAndApplyHeader(buffer, offset, header).version(version);
    challenge.putServerNonce(serverNonce, 0, NonceSource.LENGTH);
    return MessageLayout.HEADER + challenge.encodedLength();
  }

  public int accepted(MutableDirectBuffer buffer, int offset, SessionTerms terms) {
    accepted
        .wrapAndApplyHeader(buffer, offset, header)
        .sessionId(terms.sessionId())
        .epoch(terms.epoch())
        .oldestOutSeq(terms.oldestOutSeq())
        .headOutSeq(terms.headOutSeq())
        .sourceId(terms.sourceId())
        .lastSourceSeq(terms.lastSourceSeq())
        .heartbeatMillis(terms.heartbeatMillis())
        .maxFrame(terms.maxFrame())
        .admin(bool(terms.admin()));
    accepted.channels().clear();
    buffer.putShort(
        offset + MessageLayout.HEADER + AcceptedEncoder.channelsEncodingOffset(),
        (short) terms.channels(),
        ByteOrder.LITTLE_ENDIAN);
    byte[] name = text(terms.serverName());
    accepted.putServerName(name, 0, name.length);
    return MessageLayout.HEADER + accepted.encodedLength();
  }

  public int rejected(
      MutableDirectBuffer buffer, int offset, ErrorCode code, boolean retryable, String why) {
    byte[] text = text(why);
    rejected
        .wrapAndApplyHeader(buffer, offset, header)
        .code(code)
        .retryable(bool(retryable))
        .putText(text, 0, text.length);
    return MessageLayout.HEADER + rejected.encodedLength();
  }

  /**
   * @param requestId the request that this answers; 0 = none
   * @param lastOutSeq the last outbound message sent; 0 = none
   */
  public int error(
      MutableDirectBuffer buffer,
      int offset,
      long requestId,
      ErrorCode code,
      boolean fatal,
      boolean retryable,
      long lastOutSeq,
      String why) {
    byte[] text = text(why);
    error
        .wrapAndApplyHeader(buffer, offset, header)
        .requestId(requestId)
        .code(code)
        .fatal(bool(fatal))
        .retryable(bool(retryable))
        .lastOutSeq(lastOutSeq)
        .putText(text, 0, text.length);
    return MessageLayout.HEADER + error.encodedLength();
  }

  /** Allocates nothing. */
  public int heartbeat(
      MutableDirectBuffer buffer, int offset, long epoch, long headOutSeq, long engineTime) {
    heartbeat
        .wrapAndApplyHeader(buffer, offset, header)
        .epoch(epoch)
        .headOutSeq(headOutSeq)
        .time(engineTime);
    return MessageLayout.HEADER + HeartbeatEncoder.BLOCK_LENGTH;
  }

  /** Allocates nothing. */
  public int feedAck(MutableDirectBuffer buffer, int offset, long sourceSeq, long journalSeq) {
    feedAck.wrapAndApplyHeader(buffer, offset, header).sourceSeq(sourceSeq).journalSeq(journalSeq);
    return MessageLayout.HEADER + FeedAckEncoder.BLOCK_LENGTH;
  }

  public int shutdown(MutableDirectBuffer buffer, int offset, long deadline, String why) {
    byte[] text = text(why);
    shutdown
        .wrapAndApplyHeader(buffer, offset, header)
        .deadline(deadline)
        .putReason(text, 0, text.length);
    return MessageLayout.HEADER + shutdown.encodedLength();
  }

  static BooleanType bool(boolean value) {
    return value ? BooleanType.T : BooleanType.F;
  }

  /** UTF-8, cut at a character's border if it is too long. */
  private static byte[] text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= MOST_TEXT) {
      return bytes;
    }
    int end = MOST_TEXT;
    while ((bytes[end] & 0xC0) == 0x80) {
      end--;
    }
    return Arrays.copyOf(bytes, end);
  }
}

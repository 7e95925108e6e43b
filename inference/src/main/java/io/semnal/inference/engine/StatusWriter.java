package io.semnal.inference.engine;

import io.semnal.protocol.Channel;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.EngineCommandType;
import io.semnal.protocol.sbe.EngineState;
import io.semnal.protocol.sbe.EngineStatusEncoder;
import io.semnal.protocol.sbe.FeedQualityEncoder;
import io.semnal.protocol.sbe.FeedState;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Tells clients of feeds that went up and down, and of what operators did. */
final class StatusWriter {
  /** Longest reason passed on, in bytes; the rest is cut off at a character. */
  static final int MAX_REASON = 256;

  static final int MAX_LENGTH =
      MessageLayout.HEADER
          + Math.max(EngineStatusEncoder.BLOCK_LENGTH, FeedQualityEncoder.BLOCK_LENGTH)
          + EngineStatusEncoder.reasonHeaderLength()
          + MAX_REASON;

  private final OutboundWriter writer;
  private final Sequences sequences;
  private final FeedQualityEncoder feed = new FeedQualityEncoder();
  private final EngineStatusEncoder status = new EngineStatusEncoder();
  private final UnsafeBuffer text = new UnsafeBuffer(0, 0);

  StatusWriter(OutboundWriter writer, Sequences sequences) {
    this.writer = writer;
    this.sequences = sequences;
  }

  void feed(int instrumentId, int sourceId, FeedState state, DirectBuffer reason) {
    int textLength = cut(reason);
    int length =
        MessageLayout.HEADER
            + FeedQualityEncoder.BLOCK_LENGTH
            + FeedQualityEncoder.reasonHeaderLength()
            + textLength;
    var buffer = writer.claim(length);
    feed.wrapAndApplyHeader(buffer, writer.offset(), writer.header())
        .sourceId(sourceId)
        .state(state);
    buffer.putShort(
        feed.offset() + FeedQualityEncoder.flagsEncodingOffset(),
        (short) (state == FeedState.UP ? 0 : QuoteRules.STALE),
        ByteOrder.LITTLE_ENDIAN);
    feed.putReason(reason, 0, textLength);
    writer.publish(topic(instrumentId, 0), instrumentId, 0, 0, length);
  }

  /**
   * @param command what an operator did; {@code NULL_VAL} where the status answers something else
   */
  void engine(
      int instrumentId,
      int strategyId,
      EngineState state,
      EngineCommandType command,
      long until,
      DirectBuffer reason) {
    int textLength = cut(reason);
    int length =
        MessageLayout.HEADER
            + EngineStatusEncoder.BLOCK_LENGTH
            + EngineStatusEncoder.reasonHeaderLength()
            + textLength;
    status
        .wrapAndApplyHeader(writer.claim(length), writer.offset(), writer.header())
        .state(state)
        .command(command)
        .until(until)
        .putReason(reason, 0, textLength);
    writer.publish(topic(instrumentId, strategyId), instrumentId, 0, strategyId, length);
  }

  void engine(
      int instrumentId,
      int strategyId,
      EngineState state,
      EngineCommandType command,
      long until,
      String reason) {
    text.wrap(Definitions.utf8(reason));
    engine(instrumentId, strategyId, state, command, until, text);
  }

  private int topic(int instrumentId, int strategyId) {
    return sequences.topic(Channel.STATUS.ordinal(), instrumentId, 0, strategyId);
  }

  /** Length of the part that is passed on: a UTF-8 character is never cut in two. */
  private static int cut(DirectBuffer reason) {
    int length = Math.min(reason.capacity(), MAX_REASON);
    if (length < reason.capacity()) {
      while (length > 0 && (reason.getByte(length) & 0xC0) == 0x80) {
        length--;
      }
    }
    return length;
  }
}

package io.semnal.protocol;

import io.semnal.protocol.sbe.MessageHeaderDecoder;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * What every message has at the same place, so that sequence, time and topic are read without
 * knowing the template. Offsets are in bytes from the start of the SBE message header. The schema's
 * frozen vectors hold these offsets in place.
 */
public final class MessageLayout {
  /** Length of the SBE message header. */
  public static final int HEADER = MessageHeaderDecoder.ENCODED_LENGTH;

  private static final int TEMPLATE_ID = 2;
  private static final int FIRST = HEADER;
  private static final int INBOUND_TIME = HEADER + 8;
  private static final int CAUSE_SEQ = HEADER + 8;
  private static final int STREAM_SEQ = HEADER + 16;
  private static final int OUTBOUND_TIME = HEADER + 24;
  private static final int INSTRUMENT_ID = HEADER + 32;
  private static final int TIMEFRAME = HEADER + 36;
  private static final int STRATEGY_ID = HEADER + 40;

  /** The absent value of prices, quantities and times. */
  public static final long ABSENT = Long.MIN_VALUE;

  /** Prices are mantissas of this scale: one unit is {@code PRICE_SCALE}. */
  public static final long PRICE_SCALE = 100_000_000L;

  /** Decimals of a price mantissa. */
  public static final int PRICE_DECIMALS = 8;

  private static final int FIRST_OUTBOUND = 20;
  private static final int FIRST_SESSION = 40;

  private MessageLayout() {}

  public static int templateId(DirectBuffer buffer, int offset) {
    return buffer.getShort(offset + TEMPLATE_ID, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
  }

  public static boolean isInbound(int templateId) {
    return templateId > 0 && templateId < FIRST_OUTBOUND;
  }

  public static boolean isOutbound(int templateId) {
    return templateId >= FIRST_OUTBOUND && templateId < FIRST_SESSION;
  }

  public static long journalSeq(DirectBuffer buffer, int offset) {
    return buffer.getLong(offset + FIRST, ByteOrder.LITTLE_ENDIAN);
  }

  /** Engine time of an inbound message. */
  public static long inboundTime(DirectBuffer buffer, int offset) {
    return buffer.getLong(offset + INBOUND_TIME, ByteOrder.LITTLE_ENDIAN);
  }

  /** Stamps an inbound message in place. */
  public static void stamp(MutableDirectBuffer buffer, int offset, long journalSeq, long time) {
    buffer.putLong(offset + FIRST, journalSeq, ByteOrder.LITTLE_ENDIAN);
    buffer.putLong(offset + INBOUND_TIME, time, ByteOrder.LITTLE_ENDIAN);
  }

  public static long outSeq(DirectBuffer buffer, int offset) {
    return buffer.getLong(offset + FIRST, ByteOrder.LITTLE_ENDIAN);
  }

  public static long causeSeq(DirectBuffer buffer, int offset) {
    return buffer.getLong(offset + CAUSE_SEQ, ByteOrder.LITTLE_ENDIAN);
  }

  public static long streamSeq(DirectBuffer buffer, int offset) {
    return buffer.getLong(offset + STREAM_SEQ, ByteOrder.LITTLE_ENDIAN);
  }

  /** Engine time of an outbound message. */
  public static long outboundTime(DirectBuffer buffer, int offset) {
    return buffer.getLong(offset + OUTBOUND_TIME, ByteOrder.LITTLE_ENDIAN);
  }

  public static int instrumentId(DirectBuffer buffer, int offset) {
    return buffer.getInt(offset + INSTRUMENT_ID, ByteOrder.LITTLE_ENDIAN);
  }

  /** Seconds of the timeframe of an outbound message; 0 = none. */
  public static int timeframe(DirectBuffer buffer, int offset) {
    return buffer.getInt(offset + TIMEFRAME, ByteOrder.LITTLE_ENDIAN);
  }

  public static int strategyId(DirectBuffer buffer, int offset) {
    return buffer.getInt(offset + STRATEGY_ID, ByteOrder.LITTLE_ENDIAN);
  }

  /** Writes the sequence and topic of an outbound message in place. */
  public static void sequence(
      MutableDirectBuffer buffer,
      int offset,
      long outSeq,
      long causeSeq,
      long streamSeq,
      long time,
      int instrumentId,
      int timeframe,
      int strategyId) {
    buffer.putLong(offset + FIRST, outSeq, ByteOrder.LITTLE_ENDIAN);
    buffer.putLong(offset + CAUSE_SEQ, causeSeq, ByteOrder.LITTLE_ENDIAN);
    buffer.putLong(offset + STREAM_SEQ, streamSeq, ByteOrder.LITTLE_ENDIAN);
    buffer.putLong(offset + OUTBOUND_TIME, time, ByteOrder.LITTLE_ENDIAN);
    buffer.putInt(offset + INSTRUMENT_ID, instrumentId, ByteOrder.LITTLE_ENDIAN);
    buffer.putInt(offset + TIMEFRAME, timeframe, ByteOrder.LITTLE_ENDIAN);
    buffer.putInt(offset + STRATEGY_ID, strategyId, ByteOrder.LITTLE_ENDIAN);
  }
}

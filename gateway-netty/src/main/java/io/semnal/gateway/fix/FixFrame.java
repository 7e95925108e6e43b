package io.semnal.gateway.fix;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What is common to all sessions in one FIX message: its type, what it means for the session that
 * sends it, and its fields. The session adds its own header.
 *
 * <p>Layout, little endian: MsgType (int), kind (int), topic (long), signal id (long), length of
 * the first fields (int), length of the second (int), side (long), the fields themselves.
 */
public final class FixFrame {
  static final int HEADER = 40;
  private static final int TYPE_AT = 0;
  private static final int KIND_AT = 4;
  private static final int TOPIC_AT = 8;
  private static final int SIGNAL_AT = 16;
  private static final int FIRST_AT = 24;
  private static final int SECOND_AT = 28;
  private static final int SIDE_AT = 32;
  private static final Kind[] KINDS = Kind.values();

  /** What a message means for the session that sends it. */
  public enum Kind {
    PLAIN,
    /** A signal is published: its IOI lives from here on. */
    OPENED,
    /** A signal has ended. */
    ENDED,
    /** A NEUTRAL: the first fields are News, the second an IOI that cancels the live one. */
    NEUTRAL,
    /** What follows may have been sent before. */
    REPEATS_BEGIN,
    /** What follows is new. */
    REPEATS_END,
    /** The session is about to end: the first fields are the reason alone, as text. */
    FAREWELL
  }

  private final UnsafeBuffer view = new UnsafeBuffer(new byte[0]);

  /** Reads a frame in place. */
  public FixFrame wrap(byte[] frame) {
    if (view.byteArray() != frame) {
      view.wrap(frame);
    }
    return this;
  }

  static void write(
      UnsafeBuffer to,
      int type,
      Kind kind,
      long topic,
      long signalId,
      char side,
      int first,
      int second) {
    to.putInt(TYPE_AT, type, ByteOrder.LITTLE_ENDIAN);
    to.putInt(KIND_AT, kind.ordinal(), ByteOrder.LITTLE_ENDIAN);
    to.putLong(TOPIC_AT, topic, ByteOrder.LITTLE_ENDIAN);
    to.putLong(SIGNAL_AT, signalId, ByteOrder.LITTLE_ENDIAN);
    to.putLong(SIDE_AT, side, ByteOrder.LITTLE_ENDIAN);
    to.putInt(FIRST_AT, first, ByteOrder.LITTLE_ENDIAN);
    to.putInt(SECOND_AT, second, ByteOrder.LITTLE_ENDIAN);
  }

  public int msgType() {
    return view.getInt(TYPE_AT, ByteOrder.LITTLE_ENDIAN);
  }

  public Kind kind() {
    return KINDS[view.getInt(KIND_AT, ByteOrder.LITTLE_ENDIAN)];
  }

  /** Strategy and instrument, as one number. */
  public long topic() {
    return view.getLong(TOPIC_AT, ByteOrder.LITTLE_ENDIAN);
  }

  public long signalId() {
    return view.getLong(SIGNAL_AT, ByteOrder.LITTLE_ENDIAN);
  }

  /** Side (54) of the signal that is opened. */
  public char side() {
    return (char) view.getLong(SIDE_AT, ByteOrder.LITTLE_ENDIAN);
  }

  public int firstOffset() {
    return HEADER;
  }

  public int firstLength() {
    return view.getInt(FIRST_AT, ByteOrder.LITTLE_ENDIAN);
  }

  public int secondOffset() {
    return HEADER + firstLength();
  }

  public int secondLength() {
    return view.getInt(SECOND_AT, ByteOrder.LITTLE_ENDIAN);
  }
}

package io.semnal.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.semnal.gateway.fix.FixMessages;
import io.semnal.gateway.json.JsonMessages;
import io.semnal.gateway.json.Names;
import io.semnal.protocol.Framing;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.SignalDecoder;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One message in each encoding that somebody wants, made once however many sessions receive it.
 *
 * <p>A signal has two forms: with its feature values, and with that field empty. Loop thread.
 */
final class MessageFrames {
  private static final int BINARY_FRAME = 0x82;
  private static final int TEXT_FRAME = 0x81;
  private static final int LONGEST_WEBSOCKET_HEADER = 10;
  private static final Encoding[] ENCODINGS = Encoding.values();

  private final UnsafeBuffer[] frames = new UnsafeBuffer[ENCODINGS.length * 2];
  private final ByteBuf[] shared = new ByteBuf[ENCODINGS.length * 2];
  private final int[] lengths = new int[ENCODINGS.length * 2];
  private final JsonMessages json;
  private final FixMessages fix;
  private DirectBuffer message;
  private int offset;
  private int length;
  private boolean hasFeatures;
  private int made;

  /** Of messages that are not told over FIX. */
  MessageFrames(Names names) {
    this(names, null);
  }

  /**
   * @param fix {@code null}: nothing is told over FIX
   */
  MessageFrames(Names names, FixMessages fix) {
    json = new JsonMessages(names);
    this.fix = fix;
    for (int i = 0; i < frames.length; i++) {
      frames[i] = new UnsafeBuffer(new byte[1024]);
    }
  }

  /** Turns to a message; the buffer stays as it is until the next call. */
  void begin(DirectBuffer buffer, int messageOffset, int messageLength) {
    message = buffer;
    offset = messageOffset;
    length = messageLength;
    made = 0;
    hasFeatures =
        MessageLayout.templateId(buffer, messageOffset) == SignalDecoder.TEMPLATE_ID
            && messageLength > featuresAt() + Short.BYTES;
  }

  /** Writes the message to a session, in its encoding. */
  void writeTo(SessionOutput output, boolean features) {
    int i = form(output.encoding(), features);
    if (lengths[i] > 0) {
      output.write(frames[i].byteArray(), lengths[i]);
    }
  }

  /**
   * The same for one of many sessions, which may all hold the same bytes; see {@link #end}.
   *
   * @return whether no flush is needed for it, as of {@link SessionOutput#share}
   */
  boolean shareTo(SessionOutput output, boolean features, boolean last) {
    int i = form(output.encoding(), features);
    if (lengths[i] == 0) {
      return true;
    }
    if (output.encoding().isFix()) {
      // Each session has a header of its own to add.
      output.write(frames[i].byteArray(), lengths[i]);
      return false;
    }
    if (shared[i] == null) {
      shared[i] = ByteBufAllocator.DEFAULT.directBuffer(lengths[i]);
      shared[i].writeBytes(frames[i].byteArray(), 0, lengths[i]);
    }
    return output.share(shared[i], last);
  }

  /** Lets go of what was shared; sessions that still hold it keep it. */
  void end() {
    for (int i = 0; i < shared.length; i++) {
      if (shared[i] != null) {
        shared[i].release();
        shared[i] = null;
      }
    }
  }

  /** The place of the message's form, which is made if it was not yet. */
  private int form(Encoding encoding, boolean features) {
    // Any message without feature values has one form only.
    int i = encoding.ordinal() * 2 + (features && isSignal() ? 1 : 0);
    if ((made & (1 << i)) == 0) {
      lengths[i] = make(i, encoding, (i & 1) != 0);
      made |= 1 << i;
    }
    return i;
  }

  private boolean isSignal() {
    return MessageLayout.templateId(message, offset) == SignalDecoder.TEMPLATE_ID;
  }

  private int make(int i, Encoding encoding, boolean features) {
    return switch (encoding) {
      case SBE_TCP -> {
        UnsafeBuffer frame = room(i, Framing.HEADER + length);
        int size = copy(frame, Framing.HEADER, features);
        Framing.write(frame, 0, size);
        yield Framing.HEADER + size;
      }
      case SBE_WEBSOCKET -> {
        int size = hasFeatures && !features ? featuresAt() + Short.BYTES : length;
        UnsafeBuffer frame = room(i, LONGEST_WEBSOCKET_HEADER + length);
        int header = webSocketHeader(frame, BINARY_FRAME, size);
        yield header + copy(frame, header, features);
      }
      case JSON_WEBSOCKET -> {
        int size = json.encode(message, offset, features);
        UnsafeBuffer frame = room(i, LONGEST_WEBSOCKET_HEADER + size);
        if (size == 0) {
          yield 0;
        }
        int header = webSocketHeader(frame, TEXT_FRAME, size);
        frame.putBytes(header, json.bytes(), 0, size);
        yield header + size;
      }
      case FIX_PLAIN, FIX_SLASHED -> {
        if (fix == null) {
          yield 0;
        }
        int size = fix.encode(message, offset, encoding == Encoding.FIX_SLASHED);
        UnsafeBuffer frame = room(i, size);
        frame.putBytes(0, fix.bytes(), 0, size);
        yield size;
      }
    };
  }

  /** The SBE message; a signal's feature values are left out if not wanted. */
  private int copy(UnsafeBuffer frame, int at, boolean features) {
    if (!hasFeatures || features) {
      frame.putBytes(at, message, offset, length);
      return length;
    }
    int end = featuresAt();
    frame.putBytes(at, message, offset, end);
    frame.putShort(at + end, (short) 0);
    return end + Short.BYTES;
  }

  /** Where the length of a signal's features stands, from the message's start. */
  private int featuresAt() {
    return MessageLayout.HEADER + (message.getShort(offset, ByteOrder.LITTLE_ENDIAN) & 0xFFFF);
  }

  private UnsafeBuffer room(int i, int needed) {
    if (frames[i].capacity() < needed) {
      frames[i].wrap(new byte[Integer.highestOneBit(needed) * 2]);
    }
    return frames[i];
  }

  /** RFC 6455, section 5.2: one whole, unmasked frame. */
  private static int webSocketHeader(UnsafeBuffer frame, int first, int size) {
    frame.putByte(0, (byte) first);
    if (size < 126) {
      frame.putByte(1, (byte) size);
      return 2;
    }
    if (size < 0x1_0000) {
      frame.putByte(1, (byte) 126);
      frame.putShort(2, (short) size, ByteOrder.BIG_ENDIAN);
      return 4;
    }
    frame.putByte(1, (byte) 127);
    frame.putLong(2, size, ByteOrder.BIG_ENDIAN);
    return LONGEST_WEBSOCKET_HEADER;
  }
}

package io.semnal.journal;

import io.semnal.core.ingress.MessageHandler;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;

/** Checksum of one journaled message: tells two journals apart that have come equally far. */
final class MessageSum implements MessageHandler {
  static final long NONE = -1;

  private final Side side;
  private final long sequence;
  private long sum = NONE;

  private MessageSum(Side side, long sequence) {
    this.side = side;
    this.sequence = sequence;
  }

  /** Of the message with that sequence; {@link #NONE} if there is none. */
  static long of(QueueReader reader, long sequence) {
    MessageSum found = new MessageSum(reader.side(), sequence);
    if (reader.seekToSequence(sequence)) {
      reader.readNext(found);
    }
    return found.sum;
  }

  @Override
  public void onMessage(DirectBuffer buffer, int offset, int length) {
    if (side.sequence(buffer, offset) == sequence) {
      byte[] bytes = new byte[length];
      buffer.getBytes(offset, bytes);
      CRC32C crc = new CRC32C();
      crc.update(bytes);
      sum = crc.getValue();
    }
  }
}

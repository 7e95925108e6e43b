package io.semnal.bench.fix;

import io.semnal.fix.codec.FixGroup;
import io.semnal.fix.codec.FixMessage;
import io.semnal.fix.codec.FixTokenizer;
import io.semnal.fix.codec.Tag;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Ours, from direct memory as Netty hands it over. */
final class SemnalCodec implements FixCodec {
  private final UnsafeBuffer[] messages;
  private final FixTokenizer tokenizer = new FixTokenizer();
  private final FixMessage message = new FixMessage();
  private final FixGroup group = new FixGroup();

  SemnalCodec(byte[][] sources) {
    messages = new UnsafeBuffer[sources.length];
    for (int i = 0; i < sources.length; i++) {
      messages[i] = new UnsafeBuffer(ByteBuffer.allocateDirect(sources[i].length));
      messages[i].putBytes(0, sources[i]);
    }
  }

  @Override
  public long read(int index) {
    UnsafeBuffer bytes = messages[index];
    if (tokenizer.next(bytes, 0, bytes.capacity(), message) != FixTokenizer.MESSAGE) {
      throw new IllegalStateException("not a message: " + tokenizer.reason());
    }
    long sum = message.integer(Tag.MSG_SEQ_NUM) + message.timestamp(Tag.SENDING_TIME);
    sum += message.equals(Tag.SYMBOL, "EUR/USD") ? 1 : 0;
    group.open(message, Tag.NO_MD_ENTRIES);
    while (group.next()) {
      sum += group.character(Tag.MD_ENTRY_TYPE);
      sum += group.decimal(Tag.MD_ENTRY_PX);
      sum += group.decimal(Tag.MD_ENTRY_SIZE);
    }
    return sum;
  }
}

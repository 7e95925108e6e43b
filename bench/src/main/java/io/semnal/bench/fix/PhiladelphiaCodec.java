package io.semnal.bench.fix;

import com.paritytrading.philadelphia.FIXConfig;
import com.paritytrading.philadelphia.FIXMessage;
import com.paritytrading.philadelphia.FIXMessageParser;
import com.paritytrading.philadelphia.FIXTimestamp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** Philadelphia 2.0, from direct memory as its connection reads into. */
final class PhiladelphiaCodec implements FixCodec {
  private final ByteBuffer[] messages;
  private final FIXTimestamp time = new FIXTimestamp();
  private final FIXMessageParser parser;
  private long sum;

  PhiladelphiaCodec(byte[][] sources) {
    messages = new ByteBuffer[sources.length];
    for (int i = 0; i < sources.length; i++) {
      messages[i] = ByteBuffer.allocateDirect(sources[i].length).put(sources[i]);
    }
    FIXConfig config = FIXConfig.newBuilder().setCheckSumEnabled(true).build();
    parser = new FIXMessageParser(config, this::onMessage);
  }

  @Override
  public long read(int index) {
    ByteBuffer bytes = messages[index].rewind();
    sum = 0;
    try {
      if (!parser.parse(bytes)) {
        throw new IllegalStateException("not a message");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return sum;
  }

  private void onMessage(FIXMessage message) {
    message.valueOf(52).asTimestamp(time);
    sum += message.getMsgSeqNum() + time.getMilli();
    sum += message.valueOf(55).contentEquals("EUR/USD") ? 1 : 0;
    for (int i = message.indexOf(268) + 1; i < message.getFieldCount(); i++) {
      switch (message.tagAt(i)) {
        case 269 -> sum += message.valueAt(i).asChar();
        case 270, 271 -> sum += (long) (message.valueAt(i).asFloat() * 1e8);
        default -> sum += 0;
      }
    }
  }
}

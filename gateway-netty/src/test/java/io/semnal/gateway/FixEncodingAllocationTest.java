package io.semnal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.semnal.gateway.fix.FixMessages;
import io.semnal.gateway.fix.SignalTerms;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.protocol.sbe.SignalEventDecoder;
import io.semnal.protocol.sbe.SignalState;
import io.semnal.protocol.sbe.SignalType;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What a signal's life costs as IOIs: new, replace, cancel, and a NEUTRAL; no garbage. */
class FixEncodingAllocationTest {
  private static final int LIVES = 10_000;
  private static final int UNJUDGED = 6;

  /** What asking for the count may itself take, and far below one byte a message. */
  private static final long TOLERANCE = 1_000;

  private final Outbound make = new Outbound();
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final Directory names = new Directory();
  private final SignalTerms terms = new SignalTerms(id -> false);
  private final FixMessages messages = new FixMessages(names, () -> 1, terms);
  private final UnsafeBuffer signal = new UnsafeBuffer(make.signal(1, 1, 7, new byte[0]));
  private final UnsafeBuffer neutral = new UnsafeBuffer(make.signal(1, 1, 7, new byte[0]));
  private final UnsafeBuffer active = new UnsafeBuffer(make.event(1, 1, 1, 7, SignalState.ACTIVE));
  private final UnsafeBuffer ended = new UnsafeBuffer(make.event(1, 1, 1, 7, SignalState.ENDED));
  private long outSeq = 10;
  private long length;
  private Object sink;

  @Test
  void aSignalsLifeIsEncodedWithoutGarbage() {
    define(make.instrument(1, 1, "EURUSD", 5));
    define(make.strategy(2, 7, "breakout"));
    neutral.putByte(
        MessageLayout.HEADER + SignalDecoder.signalTypeEncodingOffset(),
        (byte) SignalType.NEUTRAL.value());
    // What the compiler makes disappear is there until it has come to it: not judged.
    for (int i = 0; i < UNJUDGED; i++) {
      allocated(LIVES, 0);
    }
    assertThat(allocated(LIVES, 0)).isLessThan(TOLERANCE);
    assertThat(length).isGreaterThan((UNJUDGED + 1L) * LIVES * 4 * 100);
    // The control: what is allocated is seen.
    assertThat(allocated(LIVES, 16)).isGreaterThanOrEqualTo(16L * LIVES);
  }

  private void define(byte[] definition) {
    names.onDefinition(new UnsafeBuffer(definition), 0, definition.length);
  }

  private long allocated(int lives, int extra) {
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < lives; i++) {
      long id = encode(signal);
      event(active, id);
      event(ended, id);
      encode(neutral);
      if (extra > 0) {
        sink = new byte[extra];
      }
    }
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  private void event(UnsafeBuffer event, long id) {
    event.putLong(
        MessageLayout.HEADER + SignalEventDecoder.signalIdEncodingOffset(),
        id,
        ByteOrder.LITTLE_ENDIAN);
    encode(event);
  }

  private long encode(UnsafeBuffer message) {
    message.putLong(MessageLayout.HEADER, ++outSeq, ByteOrder.LITTLE_ENDIAN);
    length += messages.encode(message, 0, true);
    return outSeq;
  }
}

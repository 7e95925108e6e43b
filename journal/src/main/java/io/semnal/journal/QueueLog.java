package io.semnal.journal;

import io.semnal.core.ingress.MessageLog;
import net.openhft.chronicle.bytes.PointerBytesStore;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.util.MicroTouched;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableDirectByteBuffer;

/**
 * Appends SBE messages to a Chronicle Queue, one excerpt each, the message's bytes and nothing
 * else. One appender, made once; one thread at a time; appends allocate nothing.
 */
public final class QueueLog implements MessageLog {
  private final PointerBytesStore pointer = new PointerBytesStore();
  private final ExpandableDirectByteBuffer scratch = new ExpandableDirectByteBuffer(1024);
  private final MicroTouched touch;
  private final IndexHolders holders;
  private ExcerptAppender appender;

  QueueLog(SingleChronicleQueue queue) {
    appender = queue.createAppender();
    touch = (MicroTouched) appender;
    holders = new IndexHolders(appender);
    // Recovery appends on the starting thread, an agent's thread goes on from there.
    appender.singleThreadedCheckDisabled(true);
    pointer.singleThreadedCheckDisabled(true);
  }

  @Override
  public void append(DirectBuffer buffer, int offset, int length) {
    if (buffer.byteArray() == null) {
      pointer.set(buffer.addressOffset() + offset, length);
    } else {
      scratch.putBytes(0, buffer, offset, length);
      pointer.set(scratch.addressOffset(), length);
    }
    appender.writeBytes(pointer);
    holders.appended();
  }

  @Override
  public void idle() {
    touch.microTouch();
  }

  @Override
  public void close() {
    if (appender != null) {
      appender.close();
      appender = null;
    }
  }
}

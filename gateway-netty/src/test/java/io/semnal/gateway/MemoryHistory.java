package io.semnal.gateway;

import io.semnal.core.ingress.MessageHandler;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;
import org.agrona.concurrent.UnsafeBuffer;

/** An outbound journal in memory: one writer, any readers. */
final class MemoryHistory implements OutboundHistory {
  private final byte[][] messages = new byte[2_000_000][];
  private final AtomicLong head = new AtomicLong();
  private final AtomicLong oldest = new AtomicLong(1);
  final AtomicInteger opened = new AtomicInteger();
  final AtomicInteger openNow = new AtomicInteger();
  volatile long failAt = Long.MAX_VALUE;
  volatile long damagedAt = Long.MAX_VALUE;
  private volatile boolean keepsSome;

  void append(byte[] message) {
    long next = head.get() + 1;
    messages[(int) next] = message;
    head.setRelease(next);
  }

  byte[] get(long outSeq) {
    return messages[(int) outSeq];
  }

  void forgetBefore(long outSeq) {
    oldest.set(outSeq);
  }

  /** Of what lies before, these stay, as a pruned journal has some. */
  void forgetBefore(long outSeq, LongPredicate kept) {
    for (long old = 1; old < outSeq; old++) {
      messages[(int) old] = kept.test(old) ? messages[(int) old] : null;
    }
    keepsSome = true;
    oldest.set(outSeq);
  }

  @Override
  public long oldest() {
    return oldest.get();
  }

  @Override
  public long head() {
    return head.getAcquire();
  }

  @Override
  public Cursor openAt(long time) {
    return open(keepsSome ? 0 : oldest() - 1);
  }

  @Override
  public Cursor open(long afterOutSeq) {
    opened.incrementAndGet();
    openNow.incrementAndGet();
    return new Cursor() {
      private long at = afterOutSeq;

      @Override
      public boolean readNext(MessageHandler handler) {
        at = Math.max(at, keepsSome ? 0 : oldest() - 1);
        while (at < head() && messages[(int) at + 1] == null) {
          at++;
        }
        if (at >= head()) {
          return false;
        }
        if (at >= failAt) {
          throw new IllegalStateException("the disk is gone");
        }
        if (at + 1 == damagedAt) {
          throw new DamagedHistoryException(new IllegalStateException("another byte"));
        }
        byte[] message = messages[(int) ++at];
        handler.onMessage(new UnsafeBuffer(message), 0, message.length);
        return true;
      }

      @Override
      public void close() {
        openNow.decrementAndGet();
      }
    };
  }
}

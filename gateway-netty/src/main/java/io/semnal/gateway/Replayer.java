package io.semnal.gateway;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * Serves resuming clients from the journal, on a cold thread: each client a little in turn, at its
 * own pace. Does there, too, what would take a loop a disk's time. Any thread submits; one thread
 * runs {@link #doWork}.
 */
public final class Replayer implements Agent {
  private static final int BUFFER = 256 * 1024;

  private final ConcurrentLinkedQueue<Replay> submitted = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Runnable> errands = new ConcurrentLinkedQueue<>();
  private final List<Replay> active = new ArrayList<>();
  private final ConcurrentLinkedQueue<OneToOneRingBuffer> free = new ConcurrentLinkedQueue<>();
  private final Runnable wakeup;

  /**
   * @param wakeup ends the idling of the thread that runs this agent; any thread calls it
   */
  public Replayer(Runnable wakeup) {
    this.wakeup = wakeup;
  }

  void submit(Replay replay) {
    submitted.add(replay);
    wakeup.run();
  }

  /** Does something on the cold thread, soon. Any thread. */
  void execute(Runnable errand) {
    errands.add(errand);
    wakeup.run();
  }

  /** A buffer between the replay thread and a loop. Any thread. */
  OneToOneRingBuffer takeBuffer() {
    OneToOneRingBuffer buffer = free.poll();
    return buffer != null
        ? buffer
        : new OneToOneRingBuffer(
            new UnsafeBuffer(
                ByteBuffer.allocateDirect(BUFFER + RingBufferDescriptor.TRAILER_LENGTH)));
  }

  /** An empty one. Any thread. */
  void giveBack(OneToOneRingBuffer buffer) {
    free.add(buffer);
  }

  @Override
  public int doWork() {
    int work = 0;
    for (Runnable errand = errands.poll(); errand != null; errand = errands.poll()) {
      errand.run();
      work++;
    }
    for (Replay replay = submitted.poll(); replay != null; replay = submitted.poll()) {
      active.add(replay);
      work++;
    }
    if (active.isEmpty()) {
      return work;
    }
    long now = System.nanoTime();
    for (int i = active.size() - 1; i >= 0; i--) {
      int read = active.get(i).advance(now);
      if (read < 0) {
        Replay over = active.remove(i);
        if (read == Replay.GONE) {
          empty(over.buffer());
        }
        work++;
      } else {
        work += read;
      }
    }
    return work;
  }

  /** One read ends where the buffer wraps. */
  private void empty(OneToOneRingBuffer buffer) {
    while (buffer.size() > 0) {
      buffer.read((type, message, offset, length) -> {});
    }
    giveBack(buffer);
  }

  /** Lets go of every journal cursor. */
  @Override
  public void onClose() {
    submitted.forEach(Replay::cancel);
    active.addAll(submitted);
    active.forEach(Replay::cancel);
    active.forEach(r -> r.advance(0));
    active.clear();
  }

  @Override
  public String roleName() {
    return "replayer";
  }
}

package io.semnal.bench;

import com.sun.management.ThreadMXBean;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * One I/O loop on one thread, run as the server runs its edge, with a broadcast on it: publishes at
 * planned times, or as fast as the loop turns.
 */
final class FanoutLoop implements AutoCloseable {
  /** What is published. Loop thread. */
  interface Broadcast {
    void publish(int messages);

    /** What the loop's thread does beside its input and output. */
    default int doWork() {
      return 0;
    }
  }

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Of a thread: bytes allocated, nanoseconds of processor time. */
  record Cost(long bytes, long nanos) {
    static Cost now() {
      return new Cost(THREADS.getCurrentThreadAllocatedBytes(), THREADS.getCurrentThreadCpuTime());
    }

    Cost since(Cost before) {
      return new Cost(bytes - before.bytes, nanos - before.nanos);
    }
  }

  private static final long IDLE_NANOS = 1_000_000L;

  private final FastThreadLocalThread thread;
  private final ManualIoEventLoop loop;
  private volatile Broadcast broadcast;
  private volatile Plan plan;
  private volatile boolean running = true;

  /** A slice: so many messages, in bursts, from then on. */
  private static final class Plan {
    final int messages;
    final int burst;
    final long from;
    final long period;
    final CompletableFuture<Cost> cost = new CompletableFuture<>();
    Cost before;
    int done;

    Plan(int messages, int burst, long from, long period) {
      this.messages = messages;
      this.burst = burst;
      this.from = from;
      this.period = period;
    }
  }

  FanoutLoop(String name) {
    thread = new FastThreadLocalThread(this::run, name);
    thread.setDaemon(true);
    loop = new ManualIoEventLoop(thread, EpollIoHandler.newFactory());
  }

  ManualIoEventLoop loop() {
    return loop;
  }

  Class<? extends ServerChannel> channel() {
    return EpollServerSocketChannel.class;
  }

  void start(Broadcast what) {
    broadcast = what;
    thread.start();
  }

  /**
   * Publishes a slice.
   *
   * @param period nanoseconds from burst to burst; 0 = one in each turn of the loop
   * @return what the thread spent from the first burst to the last
   */
  CompletableFuture<Cost> publish(int messages, int burst, long from, long period) {
    Plan next = new Plan(messages, burst, from, period);
    plan = next;
    loop.wakeup();
    return next.cost;
  }

  private void run() {
    while (running) {
      int work = loop.runNow();
      work += broadcast.doWork();
      Plan now = plan;
      if (now != null) {
        advance(now);
      } else if (work == 0) {
        loop.run(IDLE_NANOS);
      }
    }
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    while (!loop.isTerminated()) {
      loop.run(IDLE_NANOS);
    }
  }

  private void advance(Plan now) {
    long due = now.from + now.done / now.burst * now.period;
    if (System.nanoTime() - due < 0) {
      return;
    }
    if (now.before == null) {
      now.before = Cost.now();
    }
    int burst = Math.min(now.burst, now.messages - now.done);
    broadcast.publish(burst);
    now.done += burst;
    if (now.done == now.messages) {
      plan = null;
      now.cost.complete(Cost.now().since(now.before));
    }
  }

  @Override
  public void close() {
    running = false;
    loop.wakeup();
    try {
      thread.join(5_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package io.semnal.gateway;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.semnal.testing.Await;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/** A thread that runs an I/O loop by hand, as the server's agents do, and other duties after it. */
final class LoopThread implements AutoCloseable {
  private final FastThreadLocalThread thread;
  private final ManualIoEventLoop loop;
  private final Class<? extends ServerChannel> channel;
  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private volatile IntSupplier duty = () -> 0;
  private volatile Runnable next;
  private volatile boolean running = true;
  private volatile Throwable failure;

  LoopThread(String name, boolean epoll) {
    boolean useEpoll = epoll && Epoll.isAvailable();
    thread = new FastThreadLocalThread(this::run, name);
    thread.setDaemon(true);
    IoHandlerFactory factory = useEpoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    channel = useEpoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    loop = new ManualIoEventLoop(thread, factory);
    thread.start();
  }

  GatewayLoop loop() {
    return new GatewayLoop(loop, channel);
  }

  void duty(IntSupplier work) {
    duty = work;
  }

  void execute(Runnable task) {
    tasks.add(task);
  }

  /** One task for the next turn, without allocating; the loop's thread itself may call. */
  void executeNext(Runnable task) {
    next = task;
  }

  private void run() {
    try {
      while (running) {
        int work = loop.runNow();
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
          task.run();
          work++;
        }
        Runnable one = next;
        if (one != null) {
          next = null;
          one.run();
          work++;
        }
        work += duty.getAsInt();
        if (work == 0) {
          LockSupport.parkNanos(50_000);
        }
      }
      loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      while (!loop.isTerminated()) {
        loop.runNow();
      }
    } catch (Throwable t) {
      failure = t;
    }
  }

  @Override
  public void close() {
    running = false;
    join(thread);
    if (failure != null) {
      throw new AssertionError("loop thread failed", failure);
    }
  }

  static void join(Thread thread) {
    try {
      if (!thread.join(Await.PATIENCE)) {
        throw new AssertionError(thread + " does not end");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}

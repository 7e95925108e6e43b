package io.semnal.fix.net;

import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.semnal.testing.Await;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A thread that runs an I/O loop and what works on it, as an agent of the server does. */
public final class TestLoop implements AutoCloseable {
  private static final long TURN_NANOS = 10_000_000L;

  /** Something that works on the loop's thread. */
  @FunctionalInterface
  public interface Work {
    int doWork(long now);
  }

  private final List<Work> works = new CopyOnWriteArrayList<>();
  private final CompletableFuture<ManualIoEventLoop> loop = new CompletableFuture<>();
  private final Thread thread;
  private volatile boolean running = true;

  public TestLoop() {
    thread = new Thread(this::run, "test-loop");
    thread.start();
  }

  private void run() {
    ManualIoEventLoop own =
        new ManualIoEventLoop(Thread.currentThread(), NioIoHandler.newFactory());
    loop.complete(own);
    while (running) {
      own.run(TURN_NANOS);
      for (Work work : works) {
        work.doWork(now());
      }
    }
    own.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
    while (!own.isTerminated()) {
      own.run(TURN_NANOS);
    }
  }

  public ManualIoEventLoop loop() {
    return loop.join();
  }

  public void add(Work work) {
    works.add(work);
  }

  /** Runs something on the loop's thread and waits for its result. */
  public <T> T call(Callable<T> task) {
    return loop().submit(task).syncUninterruptibly().getNow();
  }

  /** UTC nanoseconds. */
  public static long now() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  /** Waits until it is so. */
  public static void await(String what, BooleanSupplier condition) {
    Await.until(what, condition::getAsBoolean);
  }

  @Override
  public void close() {
    running = false;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

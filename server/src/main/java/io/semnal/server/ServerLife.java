package io.semnal.server;

import io.semnal.gateway.http.HealthCondition;
import io.semnal.gateway.http.HealthCondition.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.Agent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a server starts, runs, stops or has failed, and the first reason why. Any thread. */
final class ServerLife {
  private static final Logger LOG = LoggerFactory.getLogger(ServerLife.class);

  private final CountDownLatch stopped = new CountDownLatch(1);
  private final AtomicReference<String> fault = new AtomicReference<>();
  private final CompletableFuture<Void> failed = new CompletableFuture<>();
  private volatile boolean listening;

  /** Every port is open. */
  void listening() {
    listening = true;
  }

  /** Ends it for this reason; the first one counts. */
  void fail(String why) {
    fault.compareAndSet(null, why);
    failed.complete(null);
    stopped.countDown();
  }

  void died(Agent agent, Throwable cause) {
    LOG.error("agent {} died", agent.roleName(), cause);
    fail(agent.roleName() + " died: " + cause);
  }

  /** Lets {@link #awaitStop} return. */
  void stop() {
    stopped.countDown();
  }

  /** Waits until {@link #stop} or a fault. */
  void awaitStop() throws InterruptedException {
    stopped.await();
  }

  /** What ended it, or {@code null} if nothing went wrong. */
  String fault() {
    return fault.get();
  }

  /**
   * Waits for what a thread of the server will do, such as opening a port, but not for a dead one.
   *
   * @throws RuntimeException that it failed with, or saying why the server ends
   */
  <T> T await(CompletableFuture<T> coming) {
    try {
      CompletableFuture.anyOf(coming, failed).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException known ? known : e;
    }
    if (!coming.isDone()) {
      throw new IllegalStateException(fault.get());
    }
    return coming.join();
  }

  /** Why it is not ready, as far as that lies here; the caller may add to it. */
  List<HealthCondition> conditions() {
    List<HealthCondition> found = new ArrayList<>();
    if (fault.get() != null) {
      found.add(new HealthCondition(Code.FAULT, fault.get()));
    }
    if (stopped.getCount() == 0) {
      found.add(new HealthCondition(Code.STOPPING, "the server stops"));
    } else if (!listening) {
      found.add(new HealthCondition(Code.STARTING, "the server starts: not every port is open"));
    }
    return found;
  }
}

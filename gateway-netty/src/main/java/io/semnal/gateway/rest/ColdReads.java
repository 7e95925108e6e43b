package io.semnal.gateway.rest;

import io.semnal.gateway.rest.Problem.Code;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** Reads of the journal on threads beside the loops: few at a time, and not many waiting. */
final class ColdReads {
  private static final int AT_A_TIME = 2;
  private static final int MOST = 32;

  private final Semaphore running = new Semaphore(AT_A_TIME);
  private final AtomicInteger taken = new AtomicInteger();

  /**
   * Reads as soon as it is this one's turn.
   *
   * @throws Problem {@code BUSY} if too many wait already
   */
  CompletionStage<Reply> read(Callable<Reply> work) throws Problem {
    if (taken.incrementAndGet() > MOST) {
      taken.decrementAndGet();
      throw new Problem(Code.BUSY, "too many readers of the journal wait, try again");
    }
    CompletableFuture<Reply> reply = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("rest-read")
        .start(
            () -> {
              try {
                reply.complete(inTurn(work));
              } catch (Throwable t) {
                reply.completeExceptionally(t);
              } finally {
                taken.decrementAndGet();
              }
            });
    return reply;
  }

  private Reply inTurn(Callable<Reply> work) throws Exception {
    running.acquire();
    try {
      return work.call();
    } finally {
      running.release();
    }
  }

  /** What lies behind a failure of a stage. */
  static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}

package io.semnal.server;

import io.semnal.core.ingress.Ingress;
import io.semnal.core.ingress.IngressQueue;
import io.semnal.core.ingress.MessageLog;
import org.agrona.concurrent.Agent;

/** The ingress thread's duty: take what other threads handed over, and let time pass. */
final class IngressAgent implements Agent {
  private static final int TOUCH_EVERY = 256;
  private final Ingress ingress;
  private final IngressQueue queue;
  private final MessageLog log;
  private int idleCycles;

  IngressAgent(Ingress ingress, IngressQueue queue, MessageLog log) {
    this.ingress = ingress;
    this.queue = queue;
    this.log = log;
  }

  @Override
  public int doWork() {
    int work = queue.drain() + ingress.tick();
    if (work == 0 && ++idleCycles % TOUCH_EVERY == 0) {
      log.idle();
    }
    return work;
  }

  @Override
  public String roleName() {
    return "ingress";
  }
}

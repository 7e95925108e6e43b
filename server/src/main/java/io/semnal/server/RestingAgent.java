package io.semnal.server;

import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.Agent;

/**
 * An agent that rests as long as it has worked, on a thread of its own: with few cores, what is
 * never urgent takes no more than half of one.
 */
record RestingAgent(Agent agent) implements Agent {
  private static final long LONGEST_REST = 50_000_000L;

  @Override
  public void onStart() {
    agent.onStart();
  }

  @Override
  public int doWork() throws Exception {
    long started = System.nanoTime();
    int work = agent.doWork();
    if (work > 0) {
      LockSupport.parkNanos(this, Math.min(LONGEST_REST, System.nanoTime() - started));
    }
    return work;
  }

  @Override
  public void onClose() {
    agent.onClose();
  }

  @Override
  public String roleName() {
    return agent.roleName();
  }
}

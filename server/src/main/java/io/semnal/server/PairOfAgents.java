package io.semnal.server;

import org.agrona.concurrent.Agent;

/** Two agents in one duty cycle. */
record PairOfAgents(Agent first, Agent second) implements Agent {
  @Override
  public void onStart() {
    first.onStart();
    second.onStart();
  }

  @Override
  public int doWork() throws Exception {
    return first.doWork() + second.doWork();
  }

  @Override
  public void onClose() {
    try {
      first.onClose();
    } finally {
      second.onClose();
    }
  }

  @Override
  public String roleName() {
    return first.roleName() + "+" + second.roleName();
  }
}

package io.semnal.server;

import org.agrona.concurrent.Agent;

/** Two agents in one duty cycle. */
record PairOfAgents(Agent first, Agent second) implements Agent {
  @Override
  public int doWork() throws Exception {
    return first.doWork() + second.doWork();
  }

  @Override
  public String roleName() {
    return first.roleName() + "+" + second.roleName();
  }
}

package io.semnal.server;

import io.semnal.core.agent.AgentThread;
import org.agrona.concurrent.Agent;

/** An agent whose work gives other threads work: it wakes them when it did some. */
final class WakingAgent implements Agent {
  private final Agent agent;
  private final AgentThread[] others;

  WakingAgent(Agent agent, AgentThread... others) {
    this.agent = agent;
    this.others = others;
  }

  @Override
  public void onStart() {
    agent.onStart();
  }

  @Override
  public int doWork() throws Exception {
    int work = agent.doWork();
    if (work > 0) {
      for (AgentThread other : others) {
        other.wakeup();
      }
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

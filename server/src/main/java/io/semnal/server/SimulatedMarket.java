package io.semnal.server;

import io.semnal.feed.TickSource;
import org.agrona.concurrent.Agent;

/** Lets a simulated market play inside a live server. */
public final class SimulatedMarket {
  private SimulatedMarket() {}

  /**
   * An agent for the ingress thread.
   *
   * @param from event time at its first duty cycle
   * @param speed times real time
   */
  public static Agent agent(TickSource market, TickIntake intake, long from, double speed) {
    return new SimulatorAgent(market, intake, from, speed, System::nanoTime);
  }
}

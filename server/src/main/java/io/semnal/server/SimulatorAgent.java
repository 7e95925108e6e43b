package io.semnal.server;

import io.semnal.feed.Tick;
import io.semnal.feed.TickSource;
import java.io.IOException;
import java.util.function.LongSupplier;
import org.agrona.concurrent.Agent;

/** Lets a simulated market's ticks come in at the pace of its own clock, on the ingress thread. */
final class SimulatorAgent implements Agent {
  /**
   * One a duty cycle: the engine takes each before the next comes in, as it would from a socket.
   */
  private static final int BATCH = 1;

  private final TickSource market;
  private final TickIntake intake;
  private final LongSupplier nanoTime;
  private final double speed;
  private final long marketStart;
  private final Tick tick = new Tick();
  private long started = Long.MIN_VALUE;
  private boolean waiting;
  private boolean refused;
  private boolean ended;

  /**
   * @param marketStart event time at the agent's first duty cycle
   * @param speed times real time
   */
  SimulatorAgent(
      TickSource market, TickIntake intake, long marketStart, double speed, LongSupplier nanoTime) {
    this.market = market;
    this.intake = intake;
    this.marketStart = marketStart;
    this.speed = speed;
    this.nanoTime = nanoTime;
  }

  @Override
  public int doWork() throws IOException {
    long now = nanoTime.getAsLong();
    if (started == Long.MIN_VALUE) {
      started = now;
    }
    long marketNow = marketStart + (long) ((now - started) * speed);
    int work = 0;
    while (work < BATCH && !ended && step(marketNow)) {
      work++;
    }
    return work;
  }

  private boolean step(long marketNow) throws IOException {
    if (refused) {
      refused = !intake.retry();
      return !refused;
    }
    if (!waiting) {
      waiting = market.next(tick);
      ended = !waiting;
    }
    if (!waiting || tick.eventTime > marketNow) {
      return false;
    }
    waiting = false;
    refused = !intake.offer(tick, tick.instrument);
    return !refused;
  }

  @Override
  public String roleName() {
    return "simulator";
  }
}

package io.semnal.core.agent;

import io.semnal.core.config.RuntimeConfig.Threads.Idle;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.agrona.concurrent.Agent;

/**
 * A thread that gives its agents their duty cycles in order, and idles as configured when none had
 * work.
 *
 * <p>With {@code BACKOFF} it spins briefly, then blocks, in a {@link Blocker} where it has one (an
 * I/O loop), else parked, until {@link #wakeup()} or the longest sleep.
 */
public final class AgentThread implements AutoCloseable {
  /** Blocks the calling thread until there is I/O, a wake-up, or the time is over. */
  public interface Blocker {
    void block(long nanos);

    /** Any thread. */
    void wakeup();
  }

  /** Idle duty cycles before a thread sleeps, where nothing else was said. */
  public static final int SPINS = 200;

  /** Nanoseconds that a {@code BACKOFF} thread sleeps at most, where nothing else was said. */
  public static final long LONGEST_SLEEP = 20_000_000L;

  private final String name;
  private final List<Agent> agents;
  private final Idle idle;
  private final int spins;
  private final long longestSleep;
  private final Blocker blocker;
  private final BiConsumer<Agent, Throwable> onError;
  private final Thread thread;
  private volatile boolean running = true;
  private volatile boolean asleep;
  private int idleCycles;

  /**
   * @param spins idle duty cycles before a {@code BACKOFF} thread sleeps
   * @param blocker may be {@code null}
   * @param onError told when an agent threw; the thread then ends, and closes its agents
   */
  public AgentThread(
      String name,
      List<Agent> agents,
      Idle idle,
      int spins,
      Blocker blocker,
      ThreadFactory threads,
      BiConsumer<Agent, Throwable> onError) {
    this(name, agents, idle, spins, LONGEST_SLEEP, blocker, threads, onError);
  }

  /**
   * The same.
   *
   * @param longestSleep nanoseconds after which a sleeping thread looks by itself
   */
  public AgentThread(
      String name,
      List<Agent> agents,
      Idle idle,
      int spins,
      long longestSleep,
      Blocker blocker,
      ThreadFactory threads,
      BiConsumer<Agent, Throwable> onError) {
    this.name = name;
    this.agents = List.copyOf(agents);
    this.idle = idle;
    this.spins = spins;
    this.longestSleep = longestSleep;
    this.blocker = blocker;
    this.onError = onError;
    thread = threads.newThread(this::run);
    thread.setName(name);
  }

  /** The thread itself, for loops that must know their owner before they start. */
  public Thread thread() {
    return thread;
  }

  public void start() {
    thread.start();
  }

  /** Ends the thread's sleep if it sleeps; cheap if it does not. Any thread. */
  public void wakeup() {
    if (asleep) {
      asleep = false;
      if (blocker != null) {
        blocker.wakeup();
      } else {
        LockSupport.unpark(thread);
      }
    }
  }

  private void run() {
    Agent[] duty = agents.toArray(Agent[]::new);
    each(duty, Agent::onStart);
    while (running) {
      if (cycle(duty) > 0) {
        idleCycles = 0;
      } else {
        idle(duty);
      }
    }
    each(duty, Agent::onClose);
  }

  /** One that throws keeps none of the others from its turn. */
  private void each(Agent[] duty, Consumer<Agent> turn) {
    for (Agent agent : duty) {
      try {
        turn.accept(agent);
      } catch (RuntimeException | Error e) {
        running = false;
        onError.accept(agent, e);
      }
    }
  }

  private int cycle(Agent[] duty) {
    int work = 0;
    for (Agent agent : duty) {
      try {
        work += agent.doWork();
      } catch (Exception | Error e) {
        running = false;
        onError.accept(agent, e);
        return 0;
      }
    }
    return work;
  }

  private void idle(Agent[] duty) {
    switch (idle) {
      case SPIN -> Thread.onSpinWait();
      case YIELD -> Thread.yield();
      case BACKOFF -> {
        if (++idleCycles <= spins) {
          Thread.onSpinWait();
        } else {
          sleep(duty);
        }
      }
    }
  }

  /**
   * Says that it sleeps, looks once more, then blocks: a producer sees the one or the thread the
   * other.
   */
  private void sleep(Agent[] duty) {
    asleep = true;
    if (cycle(duty) > 0 || !running) {
      asleep = false;
      idleCycles = 0;
      return;
    }
    if (blocker != null) {
      blocker.block(longestSleep);
    } else {
      LockSupport.parkNanos(this, longestSleep);
    }
    asleep = false;
  }

  /** Ends the thread after its current cycle and waits for it. */
  @Override
  public void close() {
    running = false;
    if (blocker != null) {
      blocker.wakeup();
    }
    LockSupport.unpark(thread);
    boolean interrupted = false;
    while (thread.isAlive() && Thread.currentThread() != thread) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  public String name() {
    return name;
  }
}

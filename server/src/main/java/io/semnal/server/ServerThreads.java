package io.semnal.server;

import io.netty.util.concurrent.FastThreadLocalThread;
import io.semnal.core.agent.AgentThread;
import io.semnal.core.config.RuntimeConfig;
import io.semnal.core.config.RuntimeConfig.Threads.Idle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.agrona.concurrent.Agent;

/**
 * Spreads a server's agents over threads: {@code SHARED} puts everything on a tick's path on one
 * hot thread, {@code PAIRED} parts I/O from the engine, {@code DEDICATED} gives ingress, engine and
 * outbound journal a thread each. Edge, cold work and the journal's pages have threads of their own
 * in each.
 */
final class ServerThreads implements AutoCloseable {
  /** Netty finds its thread-local pools faster on threads of its own kind. */
  private static final ThreadFactory PLATFORM = FastThreadLocalThread::new;

  /** The system gives it a ninth of what it gives a thread that competes with it. */
  private static final int FOLLOWER_NICE = 10;

  private final List<AgentThread> threads = new ArrayList<>();
  private final BiConsumer<Agent, Throwable> onError;
  private final Idle idle;

  private final int edgeNice;

  /**
   * The agents by their part of a tick's way.
   *
   * @param io feed listener and what else reads sockets beside the loop itself
   * @param hotSessions everything that serves the hot sessions
   * @param edge everything of the edge but its loop
   * @param edgeWaker makes the agent that wakes the edge when there is news for it
   * @param cold serves clients that resume from far back
   * @param watch looks after keys, certificates, disk and feeds: not behind cold work
   * @param pages readies the journal's memory: not behind cold work, which may take its time
   * @param edgeSleep longest sleep of the edge thread, nanoseconds
   * @param follower reads the journal behind the engine; {@code null} = none
   */
  record Agents(
      IoLoop hotLoop,
      List<Agent> io,
      Agent ingress,
      Agent engine,
      Agent journal,
      List<Agent> hotSessions,
      IoLoop edgeLoop,
      List<Agent> edge,
      long edgeSleep,
      Function<Runnable, Agent> edgeWaker,
      Agent cold,
      List<Agent> watch,
      Agent pages,
      Agent follower) {}

  ServerThreads(RuntimeConfig.Threads config, Agents agents, BiConsumer<Agent, Throwable> onError) {
    this.onError = onError;
    idle = config.idle();
    edgeNice = config.edgeNice();
    int cores = Runtime.getRuntime().availableProcessors();
    Composition composition = Composition.of(config.composition(), cores);
    // With few cores, what spins beside the hot thread takes the processor from it.
    int spins = composition == Composition.SHARED ? 0 : AgentThread.SPINS;
    AgentThread cold = thread("cold", Idle.BACKOFF, spins, null, List.of(agents.cold()));
    thread("watch", Idle.BACKOFF, 0, null, agents.watch());
    thread("pages", Idle.BACKOFF, 0, null, List.of(agents.pages()));
    if (agents.follower() != null) {
      boolean isCrowded = composition == Composition.SHARED;
      Agent follower = isCrowded ? new RestingAgent(agents.follower()) : agents.follower();
      thread("follower", Idle.BACKOFF, 0, null, List.of(follower));
    }
    List<Agent> edgeDuty = new ArrayList<>(List.of(agents.edgeLoop()));
    edgeDuty.addAll(agents.edge());
    AgentThread edge =
        thread("edge", Idle.BACKOFF, spins, agents.edgeSleep(), agents.edgeLoop(), edgeDuty);
    agents.edgeLoop().ownedBy(edge.thread());
    AgentThread hot =
        switch (composition) {
          case SHARED -> shared(agents, edge);
          case PAIRED -> paired(agents, edge);
          case DEDICATED -> dedicated(agents, edge);
        };
    agents.hotLoop().ownedBy(hot.thread());
    wakeCold = cold::wakeup;
  }

  private final Runnable wakeCold;
  private Runnable wakeIngress;

  private AgentThread shared(Agents a, AgentThread edge) {
    List<Agent> duty = new ArrayList<>(List.of(a.hotLoop()));
    duty.addAll(a.io());
    duty.addAll(List.of(a.ingress(), a.engine(), a.journal()));
    duty.addAll(a.hotSessions());
    // Last: waking another thread takes longer than serving the hot sessions.
    duty.add(a.edgeWaker().apply(edge::wakeup));
    AgentThread hot = thread("hot", idle, a.hotLoop(), duty);
    wakeIngress = hot::wakeup;
    return hot;
  }

  private AgentThread paired(Agents a, AgentThread edge) {
    AgentThread io = ioThread(a);
    Agent ingress = new WakingAgent(a.ingress(), io);
    Agent journal = new WakingAgent(a.journal(), io);
    Agent waker = a.edgeWaker().apply(edge::wakeup);
    AgentThread engine = thread("engine", idle, null, List.of(ingress, a.engine(), journal, waker));
    wakeIngress = engine::wakeup;
    return io;
  }

  private AgentThread dedicated(Agents a, AgentThread edge) {
    AgentThread io = ioThread(a);
    AgentThread journal =
        thread(
            "journal",
            idle,
            null,
            List.of(new WakingAgent(a.journal(), io), a.edgeWaker().apply(edge::wakeup)));
    AgentThread engine =
        thread("engine", idle, null, List.of(new WakingAgent(a.engine(), journal)));
    AgentThread ingress =
        thread(
            "ingress",
            idle,
            null,
            List.of(new WakingAgent(a.ingress(), engine, io), a.edgeWaker().apply(edge::wakeup)));
    wakeIngress = ingress::wakeup;
    return io;
  }

  private AgentThread ioThread(Agents a) {
    List<Agent> duty = new ArrayList<>(List.of(a.hotLoop()));
    duty.addAll(a.io());
    duty.addAll(a.hotSessions());
    return thread("io", idle, a.hotLoop(), duty);
  }

  private AgentThread thread(String name, Idle how, AgentThread.Blocker blocker, List<Agent> duty) {
    return thread(name, how, AgentThread.SPINS, blocker, duty);
  }

  private AgentThread thread(
      String name, Idle how, int spins, AgentThread.Blocker blocker, List<Agent> duty) {
    return thread(name, how, spins, AgentThread.LONGEST_SLEEP, blocker, duty);
  }

  private AgentThread thread(
      String name, Idle how, int spins, long sleep, AgentThread.Blocker blocker, List<Agent> duty) {
    ThreadFactory factory = body -> PLATFORM.newThread(LowPriority.of(niceOf(name), body));
    AgentThread thread =
        new AgentThread("semnal-" + name, duty, how, spins, sleep, blocker, factory, onError);
    threads.add(thread);
    return thread;
  }

  /** What serves a tick gives way to nobody, nor what readies the journal's memory for it. */
  private int niceOf(String name) {
    return switch (name) {
      case "edge", "cold" -> edgeNice;
      case "follower" -> FOLLOWER_NICE;
      default -> 0;
    };
  }

  /** All of them. */
  List<Thread> all() {
    return threads.stream().map(AgentThread::thread).toList();
  }

  /** Ends the ingress thread's idling. Any thread. */
  void wakeIngress() {
    wakeIngress.run();
  }

  /** Ends the cold thread's idling. Any thread. */
  void wakeCold() {
    wakeCold.run();
  }

  void start() {
    threads.forEach(AgentThread::start);
  }

  /** Ends the threads, the sources of work first. */
  @Override
  public void close() {
    threads.reversed().forEach(AgentThread::close);
  }
}

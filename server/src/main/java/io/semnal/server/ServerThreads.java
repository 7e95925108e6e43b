package io.semnal.server;

import io.netty.util.concurrent.FastThreadLocalThread;
import io.semnal.core.agent.AgentThread;
import io.semnal.core.config.RuntimeConfig;
import io.semnal.core.config.RuntimeConfig.Threads.Idle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.function.BiConsumer;
import org.agrona.concurrent.Agent;

/**
 * Spreads a server's agents over threads: {@code SHARED} puts everything on a tick's path on one
 * hot thread, {@code PAIRED} parts I/O from the engine, {@code DEDICATED} gives ingress, engine and
 * outbound journal a thread each. Edge and cold work have threads of their own in each.
 */
final class ServerThreads implements AutoCloseable {
  /** Netty finds its thread-local pools faster on threads of its own kind. */
  private static final ThreadFactory PLATFORM = FastThreadLocalThread::new;

  private final List<AgentThread> threads = new ArrayList<>();
  private final BiConsumer<Agent, Throwable> onError;
  private final Idle idle;

  /**
   * The agents by their part of a tick's way.
   *
   * @param io feed listener and what else reads sockets beside the loop itself
   * @param hotSessions everything that serves the hot sessions
   * @param edge everything of the edge but its loop
   * @param cold serves clients that resume from far back
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
      Agent cold) {}

  ServerThreads(RuntimeConfig.Threads config, Agents agents, BiConsumer<Agent, Throwable> onError) {
    this.onError = onError;
    idle = config.idle();
    int cores = Runtime.getRuntime().availableProcessors();
    AgentThread cold = thread("cold", Idle.BACKOFF, null, List.of(agents.cold()));
    List<Agent> edgeDuty = new ArrayList<>(List.of(agents.edgeLoop()));
    edgeDuty.addAll(agents.edge());
    AgentThread edge = thread("edge", Idle.BACKOFF, agents.edgeLoop(), edgeDuty);
    agents.edgeLoop().ownedBy(edge.thread());
    AgentThread hot =
        switch (Composition.of(config.composition(), cores)) {
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
    duty.add(new WakingAgent(a.ingress(), edge));
    duty.add(a.engine());
    duty.add(new WakingAgent(a.journal(), edge));
    duty.addAll(a.hotSessions());
    AgentThread hot = thread("hot", idle, a.hotLoop(), duty);
    wakeIngress = hot::wakeup;
    return hot;
  }

  private AgentThread paired(Agents a, AgentThread edge) {
    AgentThread io = ioThread(a);
    Agent ingress = new WakingAgent(a.ingress(), io, edge);
    Agent journal = new WakingAgent(a.journal(), io, edge);
    AgentThread engine = thread("engine", idle, null, List.of(ingress, a.engine(), journal));
    wakeIngress = engine::wakeup;
    return io;
  }

  private AgentThread dedicated(Agents a, AgentThread edge) {
    AgentThread io = ioThread(a);
    AgentThread journal =
        thread("journal", idle, null, List.of(new WakingAgent(a.journal(), io, edge)));
    AgentThread engine =
        thread("engine", idle, null, List.of(new WakingAgent(a.engine(), journal)));
    AgentThread ingress =
        thread("ingress", idle, null, List.of(new WakingAgent(a.ingress(), engine, io, edge)));
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
    AgentThread thread = new AgentThread("semnal-" + name, duty, how, blocker, PLATFORM, onError);
    threads.add(thread);
    return thread;
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

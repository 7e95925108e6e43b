package io.semnal.server;

import com.lmax.disruptor.EventPoller;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.semnal.core.agent.AgentThread;
import io.semnal.core.agent.OutboundHandler;
import io.semnal.core.config.RuntimeConfig.Threads.Idle;
import io.semnal.core.config.SemnalConfig;
import io.semnal.core.market.Timeframe;
import io.semnal.core.metrics.Metrics;
import io.semnal.core.ring.MessageRing;
import io.semnal.core.ring.Slot;
import io.semnal.feed.session.Pace;
import io.semnal.gateway.EdgeGateway;
import io.semnal.gateway.GatewayContext;
import io.semnal.gateway.HotGateway;
import io.semnal.gateway.Replayer;
import io.semnal.gateway.SessionHub;
import io.semnal.journal.JournalDirectory;
import io.semnal.journal.OutboundJournal;
import io.semnal.journal.QueueReader;
import io.semnal.protocol.session.KeyLookup;
import io.semnal.protocol.session.NonceSource;
import io.semnal.server.replay.PacedJournal;
import io.semnal.server.replay.ReadOnlyKeys;
import io.semnal.server.replay.ServedRange;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.Agent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers a part of a journal to clients as if it were happening now: the same sessions, the same
 * bytes, the same {@code outSeq}, under an epoch of replays. There is no engine, no feed and no
 * admin port, and no key may command anything.
 */
public final class ReplayServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReplayServer.class);
  private static final String NAME = "semnal replay";
  private static final int INBOUND_SLOTS = 1024;
  private static final int OUTBOUND_SLOTS = 256;

  /** Longer than any message but a definition of a very long column. */
  private static final int OUTBOUND_SLOT = 32 * 1024;

  private static final int BATCH = 64;
  private static final long GOODBYE = 500_000_000L;

  private final MessageRing inbound = new MessageRing(INBOUND_SLOTS, EngineHost.INBOUND_SLOT);
  private final MessageRing outbound = new MessageRing(OUTBOUND_SLOTS, OUTBOUND_SLOT);
  private final IoLoop hotLoop = new IoLoop("hot-io");
  private final IoLoop edgeLoop = new IoLoop("edge-io");
  private final OutboundJournal history;
  private final EdgeGateway edge;
  private final HotGateway hot;
  private final PacedJournal journal;
  private final List<AgentThread> threads = new ArrayList<>();
  private final AgentThread cold;
  private final CompletableFuture<Void> failed = new CompletableFuture<>();
  private final AtomicReference<String> fault = new AtomicReference<>();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);

  /** Where clients connect. */
  public record Ports(InetSocketAddress tcp, InetSocketAddress ws) {}

  /**
   * Wires everything, and reads what was published before the range; nothing runs yet.
   *
   * @param timeframes those that clients can name
   */
  public ReplayServer(
      SemnalConfig config,
      JournalDirectory directory,
      ServedRange served,
      Collection<Timeframe> timeframes,
      Pace pace,
      KeyLookup keys) {
    Metrics metrics = new Metrics();
    history = new OutboundJournal(directory);
    Replayer replayer = new Replayer(this::wakeCold);
    GatewayContext context =
        new GatewayContext(
            config.runtime().gateway(),
            timeframes,
            new ReadOnlyKeys(keys),
            NonceSource.secure(),
            new History(history),
            (buffer, offset, length) -> false,
            replayer,
            metrics,
            () -> System.currentTimeMillis() * 1_000_000L,
            NAME);
    edge = new EdgeGateway(context, edgeLoop.gatewayLoop());
    hot =
        new HotGateway(
            context, hotLoop.gatewayLoop(), edge, config.runtime().threads().hotSessions());
    preload(directory, served);
    journal =
        new PacedJournal(
            directory, served.range(), served.firstOutSeq(), pace, System::nanoTime, new Rings());
    AgentThread hotThread =
        thread(
            "hot",
            hotLoop,
            new InboundAgent(inbound, hot.hub()),
            new FromRing("hot-sessions", outbound, hot),
            new WorkAgent("hot-timers", hot::doWork));
    AgentThread edgeThread =
        thread(
            "edge",
            edgeLoop,
            new InboundAgent(inbound, edge.hub()),
            new FromRing("edge-sessions", outbound, edge),
            new WorkAgent("edge-timers", edge::doWork));
    cold = thread("cold", null, replayer);
    thread(
        "replay",
        null,
        new WakingAgent(new WorkAgent("replay", this::advance), hotThread, edgeThread));
  }

  /** Window, definitions and open signals as they stood before the range. */
  private void preload(JournalDirectory directory, ServedRange served) {
    SessionHub[] hubs = {hot.hub(), edge.hub()};
    long[] last = {0};
    try (QueueReader reader = directory.outboundReader()) {
      while (last[0] < served.firstOutSeq() - 1
          && reader.readNext(
              (buffer, offset, length) -> {
                last[0] = reader.side().sequence(buffer, offset);
                if (last[0] < served.firstOutSeq()) {
                  for (SessionHub hub : hubs) {
                    hub.onEarlier(buffer, offset, length);
                  }
                }
              })) {
        // Up to the range.
      }
    }
    for (SessionHub hub : hubs) {
      hub.startAt(served.firstOutSeq() - 1, served.epoch());
    }
  }

  private AgentThread thread(String name, IoLoop loop, Agent... duty) {
    List<Agent> agents = new ArrayList<>(List.of(duty));
    if (loop != null) {
      agents.addFirst(loop);
    }
    AgentThread thread =
        new AgentThread(
            "semnal-" + name,
            agents,
            Idle.BACKOFF,
            0,
            loop,
            FastThreadLocalThread::new,
            this::died);
    if (loop != null) {
      loop.ownedBy(thread.thread());
    }
    threads.add(thread);
    return thread;
  }

  private int advance() {
    int work = journal.advance(BATCH);
    if (journal.isEnded()) {
      ended.countDown();
    }
    return work;
  }

  private void wakeCold() {
    cold.wakeup();
  }

  /** Takes the journal's messages into the rings, in the replay's thread. */
  private final class Rings implements PacedJournal.Target {
    @Override
    public boolean hasRoom() {
      return inbound.hasRoom(1) && outbound.hasRoom(1);
    }

    /** Headers may be longer than a slot; clients see quotes. */
    @Override
    public void inbound(DirectBuffer buffer, int offset, int length) {
      if (length <= inbound.slotLength()) {
        put(inbound, buffer, offset, length);
      }
    }

    @Override
    public void outbound(DirectBuffer buffer, int offset, int length) {
      if (length > outbound.slotLength()) {
        throw new IllegalStateException("a message of " + length + " bytes is too long to serve");
      }
      put(outbound, buffer, offset, length);
    }

    private static void put(MessageRing ring, DirectBuffer buffer, int offset, int length) {
      long sequence = ring.next();
      Slot slot = ring.get(sequence);
      slot.buffer().putBytes(slot.offset(), buffer, offset, length);
      slot.length(length);
      slot.originNanos(0);
      ring.publish(sequence);
    }
  }

  /** Gives a ring's messages to the sessions of one loop. */
  private static final class FromRing implements Agent {
    private final String name;
    private final EventPoller<Slot> poller;
    private final OutboundHandler target;
    private int handled;

    FromRing(String name, MessageRing ring, OutboundHandler target) {
      this.name = name;
      this.target = target;
      poller = ring.poller(true);
    }

    @Override
    public int doWork() throws Exception {
      handled = 0;
      poller.poll(this::onMessage);
      if (handled > 0) {
        target.onBatchEnd();
      }
      return handled;
    }

    private boolean onMessage(Slot slot, long sequence, boolean endOfBatch) {
      if (endOfBatch) {
        target.onLast(slot.buffer(), slot.offset(), slot.length(), 0);
      } else {
        target.onOutbound(slot.buffer(), slot.offset(), slot.length(), 0);
      }
      handled++;
      return true;
    }

    @Override
    public String roleName() {
      return name;
    }
  }

  /**
   * Opens the ports, then lets the journal's time begin.
   *
   * @throws RuntimeException naming the port that cannot be opened; the server is closed then
   */
  public Ports start() {
    AgentThread replay = threads.getLast();
    threads.stream().filter(thread -> thread != replay).forEach(AgentThread::start);
    try {
      Ports ports = new Ports(await(hot.listen()), await(edge.listen()));
      replay.start();
      return ports;
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private InetSocketAddress await(CompletableFuture<InetSocketAddress> bound) {
    try {
      CompletableFuture.anyOf(bound, failed).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException known ? known : e;
    }
    if (!bound.isDone()) {
      throw new IllegalStateException(fault.get());
    }
    return bound.join();
  }

  private void died(Agent agent, Throwable cause) {
    LOG.error("agent {} died", agent.roleName(), cause);
    fault.compareAndSet(null, agent.roleName() + " died: " + cause);
    failed.complete(null);
    stopped.countDown();
    ended.countDown();
  }

  /** Waits until the last message was handed to the sessions, or a fault. */
  public void awaitEnd() throws InterruptedException {
    ended.await();
  }

  /** Waits until {@link #stop} or a fault. */
  public void awaitStop() throws InterruptedException {
    stopped.await();
  }

  /** Lets the waiting methods return. Any thread. */
  public void stop() {
    stopped.countDown();
    ended.countDown();
  }

  /** What stopped the server, or {@code null} if nothing went wrong. */
  public String fault() {
    return fault.get();
  }

  @Override
  public void close() {
    stop();
    long deadline = System.currentTimeMillis() * 1_000_000L + GOODBYE;
    CountDownLatch told = new CountDownLatch(2);
    goodbye(hotLoop, () -> hot.shutdown(deadline, "the replay stops"), told);
    goodbye(edgeLoop, () -> edge.shutdown(deadline, "the replay stops"), told);
    try {
      if (!told.await(1, TimeUnit.SECONDS)) {
        LOG.warn("not every client could be told that the replay stops");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    threads.reversed().forEach(AgentThread::close);
    journal.close();
    history.close();
  }

  private static void goodbye(IoLoop loop, Runnable words, CountDownLatch told) {
    try {
      loop.loop()
          .execute(
              () -> {
                words.run();
                told.countDown();
              });
    } catch (RejectedExecutionException e) {
      // Its thread died, and closed every connection with it.
      LOG.debug("{} is closed already", loop.roleName(), e);
      told.countDown();
    }
  }
}

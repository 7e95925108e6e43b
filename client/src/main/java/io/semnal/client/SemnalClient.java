package io.semnal.client;

import io.semnal.protocol.session.LoginRefusedException;
import io.semnal.protocol.session.ResumeToken;
import io.semnal.protocol.session.SessionTerms;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ThreadLocalRandom;
import org.agrona.DirectBuffer;

/**
 * A client of a Semnal server, over TCP or WebSocket: connects, authenticates, subscribes, hands
 * over messages, and after a loss comes back and resumes after the last one.
 *
 * <pre>{@code
 * try (SemnalClient client = new SemnalClient(ClientOptions.of("tcp://localhost:7071", key), handler)) {
 *   client.connect();
 *   client.subscribe(Subscription.to(Channel.SIGNALS));
 *   while (running) {
 *     if (client.poll() == 0) {
 *       client.await(100);
 *     }
 *   }
 * }
 * }</pre>
 *
 * <p>One thread, but for {@link #wakeup}; it starts none. Polling in SBE over TCP or WebSocket in
 * the clear allocates nothing. A client has one subscription at a time; all of it is resumed. It
 * reads only while it is polled: what its owner does not take waits at the server, by the server's
 * rule for slow clients.
 */
public final class SemnalClient implements AutoCloseable {
  private static final int MOST_PER_POLL = 256;
  private static final int DEAD_HEARTBEATS = 3;
  private static final long FIRST_BACKOFF = 50_000_000L;
  private static final long LONGEST_BACKOFF = 2_000_000_000L;
  private static final int FIRST_SYNCS = 8;
  private static final long FIRST_SYNC_EVERY = 50_000_000L;
  private static final long MILLI = 1_000_000L;

  private final ClientOptions options;
  private final ClientHandler handler;
  private final SessionFollower session;
  private volatile Transport transport;
  private SessionTerms terms;
  private Subscription subscription;
  private long requestId;
  private long heardAt;
  private long sentAt;
  private long aliveAt;
  private long syncAt;
  private int syncs;
  private long retryAt;
  private long backoff = FIRST_BACKOFF;

  public SemnalClient(ClientOptions options, ClientHandler handler) {
    this.options = options;
    this.handler = handler;
    session = new SessionFollower(handler, !options.timeSync().isZero());
  }

  /** A client of the typed listener; in SBE only. */
  public SemnalClient(ClientOptions options, StreamListener listener) {
    this(options, new TypedHandler(listener));
    if (options.json()) {
      throw new IllegalArgumentException(
          "typed listeners are for SBE: leave withJson out, or take a ClientHandler");
    }
  }

  /**
   * Connects and authenticates; once, at first. Does not retry.
   *
   * @throws LoginRefusedException if the server refuses the key
   */
  public SessionTerms connect() throws IOException {
    Transport made =
        options.isWebSocket() ? new WebSocketTransport(options) : new TcpTransport(options);
    try {
      terms = made.login(options.key(), options.clientName(), options.timeout());
    } catch (IOException e) {
      made.close();
      throw e;
    }
    transport = made;
    session.begin(terms);
    syncs = 0;
    heardAt = System.nanoTime();
    sentAt = heardAt;
    aliveAt = heardAt;
    syncAt = heardAt;
    backoff = FIRST_BACKOFF;
    handler.onConnected(terms);
    return terms;
  }

  /** Subscribes; an earlier subscription ends. Answers come through {@link #poll}. */
  public void subscribe(Subscription wanted) throws IOException {
    requireConnected();
    if (subscription != null) {
      transport.unsubscribe(++requestId, subscription.channelBits());
    }
    subscription = wanted;
    session.subscribing(++requestId, wanted);
    transport.subscribe(requestId, wanted);
  }

  /** Sends an SBE message, for example an EngineCommand; not with JSON. */
  public void send(DirectBuffer buffer, int offset, int length) throws IOException {
    requireConnected();
    transport.send(buffer, offset, length);
    sentAt = System.nanoTime();
  }

  private void requireConnected() {
    if (transport == null) {
      throw new IllegalStateException("not connected");
    }
  }

  /**
   * Hands over what has arrived, keeps heartbeats, and connects again where that is due.
   *
   * @return messages received
   * @throws IOException if the session is at its end for good
   */
  public int poll() throws IOException {
    return poll(MOST_PER_POLL);
  }

  /** The same, at most so many messages. */
  int poll(int most) throws IOException {
    long now = System.nanoTime();
    if (transport == null) {
      return now - retryAt >= 0 ? reconnect(now) : 0;
    }
    try {
      int received = transport.poll(session, most);
      keepAlive(now, received);
      return received;
    } catch (IOException e) {
      lost(e);
      return 0;
    }
  }

  private void keepAlive(long now, int received) throws IOException {
    long heartbeat = terms.heartbeatMillis() * MILLI;
    if (received > 0) {
      heardAt = now;
    } else if (heartbeat > 0 && now - heardAt > DEAD_HEARTBEATS * heartbeat) {
      throw new IOException("nothing heard from the server for three heartbeats");
    }
    if (heartbeat > 0 && now - sentAt >= heartbeat / 2) {
      sentAt = now;
      transport.heartbeat();
    }
    if (session.meter() != null && now - syncAt >= 0) {
      syncAt = now + (++syncs < FIRST_SYNCS ? FIRST_SYNC_EVERY : options.timeSync().toNanos());
      transport.timeSync(session.clock().now());
    }
    aliveAt = now;
  }

  private void lost(IOException why) throws IOException {
    closeTransport();
    if (session.endedForGood() != null) {
      throw new SessionEndedException(session.endedForGood(), why);
    }
    if (options.retryFor().isZero()) {
      throw why;
    }
    // Whoever was away for long is given as much time to come back as anybody.
    aliveAt = System.nanoTime();
    retryAt = aliveAt + spread(backoff);
    handler.onDisconnected(why.getMessage());
  }

  private int reconnect(long now) throws IOException {
    try {
      connect();
      if (subscription != null) {
        ResumeToken token = session.token();
        session.resuming(++requestId);
        transport.subscribe(
            requestId, token == null ? subscription : subscription.resumingAfter(token));
      }
      return 0;
    } catch (IOException e) {
      boolean refused = e instanceof LoginRefusedException login && !login.retryable();
      if (refused || now - aliveAt > options.retryFor().toNanos()) {
        throw e;
      }
      closeTransport();
      backoff = Math.min(2 * backoff, LONGEST_BACKOFF);
      retryAt = System.nanoTime() + spread(backoff);
      return 0;
    }
  }

  /** Many clients of one server shall not all come back at once. */
  private static long spread(long nanos) {
    return nanos / 2 + ThreadLocalRandom.current().nextLong(nanos);
  }

  /**
   * Blocks until something arrives, a reconnection is due, or time is over.
   *
   * @throws InterruptedIOException if the thread was interrupted, which it stays
   */
  public void await(long millis) throws IOException {
    if (transport != null) {
      try {
        transport.await(millis);
      } catch (IOException e) {
        lost(e);
      }
      // The selector returns at once from now on: a loop around this would spin.
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("interrupted");
      }
      return;
    }
    long untilRetry = Math.max(0, (retryAt - System.nanoTime()) / MILLI);
    try {
      Thread.sleep(Math.min(millis, untilRetry));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  /** Ends an {@link #await}. Any thread. */
  public void wakeup() {
    Transport now = transport;
    if (now != null) {
      now.wakeup();
    }
  }

  /** How far the server's clock is from this client's; with {@link ClientOptions#timeSync}. */
  public ServerClock serverClock() {
    return session.clock();
  }

  /**
   * How long messages take to get here; {@code null} without {@link ClientOptions#timeSync}. Ask on
   * the thread that polls.
   */
  public LatencyMeter latency() {
    return session.meter();
  }

  /** What to resume after in another session; {@code null} before anything is known. */
  public ResumeToken token() {
    return session.token();
  }

  /** The server's newest message, as it said last. */
  public long headOutSeq() {
    return session.headOutSeq();
  }

  /** Jumps of a topic's {@code streamSeq}; not with JSON. */
  public long gaps() {
    return session.gaps();
  }

  /** Messages left out because they had come before; not with JSON. */
  public long repeats() {
    return session.repeats();
  }

  public boolean isConnected() {
    return transport != null;
  }

  /** The last session's terms; {@code null} before the first. */
  public SessionTerms terms() {
    return terms;
  }

  private void closeTransport() throws IOException {
    if (transport != null) {
      transport.close();
      transport = null;
    }
  }

  @Override
  public void close() throws IOException {
    closeTransport();
  }
}

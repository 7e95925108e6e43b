package io.semnal.gateway;

import io.semnal.core.agent.OutboundHandler;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import org.agrona.DirectBuffer;

/**
 * The sessions of the hot thread: plain SBE over TCP, written by the same thread that ran the
 * engine. Beyond so many, the edge takes over.
 *
 * <p>Everything but {@link #listen} is called on the loop's thread.
 */
public final class HotGateway implements OutboundHandler {
  private final GatewayContext context;
  private final GatewayLoop loop;
  private final SessionHub hub;
  private final Placement placement;
  private final FixPort fix;
  private final boolean ownFix;
  private final SessionListener listener = new SessionListener();

  /**
   * @param edge takes the sessions that the hot loop does not; its loop is of the same kind (NIO or
   *     epoll) as this one's
   * @param hotSessions most sessions on the hot loop
   */
  public HotGateway(GatewayContext context, GatewayLoop loop, EdgeGateway edge, int hotSessions) {
    this.context = context;
    this.loop = loop;
    hub = new SessionHub(context, "hot");
    // Encrypting is not for the hot thread.
    int most = context.tls() == null ? hotSessions : 0;
    fix = most > 0 ? new FixPort(context, hub, loop) : edge.fix();
    ownFix = most > 0;
    placement = new Placement(loop.loop(), hub, most, edge.loop().loop(), edge.hub());
  }

  /**
   * Opens the TCP port. Any thread; the loop must be running for the result to come.
   *
   * @return the address bound, or a {@link ListenException}
   */
  public CompletableFuture<InetSocketAddress> listen() {
    return listener.listen(
        loop,
        placement,
        SessionInitializer.tcp(placement::hubOf),
        "client sessions (TCP)",
        context.config(),
        context.config().tcpPort());
  }

  /**
   * Opens the FIX port: its sessions are this loop's, or the edge's where this one takes none. Any
   * thread; the loop must be running for the result to come.
   *
   * @return the address bound, or a {@link ListenException}
   */
  public CompletableFuture<InetSocketAddress> listenFix() {
    return fix.listen();
  }

  /** FIX connections that are up; on the thread of their loop. */
  int fixConnections() {
    return fix.connections();
  }

  /** The sessions and what they share; to be filled from the journal before {@link #listen}. */
  public SessionHub hub() {
    return hub;
  }

  @Override
  public void onOutbound(DirectBuffer buffer, int offset, int length, long originNanos) {
    hub.onOutbound(buffer, offset, length, originNanos);
  }

  @Override
  public void onLast(DirectBuffer buffer, int offset, int length, long originNanos) {
    hub.onLast(buffer, offset, length, originNanos);
  }

  @Override
  public void onBatchEnd() {
    hub.onBatchEnd();
  }

  /** See {@link SessionHub#onInbound}. */
  public void onInbound(DirectBuffer buffer, int offset, int length) {
    hub.onInbound(buffer, offset, length);
  }

  public int doWork() {
    return hub.doWork() + (ownFix ? fix.doWork() : 0);
  }

  /** Takes no more connections, tells every client, and closes. The loop must go on for a while. */
  public void shutdown(long deadline, String reason) {
    listener.close();
    if (ownFix) {
      fix.close();
    }
    hub.shutdown(deadline, reason);
  }
}

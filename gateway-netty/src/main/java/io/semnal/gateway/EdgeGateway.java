package io.semnal.gateway;

import io.semnal.core.agent.OutboundHandler;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import org.agrona.DirectBuffer;

/**
 * The sessions of the edge thread: WebSocket at {@code /ws}, in JSON or SBE by subprotocol, and the
 * TCP sessions beyond those that the hot thread takes.
 *
 * <p>Everything but {@link #listen} is called on the loop's thread.
 */
public final class EdgeGateway implements OutboundHandler {
  private final GatewayContext context;
  private final GatewayLoop loop;
  private final SessionHub hub;
  private final SessionListener listener = new SessionListener();

  public EdgeGateway(GatewayContext context, GatewayLoop loop) {
    this.context = context;
    this.loop = loop;
    hub = new SessionHub(context, "edge");
  }

  /**
   * Opens the WebSocket port. Any thread; the loop must be running for the result to come.
   *
   * @return the address bound, or a {@link ListenException}
   */
  public CompletableFuture<InetSocketAddress> listen() {
    return listener.listen(
        loop,
        loop.loop(),
        SessionInitializer.webSocket(hub),
        "client sessions (WebSocket)",
        context.config(),
        context.config().wsPort());
  }

  /** The sessions and what they share; to be filled from the journal before {@link #listen}. */
  public SessionHub hub() {
    return hub;
  }

  GatewayLoop loop() {
    return loop;
  }

  @Override
  public void onOutbound(DirectBuffer buffer, int offset, int length, long originNanos) {
    hub.onOutbound(buffer, offset, length, originNanos);
  }

  @Override
  public void onBatchEnd() {
    hub.onBatchEnd();
  }

  @Override
  public boolean isServing() {
    return hub.sessionCount() > 0;
  }

  /** See {@link SessionHub#onInbound}. */
  public void onInbound(DirectBuffer buffer, int offset, int length) {
    hub.onInbound(buffer, offset, length);
  }

  public int doWork() {
    return hub.doWork();
  }

  /** Takes no more connections, tells every client, and closes. The loop must go on for a while. */
  public void shutdown(long deadline, String reason) {
    listener.close();
    hub.shutdown(deadline, reason);
  }
}

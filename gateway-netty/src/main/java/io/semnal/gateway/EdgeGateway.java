package io.semnal.gateway;

import io.semnal.core.agent.OutboundHandler;
import io.semnal.gateway.rest.ClientResources;
import io.semnal.gateway.rest.EngineDesk;
import io.semnal.gateway.rest.OutcomeRow;
import io.semnal.gateway.rest.RestGate;
import io.semnal.gateway.rest.RestPort;
import io.semnal.protocol.MessageLayout;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;

/**
 * The sessions of the edge thread: WebSocket at {@code /ws}, in JSON or SBE by subprotocol, and the
 * TCP sessions beyond those that the hot thread takes. REST is on the WebSocket's port.
 *
 * <p>Everything but {@link #listen} is called on the loop's thread.
 */
public final class EdgeGateway implements OutboundHandler {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final GatewayContext context;
  private final GatewayLoop loop;
  private final SessionHub hub;
  private final FixPort fix;
  private final RestPort rest;
  private final SessionListener listener = new SessionListener();

  public EdgeGateway(GatewayContext context, GatewayLoop loop) {
    this(context, loop, List::of);
  }

  /**
   * @param outcomes what became of signals; answers at once, on the loop's thread
   */
  public EdgeGateway(
      GatewayContext context, GatewayLoop loop, Supplier<List<OutcomeRow>> outcomes) {
    this.context = context;
    this.loop = loop;
    hub = new SessionHub(context, "edge", true);
    fix = new FixPort(context, hub, loop);
    rest =
        ClientResources.port(
            hub,
            context.history(),
            context.timeframes(),
            new RestGate(context.keys(), context.admission(), context.audit()),
            () -> context.wallNanos() / NANOS_PER_MILLI,
            context.config().allowedOrigins(),
            outcomes);
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
        SessionInitializer.webSocket(hub, rest),
        "client sessions (WebSocket, REST)",
        context.config(),
        context.config().wsPort());
  }

  /** The sessions and what they share; to be filled from the journal before {@link #listen}. */
  public SessionHub hub() {
    return hub;
  }

  /** What operators see and do over HTTP; used on the loop's thread. */
  public EngineDesk desk() {
    return new OperatorDesk(hub, loop);
  }

  FixPort fix() {
    return fix;
  }

  GatewayLoop loop() {
    return loop;
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

  @Override
  public boolean isServing(DirectBuffer buffer, int offset) {
    return Wanted.outbound(hub.wanted(), MessageLayout.templateId(buffer, offset));
  }

  /** The channels that some session is subscribed to, for {@link Wanted}. Any thread. */
  public int wanted() {
    return hub.wanted();
  }

  /** See {@link SessionHub#onInbound}. */
  public void onInbound(DirectBuffer buffer, int offset, int length) {
    hub.onInbound(buffer, offset, length);
  }

  public int doWork() {
    return hub.doWork() + fix.doWork();
  }

  /** Takes no more connections, tells every client, and closes. The loop must go on for a while. */
  public void shutdown(long deadline, String reason) {
    listener.close();
    fix.close();
    hub.shutdown(deadline, reason);
  }
}

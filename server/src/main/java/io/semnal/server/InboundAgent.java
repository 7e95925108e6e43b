package io.semnal.server;

import com.lmax.disruptor.EventPoller;
import io.semnal.core.ring.MessageRing;
import io.semnal.core.ring.Slot;
import io.semnal.gateway.SessionHub;
import org.agrona.concurrent.Agent;

/**
 * Shows a hub's sessions the journaled inbound messages: quotes for viewers, answers to commands.
 */
final class InboundAgent implements Agent {
  private final SessionHub hub;
  private final MessageRing ring;
  private final EventPoller<Slot> poller;
  private final EventPoller.Handler<Slot> handler = this::onMessage;
  private int handled;

  InboundAgent(MessageRing inbound, SessionHub hub) {
    this.hub = hub;
    ring = inbound;
    poller = inbound.poller(true);
  }

  @Override
  public int doWork() throws Exception {
    handled = 0;
    poller.poll(handler);
    if (handled > 0) {
      hub.onBatchEnd();
    }
    return handled;
  }

  private boolean onMessage(Slot slot, long sequence, boolean endOfBatch) {
    hub.onInbound(slot.buffer(), slot.offset(), slot.length());
    handled++;
    return true;
  }

  /** Lets the producer go on without this consumer, once its thread has ended. */
  void detach() {
    ring.remove(poller);
  }

  @Override
  public String roleName() {
    return "viewers";
  }
}

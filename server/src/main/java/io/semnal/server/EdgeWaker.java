package io.semnal.server;

import io.semnal.core.ring.MessageRing;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.Agent;

/**
 * Wakes the edge thread when the rings hold news for it and it has a session that may want them, or
 * when a ring fills up. Without sessions the edge looks by itself, before the rings are full: a
 * wake-up costs the hot thread a system call, and the edge's turn its processor.
 */
final class EdgeWaker implements Agent {
  private final MessageRing inbound;
  private final MessageRing outbound;
  private final BooleanSupplier serving;
  private final Runnable wakeup;
  private long inboundSeen;
  private long outboundSeen;

  EdgeWaker(MessageRing inbound, MessageRing outbound, BooleanSupplier serving, Runnable wakeup) {
    this.inbound = inbound;
    this.outbound = outbound;
    this.serving = serving;
    this.wakeup = wakeup;
    inboundSeen = inbound.cursor();
    outboundSeen = outbound.cursor();
  }

  @Override
  public int doWork() {
    long in = inbound.cursor();
    long out = outbound.cursor();
    if (in == inboundSeen && out == outboundSeen) {
      return 0;
    }
    inboundSeen = in;
    outboundSeen = out;
    if (serving.getAsBoolean() || isFilling(inbound) || isFilling(outbound)) {
      wakeup.run();
    }
    return 0;
  }

  private static boolean isFilling(MessageRing ring) {
    return ring.depth() > ring.slots() / 4;
  }

  @Override
  public String roleName() {
    return "edge-waker";
  }
}

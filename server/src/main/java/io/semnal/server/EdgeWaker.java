package io.semnal.server;

import io.semnal.core.ring.MessageRing;
import io.semnal.core.ring.Slot;
import io.semnal.gateway.Wanted;
import io.semnal.protocol.MessageLayout;
import java.util.function.IntSupplier;
import org.agrona.concurrent.Agent;

/**
 * Wakes the edge thread when the rings hold a message that one of its sessions waits for, or when a
 * ring fills up. Everything else the edge looks at by itself, before the rings are full: a wake-up
 * costs the hot thread a system call, and the edge's turn its processor.
 */
final class EdgeWaker implements Agent {
  /** More news than this is not looked through. */
  private static final int MOST = 64;

  private final MessageRing inbound;
  private final MessageRing outbound;
  private final IntSupplier wanted;
  private final Runnable wakeup;
  private long inboundSeen;
  private long outboundSeen;

  /** Says whether somebody waits for messages of a kind. */
  private interface Kind {
    boolean isWanted(int wanted, int templateId);
  }

  /**
   * @param wanted the channels that are waited for, see {@link Wanted}
   */
  EdgeWaker(MessageRing inbound, MessageRing outbound, IntSupplier wanted, Runnable wakeup) {
    this.inbound = inbound;
    this.outbound = outbound;
    this.wanted = wanted;
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
    int channels = wanted.getAsInt();
    if (has(inbound, inboundSeen, in, channels, Wanted::inbound)
        || has(outbound, outboundSeen, out, channels, Wanted::outbound)
        || isFilling(inbound)
        || isFilling(outbound)) {
      wakeup.run();
    }
    inboundSeen = in;
    outboundSeen = out;
    return 0;
  }

  private static boolean has(MessageRing ring, long seen, long last, int channels, Kind kind) {
    if (channels == 0) {
      return false;
    }
    if (channels == Wanted.ALL || last - seen > MOST) {
      return last != seen;
    }
    for (long sequence = seen + 1; sequence <= last; sequence++) {
      Slot slot = ring.get(sequence);
      if (kind.isWanted(channels, MessageLayout.templateId(slot.buffer(), slot.offset()))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isFilling(MessageRing ring) {
    return ring.depth() > ring.slots() / 4;
  }

  @Override
  public String roleName() {
    return "edge-waker";
  }
}

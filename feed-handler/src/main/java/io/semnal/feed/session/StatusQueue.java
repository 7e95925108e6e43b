package io.semnal.feed.session;

import io.semnal.core.ingress.InboundPort;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.DefineSourceEncoder;
import io.semnal.protocol.sbe.FeedState;
import io.semnal.protocol.sbe.FeedStatusEncoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Definitions of sources and changes of their state on their way to the journal. While any of them
 * waits for room no quote is offered, so that the journal holds them in order.
 */
public final class StatusQueue {
  private static final int MOST = 256;

  private final InboundPort port;
  private final Deque<UnsafeBuffer> waiting = new ArrayDeque<>();
  private final MessageHeaderEncoder header = new MessageHeaderEncoder();

  public StatusQueue(InboundPort port) {
    this.port = port;
  }

  /** Journals a source's name for its id. */
  public void define(int sourceId, String name) {
    UnsafeBuffer buffer = new UnsafeBuffer(new byte[MOST]);
    new DefineSourceEncoder()
        .wrapAndApplyHeader(buffer, 0, header)
        .journalSeq(0)
        .time(0)
        .sourceId(sourceId)
        .name(name);
    add(buffer, DefineSourceEncoder.BLOCK_LENGTH);
  }

  void state(int sourceId, FeedState state, String reason) {
    state(sourceId, 0, state, reason);
  }

  /**
   * Journals that a source went up, down or stale.
   *
   * @param instrumentId 0 = whatever it is the source of
   */
  public void state(int sourceId, int instrumentId, FeedState state, String reason) {
    UnsafeBuffer buffer = new UnsafeBuffer(new byte[MOST]);
    FeedStatusEncoder status = new FeedStatusEncoder().wrapAndApplyHeader(buffer, 0, header);
    byte[] text = reason.getBytes(StandardCharsets.US_ASCII);
    status
        .journalSeq(0)
        .time(0)
        .eventTime(MessageLayout.ABSENT)
        .sourceId(sourceId)
        .instrumentId(instrumentId)
        .state(state)
        .putReason(text, 0, Math.min(text.length, MOST / 2));
    add(buffer, status.encodedLength());
  }

  private void add(UnsafeBuffer buffer, int length) {
    waiting.add(new UnsafeBuffer(buffer, 0, MessageLayout.HEADER + length));
    drain();
  }

  /**
   * Offers what waits.
   *
   * @return messages taken
   */
  public int drain() {
    int taken = 0;
    while (!waiting.isEmpty()) {
      UnsafeBuffer first = waiting.peek();
      if (!port.offer(first, 0, first.capacity())) {
        break;
      }
      waiting.poll();
      taken++;
    }
    return taken;
  }

  public boolean isEmpty() {
    return waiting.isEmpty();
  }
}

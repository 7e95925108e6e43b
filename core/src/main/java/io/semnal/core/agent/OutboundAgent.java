package io.semnal.core.agent;

import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.Sequence;
import io.semnal.core.metrics.StageRecorder;
import io.semnal.core.ring.MessageRing;
import io.semnal.core.ring.Slot;
import org.agrona.concurrent.Agent;

/**
 * Gives the outbound ring, as far as it is journaled, to a handler: the hot or the edge sessions.
 */
public final class OutboundAgent implements Agent {
  private final String name;
  private final MessageRing ring;
  private final EventPoller<Slot> poller;
  private final OutboundHandler target;
  private final StageRecorder stages;
  private final StageRecorder.Stage stage;
  private final EventPoller.Handler<Slot> handler = this::onMessage;
  private int handled;
  private long sampled;

  /**
   * @param journaled the outbound journal's sequence, which this consumer stands behind
   */
  public OutboundAgent(
      String name,
      MessageRing outbound,
      Sequence journaled,
      OutboundHandler target,
      StageRecorder stages,
      StageRecorder.Stage stage) {
    this.name = name;
    ring = outbound;
    poller = outbound.poller(true, journaled);
    this.target = target;
    this.stages = stages;
    this.stage = stage;
  }

  @Override
  public int doWork() throws Exception {
    handled = 0;
    sampled = 0;
    poller.poll(handler);
    if (handled > 0) {
      target.onBatchEnd();
      if (sampled != 0) {
        stages.record(stage, System.nanoTime() - sampled);
      }
    }
    return handled;
  }

  private boolean onMessage(Slot slot, long sequence, boolean endOfBatch) {
    if (endOfBatch) {
      target.onLast(slot.buffer(), slot.offset(), slot.length(), slot.originNanos());
    } else {
      target.onOutbound(slot.buffer(), slot.offset(), slot.length(), slot.originNanos());
    }
    long origin = slot.originNanos();
    if (origin != 0 && sampled == 0 && target.isServing(slot.buffer(), slot.offset())) {
      sampled = origin;
    }
    handled++;
    return true;
  }

  /** Lets the producer go on without this consumer, once its thread has ended. */
  public void detach() {
    ring.remove(poller);
  }

  @Override
  public String roleName() {
    return name;
  }
}

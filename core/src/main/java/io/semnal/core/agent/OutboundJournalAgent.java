package io.semnal.core.agent;

import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.Sequence;
import io.semnal.core.ingress.MessageLog;
import io.semnal.core.metrics.StageRecorder;
import io.semnal.core.ring.MessageRing;
import io.semnal.core.ring.Slot;
import org.agrona.concurrent.Agent;

/**
 * Appends the outbound ring to the outbound journal; every other consumer stands behind {@link
 * #sequence}.
 */
public final class OutboundJournalAgent implements Agent {
  private final EventPoller<Slot> poller;
  private final MessageLog log;
  private final StageRecorder stages;
  private final EventPoller.Handler<Slot> handler = this::onMessage;
  private int handled;

  /**
   * @param last whether no other consumer stands behind this one
   */
  public OutboundJournalAgent(
      MessageRing outbound, MessageLog log, StageRecorder stages, boolean last) {
    poller = outbound.poller(last);
    this.log = log;
    this.stages = stages;
  }

  /** What has been journaled. */
  public Sequence sequence() {
    return poller.getSequence();
  }

  @Override
  public int doWork() throws Exception {
    handled = 0;
    poller.poll(handler);
    return handled;
  }

  private boolean onMessage(Slot slot, long sequence, boolean endOfBatch) {
    log.append(slot.buffer(), slot.offset(), slot.length());
    if (slot.originNanos() != 0) {
      stages.record(StageRecorder.Stage.OUTBOUND_JOURNAL, System.nanoTime() - slot.originNanos());
    }
    if (endOfBatch) {
      // The other consumers stand behind this one's sequence, which moves when the batch is over.
      log.sync();
    }
    handled++;
    return true;
  }

  @Override
  public String roleName() {
    return "outbound-journal";
  }
}

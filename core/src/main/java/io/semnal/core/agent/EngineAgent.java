package io.semnal.core.agent;

import com.lmax.disruptor.EventPoller;
import io.semnal.core.engine.Engine;
import io.semnal.core.metrics.Counter;
import io.semnal.core.metrics.Metrics;
import io.semnal.core.metrics.StageRecorder;
import io.semnal.core.ring.MessageRing;
import io.semnal.core.ring.Slot;
import io.semnal.protocol.MessageLayout;
import java.util.function.LongPredicate;
import org.agrona.concurrent.Agent;

/**
 * Polls the inbound ring and gives each message to the engine, as long as the outbound ring has
 * room for the most that one message can cause: so the thread that drains the outbound ring never
 * waits for itself.
 */
public final class EngineAgent implements Agent {
  private final EventPoller<Slot> poller;
  private final RingSink sink;
  private final Engine engine;
  private final int most;
  private final int batch;
  private final LongPredicate quarantined;
  private final EngineFailureHandler onFailure;
  private final StageRecorder stages;
  private final Counter skipped;
  private final EventPoller.Handler<Slot> handler = this::onMessage;
  private boolean failed;
  private int handled;

  /**
   * @param batch most messages a duty cycle
   * @param quarantined says of a journalSeq whether the engine must not see it
   */
  public EngineAgent(
      MessageRing inbound,
      RingSink sink,
      Engine engine,
      int batch,
      LongPredicate quarantined,
      EngineFailureHandler onFailure,
      Metrics metrics) {
    poller = inbound.poller(true);
    this.sink = sink;
    this.engine = engine;
    most = engine.maxOutboundPerMessage();
    this.batch = batch;
    this.quarantined = quarantined;
    this.onFailure = onFailure;
    stages = metrics.stages();
    skipped = metrics.counter("engine_quarantined_total", "Messages that the engine was not given");
  }

  @Override
  public int doWork() throws Exception {
    if (failed || !sink.hasRoom(most)) {
      return 0;
    }
    handled = 0;
    poller.poll(handler);
    return handled;
  }

  private boolean onMessage(Slot slot, long sequence, boolean endOfBatch) {
    long journalSeq = MessageLayout.journalSeq(slot.buffer(), slot.offset());
    if (quarantined.test(journalSeq)) {
      skipped.incrementOwned();
      return true;
    }
    try {
      sink.origin(slot.originNanos());
      engine.onMessage(slot.buffer(), slot.offset(), slot.length());
    } catch (RuntimeException | Error e) {
      failed = true;
      onFailure.onEngineFailure(journalSeq, e);
      return false;
    }
    sink.flush();
    if (slot.originNanos() != 0) {
      stages.record(StageRecorder.Stage.ENGINE, System.nanoTime() - slot.originNanos());
    }
    return ++handled < batch && sink.hasRoom(most);
  }

  /** Whether the engine died; it is given nothing more. */
  public boolean hasFailed() {
    return failed;
  }

  @Override
  public String roleName() {
    return "engine";
  }
}

package io.semnal.core.metrics;

import java.util.EnumMap;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * Latency of the sampled messages by stage, in nanoseconds since the message was received at the
 * socket (or made by its source). Each stage is written by the one thread that runs it; reading
 * happens elsewhere.
 */
public final class StageRecorder {
  /** Stretches of a tick's path, each measured from reception to the end of the named step. */
  public enum Stage {
    /** Stamped and appended to the inbound journal. */
    INBOUND_JOURNAL,
    /** The engine is done with the message. */
    ENGINE,
    /** An outbound message that it caused is appended to the outbound journal. */
    OUTBOUND_JOURNAL,
    /** The same message is written to the hot sessions. */
    HOT_WRITE,
    /** The same message is written to the edge sessions. */
    EDGE_WRITE,
    /** The same message is offered to Aeron. */
    AERON_WRITE
  }

  private static final long HIGHEST = 60_000_000_000L;
  private final Map<Stage, SingleWriterRecorder> recorders = new EnumMap<>(Stage.class);
  private final Map<Stage, Histogram> totals = new EnumMap<>(Stage.class);

  public StageRecorder() {
    for (Stage stage : Stage.values()) {
      recorders.put(stage, new SingleWriterRecorder(HIGHEST, 3));
      totals.put(stage, new Histogram(HIGHEST, 3));
    }
  }

  /** The thread that runs the stage; allocates nothing. */
  public void record(Stage stage, long nanos) {
    recorders.get(stage).recordValue(Math.max(0, Math.min(nanos, HIGHEST)));
  }

  /** Everything recorded so far, a copy. Any thread, one at a time. */
  public synchronized Histogram total(Stage stage) {
    Histogram total = totals.get(stage);
    total.add(recorders.get(stage).getIntervalHistogram());
    return total.copy();
  }

  /** Forgets all, for the end of a warm-up. */
  public synchronized void reset() {
    for (Stage stage : Stage.values()) {
      recorders.get(stage).getIntervalHistogram();
      totals.get(stage).reset();
    }
  }
}

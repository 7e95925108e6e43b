package io.semnal.server.model;

import io.semnal.core.metrics.Metrics;
import io.semnal.inference.drift.ModelDrift;
import io.semnal.inference.engine.Models;
import io.semnal.inference.engine.ScoredRow;
import io.semnal.inference.engine.ScoredRows;
import io.semnal.inference.engine.SignalEngine;
import io.semnal.inference.registry.ModelCard;
import io.semnal.journal.JournalDirectory;
import io.semnal.journal.JournalScan;
import io.semnal.journal.JournalState;
import io.semnal.journal.Progress;
import io.semnal.journal.RunReplay;
import io.semnal.server.JournalEngines;
import java.util.LinkedHashMap;
import java.util.Map;
import org.agrona.DirectBuffer;

/**
 * Tells of the drift of a journal's last run, as its server would have: the run is replayed, and no
 * row is left out. One thread.
 */
public final class JournalDrift {
  /** A row or two of whatever width. */
  private static final int ROWS_BYTES = 1 << 20;

  private final ScoredRows rows;
  private final ScoredRow row = new ScoredRow();
  private final Map<Integer, ModelDrift> drifts = new LinkedHashMap<>();
  private SignalEngine engine;

  private JournalDrift() {
    Metrics own = new Metrics();
    rows = new ScoredRows(ROWS_BYTES, own.counter("taken", ""), own.counter("dropped", ""));
  }

  /**
   * In the words of {@link DriftReport#json}.
   *
   * @throws io.semnal.journal.JournalException where it cannot be read
   */
  public static String of(JournalDirectory journal) {
    JournalState state = JournalScan.scan(journal, null, Progress.NONE);
    if (state.lastRun() == null) {
      throw new IllegalArgumentException("there is no run in " + journal.path());
    }
    JournalDrift drift = new JournalDrift();
    RunReplay.play(
        journal,
        JournalEngines.of(journal),
        state.lastRun(),
        state.inbound().sequence(),
        state.outbound().sequence(),
        replaying -> drift.watch((SignalEngine) replaying),
        Progress.NONE);
    return drift.json();
  }

  private void watch(SignalEngine replaying) {
    engine = replaying;
    engine.copyRowsTo(rows);
    // Each is taken out before the next comes.
    engine.observe((outSeq, inputs, atr) -> rows.drain(this::onRow, Integer.MAX_VALUE));
  }

  private void onRow(int type, DirectBuffer buffer, int index, int length) {
    row.wrap(buffer, index);
    Models models = engine.models();
    ModelCard card = models.card(row.modelId());
    if (card != null) {
      drifts.computeIfAbsent(row.modelId(), id -> new ModelDrift(card)).add(row);
    }
  }

  private String json() {
    rows.drain(this::onRow, Integer.MAX_VALUE);
    Map<Integer, ModelDrift.Snapshot> snapshots = new LinkedHashMap<>();
    drifts.forEach((id, drift) -> snapshots.put(id, drift.snapshot()));
    return new DriftReport(engine.models(), engine.outcomes(), () -> snapshots).json();
  }
}

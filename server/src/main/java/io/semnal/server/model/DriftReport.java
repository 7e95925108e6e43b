package io.semnal.server.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.semnal.core.metrics.Metrics;
import io.semnal.inference.drift.ColumnDrift;
import io.semnal.inference.drift.ModelDrift;
import io.semnal.inference.engine.ActiveModel;
import io.semnal.inference.engine.Models;
import io.semnal.inference.signal.OutcomeStatistics;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * Tells of drift: all of it in JSON, and for each strategy's model the worst of it among the
 * metrics. Any thread.
 */
public final class DriftReport {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Models models;
  private final OutcomeStatistics outcomes;
  private final Supplier<Map<Integer, ModelDrift.Snapshot>> snapshots;

  /**
   * @param snapshots by model id
   */
  public DriftReport(
      Models models,
      OutcomeStatistics outcomes,
      Supplier<Map<Integer, ModelDrift.Snapshot>> snapshots) {
    this.models = models;
    this.outcomes = outcomes;
    this.snapshots = snapshots;
  }

  /** One gauge of each kind for each strategy. */
  public void register(Metrics metrics) {
    for (ActiveModel active : models.active()) {
      String labels = "{strategy=\"" + active.strategy() + "\"}";
      String name = active.strategy();
      metrics.real(
          "model_drift_psi_max" + labels,
          "Largest population stability index of a feature or score; 0.1 look, 0.25 alarm",
          () -> of(name, DriftReport::worst));
      metrics.real(
          "model_drift_missing_max" + labels,
          "Largest share of rows without a feature",
          () -> of(name, s -> most(s.columns(), ColumnDrift::missing)));
      metrics.real(
          "model_drift_out_of_range_max" + labels,
          "Largest share of rows whose feature lies far beyond training",
          () -> of(name, s -> most(s.columns(), ColumnDrift::outOfRange)));
      metrics.real(
          "model_live_brier" + labels,
          "Mean squared error of the stated probabilities, signals that ended",
          () -> brier(name));
    }
  }

  private double of(String strategy, ToDoubleFunction<ModelDrift.Snapshot> value) {
    ModelDrift.Snapshot snapshot = snapshots.get().get(models.activeId(strategy));
    return snapshot == null ? Double.NaN : value.applyAsDouble(snapshot);
  }

  private static double worst(ModelDrift.Snapshot snapshot) {
    ColumnDrift worst = snapshot.worst();
    return worst == null ? Double.NaN : worst.psi();
  }

  private static double most(List<ColumnDrift> columns, ToDoubleFunction<ColumnDrift> value) {
    return columns.stream()
        .mapToDouble(value)
        .filter(v -> !Double.isNaN(v))
        .max()
        .orElse(Double.NaN);
  }

  private double brier(String strategy) {
    return brier(models.activeId(strategy)).score();
  }

  private record Brier(long outcomes, double score) {}

  private Brier brier(int modelId) {
    long count = 0;
    double sum = 0;
    for (OutcomeStatistics.Outcome outcome : outcomes.outcomes()) {
      if (outcome.key().modelId() == modelId) {
        count += outcome.scored();
        sum += outcome.brierSum();
      }
    }
    return new Brier(count, count == 0 ? Double.NaN : sum / count);
  }

  /** {@code models}: those that scored lately, each with its columns and scores. */
  public String json() {
    ObjectNode answer = MAPPER.createObjectNode();
    ArrayNode list = answer.putArray("models");
    snapshots.get().forEach((id, snapshot) -> add(list.addObject(), id, snapshot));
    return answer.toString();
  }

  private void add(ObjectNode json, int id, ModelDrift.Snapshot snapshot) {
    Brier brier = brier(id);
    json.put("model", snapshot.name() + "@" + snapshot.version()).put("rows", snapshot.rows());
    json.put("outcomes", brier.outcomes());
    number(json, "brier", brier.score());
    if (!snapshot.hasDeciles()) {
      json.put("note", "no deciles in the card");
      return;
    }
    ColumnDrift worst = snapshot.worst();
    number(json, "psiMax", worst == null ? Double.NaN : worst.psi());
    json.put("psiMaxOf", worst == null ? null : worst.name());
    columns(json.putArray("columns"), snapshot.columns());
    columns(json.putArray("scores"), snapshot.scores());
  }

  private static void columns(ArrayNode list, List<ColumnDrift> columns) {
    for (ColumnDrift column : columns) {
      ObjectNode json = list.addObject().put("name", column.name());
      number(json, "psi", column.psi());
      number(json, "missing", column.missing());
      number(json, "missingInTraining", column.missingInTraining());
      number(json, "outOfRange", column.outOfRange());
    }
  }

  /** JSON knows no NaN. */
  private static void number(ObjectNode json, String name, double value) {
    if (Double.isFinite(value)) {
      json.put(name, value);
    } else {
      json.putNull(name);
    }
  }
}

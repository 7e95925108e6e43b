package io.semnal.inference.drift;

import io.semnal.inference.engine.ScoredRow;
import io.semnal.inference.registry.ModelCard;
import io.semnal.inference.registry.ModelTraining;
import io.semnal.inference.registry.ModelTraining.Deciles;
import java.util.ArrayList;
import java.util.List;

/** Holds the rows that one model scores against the deciles of its card. One thread. */
public final class ModelDrift {
  /** Rows after which older ones begin to be forgotten. */
  public static final int WINDOW = 20_000;

  private static final String SCORE = "score.";

  private final ModelCard card;
  private final List<Stability> columns = new ArrayList<>();
  private final int[] columnAt;
  private final List<Stability> scores = new ArrayList<>();
  private final List<String> scoreNames = new ArrayList<>();
  private long rows;

  public ModelDrift(ModelCard card) {
    this.card = card;
    List<Deciles> deciles = card.training().map(ModelTraining::deciles).orElse(List.of());
    List<Integer> at = new ArrayList<>();
    for (Deciles one : deciles) {
      int column = card.columns().indexOf(one.name());
      if (column >= 0) {
        columns.add(new Stability(one, WINDOW));
        at.add(column);
      } else if (one.name().startsWith(SCORE)) {
        scores.add(new Stability(one, WINDOW));
        scoreNames.add(one.name().substring(SCORE.length()));
      }
    }
    columnAt = at.stream().mapToInt(Integer::intValue).toArray();
  }

  /**
   * What is known now.
   *
   * @param rows seen in all
   * @param hasDeciles whether the card says what training was like; else there are no columns
   */
  public record Snapshot(
      String name,
      int version,
      long rows,
      boolean hasDeciles,
      List<ColumnDrift> columns,
      List<ColumnDrift> scores) {
    /** The column or score that lies furthest from training; {@code null} while none is known. */
    public ColumnDrift worst() {
      ColumnDrift worst = null;
      for (List<ColumnDrift> drifts : List.of(columns, scores)) {
        for (ColumnDrift drift : drifts) {
          if (!Double.isNaN(drift.psi()) && (worst == null || drift.psi() > worst.psi())) {
            worst = drift;
          }
        }
      }
      return worst;
    }
  }

  /** One more row that this model was asked to score. */
  public void add(ScoredRow row) {
    rows++;
    for (int i = 0; i < columnAt.length; i++) {
      columns.get(i).add(row.feature(columnAt[i]));
    }
    if (row.isScored()) {
      for (int i = 0; i < scoreNames.size(); i++) {
        scores.get(i).add(score(row, scoreNames.get(i)));
      }
    }
  }

  private static double score(ScoredRow row, String name) {
    return switch (name) {
      case "BUY", "UP" -> row.buy();
      case "SELL" -> row.sell();
      case "NEUTRAL" -> row.neutral();
      default -> row.output();
    };
  }

  public Snapshot snapshot() {
    return new Snapshot(
        card.name(),
        card.version(),
        rows,
        !columns.isEmpty() || !scores.isEmpty(),
        columns.stream().map(Stability::drift).toList(),
        scores.stream().map(Stability::drift).toList());
  }
}

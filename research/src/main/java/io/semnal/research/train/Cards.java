package io.semnal.research.train;

import io.semnal.core.config.FeatureSetConfig;
import io.semnal.features.FeaturePipeline;
import io.semnal.inference.registry.ModelCard;
import io.semnal.inference.registry.ModelTraining;
import io.semnal.inference.registry.ModelTraining.Deciles;
import io.semnal.research.evaluate.ClassMetrics;
import io.semnal.research.evaluate.TradeMetrics;
import io.semnal.research.learn.Learner;
import io.semnal.research.learn.Rows;
import io.semnal.research.sample.LabelRule;
import io.semnal.research.sample.Samples;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Writes down what a trained model is: its contract, and how it was made. */
public final class Cards {
  private static final long SECOND = 1_000_000_000L;

  private Cards() {}

  /**
   * @param data what it was trained on: names with hashes, or texts
   * @param description for people
   */
  public static ModelCard of(
      Trained trained,
      String name,
      FeatureSetConfig set,
      LabelRule rule,
      Learner learner,
      Protocol protocol,
      Map<String, String> data,
      String description) {
    Rows rows = trained.fitted();
    return new ModelCard(
            name,
            1,
            set.name(),
            HexFormat.of().formatHex(FeaturePipeline.hash(set)),
            set.inputs(),
            ModelCard.Output.CLASSES,
            Samples.CLASSES,
            "",
            "",
            trained.classifier().acceptsNaN(),
            rule.text(set.timeframe()),
            description,
            iso(rows.time(0)),
            iso(trained.seenUntil()))
        .withTraining(
            new ModelTraining(
                learner.name(),
                parameters(trained, protocol),
                protocol.seed(),
                trained.trials(),
                metrics(trained),
                new TreeMap<>(data),
                deciles(trained, set)));
  }

  private static String iso(long nanos) {
    return Instant.ofEpochSecond(Math.floorDiv(nanos, SECOND)).toString();
  }

  private static SortedMap<String, Double> parameters(Trained trained, Protocol protocol) {
    SortedMap<String, Double> parameters = new TreeMap<>(trained.parameters().values());
    parameters.put("stride", (double) protocol.stride());
    parameters.put("temperature", trained.temperature());
    return parameters;
  }

  /** By name; {@code heldOut.} are of the block that was looked at once. */
  public static SortedMap<String, Double> metrics(Trained trained) {
    SortedMap<String, Double> metrics = new TreeMap<>();
    for (int k = 0; k < Samples.CLASSES.size(); k++) {
      metrics.put("fit.share." + Samples.CLASSES.get(k), trained.base()[k]);
    }
    metrics.put("fit.rows", (double) trained.fitted().size());
    metrics.put("calibration.rows", (double) trained.calibrated());
    metrics.put("walkForward.gain", trained.gain());
    metrics.put("parity.largest", trained.parity().largest());
    ClassMetrics classes = trained.report().classes();
    metrics.put("heldOut.rows", (double) classes.rows());
    metrics.put("heldOut.logLoss", classes.logLoss());
    metrics.put("heldOut.baseLogLoss", classes.baseLogLoss());
    metrics.put("heldOut.brier", classes.brier());
    metrics.put("heldOut.baseBrier", classes.baseBrier());
    metrics.put("heldOut.calibrationError", classes.calibrationError());
    metrics.put("heldOut.mcc", classes.mcc());
    metrics.put("heldOut.auc", classes.auc());
    TradeMetrics trading = trained.report().trading();
    metrics.put("heldOut.trades", (double) trading.count());
    metrics.put("heldOut.hitRate", trading.hitRate().value());
    metrics.put("heldOut.expectancyPips", trading.expectancy().value());
    metrics.put("heldOut.expectancyPips.low", trading.expectancy().low());
    metrics.put("heldOut.expectancyPips.high", trading.expectancy().high());
    metrics.put("heldOut.profitFactor", trading.profitFactor());
    if (trained.shuffles().shuffles() > 0) {
      metrics.put("shuffled.fits", (double) trained.shuffles().shuffles());
      metrics.put("shuffled.auc", trained.shuffles().auc().value());
      metrics.put("shuffled.expectancyPips", trained.shuffles().expectancy().value());
    }
    return metrics;
  }

  private static List<Deciles> deciles(Trained trained, FeatureSetConfig set) {
    Rows rows = trained.fitted();
    List<Deciles> deciles = new ArrayList<>();
    double[] values = new double[rows.size()];
    for (int j = 0; j < rows.columns(); j++) {
      for (int i = 0; i < values.length; i++) {
        values[i] = rows.feature(i, j);
      }
      deciles.add(Deciles.of(set.inputs().get(j), values));
    }
    int classes = Samples.CLASSES.size();
    double[] all = trained.classifier().probabilities(rows, trained.temperature());
    for (int k = 0; k < classes; k++) {
      for (int i = 0; i < values.length; i++) {
        values[i] = all[i * classes + k];
      }
      deciles.add(Deciles.of("score." + Samples.CLASSES.get(k), values));
    }
    return deciles;
  }
}

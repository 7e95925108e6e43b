package io.semnal.research.train;

import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.market.MarketCalendar;
import io.semnal.research.evaluate.Predictions;
import io.semnal.research.evaluate.Report;
import io.semnal.research.learn.Classifier;
import io.semnal.research.learn.FitContext;
import io.semnal.research.learn.Learner;
import io.semnal.research.learn.Parameters;
import io.semnal.research.learn.Rows;
import io.semnal.research.learn.Softmax;
import io.semnal.research.learn.StoppedException;
import io.semnal.research.sample.LabelRule;
import io.semnal.research.sample.Samples;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Tunes, fits, calibrates, exports and judges a model: each on rows that come after those of the
 * step before. The same samples and protocol give the same model.
 */
public final class Trainer {
  private final FeatureSetConfig set;
  private final LabelRule rule;
  private final Learner learner;
  private final Parameters given;
  private final Protocol protocol;
  private final MarketCalendar calendar;
  private final TrialLog log;
  private final TrainingWatch watch;
  private final long embargo;

  public Trainer(
      FeatureSetConfig set,
      LabelRule rule,
      Learner learner,
      Parameters given,
      Protocol protocol,
      MarketCalendar calendar,
      TrialLog log,
      TrainingWatch watch) {
    this.set = set;
    this.rule = rule;
    this.learner = learner;
    this.given = given;
    this.protocol = protocol;
    this.calendar = calendar;
    this.log = log;
    this.watch = watch;
    embargo = rule.policy().horizonBars() * set.timeframe().nanos();
  }

  /**
   * @throws IllegalArgumentException where the samples are too few
   * @throws StoppedException where the watch cancelled
   */
  public Trained train(Samples samples) {
    Blocks blocks = Blocks.of(samples, learner.acceptsNaN(), protocol, embargo);
    Rows development = blocks.development();
    FitContext context =
        new FitContext(
            Samples.CLASSES.size(),
            protocol.threads(),
            protocol.seed(),
            embargo,
            watch::isCancelled);
    Search.Result found = search(development, context);
    watch.progress("fit", 0, 1);
    Folds.Fold last =
        Folds.at(
            development, development.timeAt(1.0 - protocol.calibration()), Long.MAX_VALUE, embargo);
    Classifier classifier = learner.fit(last.fit(), found.parameters(), context);
    double temperature = Temperature.fit(classifier, last.test());
    watch.log(
        String.format(
            Locale.ROOT,
            "fitted on %d rows: %s; temperature %.3f from %d later rows",
            last.fit().size(),
            classifier.summary(),
            temperature,
            last.test().size()));
    byte[] onnx = classifier.onnx(temperature, Samples.CLASSES);
    Rows judged = judged(samples, blocks);
    if (judged.size() == 0) {
      throw new IllegalArgumentException(
          "none of " + samples.size() + " rows is left to judge the model on; it needs more data");
    }
    Parity.Result parity = Parity.check(onnx, classifier, temperature, judged);
    watch.log(
        String.format(
            Locale.ROOT,
            "exported: %d bytes, largest difference %.1e on %d rows",
            onnx.length,
            parity.largest(),
            parity.rows()));
    double[] base = last.fit().frequencies(Samples.CLASSES.size());
    watch.progress("evaluate", 0, 1);
    Report report = report(samples, blocks, classifier, temperature, base);
    LabelShuffles.Result shuffles =
        new LabelShuffles(samples, blocks, last.fit(), rule.policy(), set.timeframe(), calendar)
            .run(learner, found.parameters(), context, protocol.shuffles(), report, watch);
    return new Trained(
        classifier,
        temperature,
        onnx,
        found.parameters(),
        found.trials(),
        found.fits(),
        found.gain(),
        base,
        last.fit(),
        last.test().size(),
        LongStream.range(0, development.size()).map(i -> development.end((int) i)).max().orElse(0),
        parity,
        report,
        shuffles);
  }

  private Search.Result search(Rows development, FitContext context) {
    List<Folds.Fold> folds = Folds.of(development, protocol.folds(), embargo);
    if (protocol.trials() == 1) {
      return new Search.Result(given, Double.NaN, 1, 1);
    }
    return new Search(learner, context, folds, log, watch)
        .run(given, protocol.trials(), protocol.seed());
  }

  private static Rows judged(Samples samples, Blocks blocks) {
    boolean[] chosen = new boolean[samples.size()];
    for (int position : blocks.heldOut()) {
      chosen[position] = true;
    }
    return samples.rows(i -> chosen[i]);
  }

  private Report report(
      Samples samples, Blocks blocks, Classifier classifier, double temperature, double[] base) {
    Predictions.RowScorer scorer = scorer(classifier, temperature);
    Predictions predictions = Predictions.of(samples, blocks.heldOut(), scorer);
    return Report.of(
        Map.of(),
        predictions,
        base,
        rule.policy(),
        set.timeframe(),
        calendar,
        set.inputs(),
        scorer);
  }

  static Predictions.RowScorer scorer(Classifier classifier, double temperature) {
    return (row, into) -> {
      classifier.logits(row, 0, into);
      for (int k = 0; k < into.length; k++) {
        into[k] /= temperature;
      }
      Softmax.apply(into, 0, into.length);
    };
  }
}

package io.semnal.research.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.research.sample.Samples;
import io.semnal.research.train.Parity;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every learner on a market that is known: the label follows two of six columns. */
class LearnersTest {
  private static final int COLUMNS = 6;

  private static final FitContext CONTEXT = new FitContext(3, 1, 42, 0, () -> false);

  @ParameterizedTest
  @ValueSource(strings = {"xgboost", "forest", "logistic", "mlp"})
  void learnsWhatIsThereToLearn(String name) {
    Learner learner = Learner.of(name);
    Rows fit = market(4_000, 1, false);
    Rows later = market(2_000, 2, false);
    Classifier classifier = learner.fit(fit, small(learner), CONTEXT);
    double base = LogLoss.ofConstant(later, fit.frequencies(3));
    double loss = LogLoss.of(later, classifier.probabilities(later, 1.0));
    // What is known of the truth: its own log loss is about 0.20 below the base rate.
    assertThat(loss).isLessThan(base - 0.12);
  }

  @ParameterizedTest
  @ValueSource(strings = {"xgboost", "forest", "logistic", "mlp"})
  void exportScoresAsTheLibraryItself(String name) {
    Learner learner = Learner.of(name);
    boolean missing = learner.acceptsNaN();
    Classifier classifier = learner.fit(market(3_000, 3, missing), small(learner), CONTEXT);
    byte[] onnx = classifier.onnx(1.7, Samples.CLASSES);
    Rows rows = missing ? onThresholds(classifier, 2_000) : market(2_000, 4, false);
    Parity.Result parity = Parity.check(onnx, classifier, 1.7, rows);
    assertThat(parity.largest()).isLessThanOrEqualTo(1e-5);
    assertThat(parity.rows()).isEqualTo(2_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"xgboost", "forest", "logistic", "mlp"})
  void sameSeedGivesTheSameBytes(String name) {
    Learner learner = Learner.of(name);
    Rows rows = market(1_500, 5, false);
    byte[] once = learner.fit(rows, small(learner), CONTEXT).onnx(1.0, Samples.CLASSES);
    byte[] again = learner.fit(rows, small(learner), CONTEXT).onnx(1.0, Samples.CLASSES);
    assertThat(again).isEqualTo(once);
  }

  @ParameterizedTest
  @ValueSource(strings = {"xgboost", "forest", "logistic", "mlp"})
  void stopsWhenAsked(String name) {
    Learner learner = Learner.of(name);
    FitContext stopped = new FitContext(3, 1, 1, 0, () -> true);
    assertThatThrownBy(() -> learner.fit(market(500, 6, false), small(learner), stopped))
        .isInstanceOf(StoppedException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"xgboost", "forest", "logistic", "mlp"})
  void drawsOnlyWhatItCanFit(String name) {
    Learner learner = Learner.of(name);
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 200; i++) {
      Parameters drawn = learner.draw(random);
      assertThat(drawn.values().keySet()).isEqualTo(learner.defaults().values().keySet());
      assertThat(drawn.values().values()).allMatch(value -> Double.isFinite(value) && value >= 0);
    }
  }

  private static Parameters small(Learner learner) {
    return switch (learner) {
      case BoostedTrees trees -> trees.defaults().with("rounds", 60).with("rate", 0.1);
      case RandomForest forest -> forest.defaults().with("trees", 30);
      case LogisticLearner logistic -> logistic.defaults();
      case MlpLearner mlp -> mlp.defaults().with("width", 8).with("epochs", 15).with("rate", 0.01);
    };
  }

  /** BUY and SELL come more often the higher and lower the sum of the first two columns. */
  private static Rows market(int size, long seed, boolean missing) {
    SplittableRandom random = new SplittableRandom(seed);
    Rows rows = new Rows(COLUMNS, size);
    float[] row = new float[COLUMNS];
    double[] p = new double[3];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < COLUMNS; j++) {
        row[j] = (float) (random.nextGaussian() * (j + 1) + j);
      }
      double drive = row[0] + (row[1] - 1) / 2;
      p[Samples.SELL] = -drive;
      p[Samples.NEUTRAL] = 0.5;
      p[Samples.BUY] = drive;
      Softmax.apply(p, 0, 3);
      double draw = random.nextDouble();
      int label = draw < p[0] ? 0 : draw < p[0] + p[1] ? 1 : 2;
      if (missing && random.nextInt(10) == 0) {
        row[random.nextInt(COLUMNS)] = Float.NaN;
      }
      rows.set(i, row, 0, label, i, i);
    }
    return rows;
  }

  /** Rows whose values lie on a threshold, one ulp beside it, or are missing. */
  private static Rows onThresholds(Classifier classifier, int size) {
    float[] thresholds = new float[1 << 16];
    int[] columns = new int[1 << 16];
    int count = 0;
    for (var tree : ((TreeEnsemble) classifier).trees()) {
      for (int node = 0; node < tree.nodes(); node++) {
        if (tree.feature()[node] >= 0) {
          thresholds[count] = tree.threshold()[node];
          columns[count++] = tree.feature()[node];
        }
      }
    }
    assertThat(count).isGreaterThan(50);
    SplittableRandom random = new SplittableRandom(8);
    Rows rows = new Rows(COLUMNS, size);
    Rows others = market(size, 9, true);
    float[] row = new float[COLUMNS];
    for (int i = 0; i < size; i++) {
      row = Arrays.copyOfRange(others.features(), i * COLUMNS, (i + 1) * COLUMNS);
      for (int k = 0; k < 4; k++) {
        int t = random.nextInt(count);
        row[columns[t]] =
            switch (random.nextInt(3)) {
              case 0 -> thresholds[t];
              case 1 -> Math.nextUp(thresholds[t]);
              default -> Math.nextDown(thresholds[t]);
            };
      }
      rows.set(i, row, 0, 0, i, i);
    }
    return rows;
  }
}

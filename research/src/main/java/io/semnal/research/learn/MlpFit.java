package io.semnal.research.learn;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Fits a perceptron by Adam on mini-batches (Kingma and Ba, 2015), with decoupled weight decay, and
 * keeps the epoch that did best on later rows. One thread, one order of operations, {@code
 * StrictMath}: the same seed gives the same numbers on every machine.
 */
final class MlpFit {
  private static final double FIRST_DECAY = 0.9;
  private static final double SECOND_DECAY = 0.999;
  private static final double EPSILON = 1e-8;
  private static final double WATCHED = 0.15;
  private static final int PATIENCE = 6;

  private final Parameters parameters;
  private final FitContext context;
  private final SplittableRandom random;
  private final Rows fit;
  private final Rows watch;
  private final Standard standard;
  private final int[] sizes;
  private final double[] inputs;

  /** All weights, then bias, layer by layer: one array, so that Adam is one loop. */
  private final double[] theta;

  private final double[] gradient;
  private final double[] first;
  private final double[] second;
  private final double[][] activations;
  private final double[][] deltas;
  private final int[] offsets;
  private int steps;

  MlpFit(Rows rows, Parameters parameters, FitContext context) {
    this.parameters = parameters;
    this.context = context;
    random = new SplittableRandom(context.seed());
    FitContext.Split split = context.split(rows, WATCHED);
    fit = split.fit();
    watch = split.watch();
    if (fit.size() < 2 * rows.columns() || watch.size() < 10) {
      throw new IllegalArgumentException(
          rows.size() + " rows are too few for a perceptron of " + rows.columns() + " columns");
    }
    standard = Standard.of(fit);
    int width = parameters.whole("width");
    sizes = new int[] {rows.columns(), width, Math.max(2, width / 2), context.classes()};
    offsets = new int[sizes.length];
    for (int l = 1; l < sizes.length; l++) {
      offsets[l] = offsets[l - 1] + sizes[l] * (sizes[l - 1] + 1);
    }
    theta = new double[offsets[sizes.length - 1]];
    gradient = new double[theta.length];
    first = new double[theta.length];
    second = new double[theta.length];
    activations = new double[sizes.length][];
    deltas = new double[sizes.length][];
    for (int l = 0; l < sizes.length; l++) {
      activations[l] = new double[sizes[l]];
      deltas[l] = new double[sizes[l]];
    }
    inputs = scaled(fit);
    initialise();
  }

  private double[] scaled(Rows rows) {
    Mlp scaler = new Mlp(standard, new double[0][][], new double[0][], 0);
    double[] values = new double[rows.size() * rows.columns()];
    double[] row = new double[rows.columns()];
    for (int i = 0; i < rows.size(); i++) {
      scaler.scale(rows.features(), i * rows.columns(), row);
      System.arraycopy(row, 0, values, i * row.length, row.length);
    }
    return values;
  }

  /** He's initialisation, uniform. */
  private void initialise() {
    for (int l = 1; l < sizes.length; l++) {
      double bound = Math.sqrt(6.0 / sizes[l - 1]);
      for (int w = 0; w < sizes[l] * sizes[l - 1]; w++) {
        theta[offsets[l - 1] + w] = random.nextDouble(-bound, bound);
      }
    }
  }

  Mlp run() {
    int[] order = new int[fit.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    Mlp best = model(0);
    double least = LogLoss.of(watch, best.probabilities(watch, 1.0));
    int batch = parameters.whole("batch");
    for (int epoch = 1; epoch <= parameters.whole("epochs"); epoch++) {
      context.checkStop();
      shuffle(order);
      for (int from = 0; from < order.length; from += batch) {
        step(order, from, Math.min(order.length, from + batch));
      }
      Mlp now = model(epoch);
      double loss = LogLoss.of(watch, now.probabilities(watch, 1.0));
      if (loss < least) {
        least = loss;
        best = now;
      } else if (epoch - best.epochs() >= PATIENCE) {
        break;
      }
    }
    return best;
  }

  private void shuffle(int[] order) {
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int kept = order[i];
      order[i] = order[j];
      order[j] = kept;
    }
  }

  private void step(int[] order, int from, int to) {
    Arrays.fill(gradient, 0.0);
    for (int i = from; i < to; i++) {
      forward(order[i]);
      backward(fit.label(order[i]));
    }
    steps++;
    double rate = parameters.get("rate");
    double decay = rate * parameters.get("decay");
    double firstBias = 1.0 - StrictMath.pow(FIRST_DECAY, steps);
    double secondBias = 1.0 - StrictMath.pow(SECOND_DECAY, steps);
    for (int p = 0; p < theta.length; p++) {
      double g = gradient[p] / (to - from);
      first[p] = FIRST_DECAY * first[p] + (1.0 - FIRST_DECAY) * g;
      second[p] = SECOND_DECAY * second[p] + (1.0 - SECOND_DECAY) * g * g;
      double move = first[p] / firstBias / (Math.sqrt(second[p] / secondBias) + EPSILON);
      theta[p] -= rate * move + decay * theta[p];
    }
  }

  private void forward(int row) {
    System.arraycopy(inputs, row * sizes[0], activations[0], 0, sizes[0]);
    for (int l = 1; l < sizes.length; l++) {
      int in = sizes[l - 1];
      int bias = offsets[l - 1] + sizes[l] * in;
      for (int o = 0; o < sizes[l]; o++) {
        double sum = theta[bias + o];
        int weights = offsets[l - 1] + o * in;
        for (int i = 0; i < in; i++) {
          sum += theta[weights + i] * activations[l - 1][i];
        }
        activations[l][o] = l == sizes.length - 1 ? sum : Math.max(0.0, sum);
      }
    }
    Softmax.apply(activations[sizes.length - 1], 0, context.classes());
  }

  private void backward(int label) {
    int last = sizes.length - 1;
    for (int k = 0; k < sizes[last]; k++) {
      deltas[last][k] = activations[last][k] - (k == label ? 1.0 : 0.0);
    }
    for (int l = last; l > 0; l--) {
      int in = sizes[l - 1];
      int bias = offsets[l - 1] + sizes[l] * in;
      Arrays.fill(deltas[l - 1], 0.0);
      for (int o = 0; o < sizes[l]; o++) {
        double delta = deltas[l][o];
        int weights = offsets[l - 1] + o * in;
        gradient[bias + o] += delta;
        for (int i = 0; i < in; i++) {
          gradient[weights + i] += delta * activations[l - 1][i];
          deltas[l - 1][i] += delta * theta[weights + i];
        }
      }
      for (int i = 0; i < in; i++) {
        if (activations[l - 1][i] <= 0.0) {
          deltas[l - 1][i] = 0.0;
        }
      }
    }
  }

  private Mlp model(int epoch) {
    double[][][] weights = new double[sizes.length - 1][][];
    double[][] bias = new double[sizes.length - 1][];
    for (int l = 1; l < sizes.length; l++) {
      int in = sizes[l - 1];
      weights[l - 1] = new double[sizes[l]][in];
      bias[l - 1] = new double[sizes[l]];
      for (int o = 0; o < sizes[l]; o++) {
        System.arraycopy(theta, offsets[l - 1] + o * in, weights[l - 1][o], 0, in);
        bias[l - 1][o] = theta[offsets[l - 1] + sizes[l] * in + o];
      }
    }
    return new Mlp(standard, weights, bias, epoch);
  }
}

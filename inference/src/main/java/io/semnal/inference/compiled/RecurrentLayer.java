package io.semnal.inference.compiled;

import java.util.Arrays;

/**
 * One direction of a recurrent layer, step by step.
 *
 * <p>Formulas and the order of the gates are those of the ONNX operators LSTM (input, output,
 * forget, cell), GRU (update, reset, hidden) and RNN.
 */
abstract class RecurrentLayer implements Step {
  /**
   * @param direction its number among the directions
   * @param backwards whether the last step comes first
   */
  record Extent(int steps, int hidden, int directions, int direction, boolean backwards) {}

  /**
   * @param projected by step, what the input adds to each gate
   * @param recurrent weights of the state, by state, then gate
   * @param bias of a gated candidate's state
   * @param initialState by direction
   * @param initialCell by direction
   * @param all states by step, then direction
   * @param last state by direction
   * @param lastCell by direction
   */
  record Parts(
      float[] projected,
      float[] recurrent,
      float[] bias,
      float[] initialState,
      float[] initialCell,
      Extent extent,
      float[] all,
      float[] last,
      float[] lastCell) {}

  final Parts parts;
  final int hidden;
  final float[] state;

  private RecurrentLayer(Parts parts) {
    this.parts = parts;
    hidden = parts.extent.hidden;
    state = new float[hidden];
  }

  /** The columns of some gates. */
  private static Weights weights(Parts parts, int gates, int from, int to) {
    int hidden = parts.extent.hidden;
    int width = (to - from) * hidden;
    float[] part = new float[hidden * width];
    for (int row = 0; row < hidden; row++) {
      int start = row * gates * hidden;
      System.arraycopy(parts.recurrent, start + from * hidden, part, row * width, width);
    }
    return new Weights(part, hidden, width);
  }

  abstract void begin(int from);

  /**
   * @param at where this step's projection begins, in steps
   */
  abstract void advance(int at);

  abstract void end(int to);

  @Override
  public final void run() {
    Extent extent = parts.extent;
    int own = extent.direction * hidden;
    System.arraycopy(parts.initialState, own, state, 0, hidden);
    begin(own);
    for (int i = 0; i < extent.steps; i++) {
      int step = extent.backwards ? extent.steps - 1 - i : i;
      advance(step);
      System.arraycopy(state, 0, parts.all, step * extent.directions * hidden + own, hidden);
    }
    System.arraycopy(state, 0, parts.last, own, hidden);
    end(own);
  }

  /** state = tanh(x·W + state·R + b), or the part above zero instead of tanh. */
  static final class Plain extends RecurrentLayer {
    private final Weights weights;
    private final float[] sums;
    private final boolean rectified;

    Plain(Parts parts, boolean rectified) {
      super(parts);
      this.rectified = rectified;
      weights = weights(parts, 1, 0, 1);
      sums = new float[hidden + Value.SLACK];
    }

    @Override
    void begin(int from) {
      Arrays.fill(sums, 0);
    }

    @Override
    void advance(int at) {
      weights.multiply(state, 0, parts.projected, at * hidden, sums);
      for (int i = 0; i < hidden; i++) {
        state[i] = rectified ? Math.max(sums[i], 0) : (float) Elementary.tanh(sums[i]);
      }
    }

    @Override
    void end(int to) {
      System.arraycopy(state, 0, parts.lastCell, to, hidden);
    }
  }

  /** Long short-term memory. */
  static final class Lstm extends RecurrentLayer {
    private static final int GATES = 4;

    private final Weights weights;
    private final float[] sums;
    private final float[] cell;

    private final Curves curves;

    /** Of all gates, then of the new cell. */
    private final double[] gates;

    Lstm(Parts parts) {
      super(parts);
      curves = new Curves(3 * hidden);
      gates = new double[(GATES + 1) * hidden];
      weights = weights(parts, GATES, 0, GATES);
      sums = new float[GATES * hidden + Value.SLACK];
      cell = new float[hidden];
    }

    @Override
    void begin(int from) {
      System.arraycopy(parts.initialCell, from, cell, 0, hidden);
    }

    @Override
    void advance(int at) {
      int width = GATES * hidden;
      weights.multiply(state, 0, parts.projected, at * width, sums);
      int n = hidden;
      curves.sigmoid(sums, 0, gates, 0, 3 * n);
      curves.tanh(sums, 3 * n, gates, 3 * n, n);
      for (int i = 0; i < n; i++) {
        cell[i] = (float) (gates[2 * n + i] * cell[i] + gates[i] * gates[3 * n + i]);
      }
      curves.tanh(cell, 0, gates, 4 * n, n);
      for (int i = 0; i < n; i++) {
        state[i] = (float) (gates[n + i] * gates[4 * n + i]);
      }
    }

    @Override
    void end(int to) {
      System.arraycopy(cell, 0, parts.lastCell, to, hidden);
    }
  }

  /** Gated recurrent unit. */
  static final class Gru extends RecurrentLayer {
    private static final int GATES = 3;

    private final boolean linearBeforeReset;
    private final Weights gateWeights;
    private final Weights candidateWeights;
    private final float[] gates;
    private final float[] candidates;
    private final float[] gated;

    private final Curves curves;
    private final double[] curved;

    Gru(Parts parts, boolean linearBeforeReset) {
      super(parts);
      curves = new Curves(2 * hidden);
      curved = new double[2 * hidden];
      this.linearBeforeReset = linearBeforeReset;
      gateWeights = weights(parts, GATES, 0, 2);
      candidateWeights = weights(parts, GATES, 2, GATES);
      gates = new float[2 * hidden + Value.SLACK];
      candidates = new float[hidden + Value.SLACK];
      gated = new float[hidden];
    }

    @Override
    void begin(int from) {
      Arrays.fill(gated, 0);
    }

    @Override
    void advance(int at) {
      int start = at * GATES * hidden;
      float[] projected = parts.projected;
      gateWeights.multiply(state, 0, projected, start, gates);
      int own = start + 2 * hidden;
      curves.sigmoid(gates, 0, curved, 0, 2 * hidden);
      for (int i = 0; i < 2 * hidden; i++) {
        gates[i] = (float) curved[i];
      }
      if (linearBeforeReset) {
        candidateWeights.multiply(state, 0, parts.bias, 0, candidates);
        for (int i = 0; i < hidden; i++) {
          candidates[i] = projected[own + i] + gates[hidden + i] * candidates[i];
        }
      } else {
        for (int i = 0; i < hidden; i++) {
          gated[i] = gates[hidden + i] * state[i];
        }
        candidateWeights.multiply(gated, 0, projected, own, candidates);
      }
      curves.tanh(candidates, 0, curved, 0, hidden);
      for (int i = 0; i < hidden; i++) {
        double candidate = curved[i];
        state[i] = (float) ((1 - (double) gates[i]) * candidate + (double) gates[i] * state[i]);
      }
    }

    @Override
    void end(int to) {
      System.arraycopy(state, 0, parts.lastCell, to, hidden);
    }
  }
}

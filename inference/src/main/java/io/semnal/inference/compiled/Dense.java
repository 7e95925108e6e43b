package io.semnal.inference.compiled;

/** Rows times a constant matrix, plus a constant row, through an activation. */
final class Dense implements Step {
  private final float[] from;
  private final float[] to;
  private final int rows;
  private final Weights weights;
  private final float[] bias;
  private final float[] row;
  private boolean biased;
  private Unary activation = Unary.IDENTITY;
  private float alpha;
  private float beta;

  /**
   * @param to with {@link Value#SLACK} behind its end
   */
  Dense(float[] from, float[] to, int rows, Weights weights) {
    this.from = from;
    this.to = to;
    this.rows = rows;
    this.weights = weights;
    bias = new float[weights.outputs() + Value.SLACK];
    row = new float[rows == 1 ? 0 : weights.outputs() + Value.SLACK];
  }

  int outputs() {
    return weights.outputs();
  }

  /** Whether a row may still be added before the activation. */
  boolean takesBias() {
    return !biased && activation == Unary.IDENTITY;
  }

  void addBias(float[] values) {
    System.arraycopy(values, 0, bias, 0, weights.outputs());
    biased = true;
  }

  boolean takesActivation() {
    return activation == Unary.IDENTITY;
  }

  void activate(Unary function, float first, float second) {
    activation = function;
    alpha = first;
    beta = second;
  }

  @Override
  public void run() {
    int outputs = weights.outputs();
    if (rows == 1) {
      weights.multiply(from, 0, bias, 0, to);
    } else {
      for (int i = 0; i < rows; i++) {
        weights.multiply(from, i * weights.inputs(), bias, 0, row);
        System.arraycopy(row, 0, to, i * outputs, outputs);
      }
    }
    activation.apply(to, to, rows * outputs, alpha, beta);
  }
}

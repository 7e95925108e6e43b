package io.semnal.inference.compiled;

/**
 * Rows times a constant matrix, plus a constant row, through an activation.
 *
 * <p>Each output is its bias plus the products in the order of the inputs, in float32: one order of
 * summation whatever the machine. Eight outputs are summed abreast, in as many variables: the
 * processor works on all of them while each alone would wait for its last addition.
 */
final class Dense implements Step {
  private static final int WIDE = 8;
  private static final int NARROW = 4;

  private final float[] from;
  private final float[] to;
  private final int rows;
  private final int inputs;
  private final int outputs;
  private final float[] weights;
  private final float[] bias;
  private boolean biased;
  private Unary activation = Unary.IDENTITY;
  private float alpha;
  private float beta;

  /**
   * @param weights packed by {@link #pack}
   * @param to with {@link Value#SLACK} behind its end
   */
  Dense(float[] from, float[] to, int rows, int inputs, int outputs, float[] weights) {
    this.from = from;
    this.to = to;
    this.rows = rows;
    this.inputs = inputs;
    this.outputs = outputs;
    this.weights = weights;
    bias = new float[outputs + Value.SLACK];
  }

  int outputs() {
    return outputs;
  }

  /** Whether a row may still be added before the activation. */
  boolean takesBias() {
    return !biased && activation == Unary.IDENTITY;
  }

  void addBias(float[] row) {
    System.arraycopy(row, 0, bias, 0, outputs);
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
    for (int row = 0; row < rows; row++) {
      multiply(from, row * inputs, inputs, weights, bias, 0, to, row * outputs, outputs);
    }
    activation.apply(to, to, rows * outputs, alpha, beta);
  }

  /**
   * Lays weights out by blocks of outputs, each block by inputs.
   *
   * @param matrix by input, then output
   */
  static float[] pack(float[] matrix, int inputs, int outputs) {
    int blocks = (outputs + NARROW - 1) / NARROW * NARROW;
    float[] packed = new float[blocks * inputs];
    for (int output = 0; output < outputs; output++) {
      int block = output / WIDE * WIDE;
      int width = outputs - block > NARROW ? WIDE : NARROW;
      for (int input = 0; input < inputs; input++) {
        packed[block * inputs + input * width + output - block] = matrix[input * outputs + output];
      }
    }
    return packed;
  }

  /** {@code to = start + from · weights}; writes up to seven values too many behind the end. */
  static void multiply(
      float[] from,
      int fromAt,
      int inputs,
      float[] weights,
      float[] start,
      int startAt,
      float[] to,
      int toAt,
      int outputs) {
    int output = 0;
    for (; output + NARROW < outputs; output += WIDE) {
      wide(from, fromAt, inputs, weights, output, start, startAt + output, to, toAt + output);
    }
    if (output < outputs) {
      narrow(from, fromAt, inputs, weights, output, start, startAt + output, to, toAt + output);
    }
  }

  private static void wide(
      float[] from,
      int fromAt,
      int inputs,
      float[] weights,
      int output,
      float[] start,
      int startAt,
      float[] to,
      int toAt) {
    float s0 = start[startAt];
    float s1 = start[startAt + 1];
    float s2 = start[startAt + 2];
    float s3 = start[startAt + 3];
    float s4 = start[startAt + 4];
    float s5 = start[startAt + 5];
    float s6 = start[startAt + 6];
    float s7 = start[startAt + 7];
    int base = output * inputs;
    for (int i = 0; i < inputs; i++) {
      float x = from[fromAt + i];
      int at = base + i * WIDE;
      s0 += x * weights[at];
      s1 += x * weights[at + 1];
      s2 += x * weights[at + 2];
      s3 += x * weights[at + 3];
      s4 += x * weights[at + 4];
      s5 += x * weights[at + 5];
      s6 += x * weights[at + 6];
      s7 += x * weights[at + 7];
    }
    to[toAt] = s0;
    to[toAt + 1] = s1;
    to[toAt + 2] = s2;
    to[toAt + 3] = s3;
    to[toAt + 4] = s4;
    to[toAt + 5] = s5;
    to[toAt + 6] = s6;
    to[toAt + 7] = s7;
  }

  private static void narrow(
      float[] from,
      int fromAt,
      int inputs,
      float[] weights,
      int output,
      float[] start,
      int startAt,
      float[] to,
      int toAt) {
    float s0 = start[startAt];
    float s1 = start[startAt + 1];
    float s2 = start[startAt + 2];
    float s3 = start[startAt + 3];
    int base = output * inputs;
    for (int i = 0; i < inputs; i++) {
      float x = from[fromAt + i];
      int at = base + i * NARROW;
      s0 += x * weights[at];
      s1 += x * weights[at + 1];
      s2 += x * weights[at + 2];
      s3 += x * weights[at + 3];
    }
    to[toAt] = s0;
    to[toAt + 1] = s1;
    to[toAt + 2] = s2;
    to[toAt + 3] = s3;
  }
}

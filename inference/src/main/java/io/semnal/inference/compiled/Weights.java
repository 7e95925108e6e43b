package io.semnal.inference.compiled;

import java.util.Arrays;

/**
 * A constant matrix that rows are multiplied with.
 *
 * <p>Each output is its start plus the products in the order of the inputs, every product added
 * with one rounding: one order of operations whatever the machine or the width of its vectors.
 * {@link Math#fma} is exact by its definition; a processor without that instruction gives the same
 * bits, slowly.
 *
 * <p>Wide matrices are kept as one array for each input, and eight inputs are added in one loop
 * over the outputs: with one index for all arrays, the compiler can see that none overlaps the
 * sums, and works on several outputs at once. Narrow ones are summed in eight variables.
 */
final class Weights {
  private static final int TOGETHER = 8;
  private static final int WIDE = 16;

  private final int inputs;
  private final int outputs;

  /** By input, then output. */
  private final float[][] rows;

  /** By blocks of eight outputs, each by input; of narrow matrices only. */
  private final float[] blocks;

  /**
   * @param matrix by input, then output
   */
  Weights(float[] matrix, int inputs, int outputs) {
    this.inputs = inputs;
    this.outputs = outputs;
    rows = new float[inputs][];
    for (int i = 0; i < inputs; i++) {
      rows[i] = Arrays.copyOfRange(matrix, i * outputs, (i + 1) * outputs);
    }
    int count = outputs < WIDE ? (outputs + TOGETHER - 1) / TOGETHER : 0;
    blocks = new float[count * TOGETHER * inputs];
    for (int o = 0; o < outputs && count > 0; o++) {
      int block = o / TOGETHER * TOGETHER * inputs;
      for (int i = 0; i < inputs; i++) {
        blocks[block + i * TOGETHER + o % TOGETHER] = rows[i][o];
      }
    }
  }

  int inputs() {
    return inputs;
  }

  int outputs() {
    return outputs;
  }

  /**
   * {@code to = start + from · this}.
   *
   * @param start with {@link Value#SLACK} behind its end
   * @param to written from 0 on, with {@link Value#SLACK} behind its end; no other argument
   */
  void multiply(float[] from, int fromAt, float[] start, int startAt, float[] to) {
    if (outputs < WIDE) {
      for (int output = 0; output < outputs; output += TOGETHER) {
        block(from, fromAt, output, start, startAt + output, to);
      }
      return;
    }
    System.arraycopy(start, startAt, to, 0, outputs);
    int i = 0;
    for (; i + TOGETHER <= inputs; i += TOGETHER) {
      add(rows, i, from, fromAt + i, to, outputs);
    }
    for (; i < inputs; i++) {
      add(rows[i], from[fromAt + i], to, outputs);
    }
  }

  private static void add(float[] row, float x, float[] to, int n) {
    for (int k = 0; k < n; k++) {
      to[k] = Math.fma(x, row[k], to[k]);
    }
  }

  private static void add(float[][] rows, int first, float[] from, int at, float[] to, int n) {
    float[] a = rows[first];
    float[] b = rows[first + 1];
    float[] c = rows[first + 2];
    float[] d = rows[first + 3];
    float[] e = rows[first + 4];
    float[] f = rows[first + 5];
    float[] g = rows[first + 6];
    float[] h = rows[first + 7];
    float x0 = from[at];
    float x1 = from[at + 1];
    float x2 = from[at + 2];
    float x3 = from[at + 3];
    float x4 = from[at + 4];
    float x5 = from[at + 5];
    float x6 = from[at + 6];
    float x7 = from[at + 7];
    for (int k = 0; k < n; k++) {
      float sum = Math.fma(x0, a[k], to[k]);
      sum = Math.fma(x1, b[k], sum);
      sum = Math.fma(x2, c[k], sum);
      sum = Math.fma(x3, d[k], sum);
      sum = Math.fma(x4, e[k], sum);
      sum = Math.fma(x5, f[k], sum);
      sum = Math.fma(x6, g[k], sum);
      to[k] = Math.fma(x7, h[k], sum);
    }
  }

  private void block(float[] from, int fromAt, int output, float[] start, int startAt, float[] to) {
    float[] all = blocks;
    float s0 = start[startAt];
    float s1 = start[startAt + 1];
    float s2 = start[startAt + 2];
    float s3 = start[startAt + 3];
    float s4 = start[startAt + 4];
    float s5 = start[startAt + 5];
    float s6 = start[startAt + 6];
    float s7 = start[startAt + 7];
    int base = output * inputs;
    int count = inputs;
    for (int i = 0; i < count; i++) {
      float x = from[fromAt + i];
      int at = base + i * TOGETHER;
      s0 = Math.fma(x, all[at], s0);
      s1 = Math.fma(x, all[at + 1], s1);
      s2 = Math.fma(x, all[at + 2], s2);
      s3 = Math.fma(x, all[at + 3], s3);
      s4 = Math.fma(x, all[at + 4], s4);
      s5 = Math.fma(x, all[at + 5], s5);
      s6 = Math.fma(x, all[at + 6], s6);
      s7 = Math.fma(x, all[at + 7], s7);
    }
    to[output] = s0;
    to[output + 1] = s1;
    to[output + 2] = s2;
    to[output + 3] = s3;
    to[output + 4] = s4;
    to[output + 5] = s5;
    to[output + 6] = s6;
    to[output + 7] = s7;
  }
}

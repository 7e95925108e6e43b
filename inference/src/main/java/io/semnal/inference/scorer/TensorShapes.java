package io.semnal.inference.scorer;

import io.semnal.inference.registry.ModelRefusedException;
import java.util.List;

/** Decides whether declared inputs and outputs can serve one row of features, and how. */
public final class TensorShapes {
  private static final String ZIPMAP_ADVICE =
      "; it looks like scikit-learn's ZipMap: export without it (options={'zipmap': False})";

  private TensorShapes() {}

  /** The only input: a tensor of float32 or float64. */
  public static ValueSpec input(List<ValueSpec> inputs) {
    if (inputs.size() != 1) {
      throw new ModelRefusedException(
          "expected one input, the model has "
              + inputs.size()
              + (inputs.isEmpty() ? "" : ": " + ValueSpec.describe(inputs)));
    }
    ValueSpec input = inputs.getFirst();
    if (!input.isReal()) {
      throw new ModelRefusedException(
          "expected an input of float32 or float64, the model has " + input.describe());
    }
    return input;
  }

  /**
   * The shape of one row.
   *
   * @param features the row's values; 0 = as many as the model says
   */
  public static long[] row(ValueSpec input, int features) {
    if (input.rank() != 2 && input.rank() != 3) {
      throw new ModelRefusedException(
          "expected an input of shape [N,F] or [N,T,C], the model has " + input.describe());
    }
    long batch = input.dimensions().getFirst();
    if (batch >= 0 && batch != 1) {
      throw new ModelRefusedException(
          "rows are scored one at a time, but the batch of "
              + input.describe()
              + " is fixed; export with batch 1 or a dynamic one");
    }
    long[] shape = new long[input.rank()];
    shape[0] = 1;
    long known = 1;
    int open = 0;
    for (int i = 1; i < shape.length; i++) {
      shape[i] = input.dimensions().get(i);
      if (shape[i] < 0) {
        open = open == 0 ? i : -1;
      } else {
        known = times(known, shape[i]);
      }
    }
    if (open != 0) {
      fillOpen(input, shape, open, known, features);
    } else if (known == 0 || known > Integer.MAX_VALUE / Double.BYTES) {
      throw new ModelRefusedException("no row has the shape of " + input.describe());
    } else if (features != 0 && known != features) {
      throw new ModelRefusedException(
          "expected " + features + " features, the model takes " + known + ": " + input.describe());
    }
    return shape;
  }

  /** Of two lengths; more than any row has where that overflows. */
  private static long times(long a, long b) {
    return Math.multiplyHigh(a, b) == 0 && a * b >= 0 ? a * b : Long.MAX_VALUE;
  }

  private static void fillOpen(ValueSpec input, long[] shape, int open, long known, int features) {
    if (open < 0 || features == 0) {
      throw new ModelRefusedException(
          "the number of features of "
              + input.describe()
              + " is not fixed; export with only the batch dynamic");
    }
    if (known == 0 || features % known != 0) {
      throw new ModelRefusedException(
          "expected " + features + " features, which do not fill " + input.describe());
    }
    shape[open] = features / known;
  }

  /**
   * The output to read.
   *
   * @param name empty = the first of float32 or float64
   */
  public static ValueSpec output(List<ValueSpec> outputs, String name) {
    for (ValueSpec output : outputs) {
      if (name.isEmpty() ? output.isReal() : output.name().equals(name)) {
        return requireReal(output);
      }
    }
    for (ValueSpec output : outputs) {
      if (name.isEmpty() && isZipMap(output)) {
        return requireReal(output);
      }
    }
    throw new ModelRefusedException(
        (name.isEmpty() ? "no output is of float32 or float64" : "no output is named " + name)
            + "; the model has "
            + ValueSpec.describe(outputs));
  }

  private static ValueSpec requireReal(ValueSpec output) {
    if (!output.isReal()) {
      throw new ModelRefusedException(
          "expected an output tensor of float32 or float64, the model has "
              + output.describe()
              + (isZipMap(output) ? ZIPMAP_ADVICE : ""));
    }
    return output;
  }

  private static boolean isZipMap(ValueSpec output) {
    return output.kind() == ValueSpec.SEQUENCE || output.kind() == ValueSpec.MAP;
  }

  /** How many values one row scores, from the shape that a run really gave. */
  public static int values(ValueSpec output) {
    long values = output.rank() == 0 ? 1 : output.dimensions().getLast();
    for (int i = 0; i < output.rank() - 1; i++) {
      if (output.dimensions().get(i) != 1) {
        values = -1;
      }
    }
    if (values < 1 || values > Integer.MAX_VALUE / Double.BYTES) {
      throw new ModelRefusedException(
          "expected one row of scores for one row of features, a run gave " + output.describe());
    }
    return (int) values;
  }
}

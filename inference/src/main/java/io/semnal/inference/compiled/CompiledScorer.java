package io.semnal.inference.compiled;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.semnal.inference.onnx.OnnxModel;
import io.semnal.inference.onnx.OnnxReader;
import io.semnal.inference.registry.ModelRefusedException;
import io.semnal.inference.scorer.Scorer;
import io.semnal.inference.scorer.TensorShapes;
import io.semnal.inference.scorer.ValueSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;

/**
 * Scores in plain Java, several times faster than through ONNX Runtime, and with the same bits on
 * every machine: one order of operations, and no function whose result the processor may choose.
 *
 * <p>Covers the operators of {@link #operators()} in float32, the most used in float64; takes and
 * gives what {@link io.semnal.inference.scorer.OnnxScorer} does. One thread at a time; scoring
 * allocates nothing.
 */
public final class CompiledScorer implements Scorer {
  private static final long CACHE_LINE = 64;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment input;
  private final boolean doubleInput;
  private final boolean doubleOutput;
  private final float[] row;
  private final double[] wideRow;
  private final int features;
  private final Step[] steps;
  private final float[] output;
  private final double[] wideOutput;
  private final int outputs;
  private final String outputName;
  private boolean closed;

  private CompiledScorer(OnnxModel model, int features, String outputName) {
    ValueSpec in = TensorShapes.input(specs(model.graph().inputs()));
    long[] shape = TensorShapes.row(in, features);
    ValueSpec out = TensorShapes.output(specs(model.graph().outputs()), outputName);
    Value from = Value.buffer(Shapes.ints(shape), in.element());
    GraphCompiler compiler = new GraphCompiler(model);
    Value to = compiler.compile(from, out.name());
    List<Long> dimensions = Arrays.stream(to.shape()).mapToObj(Long::valueOf).toList();
    outputs =
        TensorShapes.values(new ValueSpec(out.name(), ValueSpec.TENSOR, out.element(), dimensions));
    this.outputName = out.name();
    this.features = from.size();
    doubleInput = in.isDouble();
    doubleOutput = to.isWide();
    row = doubleInput ? new float[0] : from.data();
    wideRow = doubleInput ? from.wide() : new double[0];
    output = doubleOutput ? new float[0] : to.data();
    wideOutput = doubleOutput ? to.wide() : new double[0];
    steps = compiler.steps().toArray(Step[]::new);
    long width = doubleInput ? Double.BYTES : Float.BYTES;
    input = arena.allocate(this.features * width, CACHE_LINE);
  }

  /**
   * Compiles a model.
   *
   * @param onnx the file's bytes; not kept
   * @param features values in a row; 0 = as many as the model says
   * @param outputName the output to read; empty = the first of float32 or float64
   * @throws ModelRefusedException where the bytes are no sound model, or its inputs and outputs do
   *     not fit
   * @throws UnsupportedModelException where the model is sound, but not covered
   */
  public static CompiledScorer open(byte[] onnx, int features, String outputName) {
    return open(OnnxReader.read(onnx), features, outputName);
  }

  /** As {@link #open(byte[], int, String)}, of a file that has been read. */
  public static CompiledScorer open(OnnxModel model, int features, String outputName) {
    try {
      return new CompiledScorer(model, features, outputName);
    } catch (IndexOutOfBoundsException
        | ArithmeticException
        | ClassCastException
        | NullPointerException
        | IllegalArgumentException
        | NegativeArraySizeException e) {
      // A damaged graph can contradict itself in more ways than operators can foresee.
      throw new UnsupportedModelException("its graph contradicts itself: " + e, e);
    }
  }

  /** The operators that are covered, those of ai.onnx.ml with their domain. */
  public static SortedSet<String> operators() {
    return Operators.names();
  }

  private static List<ValueSpec> specs(List<OnnxModel.Value> values) {
    return values.stream().map(CompiledScorer::spec).toList();
  }

  private static ValueSpec spec(OnnxModel.Value value) {
    if (value.element() == 0 || value.shape() == null) {
      int kind = value.element() == 0 ? ValueSpec.SEQUENCE : ValueSpec.TENSOR;
      return new ValueSpec(value.name(), kind, value.element(), List.of());
    }
    List<Long> shape = Arrays.stream(value.shape()).boxed().toList();
    return new ValueSpec(value.name(), ValueSpec.TENSOR, value.element(), shape);
  }

  @Override
  public int features() {
    return features;
  }

  @Override
  public boolean isDouble() {
    return doubleInput;
  }

  @Override
  public MemorySegment input() {
    return input;
  }

  @Override
  public int outputs() {
    return outputs;
  }

  /** The ONNX output that is read. */
  public String outputName() {
    return outputName;
  }

  @Override
  public boolean score() {
    if (closed) {
      return false;
    }
    if (doubleInput) {
      MemorySegment.copy(input, JAVA_DOUBLE, 0, wideRow, 0, features);
    } else {
      MemorySegment.copy(input, JAVA_FLOAT, 0, row, 0, features);
    }
    for (Step step : steps) {
      step.run();
    }
    return true;
  }

  @Override
  public double output(int index) {
    if (index >= outputs) {
      throw new IndexOutOfBoundsException(index);
    }
    return doubleOutput ? wideOutput[index] : output[index];
  }

  @Override
  public String lastError() {
    return closed ? "the scorer is closed" : "";
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      arena.close();
    }
  }
}

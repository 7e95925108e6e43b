package io.semnal.inference.scorer;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.semnal.inference.onnx.OnnxReader;
import io.semnal.inference.registry.ModelRefusedException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Scores with ONNX Runtime through one foreign call per row, input and output bound once to this
 * object's own off-heap memory: no Java allocation.
 *
 * <p>Takes one input of float32 or float64, {@code [1,F]}, {@code [N,F]} or {@code [N,T,C]} (oldest
 * step first, flattened row by row), and reads one output of float32 or float64.
 *
 * <p>{@link #input()}, {@link #score()}, {@link #output} and {@link #lastError()} belong to one
 * thread at a time; {@link #close()} may come from any once no score is under way, and more than
 * once.
 */
public final class OnnxScorer implements Scorer {
  private static final long CACHE_LINE = 64;

  private final OrtApi api;
  private final Arena arena;
  private final OrtSession session;
  private final int features;
  private final boolean doubleInput;
  private final boolean doubleOutput;
  private final int outputs;
  private final MemorySegment input;
  private final MemorySegment output;
  private final String outputName;

  private final long inputNames;
  private final long inputValues;
  private final long outputNames;
  private final long outputValues;
  private final long inputValue;
  private final long outputValue;
  private long sessionPointer;
  private long failure;

  private OnnxScorer(OrtApi api, Arena arena, OrtSession session, int features, String outputName) {
    this.api = api;
    this.arena = arena;
    this.session = session;
    ValueSpec in = TensorShapes.input(session.inputs());
    long[] shape = TensorShapes.row(in, features);
    ValueSpec out = TensorShapes.output(session.outputs(), outputName);
    this.outputName = out.name();
    this.features = product(shape);
    doubleInput = in.isDouble();
    doubleOutput = out.isDouble();
    input = arena.allocate((long) this.features * width(doubleInput), CACHE_LINE);
    inputValue = session.tensor(input, shape, doubleInput);
    MemorySegment values = arena.allocate(JAVA_LONG, 2);
    values.setAtIndex(JAVA_LONG, 0, inputValue);
    inputNames = pointerTo(in.name());
    outputNames = pointerTo(out.name());
    inputValues = values.address();
    outputValues = values.address() + JAVA_LONG.byteSize();
    sessionPointer = session.pointer();
    try {
      ValueSpec given = firstRun(values);
      outputs = TensorShapes.values(given);
      output = arena.allocate((long) outputs * width(doubleOutput), CACHE_LINE);
      long[] outputShape = given.dimensions().stream().mapToLong(Long::longValue).toArray();
      outputValue = session.tensor(output, outputShape, doubleOutput);
    } catch (RuntimeException e) {
      api.release(api.releaseValue, inputValue);
      throw e;
    }
    values.setAtIndex(JAVA_LONG, 1, outputValue);
  }

  /**
   * Loads a model.
   *
   * @param onnx the file's bytes; not kept
   * @param features values in a row; 0 = as many as the model says
   * @param outputName the output to read; empty = the first of float32 or float64
   * @throws ModelRefusedException where the bytes are no model, or its inputs and outputs do not
   *     fit, with what was expected and what is there
   */
  public static OnnxScorer open(byte[] onnx, int features, String outputName) {
    // Native code sees no file that is damaged or hostile in a way that can be told beforehand.
    OnnxReader.read(onnx);
    OrtApi api = OrtApi.get();
    OrtSession session = null;
    Arena arena = Arena.ofShared();
    try {
      session = OrtSession.open(api, onnx);
      return new OnnxScorer(api, arena, session, features, outputName);
    } catch (OrtApi.OrtFailure e) {
      release(session, arena);
      String advice =
          e.getMessage().contains("xternal data")
              ? "; the model keeps weights in another file: export it as one (PyTorch:"
                  + " external_data=False)"
              : "";
      throw new ModelRefusedException("ONNX Runtime cannot load it: " + e.getMessage() + advice, e);
    } catch (RuntimeException e) {
      release(session, arena);
      throw e;
    }
  }

  private static void release(OrtSession session, Arena arena) {
    if (session != null) {
      session.close();
    }
    arena.close();
  }

  /**
   * Loads the runtime's library, which takes as long as everything else that a start does before it
   * needs it. A library that cannot be had is reported by the first model that is opened. Any
   * thread.
   *
   * @return whether it can be had
   */
  public static boolean prepareRuntime() {
    return OrtApi.prepare();
  }

  /** The version of ONNX Runtime that scores. */
  public static String runtimeVersion() {
    return OrtApi.get().version();
  }

  /** Lets the runtime make the output once, to learn the shape that the model only promises. */
  private ValueSpec firstRun(MemorySegment values) {
    long status = run();
    if (status != 0) {
      String message = api.message(status);
      api.releaseStatus(status);
      throw new ModelRefusedException("a run on a row of zeros fails: " + message);
    }
    long made = values.getAtIndex(JAVA_LONG, 1);
    try {
      return session.specOf(outputName, made);
    } finally {
      api.release(api.releaseValue, made);
    }
  }

  private long run() {
    try {
      return (long)
          Hot.RUN.invokeExact(
              sessionPointer, 0L, inputNames, inputValues, 1L, outputNames, 1L, outputValues);
    } catch (Throwable e) {
      // A downcall throws only where handle and arguments do not fit: a fault of this class.
      throw new LinkageError("OrtApi::Run does not fit its signature", e);
    }
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
    if (sessionPointer == 0) {
      return false;
    }
    long status = run();
    if (status == 0) {
      return true;
    }
    // The message is made only when asked for: a failing model must not allocate either.
    forgetFailure();
    failure = status;
    return false;
  }

  private void forgetFailure() {
    if (failure != 0) {
      try {
        Hot.RELEASE_STATUS.invokeExact(failure);
      } catch (Throwable e) {
        throw new LinkageError("OrtApi::ReleaseStatus does not fit its signature", e);
      }
      failure = 0;
    }
  }

  @Override
  public double output(int index) {
    return doubleOutput
        ? output.getAtIndex(JAVA_DOUBLE, index)
        : output.getAtIndex(JAVA_FLOAT, index);
  }

  @Override
  public String lastError() {
    if (sessionPointer == 0) {
      return "the scorer is closed";
    }
    return failure == 0 ? "" : api.message(failure);
  }

  @Override
  public synchronized void close() {
    if (sessionPointer == 0) {
      return;
    }
    sessionPointer = 0;
    forgetFailure();
    api.release(api.releaseValue, outputValue);
    api.release(api.releaseValue, inputValue);
    session.close();
    arena.close();
  }

  private long pointerTo(String name) {
    MemorySegment pointer = arena.allocate(JAVA_LONG);
    pointer.set(JAVA_LONG, 0, arena.allocateFrom(name).address());
    return pointer.address();
  }

  private static int product(long[] shape) {
    long product = 1;
    for (long dimension : shape) {
      product *= dimension;
    }
    return Math.toIntExact(product);
  }

  private static int width(boolean isDouble) {
    return isDouble ? Double.BYTES : Float.BYTES;
  }

  /** Apart, so that its handles are constants to the compiler, made only once the API is loaded. */
  private static final class Hot {
    static final MethodHandle RUN = OrtApi.get().run();
    static final MethodHandle RELEASE_STATUS = OrtApi.get().releaseStatus;
  }
}

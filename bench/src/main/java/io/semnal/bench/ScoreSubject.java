package io.semnal.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.semnal.inference.scorer.Scorer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;

/** One way of scoring a model: takes a row, gives its first score. */
interface ScoreSubject extends AutoCloseable {
  float score(float[] row);

  @Override
  void close();

  /** One of Semnal's scorers. */
  static ScoreSubject of(Scorer scorer) {
    return new ScoreSubject() {
      private final MemorySegment input = scorer.input();

      @Override
      public float score(float[] row) {
        MemorySegment.copy(row, 0, input, ValueLayout.JAVA_FLOAT, 0, row.length);
        if (!scorer.score()) {
          throw new IllegalStateException(scorer.lastError());
        }
        return (float) scorer.output(0);
      }

      @Override
      public void close() {
        scorer.close();
      }
    };
  }

  /**
   * ONNX Runtime's own Java API at its best: input and output tensors made once over direct
   * buffers, one thread, all optimisations.
   */
  static ScoreSubject javaApi(byte[] onnx, int features, String output, int outputs) {
    try {
      return new JavaApi(onnx, features, output, outputs);
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime's Java API: " + e.getMessage(), e);
    }
  }

  /** See {@link #javaApi}. */
  final class JavaApi implements ScoreSubject {
    private final OrtSession session;
    private final FloatBuffer in;
    private final FloatBuffer out;
    private final OnnxTensor input;
    private final OnnxTensor pinned;
    private final Map<String, OnnxTensor> inputs;
    private final Map<String, OnnxTensor> pins;

    private JavaApi(byte[] onnx, int features, String output, int outputs) throws OrtException {
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      OrtSession.SessionOptions options = new OrtSession.SessionOptions();
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      session = environment.createSession(onnx, options);
      in = direct(features);
      out = direct(outputs);
      input = OnnxTensor.createTensor(environment, in, new long[] {1, features});
      pinned = OnnxTensor.createTensor(environment, out, new long[] {1, outputs});
      inputs = Map.of(session.getInputNames().iterator().next(), input);
      pins = Map.of(output, pinned);
    }

    private static FloatBuffer direct(int values) {
      return ByteBuffer.allocateDirect(values * Float.BYTES)
          .order(ByteOrder.nativeOrder())
          .asFloatBuffer();
    }

    @Override
    public float score(float[] row) {
      in.put(0, row);
      try {
        session.run(inputs, pins).close();
        return out.get(0);
      } catch (OrtException e) {
        throw new IllegalStateException(e.getMessage(), e);
      }
    }

    @Override
    public void close() {
      try {
        pinned.close();
        input.close();
        session.close();
      } catch (OrtException e) {
        throw new IllegalStateException(e.getMessage(), e);
      }
    }
  }
}

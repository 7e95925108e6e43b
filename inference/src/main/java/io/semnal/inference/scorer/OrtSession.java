package io.semnal.inference.scorer;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One loaded model in ONNX Runtime and what it declares of its inputs and outputs; cold path.
 *
 * <p>Options: one thread, the caller's; sequential; all graph optimisations; no spinning.
 */
final class OrtSession implements AutoCloseable {
  private static final int SEQUENTIAL = 0;
  private static final int ALL_OPTIMISATIONS = 99;
  private static final int ARENA_ALLOCATOR = 1;
  private static final int DEFAULT_MEMORY = 0;

  /**
   * The last: a model is one file, which its hash covers. Without it the runtime would read weights
   * that a model keeps in another file from the working directory.
   */
  private static final Map<String, String> CONFIGURATION =
      Map.of(
          "session.intra_op.allow_spinning", "0",
          "session.inter_op.allow_spinning", "0",
          "session.model_external_initializers_file_folder_path", "/dev/null/no-such-folder");

  private final OrtApi api;
  private final long allocator;
  private long pointer;

  private OrtSession(OrtApi api, long allocator, long pointer) {
    this.api = api;
    this.allocator = allocator;
    this.pointer = pointer;
  }

  /**
   * @throws OrtApi.OrtFailure where the bytes are not a model that the runtime can load
   */
  static OrtSession open(OrtApi api, byte[] onnx) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_LONG);
      api.call(api.getAllocatorWithDefaultOptions, out.address());
      long allocator = out.get(JAVA_LONG, 0);
      MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, onnx);
      long options = options(api, arena);
      try {
        api.call(
            api.createSessionFromArray,
            api.environment,
            bytes.address(),
            bytes.byteSize(),
            options,
            out.address());
        return new OrtSession(api, allocator, out.get(JAVA_LONG, 0));
      } finally {
        api.release(api.releaseSessionOptions, options);
      }
    }
  }

  private static long options(OrtApi api, Arena arena) {
    MemorySegment out = arena.allocate(JAVA_LONG);
    api.call(api.createSessionOptions, out.address());
    long options = out.get(JAVA_LONG, 0);
    api.call(api.setSessionExecutionMode, options, SEQUENTIAL);
    api.call(api.setSessionGraphOptimizationLevel, options, ALL_OPTIMISATIONS);
    api.call(api.setIntraOpNumThreads, options, 1);
    api.call(api.setInterOpNumThreads, options, 1);
    CONFIGURATION.forEach(
        (key, value) ->
            api.call(
                api.addSessionConfigEntry,
                options,
                arena.allocateFrom(key).address(),
                arena.allocateFrom(value).address()));
    return options;
  }

  long pointer() {
    return pointer;
  }

  List<ValueSpec> inputs() {
    return specs(api.sessionGetInputCount, api.sessionGetInputName, api.sessionGetInputTypeInfo);
  }

  List<ValueSpec> outputs() {
    return specs(api.sessionGetOutputCount, api.sessionGetOutputName, api.sessionGetOutputTypeInfo);
  }

  /**
   * A tensor over the caller's memory, which must outlive it.
   *
   * @return to be released by the caller
   */
  long tensor(MemorySegment data, long[] shape, boolean isDouble) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_LONG);
      api.call(api.createCpuMemoryInfo, ARENA_ALLOCATOR, DEFAULT_MEMORY, out.address());
      long memoryInfo = out.get(JAVA_LONG, 0);
      try {
        api.call(
            api.createTensorWithData,
            memoryInfo,
            data.address(),
            data.byteSize(),
            arena.allocateFrom(JAVA_LONG, shape).address(),
            (long) shape.length,
            isDouble ? ValueSpec.FLOAT64 : ValueSpec.FLOAT32,
            out.address());
        return out.get(JAVA_LONG, 0);
      } finally {
        api.release(api.releaseMemoryInfo, memoryInfo);
      }
    }
  }

  /** What a tensor that the runtime made really is. */
  ValueSpec specOf(String name, long value) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_LONG);
      api.call(api.getTensorTypeAndShape, value, out.address());
      long info = out.get(JAVA_LONG, 0);
      try {
        return tensorSpec(arena, name, info);
      } finally {
        api.release(api.releaseTensorTypeAndShapeInfo, info);
      }
    }
  }

  private List<ValueSpec> specs(MethodHandle getCount, MethodHandle getName, MethodHandle getType) {
    List<ValueSpec> specs = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_LONG);
      api.call(getCount, pointer, out.address());
      long count = out.get(JAVA_LONG, 0);
      for (long i = 0; i < count; i++) {
        api.call(getName, pointer, i, allocator, out.address());
        long text = out.get(JAVA_LONG, 0);
        String name = OrtApi.text(text);
        api.call(api.allocatorFree, allocator, text);
        api.call(getType, pointer, i, out.address());
        long type = out.get(JAVA_LONG, 0);
        try {
          specs.add(typeSpec(arena, name, type));
        } finally {
          api.release(api.releaseTypeInfo, type);
        }
      }
    }
    return specs;
  }

  private ValueSpec typeSpec(Arena arena, String name, long type) {
    MemorySegment out = arena.allocate(JAVA_LONG);
    api.call(api.getOnnxTypeFromTypeInfo, type, out.address());
    int kind = out.get(JAVA_INT, 0);
    if (kind != ValueSpec.TENSOR) {
      return new ValueSpec(name, kind, 0, List.of());
    }
    api.call(api.castTypeInfoToTensorInfo, type, out.address());
    return tensorSpec(arena, name, out.get(JAVA_LONG, 0));
  }

  private ValueSpec tensorSpec(Arena arena, String name, long info) {
    MemorySegment out = arena.allocate(JAVA_LONG);
    api.call(api.getTensorElementType, info, out.address());
    int element = out.get(JAVA_INT, 0);
    api.call(api.getDimensionsCount, info, out.address());
    int rank = Math.toIntExact(out.get(JAVA_LONG, 0));
    MemorySegment dimensions = arena.allocate(JAVA_LONG, Math.max(1, rank));
    api.call(api.getDimensions, info, dimensions.address(), (long) rank);
    List<Long> shape = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      shape.add(dimensions.getAtIndex(JAVA_LONG, i));
    }
    return new ValueSpec(name, ValueSpec.TENSOR, element, shape);
  }

  @Override
  public void close() {
    api.release(api.releaseSession, pointer);
    pointer = 0;
  }
}

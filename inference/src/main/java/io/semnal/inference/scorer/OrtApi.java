package io.semnal.inference.scorer;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.semnal.inference.registry.ModelRefusedException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * ONNX Runtime's C API: the functions that scoring needs, found by their place in its table.
 *
 * <p>The places are those of {@code struct OrtApi} in {@code onnxruntime_c_api.h}, which only ever
 * grows at its end. They are proved for {@link #VERSION} by this module's tests; another version of
 * the library is refused at start. Pointers travel as {@code long}.
 */
@SuppressWarnings("restricted") // its one reason to exist is to reach into native code
final class OrtApi {
  /** The library version these places were proved with; the parent POM pins the same. */
  static final String VERSION = "1.29.0";

  private static final int API_VERSION = 23;
  private static final long POINTER = JAVA_LONG.byteSize();
  private static final int FATAL = 4;
  private static final int ORT_FAIL = 1;

  private final Linker linker = Linker.nativeLinker();
  private final MemorySegment table;
  private final String version;

  private final MethodHandle getErrorMessage;

  final MethodHandle createSessionFromArray;
  final MethodHandle createSessionOptions;
  final MethodHandle setSessionExecutionMode;
  final MethodHandle setSessionGraphOptimizationLevel;
  final MethodHandle setIntraOpNumThreads;
  final MethodHandle setInterOpNumThreads;
  final MethodHandle addSessionConfigEntry;
  final MethodHandle sessionGetInputCount;
  final MethodHandle sessionGetOutputCount;
  final MethodHandle sessionGetInputTypeInfo;
  final MethodHandle sessionGetOutputTypeInfo;
  final MethodHandle sessionGetInputName;
  final MethodHandle sessionGetOutputName;
  final MethodHandle createTensorWithData;
  final MethodHandle castTypeInfoToTensorInfo;
  final MethodHandle getOnnxTypeFromTypeInfo;
  final MethodHandle getTensorElementType;
  final MethodHandle getDimensionsCount;
  final MethodHandle getDimensions;
  final MethodHandle getTensorTypeAndShape;
  final MethodHandle createCpuMemoryInfo;
  final MethodHandle allocatorFree;
  final MethodHandle getAllocatorWithDefaultOptions;
  final MethodHandle releaseStatus;
  final MethodHandle releaseMemoryInfo;
  final MethodHandle releaseSession;
  final MethodHandle releaseValue;
  final MethodHandle releaseTypeInfo;
  final MethodHandle releaseTensorTypeAndShapeInfo;
  final MethodHandle releaseSessionOptions;

  /** The process's environment; lives as long as the process. */
  final long environment;

  private OrtApi(SymbolLookup library) throws IOException {
    MemorySegment base = apiBase(library);
    version = versionOf(base);
    if (!version.equals(VERSION)) {
      throw new IOException("the library is version " + version + ", the calls are for " + VERSION);
    }
    table = apiTable(base);
    getErrorMessage = handle(2, JAVA_LONG, JAVA_LONG);
    createSessionFromArray = status(8, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    createSessionOptions = status(10, JAVA_LONG);
    setSessionExecutionMode = status(13, JAVA_LONG, JAVA_INT);
    setSessionGraphOptimizationLevel = status(23, JAVA_LONG, JAVA_INT);
    setIntraOpNumThreads = status(24, JAVA_LONG, JAVA_INT);
    setInterOpNumThreads = status(25, JAVA_LONG, JAVA_INT);
    sessionGetInputCount = status(30, JAVA_LONG, JAVA_LONG);
    sessionGetOutputCount = status(31, JAVA_LONG, JAVA_LONG);
    sessionGetInputTypeInfo = status(33, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    sessionGetOutputTypeInfo = status(34, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    sessionGetInputName = status(36, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    sessionGetOutputName = status(37, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    createTensorWithData =
        status(49, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG);
    castTypeInfoToTensorInfo = status(55, JAVA_LONG, JAVA_LONG);
    getOnnxTypeFromTypeInfo = status(56, JAVA_LONG, JAVA_LONG);
    getTensorElementType = status(60, JAVA_LONG, JAVA_LONG);
    getDimensionsCount = status(61, JAVA_LONG, JAVA_LONG);
    getDimensions = status(62, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    getTensorTypeAndShape = status(65, JAVA_LONG, JAVA_LONG);
    createCpuMemoryInfo = status(69, JAVA_INT, JAVA_INT, JAVA_LONG);
    allocatorFree = status(76, JAVA_LONG, JAVA_LONG);
    getAllocatorWithDefaultOptions = status(78, JAVA_LONG);
    releaseStatus = release(93);
    releaseMemoryInfo = release(94);
    releaseSession = release(95);
    releaseValue = release(96);
    releaseTypeInfo = release(98);
    releaseTensorTypeAndShapeInfo = release(99);
    releaseSessionOptions = release(100);
    addSessionConfigEntry = status(130, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    proveTable();
    environment = createEnvironment();
  }

  /**
   * The API, loaded at first use.
   *
   * @throws ModelRefusedException where the library cannot be loaded or is another version
   */
  static OrtApi get() {
    if (Holder.API == null) {
      throw new ModelRefusedException(
          "ONNX Runtime " + VERSION + " cannot be used: " + Holder.FAILURE.getMessage(),
          Holder.FAILURE);
    }
    return Holder.API;
  }

  /** Loads the library now; whether that failed is said by {@link #get}. */
  static boolean prepare() {
    return Holder.API != null;
  }

  /** What the loaded library calls itself. */
  String version() {
    return version;
  }

  /**
   * {@code OrtApi::Run}: session, run options, input names, inputs, count, names, count, outputs.
   */
  MethodHandle run() {
    return status(
        9, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  }

  /**
   * Calls a function that returns a status; cold path.
   *
   * @throws OrtFailure with the runtime's message where the status is not null
   */
  void call(MethodHandle function, Object... arguments) {
    long status = (long) invoke(function, arguments);
    if (status != 0) {
      String message = message(status);
      release(releaseStatus, status);
      throw new OrtFailure(message);
    }
  }

  /** Calls a release function, unless the pointer is null. */
  void release(MethodHandle function, long pointer) {
    if (pointer != 0) {
      invoke(function, pointer);
    }
  }

  /** The message of a status that stays alive. */
  String message(long status) {
    return text((long) invoke(getErrorMessage, status));
  }

  void releaseStatus(long status) {
    release(releaseStatus, status);
  }

  /** The zero-terminated UTF-8 text at an address. */
  static String text(long address) {
    return MemorySegment.ofAddress(address).reinterpret(Long.MAX_VALUE).getString(0);
  }

  /** A status made of a known code and text must give both back: else the table is another one. */
  private void proveTable() throws IOException {
    String expected = "Semnal proves the function table";
    MethodHandle createStatus = handle(0, JAVA_LONG, JAVA_INT, JAVA_LONG);
    MethodHandle getErrorCode = handle(1, JAVA_INT, JAVA_LONG);
    try (Arena arena = Arena.ofConfined()) {
      long status = (long) invoke(createStatus, ORT_FAIL, arena.allocateFrom(expected).address());
      int code = (int) invoke(getErrorCode, status);
      String actual = message(status);
      releaseStatus(status);
      if (code != ORT_FAIL || !actual.equals(expected)) {
        throw new IOException("its function table does not answer as version " + VERSION + " does");
      }
    }
  }

  private long createEnvironment() {
    MethodHandle createEnv = status(3, JAVA_INT, JAVA_LONG, JAVA_LONG);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_LONG);
      // Every error comes back as a status; the runtime's own lines on standard error would repeat
      // it, in the middle of a score too.
      call(createEnv, FATAL, arena.allocateFrom("semnal").address(), out.address());
      return out.get(JAVA_LONG, 0);
    }
  }

  private MemorySegment apiBase(SymbolLookup library) throws IOException {
    MemorySegment getApiBase =
        library
            .find("OrtGetApiBase")
            .orElseThrow(() -> new IOException("the library has no OrtGetApiBase"));
    MethodHandle function = linker.downcallHandle(getApiBase, FunctionDescriptor.of(JAVA_LONG));
    return MemorySegment.ofAddress((long) invoke(function)).reinterpret(2 * POINTER);
  }

  private String versionOf(MemorySegment base) {
    MemorySegment address = MemorySegment.ofAddress(base.get(JAVA_LONG, POINTER));
    MethodHandle function = linker.downcallHandle(address, FunctionDescriptor.of(JAVA_LONG));
    return text((long) invoke(function));
  }

  private MemorySegment apiTable(MemorySegment base) throws IOException {
    MemorySegment address = MemorySegment.ofAddress(base.get(JAVA_LONG, 0));
    MethodHandle getApi =
        linker.downcallHandle(address, FunctionDescriptor.of(JAVA_LONG, JAVA_INT));
    long pointer = (long) invoke(getApi, API_VERSION);
    if (pointer == 0) {
      throw new IOException("the library does not offer version " + API_VERSION + " of its API");
    }
    return MemorySegment.ofAddress(pointer).reinterpret(Long.MAX_VALUE);
  }

  private MethodHandle status(int place, ValueLayout... arguments) {
    return handle(place, JAVA_LONG, arguments);
  }

  private MethodHandle release(int place) {
    return linker.downcallHandle(function(place), FunctionDescriptor.ofVoid(JAVA_LONG));
  }

  private MethodHandle handle(int place, ValueLayout result, ValueLayout... arguments) {
    MemoryLayout[] layouts = arguments.clone();
    return linker.downcallHandle(function(place), FunctionDescriptor.of(result, layouts));
  }

  private MemorySegment function(int place) {
    return MemorySegment.ofAddress(table.get(JAVA_LONG, place * POINTER));
  }

  private static Object invoke(MethodHandle function, Object... arguments) {
    try {
      return function.invokeWithArguments(arguments);
    } catch (Throwable e) {
      // A downcall throws only where handle and arguments do not fit: a fault of this package.
      throw new LinkageError("a call into ONNX Runtime does not fit its signature", e);
    }
  }

  /** A status that was not null. */
  static final class OrtFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OrtFailure(String message) {
      super(message);
    }
  }

  private static final class Holder {
    static final OrtApi API;
    static final Exception FAILURE;

    static {
      OrtApi api = null;
      Exception failure = null;
      try {
        api = new OrtApi(OrtLibrary.load());
      } catch (IOException | RuntimeException e) {
        failure = e;
      }
      API = api;
      FAILURE = failure;
    }
  }
}

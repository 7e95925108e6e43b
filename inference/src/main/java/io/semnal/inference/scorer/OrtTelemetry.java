package io.semnal.inference.scorer;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * Keeps ONNX Runtime from reporting to its vendor.
 *
 * <p>From 1.29 on, outside Windows, the official library does so unless the environment says
 * otherwise when it starts: it keeps a database and a device id in the user's cache folder, opens a
 * connection, and searches the process's command line recursively, which at some 4 kB of it
 * overflows a thread's stack and ends the process without a word.
 *
 * @see <a href="https://github.com/microsoft/onnxruntime/pull/27379">the change that brought it</a>
 */
@SuppressWarnings("restricted") // the environment of a running process is set in native code only
final class OrtTelemetry {
  static final String VARIABLE = "ORT_DISABLE_TELEMETRY";

  private OrtTelemetry() {}

  /**
   * Sets the variable that it looks for; to be called before the library is loaded.
   *
   * @throws IOException where the system refuses
   */
  static void forbid() throws IOException {
    Linker linker = Linker.nativeLinker();
    Optional<MemorySegment> setenv = linker.defaultLookup().find("setenv");
    if (setenv.isEmpty()) {
      return; // Windows, where the library leaves it to the system's own event tracing.
    }
    MethodHandle function =
        linker.downcallHandle(
            setenv.get(), FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));
    if (set(function) != 0) {
      throw new IOException(VARIABLE + " cannot be set in the process's environment");
    }
  }

  private static int set(MethodHandle setenv) {
    try (Arena arena = Arena.ofConfined()) {
      return (int) setenv.invokeExact(arena.allocateFrom(VARIABLE), arena.allocateFrom("1"), 1);
    } catch (Throwable e) {
      throw new LinkageError("setenv does not fit its signature", e);
    }
  }
}

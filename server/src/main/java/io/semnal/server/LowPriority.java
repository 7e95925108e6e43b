package io.semnal.server;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes threads give way to the others of the process: Linux knows a nice value for each thread,
 * which Java's thread priorities do not reach. Elsewhere nothing is changed.
 */
final class LowPriority {
  private static final Logger LOG = LoggerFactory.getLogger(LowPriority.class);
  private static final int PRIO_PROCESS = 0;

  /** Of the thread that calls; Linux does not mean the process, whatever the constant is called. */
  private static final int CALLER = 0;

  private static final MethodHandle SETPRIORITY = setPriority();

  private LowPriority() {}

  /** What a thread is to run, at a nice value from 0 to 19. */
  static Runnable of(int nice, Runnable body) {
    return nice == 0
        ? body
        : () -> {
          lower(nice);
          body.run();
        };
  }

  private static void lower(int nice) {
    if (SETPRIORITY == null) {
      return;
    }
    try {
      int result = (int) SETPRIORITY.invokeExact(PRIO_PROCESS, CALLER, nice);
      if (result != 0) {
        LOG.warn("{} keeps its priority: the system refused", Thread.currentThread().getName());
      }
    } catch (Throwable e) {
      throw new IllegalStateException("cannot call setpriority", e);
    }
  }

  @SuppressWarnings("restricted")
  private static MethodHandle setPriority() {
    if (!System.getProperty("os.name").equals("Linux")) {
      return null;
    }
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find("setpriority")
        .map(
            address ->
                linker.downcallHandle(
                    address,
                    FunctionDescriptor.of(
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT)))
        .orElse(null);
  }
}

package io.semnal.server;

import com.sun.management.ThreadMXBean;
import io.netty.util.internal.PlatformDependent;
import io.semnal.core.metrics.Metrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Shows among the metrics what the process takes: memory, handles, threads, and each thread's share
 * of processor time and garbage.
 */
final class ProcessMetrics {
  private static final Path HANDLES = Path.of("/proc/self/fd");

  private ProcessMetrics() {}

  static void register(Metrics metrics, Iterable<Thread> threads) {
    Runtime runtime = Runtime.getRuntime();
    metrics.gauge(
        "process_heap_bytes",
        "Heap in use, garbage not yet collected included",
        () -> runtime.totalMemory() - runtime.freeMemory());
    metrics.gauge(
        "process_direct_bytes",
        "Direct memory of Netty's pools",
        () -> Math.max(0, PlatformDependent.usedDirectMemory()));
    metrics.gauge("process_open_handles", "File descriptors", ProcessMetrics::handles);
    metrics.gauge("process_threads", "Java threads", () -> Beans.THREADS.getThreadCount());
    for (Thread thread : threads) {
      String label = "{thread=\"" + thread.getName() + "\"}";
      long id = thread.threadId();
      metrics.gauge(
          "thread_processor_nanos" + label,
          "Processor time of a thread, user and system",
          () -> Math.max(0, Beans.THREADS.getThreadCpuTime(id)));
      metrics.gauge(
          "thread_allocated_bytes" + label,
          "Bytes that a thread allocated on the heap",
          () -> Math.max(0, Beans.THREADS.getThreadAllocatedBytes(id)));
    }
  }

  /** Loaded when first asked for: a start does without. */
  private static final class Beans {
    static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Beans() {}
  }

  private static long handles() {
    if (!Files.isDirectory(HANDLES)) {
      return 0;
    }
    try (Stream<Path> all = Files.list(HANDLES)) {
      return all.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

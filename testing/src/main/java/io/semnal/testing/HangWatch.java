package io.semnal.testing;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Ends a test process in which nothing has moved for too long, naming the test and where every
 * thread stood.
 *
 * <p>JUnit's own timeouts interrupt, which a loop that spins or a blocking native call never
 * notices, and do not know jqwik's tests; where they have worked, this is never heard of.
 */
public final class HangWatch implements TestExecutionListener {
  /** Seconds without a test's beginning or end; 0 or nothing for no watch. */
  static final String LIMIT = "semnal.testing.hangSeconds";

  private static final Path REPORTS = Path.of("target", "surefire-reports");
  private static final int EXIT = 86;

  /** For the test to end by its own @Timeout first. */
  private static final Duration GRACE = Duration.ofMinutes(2);

  private record Step(String what, long since, Duration limit) {}

  private final Duration limit = Duration.ofSeconds(Long.getLong(LIMIT, 0));
  private volatile Step step;
  private Thread watch;

  @Override
  public void testPlanExecutionStarted(TestPlan plan) {
    if (limit.isZero()) {
      return;
    }
    step("before the first test", limit);
    watch = new Thread(this::watch, "hang-watch");
    watch.setDaemon(true);
    watch.setPriority(Thread.MAX_PRIORITY);
    watch.start();
  }

  @Override
  public void testPlanExecutionFinished(TestPlan plan) {
    if (watch != null) {
      watch.interrupt();
    }
  }

  @Override
  public void executionStarted(TestIdentifier test) {
    step("in " + name(test), own(test.getSource()).map(o -> o.plus(GRACE)).orElse(limit));
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    step("after " + name(test), limit);
  }

  @Override
  public void reportingEntryPublished(TestIdentifier test, ReportEntry entry) {
    Step last = step;
    step(last.what(), last.limit());
  }

  private void step(String what, Duration allowed) {
    step = new Step(what, System.nanoTime(), allowed.compareTo(limit) > 0 ? allowed : limit);
  }

  private static String name(TestIdentifier test) {
    return test.getSource()
        .map(
            source ->
                switch (source) {
                  case MethodSource m -> m.getClassName() + "." + m.getMethodName();
                  case ClassSource c -> c.getClassName();
                  default -> source.toString();
                })
        .map(source -> source + " (" + test.getDisplayName() + ")")
        .orElse(test.getDisplayName());
  }

  /** The test's own timeout, which may be longer than ours. */
  private static Optional<Duration> own(Optional<TestSource> source) {
    Timeout own =
        switch (source.orElse(null)) {
          case MethodSource m ->
              Optional.ofNullable(m.getJavaMethod().getAnnotation(Timeout.class))
                  .orElseGet(() -> m.getJavaClass().getAnnotation(Timeout.class));
          case ClassSource c -> c.getJavaClass().getAnnotation(Timeout.class);
          case null, default -> null;
        };
    return Optional.ofNullable(own).map(o -> Duration.of(o.value(), o.unit().toChronoUnit()));
  }

  private void watch() {
    try {
      while (true) {
        Thread.sleep(500);
        Step now = step;
        if (System.nanoTime() - now.since() > now.limit().toNanos()) {
          end(now);
        }
      }
    } catch (InterruptedException _) {
      // The tests are over.
    }
  }

  /** Without shutdown hooks: they might wait for the very thing that hangs. */
  private static void end(Step hung) {
    StringBuilder text = new StringBuilder();
    text.append("HANG: nothing has moved for ").append(hung.limit().toSeconds()).append(" s ");
    text.append(hung.what()).append("; every thread of the process, the tests' first:\n");
    Stream.of(ManagementFactory.getThreadMXBean().dumpAllThreads(true, true))
        .sorted(Comparator.comparing(thread -> !thread.getThreadName().equals("main")))
        .forEach(thread -> append(thread, text));
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    // The test framework has redirected System.err.
    try (FileOutputStream err = new FileOutputStream(FileDescriptor.err)) {
      if (Files.isDirectory(REPORTS)) {
        Files.write(REPORTS.resolve("hang.dump"), bytes);
      }
      err.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      Runtime.getRuntime().halt(EXIT);
    }
  }

  private static void append(ThreadInfo thread, StringBuilder text) {
    text.append('"').append(thread.getThreadName()).append("\" ").append(thread.getThreadState());
    if (thread.getLockName() != null) {
      text.append(" on ").append(thread.getLockName());
    }
    if (thread.getLockOwnerName() != null) {
      text.append(" held by \"").append(thread.getLockOwnerName()).append('"');
    }
    for (StackTraceElement frame : thread.getStackTrace()) {
      text.append("\n    at ").append(frame);
    }
    text.append('\n');
  }
}

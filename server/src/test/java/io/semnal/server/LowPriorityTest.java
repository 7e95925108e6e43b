package io.semnal.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Asks the system, not Java, how nice a thread is. */
class LowPriorityTest {
  private static final int NICE = 16;

  @Test
  @EnabledOnOs(OS.LINUX)
  void oneThreadGivesWayAndNoOther() throws Exception {
    int own = nice();
    int more = Math.min(19, own + 3);
    FutureTask<Integer> lowered = new FutureTask<>(LowPriorityTest::nice);
    FutureTask<Integer> beside = new FutureTask<>(LowPriorityTest::nice);
    Thread thread = Thread.ofPlatform().start(LowPriority.of(more, lowered));
    assertThat(lowered.get()).isEqualTo(more);
    thread.join();
    Thread.ofPlatform().start(LowPriority.of(0, beside)).join();
    assertThat(beside.get()).isEqualTo(own);
    assertThat(nice()).isEqualTo(own);
  }

  /** The 19th field of the calling thread's {@code stat}, counted behind the name. */
  private static int nice() throws Exception {
    String stat = Files.readString(Path.of("/proc/thread-self/stat"));
    return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[NICE]);
  }
}

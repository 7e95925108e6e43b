package io.semnal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether the system is really asked to write, as seen from outside the process. */
class JournalSyncTest {
  @TempDir Path dir;

  @Test
  void asksTheSystemToWriteEachQueuesFileAndItsFolder() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/strace")), "strace is not installed");
    Path trace = dir.resolve("trace");
    Path journal = dir.resolve("journal");
    try (ChildJvm child = ChildJvm.start(Syncing.class, journal.toString())) {
      child.awaitLine("journaled");
      Process strace =
          new ProcessBuilder(
                  "/usr/bin/strace",
                  "-f",
                  "-y",
                  "-e",
                  "trace=fsync,fdatasync",
                  "-o",
                  trace.toString(),
                  "-p",
                  Long.toString(child.process().pid()))
              .redirectErrorStream(true)
              .start();
      String attached = strace.inputReader().readLine();
      assumeTrue(attached != null && attached.contains("attached"), "may not trace: " + attached);
      child.process().getOutputStream().write('\n');
      child.process().getOutputStream().flush();
      child.awaitLine("synced 6");
      child.process().destroyForcibly().waitFor();
      assertThat(strace.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }
    List<String> calls =
        Files.readAllLines(trace).stream().filter(l -> l.contains("sync(")).toList();
    assertThat(calls).filteredOn(l -> l.contains("/inbound/") && l.contains(".cq4")).hasSize(4);
    assertThat(calls).filteredOn(l -> l.contains("/outbound/") && l.contains(".cq4")).hasSize(2);
    assertThat(calls).filteredOn(l -> l.contains("/inbound>")).hasSize(1);
  }

  /** Journals, waits to be watched, then syncs inbound twice and both twice. */
  static final class Syncing {
    private Syncing() {}

    public static void main(String[] args) throws Exception {
      LiveRun live = new LiveRun(Path.of(args[0]), "build-1", "3");
      live.quotes(50);
      JournalSync sync = new JournalSync(live.journal);
      System.out.println("journaled");
      System.in.read();
      sync.inbound();
      sync.inbound();
      sync.both();
      live.quotes(50);
      sync.both();
      System.out.println("synced " + sync.forces());
      Thread.sleep(60_000);
    }
  }

  @Test
  void followsAQueueToItsNextFile() throws Exception {
    try (LiveRun live = new LiveRun(dir, "build-1", "3", "TEST_SECONDLY");
        JournalSync sync = new JournalSync(live.journal)) {
      for (int i = 0; i < 3; i++) {
        live.quotes(20);
        sync.both();
        Thread.sleep(1_050);
      }
      assertThat(sync.forces()).isEqualTo(6);
      assertThat(QueueFiles.list(dir.resolve("inbound"))).hasSizeGreaterThan(2);
    }
  }
}

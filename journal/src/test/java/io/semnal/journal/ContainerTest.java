package io.semnal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writers that are process 1 of a namespace each, as servers in containers are. */
class ContainerTest {
  private static final String WITHOUT_FLAGS = "chronicle\\.(analytics|announcer).*";

  @TempDir Path dir;

  private Process start(String... wrapper) throws Exception {
    Path root = Path.of(System.getProperty("semnal.root"));
    // Without the flags that switch the vendor's reports off: the journal's own code has to.
    Path flags = dir.resolve("flags");
    Files.write(
        flags,
        Files.readAllLines(root.resolve("scripts/jvm.flags")).stream()
            .filter(l -> !l.matches("-D" + WITHOUT_FLAGS))
            .toList());
    List<String> command = new ArrayList<>(List.of(wrapper));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("@" + flags, "-Xmx128m", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.addAll(List.of(Writing.class.getName(), dir.resolve("journal").toString()));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /** Opens for writing, appends one clock, and waits. */
  static final class Writing {
    private Writing() {}

    public static void main(String[] args) throws Exception {
      long pid = ProcessHandle.current().pid();
      try (JournalDirectory journal = JournalDirectory.open(Path.of(args[0]), "FAST_DAILY")) {
        Messages messages = new Messages();
        long next = journal.inboundReader().head().sequence() + 1;
        journal.inboundLog().append(messages.buffer, 0, messages.clock(next, next));
        System.out.println("pid " + pid + " wrote " + next);
        System.in.read();
      } catch (JournalException e) {
        System.out.println("pid " + pid + " refused: " + e.getMessage());
      }
    }
  }

  private static String line(BufferedReader reader) throws Exception {
    StringBuilder seen = new StringBuilder();
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (line.startsWith("pid ")) {
        return line;
      }
      seen.append(line).append('\n');
    }
    throw new AssertionError("it ended: " + seen);
  }

  @Test
  void oneProcessOneWritesWhileItLivesAndTheNextTakesOverFromAKilledOne() throws Exception {
    String[] container = {"unshare", "-rpf", "--kill-child"};
    Process possible = new ProcessBuilder("unshare", "-rpf", "--kill-child", "true").start();
    assumeTrue(possible.waitFor() == 0, "no namespaces for process ids here");
    Process first = start(container);
    assertThat(line(first.inputReader())).isEqualTo("pid 1 wrote 1");
    Process second = start(container);
    assertThat(line(second.inputReader()))
        .startsWith("pid 1 refused: ")
        .contains("is held by another process: pid 1 on");
    second.waitFor();
    first.destroyForcibly().waitFor();
    Process third = start(container);
    assertThat(line(third.inputReader())).isEqualTo("pid 1 wrote 2");
    third.getOutputStream().close();
    assertThat(third.waitFor(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void reportsNothingToTheVendor() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/strace")), "strace is not installed");
    Path trace = dir.resolve("trace");
    Process writer =
        start("/usr/bin/strace", "-f", "-qq", "-e", "trace=connect,sendto", "-o", trace.toString());
    assertThat(line(writer.inputReader())).endsWith("wrote 1");
    // A report would be sent by a thread of its own: it gets its time.
    Thread.sleep(1_000);
    writer.getOutputStream().close();
    assertThat(writer.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readAllLines(trace)).filteredOn(l -> l.contains("AF_INET")).isEmpty();
  }
}

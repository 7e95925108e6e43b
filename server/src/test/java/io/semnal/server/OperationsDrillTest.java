package io.semnal.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.journal.JournalDirectory;
import io.semnal.journal.QueueReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The backup and the restore of {@code docs/operations.md}: a shell runs the page's own lines, the
 * backup while ticks flow, the restore after the disk with the journal is lost.
 */
class OperationsDrillTest {
  private static final Path ROOT = Path.of(System.getProperty("semnal.root"));
  private static final int RATE = 10_000;
  private static final long UNDER_WAY = 10_000;

  @TempDir private Path folder;
  private ServerSetup setup;

  @Test
  void restoresWhatWasBackedUpUnderLoad() throws Exception {
    List<Path> files = RealTicks.zips("lean/oanda/tick/eurusd").subList(0, 2);
    setup = new ServerSetup(folder);
    prepare();
    SemnalProcess server = setup.start();
    try {
      try (SemnalProcess feed = setup.feed(RATE, files)) {
        awaitInbound(UNDER_WAY, server);
        assertThat(said("backs up")).containsPattern("(?m)^sound$");
        long backedUp = head(folder.resolve("backup/journal"));
        assertThat(backedUp).isGreaterThanOrEqualTo(UNDER_WAY);
        awaitInbound(backedUp + 1, server);
        assertThat(feed.await(ServerSetup.PATIENCE)).as(feed.output()).isZero();
      }
      server.kill();
      assertThat(said("restores")).containsPattern("(?m)^sound$");
      server = setup.start();
      assertThat(server.output()).contains("was copied or restored");
      try (SemnalProcess feed = setup.feed(RATE, files)) {
        assertThat(feed.await(ServerSetup.PATIENCE)).as(feed.output()).isZero();
      }
      assertThat(server.stop()).as(server.output()).isZero();
      assertThat(said("looks"))
          .containsPattern("(?m)^1 +1 ")
          .containsPattern("(?m)^2 +2 ")
          .contains("identical: 2 run(s)");
      JournalProof.standsOnce(setup.journal(), files);
      checksTheMachineBeforeAnUpgrade();
    } finally {
      server.close();
    }
  }

  /** With this server's ports, which are free by now; how much disk there is, is the machine's. */
  private void checksTheMachineBeforeAnUpgrade() throws Exception {
    String text = said("upgrades", lines -> lines.strip() + " --config server.conf || true");
    assertThat(text)
        .containsPattern("(?m)^ok +jdk ")
        .containsPattern("(?m)^ok +flags ")
        .containsPattern("(?m)^ok +clock ")
        .containsPattern("(?m)^(ok|BAD) +disk .* MiB free for .*journal")
        .containsPattern("(?m)^(ok|BAD) +port +feed .*:" + setup.feedPort())
        .containsPattern("(?m)^(All is well\\.|[0-9]+ problem\\(s\\)\\.)$");
  }

  /** A launcher that runs the classes under test. */
  private void prepare() throws IOException {
    Path launcher = Files.createDirectories(folder.resolve("scripts")).resolve("semnal");
    Files.writeString(
        launcher,
        """
        #!/bin/sh
        exec '%s/bin/java' '@%s' -Xms64m -Xmx256m -XX:TieredStopAtLevel=1 -cp '%s' '-Dsemnal.home=%s' io.semnal.server.Semnal "$@"
        """
            .formatted(
                System.getProperty("java.home"),
                ROOT.resolve("scripts/jvm.flags"),
                System.getProperty("java.class.path"),
                ROOT));
    assertThat(launcher.toFile().setExecutable(true)).isTrue();
  }

  /** Runs the page's lines, which all have to succeed; what they printed. */
  private String said(String what) throws Exception {
    return said(what, lines -> lines);
  }

  private String said(String what, UnaryOperator<String> with) throws Exception {
    Pattern block =
        Pattern.compile(
            "<!-- OperationsDrillTest " + what + " with: -->\n```bash\n(.*?)```", Pattern.DOTALL);
    Matcher found = block.matcher(Files.readString(ROOT.resolve("docs/operations.md")));
    assertThat(found.find()).as(what).isTrue();
    // This server's files lie in the folder itself, and its models where the build makes them.
    String lines =
        with.apply(found.group(1))
            .replace("data/models", "'" + TestModels.directory() + "'")
            .replace("data/", "");
    Path said = Files.createTempFile(folder, "said", ".txt");
    Process shell =
        new ProcessBuilder("bash", "-e", "-o", "pipefail", "-c", lines)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    boolean ended = shell.waitFor(ServerSetup.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    shell.destroyForcibly();
    String text = Files.readString(said);
    assertThat(ended && shell.exitValue() == 0).as(lines + text).isTrue();
    return text;
  }

  private void awaitInbound(long sequence, SemnalProcess server) throws InterruptedException {
    long deadline = System.nanoTime() + ServerSetup.PATIENCE.toNanos();
    while (head(setup.journal()) < sequence) {
      assertThat(server.isAlive()).as(server.output()).isTrue();
      assertThat(System.nanoTime()).as(server.output()).isLessThan(deadline);
      Thread.sleep(20);
    }
  }

  private static long head(Path journal) {
    try (JournalDirectory directory = JournalDirectory.openReadOnly(journal);
        QueueReader reader = directory.inboundReader()) {
      return reader.head().sequence();
    }
  }
}

package io.semnal.server.command;

import io.semnal.journal.JournalDirectory;
import io.semnal.journal.ReplayVerifier;
import io.semnal.journal.RunReport;
import io.semnal.journal.VerifyResult;
import io.semnal.server.BuildId;
import io.semnal.server.JournalEngines;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A journal once more through the engine. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description = {
      "Replays a journal through the engine, and compares with what was published.",
      "The comparison is byte for byte. With --verify a difference is a failure (exit code"
          + " 1); the first one is named field by field.",
      "A server may be writing to the journal meanwhile."
    })
public final class ReplayCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Mixin private ConfigOptions options;

  @Option(
      names = "--journal",
      paramLabel = "DIR",
      description = "The journal; the configured one by default.")
  private Path journal;

  @Option(names = "--verify", description = "Fails where anything differs.")
  private boolean verify;

  @Option(
      names = "--until",
      paramLabel = "SEQ",
      description = "The last inbound message (journalSeq) to replay.")
  private long until = Long.MAX_VALUE;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    ProgressLine progress = new ProgressLine(spec.commandLine().getErr());
    long started = System.nanoTime();
    try (JournalDirectory directory = JournalDirectory.openReadOnly(options.journal(journal))) {
      VerifyResult result =
          ReplayVerifier.verify(
              directory,
              JournalEngines.of(directory),
              BuildId.current(),
              until,
              progress.recovery());
      progress.clear();
      double seconds = (System.nanoTime() - started) / 1e9;
      long inbound = result.runs().stream().mapToLong(RunReport::inbound).sum();
      out.print(result.text());
      out.printf("%.1f s, %.0f inbound messages a second%n", seconds, inbound / seconds);
      out.flush();
      return result.isIdentical() || !verify ? 0 : 1;
    }
  }
}

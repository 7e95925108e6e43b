package io.semnal.server.command;

import io.semnal.journal.JournalDirectory;
import io.semnal.journal.Quarantine;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Work on a journal. */
@Command(
    name = "journal",
    mixinStandardHelpOptions = true,
    description = "Works on a journal: puts messages into quarantine.",
    synopsisSubcommandLabel = "skip")
public final class JournalCommand implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Say 'skip'.");
  }

  @Command(
      name = "skip",
      mixinStandardHelpOptions = true,
      description = {
        "Puts an inbound message into quarantine: no engine is given it any more.",
        "For a message that kills the engine at every start; the server must be stopped."
      })
  int skip(
      @Mixin ConfigOptions options,
      @Parameters(paramLabel = "SEQ", description = "The message's journalSeq.") long sequence,
      @Option(
              names = "--journal",
              paramLabel = "DIR",
              description = "The journal; the configured one by default.")
          Path named,
      @Option(
              names = "--reason",
              required = true,
              paramLabel = "TEXT",
              description = "Why, for those who come after.")
          String reason) {
    Path journal = options.journal(named);
    // Opening for writing would make a journal where there is none.
    JournalDirectory.openReadOnly(journal).close();
    try (JournalDirectory directory = JournalDirectory.open(journal, "FAST_DAILY")) {
      Quarantine.of(directory).skip(directory, sequence, reason);
    }
    spec.commandLine()
        .getOut()
        .println("inbound message " + sequence + " is in quarantine from now on");
    return 0;
  }
}

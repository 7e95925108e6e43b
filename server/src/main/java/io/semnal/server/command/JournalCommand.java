package io.semnal.server.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.semnal.journal.Compaction;
import io.semnal.journal.JournalDirectory;
import io.semnal.journal.JournalReader;
import io.semnal.journal.JournalScan;
import io.semnal.journal.JournalState;
import io.semnal.journal.Pruning;
import io.semnal.journal.PruningPlan;
import io.semnal.journal.Quarantine;
import io.semnal.journal.Salvage;
import io.semnal.journal.TypeCounts;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Work on a journal. */
@Command(
    name = "journal",
    mixinStandardHelpOptions = true,
    description = {
      "Looks into a journal, and works on it.",
      "Looking works beside a running server, and changes nothing."
    },
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n")
public final class JournalCommand implements Runnable {
  private static final long POLL = 20_000_000L;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  /** {@code --journal}. */
  static final class Where {
    @Option(
        names = "--journal",
        paramLabel = "DIR",
        description = "The journal; the configured one by default.")
    private Path named;

    JournalDirectory open(ConfigOptions options) {
      return JournalDirectory.openReadOnly(options.journal(named));
    }

    Path path(ConfigOptions options) {
      return options.journal(named);
    }
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getErr());
    throw new CommandLine.ParameterException(spec.commandLine(), "Say what to do.");
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  @Command(
      name = "ls",
      mixinStandardHelpOptions = true,
      description = "Lists the runs: times, sequences, build, models.")
  int ls(
      @Mixin ConfigOptions options,
      @Mixin Where where,
      @Option(names = "--json", description = "As JSON.") boolean json) {
    ProgressLine progress = new ProgressLine(spec.commandLine().getErr());
    try (JournalDirectory journal = where.open(options)) {
      JournalState state = JournalScan.scan(journal, null, progress.recovery());
      progress.clear();
      if (json) {
        printJson(JournalReports.runs(state));
      } else {
        JournalReports.printRuns(out(), state);
      }
    }
    return 0;
  }

  @Command(
      name = "info",
      mixinStandardHelpOptions = true,
      description = {
        "Counts messages by type, and says what the journal really takes of the disk.",
        "The files are sparse: their lengths, which 'ls -l' shows, mean nothing."
      })
  int info(
      @Mixin ConfigOptions options,
      @Mixin Where where,
      @Option(names = "--json", description = "As JSON.") boolean json) {
    ProgressLine progress = new ProgressLine(spec.commandLine().getErr());
    try (JournalDirectory journal = where.open(options)) {
      List<TypeCounts> counts = JournalReports.counts(journal, progress);
      if (json) {
        printJson(JournalReports.info(journal, counts));
      } else {
        JournalReports.printInfo(out(), journal, counts);
      }
    }
    return 0;
  }

  @Command(
      name = "cat",
      mixinStandardHelpOptions = true,
      description = {
        "Shows messages, decoded by name and field, from a sequence or a time on.",
        "'cat --seq N' shows inbound message N and everything that it caused."
      })
  int cat(@Mixin ConfigOptions options, @Mixin JournalSelection selection) {
    try (JournalReader reader = selection.open(options)) {
      selection.seek(reader);
      selection.print(reader, message -> true, () -> false);
    }
    return 0;
  }

  @Command(
      name = "grep",
      mixinStandardHelpOptions = true,
      description = {
        "Shows messages whose line, as 'cat' shows it, has a match of a regular expression.",
        "Exit code 1 if there is none."
      })
  int grep(
      @Mixin ConfigOptions options,
      @Mixin JournalSelection selection,
      @Parameters(paramLabel = "PATTERN", description = "Such as 'reason=STOP' or 'symbol=EUR.*'.")
          String pattern) {
    Pattern compiled;
    try {
      compiled = Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "'" + pattern + "' is no regular expression: " + e.getDescription());
    }
    try (JournalReader reader = selection.open(options)) {
      selection.seek(reader);
      long found =
          selection.print(reader, message -> compiled.matcher(message.line()).find(), () -> false);
      return found > 0 ? 0 : 1;
    }
  }

  @Command(
      name = "tail",
      mixinStandardHelpOptions = true,
      description = "Shows the last messages, and with -f those that come, until Ctrl-C.")
  int tail(
      @Mixin ConfigOptions options,
      @Mixin JournalSelection selection,
      @Option(
              names = "-n",
              paramLabel = "N",
              defaultValue = "10",
              description = "So many of the last sequences (${DEFAULT-VALUE} by default).")
          long last,
      @Option(names = "-f", description = "Follows what is appended.") boolean follow) {
    try (JournalReader reader = selection.open(options)) {
      reader.seekToSequence(reader.head().sequence() - last + 1);
      selection.print(
          reader,
          message -> true,
          () -> {
            LockSupport.parkNanos(POLL);
            return follow && !Thread.interrupted();
          });
    }
    return 0;
  }

  @Command(
      name = "verify",
      mixinStandardHelpOptions = true,
      description = {
        "Checks files and order: every sequence there once, time never back, every run's header,"
            + " every message against its checksum.",
        "Whether the engine says the same again, 'semnal replay --verify' proves."
      })
  int verify(@Mixin ConfigOptions options, @Mixin Where where) {
    ProgressLine progress = new ProgressLine(spec.commandLine().getErr());
    try (JournalDirectory journal = where.open(options)) {
      JournalState state = JournalScan.scan(journal, null, progress.recovery());
      List<String> faults = new ArrayList<>(state.faults());
      faults.addAll(JournalReports.shadowFaults(journal));
      progress.clear();
      out()
          .printf(
              "%d run(s), inbound to %d, outbound to %d%n",
              state.runs().size(), state.inbound().sequence(), state.outbound().sequence());
      if (state.hasLostTail()) {
        out()
            .printf(
                "inbound messages %d to %d were lost after their effects were published: the next"
                    + " start declares it%n",
                state.inbound().sequence() + 1, state.lastCauseSeq());
      }
      faults.forEach(fault -> out().println("FAULT: " + fault));
      out().println(faults.isEmpty() ? "sound" : "NOT sound");
      JournalReports.printSums(out(), journal);
      out().flush();
      return faults.isEmpty() ? 0 : 1;
    }
  }

  @Command(
      name = "prune",
      mixinStandardHelpOptions = true,
      description = {
        "Removes the oldest files, up to the header of a run from which on all stays and replays.",
        "Definitions, signals and what became of them stay. The server must be stopped; a running"
            + " one prunes by journal.retention."
      })
  int prune(
      @Mixin ConfigOptions options,
      @Mixin Where where,
      @Option(
              names = "--older-than",
              paramLabel = "DURATION",
              description = "Such as 90d or 36h, back from the journal's last message.")
          String age,
      @Option(
              names = "--larger-than",
              paramLabel = "SIZE",
              description = "Of both queues on disk, such as 20GiB.")
          String size,
      @Option(names = "--dry-run", description = "Says what would go, and leaves it.")
          boolean dryRun) {
    if (age == null && size == null) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "say --older-than, --larger-than, or both");
    }
    PruneRequest request = PruneRequest.of(spec.commandLine(), age, size, options.load().engine());
    ProgressLine progress = new ProgressLine(spec.commandLine().getErr());
    where.open(options).close();
    try (JournalDirectory journal =
        dryRun ? where.open(options) : JournalDirectory.open(where.path(options), "FAST_DAILY")) {
      PruningPlan plan = request.plan(journal, progress.recovery());
      progress.clear();
      if (!dryRun) {
        Pruning.carryOut(journal, plan);
      }
      PruneRequest.print(out(), plan, dryRun);
    }
    return 0;
  }

  @Command(
      name = "compact",
      mixinStandardHelpOptions = true,
      description = {
        "Gives back to the disk what a writer had readied at the end of files it then left.",
        "No message is touched. The server must be stopped."
      })
  int compact(@Mixin ConfigOptions options, @Mixin Where where) {
    where.open(options).close();
    try (JournalDirectory journal = JournalDirectory.open(where.path(options), "FAST_DAILY")) {
      out().println(JournalReports.bytes(Compaction.compact(journal)) + " given back");
      out().flush();
    }
    return 0;
  }

  @Command(
      name = "salvage",
      mixinStandardHelpOptions = true,
      description = {
        "Copies what is sound of a damaged journal into a new folder, up to each queue's first"
            + " fault.",
        "A start goes on there in another epoch, in which clients begin with a snapshot. The server"
            + " must be stopped; the damaged journal stays as it is."
      })
  int salvage(
      @Mixin ConfigOptions options,
      @Mixin Where where,
      @Option(
              names = "--to",
              required = true,
              paramLabel = "DIR",
              description = "The new journal; must not be there yet.")
          Path target,
      @Option(
              names = "--in-before",
              paramLabel = "JOURNALSEQ",
              defaultValue = "" + Long.MAX_VALUE,
              showDefaultValue = CommandLine.Help.Visibility.NEVER,
              description = "Leaves out inbound messages from this one on.")
          long inBefore,
      @Option(
              names = "--out-before",
              paramLabel = "OUTSEQ",
              defaultValue = "" + Long.MAX_VALUE,
              showDefaultValue = CommandLine.Help.Visibility.NEVER,
              description =
                  "Leaves out outbound messages from this one on; the next start says them again.")
          long outBefore) {
    ProgressLine progress = new ProgressLine(spec.commandLine().getErr());
    try (JournalDirectory journal = where.open(options)) {
      Salvage.Result result =
          Salvage.copy(journal, target, inBefore, outBefore, progress.recovery());
      progress.clear();
      printSalvaged("inbound", result.journalSeq(), result.inboundFault());
      printSalvaged("outbound", result.outSeq(), result.outboundFault());
      out().flush();
    }
    return 0;
  }

  private void printSalvaged(String side, long last, String fault) {
    out().printf("%s copied up to %d%s%n", side, last, fault == null ? ", its end" : ": " + fault);
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
      @Mixin Where where,
      @Parameters(paramLabel = "SEQ", description = "The message's journalSeq.") long sequence,
      @Option(
              names = "--reason",
              required = true,
              paramLabel = "TEXT",
              description = "Why, for those who come after.")
          String reason) {
    // Opening for writing would make a journal where there is none.
    where.open(options).close();
    try (JournalDirectory directory = JournalDirectory.open(where.path(options), "FAST_DAILY")) {
      Quarantine.of(directory).skip(directory, sequence, reason);
    }
    out().println("inbound message " + sequence + " is in quarantine from now on");
    return 0;
  }

  private void printJson(Object value) {
    try {
      out().println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(value));
      out().flush();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}

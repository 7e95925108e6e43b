package io.semnal.server;

import io.semnal.core.config.ConfigException;
import io.semnal.server.command.ConfigCommand;
import io.semnal.server.command.Converters;
import io.semnal.server.command.DemoCommand;
import io.semnal.server.command.DoctorCommand;
import io.semnal.server.command.EvaluateCommand;
import io.semnal.server.command.ExportCommand;
import io.semnal.server.command.Failures;
import io.semnal.server.command.FeaturesCommand;
import io.semnal.server.command.FeedCommand;
import io.semnal.server.command.FixDictionaryCommand;
import io.semnal.server.command.FixListenCommand;
import io.semnal.server.command.FixSimCommand;
import io.semnal.server.command.ImportCommand;
import io.semnal.server.command.IndicatorsCommand;
import io.semnal.server.command.JournalCommand;
import io.semnal.server.command.KeysCommand;
import io.semnal.server.command.ListenCommand;
import io.semnal.server.command.ModelsCommand;
import io.semnal.server.command.ReplayCommand;
import io.semnal.server.command.RunCommand;
import io.semnal.server.command.TopCommand;
import io.semnal.server.command.TrainCommand;
import io.semnal.server.command.WhyCommand;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code semnal} command. Exit codes: 0 done, 1 failed, 2 misused. */
@Command(
    name = "semnal",
    mixinStandardHelpOptions = true,
    description = {
      "Turns foreign-exchange ticks into scored, journaled, replayable trading signals.",
      "",
      "New here? 'semnal demo' runs everything on simulated ticks and explains itself."
    },
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "'semnal help COMMAND' explains a command. Exit codes: 0 done, 1 failed, 2 misused."
    },
    commandListHeading = "%nCommands:%n")
public final class Semnal implements Callable<Integer> {
  private static final int SYNOPSIS_INDENT = "Usage: ".length();

  /** In the order in which the help lists them. */
  private static final List<Class<?>> COMMANDS =
      List.of(
          DemoCommand.class,
          RunCommand.class,
          FeedCommand.class,
          FixSimCommand.class,
          ListenCommand.class,
          FixListenCommand.class,
          FixDictionaryCommand.class,
          TopCommand.class,
          ImportCommand.class,
          ExportCommand.class,
          ReplayCommand.class,
          WhyCommand.class,
          JournalCommand.class,
          KeysCommand.class,
          TrainCommand.class,
          EvaluateCommand.class,
          ModelsCommand.class,
          FeaturesCommand.class,
          IndicatorsCommand.class,
          ConfigCommand.class,
          DoctorCommand.class,
          CommandLine.HelpCommand.class);

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  public static void main(String[] args) {
    System.exit(commandLine(commandsFor(args)).execute(args));
  }

  /** The command with its error handling. */
  public static CommandLine commandLine() {
    return commandLine(COMMANDS);
  }

  /**
   * Most of a command line's cost is in reading the annotations of commands that are not asked for:
   * a server's start goes without them.
   */
  private static List<Class<?>> commandsFor(String[] args) {
    return args.length > 0 && args[0].equals("run") ? List.of(RunCommand.class) : COMMANDS;
  }

  private static CommandLine commandLine(List<Class<?>> commands) {
    CommandLine command = new CommandLine(new Semnal());
    commands.forEach(command::addSubcommand);
    sameVersion(command);
    Converters.register(command);
    return command
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true)
        .setParameterExceptionHandler(Semnal::misused)
        .setExecutionExceptionHandler(Semnal::failed);
  }

  /** {@code -V} names the build, on every subcommand. */
  private static void sameVersion(CommandLine command) {
    command.getCommandSpec().versionProvider(() -> new String[] {"semnal " + BuildId.current()});
    command.getSubcommands().values().forEach(Semnal::sameVersion);
  }

  /** The error first, then the synopsis: the whole help would push the error off the screen. */
  private static int misused(CommandLine.ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    String name = command.getCommandSpec().qualifiedName();
    err.println(name + ": " + e.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
    err.print(command.getHelp().synopsisHeading() + command.getHelp().synopsis(SYNOPSIS_INDENT));
    err.println("'" + name + " --help' says more.");
    err.flush();
    return CommandLine.ExitCode.USAGE;
  }

  private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
    PrintWriter err = command.getErr();
    switch (e) {
      case ConfigException c -> {
        err.println("The configuration is wrong; nothing was started:");
        c.problems().forEach(problem -> err.println("  " + problem));
      }
      default -> {
        String sentence = Failures.sentence(e);
        err.println(
            "semnal: " + (sentence == null ? "this should not have happened: " + e : sentence));
        if (sentence == null) {
          e.printStackTrace(err);
        }
      }
    }
    err.flush();
    return CommandLine.ExitCode.SOFTWARE;
  }

  @Override
  public Integer call() {
    // Nothing was asked for: whoever does not know the commands needs to see them.
    PrintWriter err = spec.commandLine().getErr();
    spec.commandLine().usage(err);
    err.flush();
    return CommandLine.ExitCode.USAGE;
  }
}

package io.semnal.server;

import io.semnal.core.config.ConfigException;
import io.semnal.server.command.CommandFailure;
import io.semnal.server.command.ConfigCommand;
import io.semnal.server.command.DemoCommand;
import io.semnal.server.command.DoctorCommand;
import io.semnal.server.command.ExportCommand;
import io.semnal.server.command.FeaturesCommand;
import io.semnal.server.command.FeedCommand;
import io.semnal.server.command.ImportCommand;
import io.semnal.server.command.JournalCommand;
import io.semnal.server.command.ListenCommand;
import io.semnal.server.command.ReplayCommand;
import io.semnal.server.command.RunCommand;
import io.semnal.server.command.WhyCommand;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code semnal} command. Exit codes: 0 done, 1 failed, 2 misused. */
@Command(
    name = "semnal",
    mixinStandardHelpOptions = true,
    version = "semnal 0.1.0",
    description = {
      "Turns foreign-exchange ticks into scored, journaled, replayable trading signals.",
      "",
      "New here? 'semnal demo' runs everything on simulated ticks and explains itself."
    },
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    subcommands = {
      DemoCommand.class,
      RunCommand.class,
      FeedCommand.class,
      ListenCommand.class,
      ImportCommand.class,
      ExportCommand.class,
      ReplayCommand.class,
      WhyCommand.class,
      JournalCommand.class,
      FeaturesCommand.class,
      ConfigCommand.class,
      DoctorCommand.class,
      CommandLine.HelpCommand.class
    })
public final class Semnal implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** The command with its error handling, as {@link #main} runs it. */
  public static CommandLine commandLine() {
    return new CommandLine(new Semnal())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true)
        .setExecutionExceptionHandler(Semnal::failed);
  }

  private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
    PrintWriter err = command.getErr();
    switch (e) {
      case ConfigException c -> {
        err.println("The configuration is wrong; nothing was started:");
        c.problems().forEach(problem -> err.println("  " + problem));
      }
      case CommandFailure f -> err.println("semnal: " + f.getMessage());
      default -> {
        err.println("semnal: " + e);
        e.printStackTrace(err);
      }
    }
    err.flush();
    return CommandLine.ExitCode.SOFTWARE;
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Say which command.");
  }
}

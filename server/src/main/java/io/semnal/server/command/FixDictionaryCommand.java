package io.semnal.server.command;

import io.semnal.gateway.fix.DictionaryXml;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints the FIX port's messages for QuickFIX engines. */
@Command(
    name = "fix-dictionary",
    mixinStandardHelpOptions = true,
    description = {
      "Prints a QuickFIX data dictionary of the messages that the FIX port sends and takes.",
      "",
      "For example: semnal fix-dictionary --fix FIX.4.4 > SEMNAL44.xml"
    })
public final class FixDictionaryCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Option(
      names = "--fix",
      paramLabel = "VERSION",
      defaultValue = "FIX.4.4",
      description = "FIX.4.2, FIX.4.3 or FIX.4.4; ${DEFAULT-VALUE} by default.")
  private String version;

  @Override
  public Integer call() {
    try {
      spec.commandLine().getOut().print(DictionaryXml.of(version));
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage());
    }
    spec.commandLine().getOut().flush();
    return 0;
  }
}

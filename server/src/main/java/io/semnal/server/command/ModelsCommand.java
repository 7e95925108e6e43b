package io.semnal.server.command;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The models that a server can score with. */
@Command(
    name = "models",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Registers, checks, compares and promotes models.",
      "A model is an ONNX file with a card that says what goes in and what comes out. The registry"
          + " is a folder, models.directory of the configuration; versions in it never change, and"
          + " a strategy scores with the champion of its model's name.",
      "",
      "For example:",
      "  semnal models register mine.onnx --features fx-core --as mine \\",
      "      --output classes=SELL,NEUTRAL,BUY --rows rows.csv --promote",
      "  semnal run -Dstrategies.core-1m.model=mine",
      ""
    },
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ModelsShow.ListAll.class,
      ModelsShow.class,
      ModelsRegister.class,
      ModelsVerify.class,
      ModelsScore.class,
      ModelsAliases.Promote.class,
      ModelsAliases.Rollback.class,
      ModelsDiff.class,
      ModelsCompare.class,
      ModelsAliases.Delete.class
    })
public final class ModelsCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "Say one of " + String.join(", ", spec.subcommands().keySet()) + ".");
  }
}

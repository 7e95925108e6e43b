package io.semnal.server.command;

import io.semnal.features.IndicatorGuide;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Answers what can be written in a feature column. */
@Command(
    name = "indicators",
    mixinStandardHelpOptions = true,
    description = {
      "Lists what a feature column may be made of, or explains one name: its parameters, defaults,"
          + " outputs, formula, and how many bars it needs.",
      "",
      "For example: semnal indicators macd"
    })
public final class IndicatorsCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "An indicator, or a column of it.")
  private String name;

  @Option(names = "--markdown", description = "Print the page docs/indicators.md.")
  private boolean markdown;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    IndicatorGuide guide = new IndicatorGuide();
    try {
      out.print(markdown ? guide.markdown() : name == null ? guide.list() : guide.page(name));
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(e.getMessage() + " ('semnal indicators' lists them all)", e);
    }
    out.flush();
    return 0;
  }
}

package io.semnal.server.command;

import com.typesafe.config.ConfigUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/**
 * {@code --warm-up EURUSD=FILE}: the short form of {@code warmUp.bars}, in whose place it comes.
 */
public final class WarmUpOptions {
  @Option(
      names = "--warm-up",
      paramLabel = "SYMBOL=FILE",
      description = {
        "Warms the features of an instrument up with a file of bars, or a folder of them.",
        "Once for each file; instead of the configuration's warmUp.bars."
      })
  private final List<String> files = new ArrayList<>();

  @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
  private CommandLine.Model.CommandSpec spec;

  /** As settings of the configuration. */
  Map<String, String> settings() {
    List<String> entries = new ArrayList<>();
    for (String file : files) {
      int equals = file.indexOf('=');
      if (equals <= 0 || equals == file.length() - 1) {
        throw new CommandLine.ParameterException(
            spec.commandLine(), "--warm-up is '" + file + "', not such as EURUSD=bars.csv");
      }
      entries.add(
          "{ instrument = "
              + ConfigUtil.quoteString(file.substring(0, equals))
              + ", file = "
              + ConfigUtil.quoteString(file.substring(equals + 1))
              + " }");
    }
    return entries.isEmpty()
        ? Map.of()
        : Map.of("warmUp.bars", "[" + String.join(", ", entries) + "]");
  }
}

package io.semnal.server.command;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.market.Instrument;
import java.util.stream.Collectors;
import picocli.CommandLine;

/** Finds instruments that users name. */
final class Universe {
  private Universe() {}

  /**
   * @throws CommandLine.ParameterException naming those that there are
   */
  static Instrument instrument(
      EngineConfig config, String symbol, CommandLine.Model.CommandSpec spec) {
    int index = config.instrumentIndex(symbol);
    if (index < 0) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          "'"
              + symbol
              + "' is not in the universe: "
              + config.instruments().stream()
                  .map(Instrument::symbol)
                  .collect(Collectors.joining(", ")));
    }
    return config.instruments().get(index);
  }
}

package io.semnal.server.command;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.market.Instrument;
import io.semnal.feed.file.TickFileSource;
import io.semnal.feed.file.TickFiles;
import io.semnal.feed.file.TickFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options that say what tick files hold. */
public final class TickInput {
  @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
  private CommandLine.Model.CommandSpec spec;

  @Option(
      names = "--format",
      required = true,
      paramLabel = "FORMAT",
      description = "lean-tick, truefx, histdata, dukascopy, bi5 or csv.")
  private String format;

  @Option(
      names = "--instrument",
      paramLabel = "SYMBOL",
      description = "The files' instrument, where they do not name it themselves.")
  private String instrument;

  @Mixin private TickFileSettings settings;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Tick files, in order of time.")
  private List<Path> files;

  public List<Path> files() {
    return files;
  }

  /** Position of the one instrument, or -1 where the files name theirs. */
  public int instrumentIndex(EngineConfig config) {
    return instrument == null ? -1 : config.instrumentIndex(known(config).symbol());
  }

  public TickFileSource open(EngineConfig config) throws IOException {
    try {
      return TickFiles.open(
          TickFormat.parse(format),
          files,
          settings.options(instrument == null ? null : known(config), config.instruments()));
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage());
    }
  }

  private Instrument known(EngineConfig config) {
    return Universe.instrument(config, instrument, spec);
  }
}

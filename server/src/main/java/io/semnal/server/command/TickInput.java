package io.semnal.server.command;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.market.Instrument;
import io.semnal.feed.file.CsvMapping;
import io.semnal.feed.file.OnError;
import io.semnal.feed.file.TickFileOptions;
import io.semnal.feed.file.TickFileSource;
import io.semnal.feed.file.TickFiles;
import io.semnal.feed.file.TickFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import picocli.CommandLine;
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

  @Option(
      names = "--zone",
      paramLabel = "OFFSET",
      description = "Offset of the files' times, such as -05:00; by default the format's own.")
  private String zone;

  @Option(
      names = "--start",
      paramLabel = "TIME",
      description = "What a file's milliseconds count from, where its name does not say.")
  private Instant start;

  @Option(
      names = "--point-decimals",
      paramLabel = "N",
      defaultValue = "-1",
      description = "bi5: decimals of a point; by default by instrument.")
  private int pointDecimals;

  @Option(
      names = "--mapping",
      paramLabel = "TEXT",
      description =
          "csv: which column is what, such as time=0,bid=2,ask=3,symbol=1,timeFormat=epoch-ms.")
  private String mapping;

  @Option(
      names = "--on-error",
      paramLabel = "stop|skip",
      defaultValue = "stop",
      description = "What a bad line does: ${DEFAULT-VALUE} by default.")
  private String onError;

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
      return TickFiles.open(TickFormat.parse(format), files, options(config));
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage());
    }
  }

  private TickFileOptions options(EngineConfig config) {
    return new TickFileOptions(
        instrument == null ? null : known(config),
        config.instruments(),
        zone == null ? null : offset(),
        start,
        pointDecimals,
        mapping == null ? null : CsvMapping.parse(mapping),
        OnError.parse(onError));
  }

  private ZoneOffset offset() {
    try {
      return ZoneOffset.of(zone);
    } catch (java.time.DateTimeException e) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--zone is '" + zone + "', not an offset such as -05:00", e);
    }
  }

  private Instrument known(EngineConfig config) {
    int index = config.instrumentIndex(instrument);
    if (index < 0) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "'" + instrument + "' is not in the universe: " + symbols(config));
    }
    return config.instruments().get(index);
  }

  private static String symbols(EngineConfig config) {
    return String.join(", ", config.instruments().stream().map(Instrument::symbol).toList());
  }
}

package io.semnal.server.command;

import io.semnal.core.market.Instrument;
import io.semnal.feed.file.CsvMapping;
import io.semnal.feed.file.OnError;
import io.semnal.feed.file.TickFileOptions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The options that say how the text of files is read. */
public final class TickFileSettings {
  @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
  private CommandLine.Model.CommandSpec spec;

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

  /**
   * @param only the files' only instrument, or {@code null}
   * @throws IllegalArgumentException saying which option is wrong
   */
  TickFileOptions options(Instrument only, List<Instrument> instruments) {
    return new TickFileOptions(
        only, instruments, offset(), start, pointDecimals, mapping(), onError());
  }

  /** {@code null} = not given. */
  ZoneOffset offset() {
    try {
      return zone == null ? null : ZoneOffset.of(zone);
    } catch (java.time.DateTimeException e) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--zone is '" + zone + "', not an offset such as -05:00", e);
    }
  }

  OnError onError() {
    return OnError.parse(onError);
  }

  private CsvMapping mapping() {
    return mapping == null ? null : CsvMapping.parse(mapping);
  }

  /** Whether something is given that only tick files have. */
  boolean isForTicks() {
    return mapping != null || start != null || pointDecimals != -1;
  }
}

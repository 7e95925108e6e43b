package io.semnal.server.command;

import io.semnal.core.market.Timeframe;
import io.semnal.features.FeatureCsv;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The feature matrix of a bar file. */
@Command(
    name = "features",
    mixinStandardHelpOptions = true,
    description = {
      "Computes feature columns over a bar file by the same graph as live, in full precision.",
      "The file is CSV with a header: date or time, open, high, low, close, and volume if there is"
          + " one.",
      "",
      "For example: semnal features --bars bars.csv --columns \"rsi(14), macd(12,26,9).histogram\""
          + " --out features.csv"
    })
public final class FeaturesCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;
  @Mixin private ConfigOptions config;

  @Option(names = "--bars", required = true, paramLabel = "FILE", description = "The bar file.")
  private Path bars;

  @Option(
      names = "--columns",
      required = true,
      paramLabel = "LIST",
      description = "Expressions with commas between: \"rsi(14), macd(12,26,9).histogram\".")
  private String columns;

  @Option(
      names = "--timeframe",
      paramLabel = "TF",
      description = "Length of the file's bars, such as 1d; by default read from their times.")
  private String timeframe;

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "The CSV to write.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    config.load();
    try {
      long rows =
          FeatureCsv.write(
              bars,
              FeatureCsv.splitColumns(columns),
              timeframe == null ? null : Timeframe.parse(timeframe),
              out);
      spec.commandLine().getOut().printf("%d rows in %s%n", rows, out);
      return 0;
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(e.getMessage(), e);
    }
  }
}

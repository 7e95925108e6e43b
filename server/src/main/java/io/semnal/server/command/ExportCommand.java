package io.semnal.server.command;

import io.semnal.journal.JournalDirectory;
import io.semnal.journal.QueueReader;
import io.semnal.research.export.BarExport;
import io.semnal.research.export.ShadowExport;
import io.semnal.research.export.SignalExport;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a journal holds, for other tools. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = {
      "Writes the bars, the signals or the challengers' scores (shadow) of a journal as CSV.",
      "A server may be writing to the journal meanwhile."
    })
public final class ExportCommand implements Callable<Integer> {
  /** What can be exported. */
  public enum What {
    bars,
    signals,
    shadow
  }

  /** In which form. */
  public enum Format {
    csv
  }

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Mixin private ConfigOptions options;

  @Option(
      names = "--journal",
      paramLabel = "DIR",
      description = "The journal; the configured one by default.")
  private Path journal;

  @Option(
      names = "--what",
      required = true,
      paramLabel = "WHAT",
      description = "${COMPLETION-CANDIDATES}.")
  private What what;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "csv",
      description = "${COMPLETION-CANDIDATES}.")
  private Format format;

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "The file to write.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    long rows;
    try (JournalDirectory directory = JournalDirectory.openReadOnly(options.journal(journal));
        QueueReader reader = directory.outboundReader();
        BufferedWriter writer = Files.newBufferedWriter(out)) {
      rows =
          switch (what) {
            case bars -> BarExport.write(reader, writer);
            case signals -> SignalExport.write(reader, writer);
            case shadow -> ShadowExport.write(reader, directory.shadowReader(), writer);
          };
    }
    spec.commandLine().getOut().printf("%d %s in %s as %s%n", rows, what, out, format);
    return 0;
  }
}

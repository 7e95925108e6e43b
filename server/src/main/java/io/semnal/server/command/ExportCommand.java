package io.semnal.server.command;

import io.semnal.journal.JournalDirectory;
import io.semnal.journal.JournalScan;
import io.semnal.research.export.Compression;
import io.semnal.research.export.ExportKind;
import io.semnal.research.export.ExportRequest;
import io.semnal.research.export.JournalExport;
import io.semnal.research.export.TableFormat;
import io.semnal.server.BuildId;
import io.semnal.server.Times;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a journal holds, for other tools. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Writes what a journal holds as a table that pandas, polars and DuckDB read: Parquet or CSV,"
          + " sorted by available_at. A server may be writing to the journal meanwhile.",
      "",
      "  quotes    every quote that the engine had",
      "  bars      the bars that it published",
      "  scores    every score, and what became of it",
      "  signals   one row a signal, with its outcome",
      "  events    every change in a signal's life, with the price that caused it",
      "  shadow    the challengers' scores",
      "  features  a feature set's columns by bar: 'semnal features --journal', with its defaults",
      "",
      "For example:",
      "  semnal export --what quotes --out quotes.parquet --from 2026-01-05 --to 2026-01-06",
      "  semnal export --what bars --instruments EURUSD,GBPUSD --decimal --out bars.csv",
      ""
    })
public final class ExportCommand implements Callable<Integer> {
  /** What can be exported. */
  public enum What {
    quotes,
    bars,
    scores,
    signals,
    events,
    shadow,
    features
  }

  /** In which form. */
  public enum Format {
    csv,
    parquet
  }

  /** Of Parquet. */
  public enum PageCompression {
    none,
    snappy,
    zstd,
    gzip
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
      description =
          "${COMPLETION-CANDIDATES}; by default parquet where the file's name ends so, else csv.")
  private Format format;

  @Option(
      names = "--compression",
      paramLabel = "HOW",
      description = "Of Parquet: ${COMPLETION-CANDIDATES}; zstd by default.")
  private PageCompression compression;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description =
          "Rows available then or later: 2026-01-14T13:30:00Z, or a date, UTC. Of features: bars"
              + " that open then or later.")
  private Instant from;

  @Option(names = "--to", paramLabel = "TIME", description = "Rows available before.")
  private Instant to;

  @Option(
      names = "--instruments",
      split = ",",
      paramLabel = "SYMBOL",
      description = "Only rows of these; all by default.")
  private Set<String> instruments = new LinkedHashSet<>();

  @Option(
      names = "--decimal",
      description =
          "Prices as exact decimals, DECIMAL(18, 8), and sizes as DECIMAL(18, 2); float64 by"
              + " default.")
  private boolean decimal;

  @Option(
      names = "--features",
      paramLabel = "SET",
      description = "With --what features: the feature set of the configuration.")
  private String set;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "The file to write. A CSV has its metadata in NAME.meta.json beside it.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    TableFormat form =
        format == null
            ? TableFormat.of(out)
            : TableFormat.valueOf(format.name().toUpperCase(Locale.ROOT));
    if (compression != null && form != TableFormat.PARQUET) {
      throw misuse("--compression goes with --format parquet");
    }
    if (what == What.features) {
      return features(form);
    }
    if (set != null) {
      throw misuse("--features goes with --what features");
    }
    if (from != null && to != null && !from.isBefore(to)) {
      throw misuse("--from " + from + " does not lie before --to " + to);
    }
    ExportRequest request =
        new ExportRequest(
            ExportKind.valueOf(what.name().toUpperCase(Locale.ROOT)),
            from == null ? Long.MIN_VALUE : Times.nanos(from),
            to == null ? Long.MAX_VALUE : Times.nanos(to),
            instruments,
            decimal);
    ProgressLine progress = new ProgressLine(spec.commandLine().getErr());
    long started = System.nanoTime();
    try (JournalDirectory directory = JournalDirectory.openReadOnly(options.journal(journal))) {
      JournalExport.Result result =
          JournalExport.write(
              directory,
              request,
              form,
              compression == null
                  ? Compression.ZSTD
                  : Compression.valueOf(compression.name().toUpperCase(Locale.ROOT)),
              out,
              BuildId.current(),
              count -> progress.show(count + " messages"));
      progress.clear();
      report(result, form, (System.nanoTime() - started) / 1e9);
      requireKnown(directory, result);
    } finally {
      progress.clear();
    }
    return 0;
  }

  private void report(JournalExport.Result result, TableFormat form, double seconds) {
    spec.commandLine()
        .getOut()
        .printf(
            Locale.ROOT,
            "%d %s in %s as %s (%.1f MB) from %d messages, in %.1f s: %.0f rows/s%n",
            result.rows(),
            what,
            out,
            form.name().toLowerCase(Locale.ROOT),
            result.bytes() / 1e6,
            result.messages(),
            seconds,
            result.rows() / seconds);
  }

  /** A misspelt symbol gives an empty table: say so. */
  private void requireKnown(JournalDirectory directory, JournalExport.Result result) {
    if (result.rows() > 0 || instruments.isEmpty()) {
      return;
    }
    Set<String> known =
        JournalScan.scan(directory, null, (task, done, total) -> {}).instruments().keySet();
    for (String symbol : instruments) {
      if (!known.contains(symbol)) {
        throw new CommandFailure(
            "the journal has no instrument '"
                + symbol
                + "'; it has "
                + String.join(", ", known.stream().sorted().toList()));
      }
    }
  }

  private int features(TableFormat form) {
    if (set == null) {
      throw misuse("--what features needs --features SET");
    }
    if (compression != null) {
      throw misuse("--compression says nothing about features, whose Parquet has zstd");
    }
    if (decimal) {
      throw misuse("--decimal says nothing about features, which are float64");
    }
    if (form != TableFormat.of(out)) {
      throw misuse("features are written as what --out is named: NAME.parquet, or CSV");
    }
    List<String> args = new ArrayList<>();
    args.add("--journal=" + options.journal(journal));
    args.add("--features=" + set);
    args.add("--out=" + out);
    if (options.file() != null) {
      args.add("--config=" + options.file());
    }
    options.overrides().forEach((key, value) -> args.add("-D" + key + "=" + value));
    if (from != null) {
      args.add("--from=" + from);
    }
    if (to != null) {
      args.add("--to=" + to);
    }
    if (!instruments.isEmpty()) {
      args.add("--instruments=" + String.join(",", instruments));
    }
    return spec.root()
        .commandLine()
        .getSubcommands()
        .get("features")
        .execute(args.toArray(String[]::new));
  }

  private CommandLine.ParameterException misuse(String sentence) {
    return new CommandLine.ParameterException(spec.commandLine(), sentence);
  }
}

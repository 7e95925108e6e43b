package io.semnal.server.command;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.FeatureSetConfig.Price;
import io.semnal.core.config.SemnalConfig;
import io.semnal.core.market.Instrument;
import io.semnal.core.market.Timeframe;
import io.semnal.features.compile.PooledPrices;
import io.semnal.research.export.CsvTable;
import io.semnal.research.export.ParquetTable;
import io.semnal.research.export.TableColumn;
import io.semnal.research.export.TableWriter;
import io.semnal.research.matrix.ColumnReferences;
import io.semnal.research.matrix.FeatureMatrix;
import io.semnal.research.matrix.MatrixMetadata;
import io.semnal.research.matrix.MatrixSource;
import io.semnal.research.matrix.MatrixSpec;
import io.semnal.server.BuildId;
import io.semnal.server.Times;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Feature matrices from bars, ticks or a journal. */
@Command(
    name = "features",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Writes a row of feature columns for every bar, computed by the same graph as live, as CSV or"
          + " Parquet (by the name of --out).",
      "Columns: open_time, close_time, available_at, instrument, the features, warm, quality;"
          + " sorted by available_at, then instrument. Rows begin where every feature has a value.",
      "",
      "For example:",
      "  semnal features --bars eurusd.csv --columns \"rsi(14), atr(14)\" --out f.csv",
      "  semnal features --ticks *.zip --format lean-tick --features fx-core \\",
      "      --out f.parquet",
      "  semnal features --journal --features fx-core --float32 --out f.parquet",
      ""
    })
public final class FeaturesCommand implements Callable<Integer> {
  /** Exactly one of the two. */
  private static final class Chosen {
    @Option(
        names = "--features",
        paramLabel = "SET",
        description = "A feature set of the configuration.")
    private String set;

    @Option(
        names = "--columns",
        paramLabel = "LIST",
        description = "Expressions with commas between: \"rsi(14), macd(12,26,9).histogram\".")
    private String columns;
  }

  /** At most one of the two. */
  private static final class Extent {
    @Option(
        names = "--all",
        description = "Every bar gets a row, also where features are not defined yet.")
    private boolean all;

    @Option(
        names = "--warm-only",
        description = "Only bars whose every feature has converged, as scoring needs it.")
    private boolean warmOnly;
  }

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Mixin private MatrixInput input;

  @ArgGroup(multiplicity = "1")
  private Chosen chosen;

  @Option(
      names = "--timeframe",
      paramLabel = "TF",
      description =
          "Of the rows, such as 15m: by default the feature set's own; with --columns the bar"
              + " files' own, or the configuration's shortest.")
  private String timeframe;

  @Option(
      names = "--price",
      paramLabel = "SIDE",
      description = "mid, bid or ask: what the features see; by default the set's, or mid.")
  private String price;

  @Option(
      names = "--alignment",
      paramLabel = "HOW",
      description = "Where bars begin: utc, ny17 or fixed:±hh:mm; by default as configured.")
  private String alignment;

  @Option(
      names = "--instruments",
      split = ",",
      paramLabel = "SYMBOL",
      description = "Those that get rows; by default all of the input.")
  private List<String> instruments;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "Rows of bars that open then or later; what lies before warms up.")
  private Instant from;

  @Option(names = "--to", paramLabel = "TIME", description = "Rows of bars that open before.")
  private Instant to;

  @ArgGroup private Extent extent;

  @Option(
      names = "--float32",
      description = "Feature values exactly as a float32 model sees them; float64 by default.")
  private boolean float32;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description =
          "NAME.parquet is Parquet, every other name CSV, with the metadata in"
              + " NAME.meta.json beside it.")
  private Path out;

  @Mixin private ConfigOptions options;

  @Override
  public Integer call() throws IOException {
    SemnalConfig config =
        options.load(alignment == null ? Map.of() : Map.of("alignment", alignment));
    try {
      MatrixSpec matrix = spec(config);
      try (MatrixSource source = input.open(config, matrix.engine(), instruments == null)) {
        write(config, matrix, source);
      }
      return 0;
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(e.getMessage(), e);
    }
  }

  private MatrixSpec spec(SemnalConfig config) throws IOException {
    EngineConfig engine = config.engine();
    List<Instrument> possible = input.instruments(engine);
    Timeframe asked = timeframe == null ? null : Timeframe.parse(timeframe);
    FeatureSetConfig configured = configured(engine);
    Timeframe ofSet = asked != null || configured == null ? asked : configured.timeframe();
    Timeframe base = input.base(engine, ofSet);
    FeatureSetConfig set =
        new FeatureSetConfig(
            configured == null ? "columns" : configured.name(),
            ofSet == null ? base : ofSet,
            price(configured),
            configured == null ? ColumnReferences.split(chosen.columns) : configured.columns(),
            configured == null ? 1 : configured.window());
    Set<String> wanted = wanted(possible);
    return MatrixSpec.of(engine, read(possible, wanted, set), set, base, List.of())
        .withWanted(wanted)
        .withRows(rows())
        .withRange(
            from == null ? Long.MIN_VALUE : Times.nanos(from),
            to == null ? Long.MAX_VALUE : Times.nanos(to))
        .withFloat32(float32);
  }

  private FeatureSetConfig configured(EngineConfig config) {
    if (chosen.set == null) {
      return null;
    }
    FeatureSetConfig set = config.featureSet(chosen.set);
    if (set == null) {
      throw new CommandFailure(
          "the configuration has no feature set '"
              + chosen.set
              + "'; it has "
              + String.join(
                  ", ", config.featureSets().stream().map(FeatureSetConfig::name).toList()));
    }
    return set;
  }

  private Price price(FeatureSetConfig configured) {
    if (price == null) {
      return configured == null ? Price.MID : configured.price();
    }
    return switch (price) {
      case "mid" -> Price.MID;
      case "bid" -> Price.BID;
      case "ask" -> Price.ASK;
      default ->
          throw new CommandLine.ParameterException(
              spec.commandLine(), "--price is '" + price + "', not mid, bid or ask");
    };
  }

  private MatrixSpec.Rows rows() {
    if (extent == null) {
      return MatrixSpec.Rows.DEFINED;
    }
    return extent.all ? MatrixSpec.Rows.ALL : MatrixSpec.Rows.WARM;
  }

  private Set<String> wanted(List<Instrument> possible) {
    Set<String> all = new TreeSet<>(possible.stream().map(Instrument::symbol).toList());
    if (instruments == null) {
      return all;
    }
    for (String symbol : instruments) {
      if (!all.contains(symbol)) {
        throw new CommandFailure(
            "'" + symbol + "' is not in the input, which may have " + String.join(", ", all));
      }
    }
    return new TreeSet<>(instruments);
  }

  /** Files say what they hold, and all of it must be read; of a journal only what is needed. */
  private List<Instrument> read(
      List<Instrument> possible, Set<String> wanted, FeatureSetConfig set) {
    Set<String> needed = new TreeSet<>(ColumnReferences.of(set.columns()).instruments());
    List<String> known = possible.stream().map(Instrument::symbol).toList();
    for (String symbol : needed) {
      if (!known.contains(symbol)) {
        throw new CommandFailure(
            "a column looks at #"
                + symbol
                + ", which is not in the input: it may have "
                + String.join(", ", known));
      }
    }
    needed.addAll(wanted);
    return input.isJournal()
        ? possible.stream().filter(i -> needed.contains(i.symbol())).toList()
        : possible;
  }

  private void write(SemnalConfig config, MatrixSpec matrix, MatrixSource source)
      throws IOException {
    List<TableColumn> columns = FeatureMatrix.columns(matrix);
    Map<String, String> metadata =
        MatrixMetadata.of(matrix, BuildId.current(), input.names(config));
    ProgressLine progress = new ProgressLine(spec.commandLine().getErr());
    long started = System.nanoTime();
    try (TableWriter table =
        ParquetTable.isNamedFor(out)
            ? ParquetTable.create(out, columns, metadata)
            : CsvTable.create(out, columns, metadata)) {
      FeatureMatrix features = new FeatureMatrix(matrix, table);
      source.feed(
          features,
          count -> progress.show(count + " " + source.unit() + ", " + table.rows() + " rows"));
      progress.clear();
      if (table.rows() == 0) {
        throw new CommandFailure(noRow(matrix, source, features));
      }
      table.commit();
      report(matrix, source, features, table, (System.nanoTime() - started) / 1e9);
    } finally {
      progress.clear();
    }
  }

  private static String noRow(MatrixSpec matrix, MatrixSource source, FeatureMatrix features) {
    List<String> reasons = new ArrayList<>();
    if (features.bars() == 0) {
      reasons.add("no bar of " + matrix.set().timeframe() + " closed");
    } else if (!features.undefinedColumns().isEmpty()) {
      reasons.add(
          "of "
              + features.bars()
              + " bars of "
              + matrix.set().timeframe()
              + " none has a value in "
              + String.join(", ", features.undefinedColumns())
              + " (--all writes them all)");
    } else {
      reasons.add(
          "none of "
              + features.bars()
              + " bars of "
              + matrix.set().timeframe()
              + (matrix.rows() == MatrixSpec.Rows.WARM ? " is warm and" : "")
              + " lies in the range of time");
    }
    reasons.addAll(source.remarks());
    return "no row after "
        + source.count()
        + " "
        + source.unit()
        + ": "
        + String.join("; ", reasons);
  }

  private void report(
      MatrixSpec matrix,
      MatrixSource source,
      FeatureMatrix features,
      TableWriter table,
      double seconds) {
    PrintWriter print = spec.commandLine().getOut();
    print.printf(
        Locale.ROOT,
        "%d rows of %d features in %s (%.1f MB) from %d %s, in %.1f s: %.0f rows/s%n",
        table.rows(),
        matrix.set().width(),
        out,
        table.bytes() / 1e6,
        source.count(),
        source.unit(),
        seconds,
        table.rows() / seconds);
    Map<String, Long> byInstrument = new LinkedHashMap<>();
    for (String symbol : new TreeSet<>(matrix.wanted())) {
      if (features.rows(symbol) > 0) {
        byInstrument.put(symbol, features.rows(symbol));
      }
    }
    if (byInstrument.size() > 1) {
      print.println(
          String.join(
              ", ",
              byInstrument.entrySet().stream()
                  .map(entry -> entry.getKey() + " " + entry.getValue())
                  .toList()));
      PooledPrices.warnings(matrix.set().columns(), byInstrument.keySet())
          .forEach(warning -> print.println("WARNING: " + warning));
    }
    source.remarks().forEach(print::println);
    print.flush();
  }
}

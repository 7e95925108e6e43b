package io.semnal.server.command;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.SemnalConfig;
import io.semnal.core.market.Alignment;
import io.semnal.core.market.Instrument;
import io.semnal.core.market.Timeframe;
import io.semnal.feed.file.BarFile;
import io.semnal.feed.file.BarFileOptions;
import io.semnal.feed.file.BarFileSource;
import io.semnal.feed.file.TickFormat;
import io.semnal.journal.JournalDirectory;
import io.semnal.research.matrix.BarMatrixSource;
import io.semnal.research.matrix.JournalMatrixSource;
import io.semnal.research.matrix.MatrixSource;
import io.semnal.research.matrix.TickMatrixSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say what a feature matrix is made from. */
public final class MatrixInput {
  private static final int LONGEST_SYMBOL = 16;

  /** Exactly one of the three. */
  private static final class Kind {
    @Option(
        names = "--bars",
        arity = "1..*",
        paramLabel = "FILE",
        description =
            "Bar files: CSV with a header (date or time, open, high, low, close[, volume]; or"
                + " bidOpen, …, askOpen, …; perhaps instrument), or LEAN minute, hour, daily. Write"
                + " EURUSD=FILE where a file does not name its instrument.")
    private List<String> bars;

    @Option(
        names = "--ticks",
        arity = "1..*",
        paramLabel = "FILE",
        description = "Tick files, of one or several instruments; see --format.")
    private List<String> ticks;

    @Option(
        names = "--journal",
        arity = "0..1",
        fallbackValue = "",
        paramLabel = "DIR",
        description =
            "The quotes of a journal, the configured one by default. A server may be writing to it"
                + " meanwhile.")
    private String journal;
  }

  /**
   * A file and its instrument.
   *
   * @param symbol {@code null} = it is not said on the command line
   */
  private record Named(String symbol, Path path) {}

  @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
  private CommandLine.Model.CommandSpec spec;

  @ArgGroup(multiplicity = "1")
  private Kind kind;

  @Option(
      names = "--ask",
      arity = "1..*",
      paramLabel = "FILE",
      description = "For each of --bars, then the bid's, the file with the ask's bars.")
  private List<Path> asks = List.of();

  @Option(
      names = "--bar-length",
      paramLabel = "TF",
      description = "Length of the files' bars, such as 1d; by default read from their times.")
  private String barLength;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "Of tick files: lean-tick, truefx, histdata, dukascopy, bi5 or csv.")
  private String format;

  @Option(
      names = "--instrument",
      paramLabel = "SYMBOL",
      description = "The files' instrument, where they do not name it themselves.")
  private String instrument;

  @Mixin private TickFileSettings settings;

  /** What is read, before it is opened. */
  private List<BarFile> barFiles;

  private List<Named> tickFiles;
  private List<Instrument> instruments;

  /** Files or journal, as they were named. */
  List<String> names(SemnalConfig config) {
    List<String> names = new ArrayList<>();
    if (kind.journal != null) {
      names.add(journal(config).toString());
    } else {
      names.addAll(kind.bars != null ? kind.bars : kind.ticks);
      asks.forEach(ask -> names.add(ask.toString()));
    }
    return names;
  }

  private Path journal(SemnalConfig config) {
    return kind.journal.isEmpty() ? config.runtime().journal().directory() : Path.of(kind.journal);
  }

  boolean isJournal() {
    return kind.journal != null;
  }

  /** The instruments that the input can have. */
  List<Instrument> instruments(EngineConfig config) throws IOException {
    if (kind.bars == null) {
      requireNone(barLength, "--bar-length", "--bars");
      requireNone(asks.isEmpty() ? null : asks, "--ask", "--bars");
    }
    if (kind.ticks == null) {
      requireNone(format, "--format", "--ticks");
      requireNone(settings.isForTicks() ? "" : null, "--mapping, --start …", "--ticks");
    }
    if (kind.journal != null) {
      requireNone(instrument, "--instrument", "--bars or --ticks; see --instruments");
      instruments = config.instruments();
    } else if (kind.ticks != null) {
      instruments = tickInstruments(config);
    } else {
      instruments = barInstruments(config);
    }
    return instruments;
  }

  private void requireNone(Object given, String option, String with) {
    if (given != null) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), option + " is for " + with + " only");
    }
  }

  private List<Instrument> tickInstruments(EngineConfig config) {
    if (format == null) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          "--ticks needs --format: lean-tick, truefx, histdata, dukascopy, bi5 or csv");
    }
    tickFiles = kind.ticks.stream().map(this::named).toList();
    if (tickFiles.stream().anyMatch(file -> file.symbol() == null)) {
      return config.instruments();
    }
    TreeMap<String, Instrument> found = new TreeMap<>();
    tickFiles.forEach(
        file -> found.put(file.symbol(), Universe.instrument(config, file.symbol(), spec)));
    return List.copyOf(found.values());
  }

  private List<Instrument> barInstruments(EngineConfig config) throws IOException {
    if (!asks.isEmpty() && asks.size() != kind.bars.size()) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--ask has " + asks.size() + " file(s), --bars " + kind.bars.size());
    }
    TreeMap<String, Instrument> found = new TreeMap<>();
    barFiles = new ArrayList<>();
    for (int i = 0; i < kind.bars.size(); i++) {
      Named file = named(kind.bars.get(i));
      if (!Files.exists(file.path())) {
        throw new NoSuchFileException(file.path().toString());
      }
      String symbol = file.symbol();
      if (symbol == null) {
        BarFile.Naming naming = BarFile.naming(file.path());
        if (naming.inColumn()) {
          config.instruments().forEach(known -> found.put(known.symbol(), known));
        } else {
          symbol = naming.symbol() == null ? stem(file.path()) : naming.symbol();
        }
      }
      if (symbol != null) {
        int index = config.instrumentIndex(symbol);
        found.put(
            symbol,
            index >= 0
                ? config.instruments().get(index)
                : new Instrument(symbol, "BASE", "QUOTE", 1, 8));
      }
      barFiles.add(new BarFile(file.path(), asks.isEmpty() ? null : asks.get(i), symbol));
    }
    return List.copyOf(found.values());
  }

  /**
   * {@code EURUSD=FILE}, or a file of the instrument that {@code --instrument} says, if it does.
   */
  private Named named(String text) {
    int equals = text.indexOf('=');
    if (equals > 0
        && text.substring(0, equals).matches("[A-Z0-9._-]{1,16}")
        && !Files.exists(Path.of(text))) {
      return new Named(text.substring(0, equals), Path.of(text.substring(equals + 1)));
    }
    return new Named(instrument, Path.of(text));
  }

  /** A file that names no instrument stands for itself. */
  private static String stem(Path path) {
    String name = path.getFileName().toString().toUpperCase(Locale.ROOT);
    int dot = name.indexOf('.');
    String symbol = (dot > 0 ? name.substring(0, dot) : name).replaceAll("[^A-Z0-9_-]", "-");
    return symbol.substring(0, Math.min(LONGEST_SYMBOL, symbol.length()));
  }

  /** The shortest bars that the input makes; the given one where the configuration's does not. */
  Timeframe base(EngineConfig config, Timeframe asked) throws IOException {
    if (kind.bars == null) {
      Timeframe base = config.timeframes().getFirst();
      return asked == null || asked.seconds() % base.seconds() == 0 ? base : asked;
    }
    if (barLength != null) {
      return Timeframe.parse(barLength);
    }
    return BarFileSource.inferTimeframe(barFiles, barOptions(instruments));
  }

  private BarFileOptions barOptions(List<Instrument> read) {
    ZoneOffset zone = settings.offset();
    return BarFileOptions.of(read)
        .withZone(zone == null ? ZoneOffset.UTC : zone)
        .withOnError(settings.onError());
  }

  /** Opens what the matrix's engine reads. */
  MatrixSource open(SemnalConfig config, EngineConfig engine, boolean everyInstrument)
      throws IOException {
    if (kind.journal != null) {
      return new JournalMatrixSource(
          JournalDirectory.openReadOnly(journal(config)), everyInstrument);
    }
    if (kind.bars != null) {
      return BarMatrixSource.open(
          barFiles,
          barOptions(engine.instruments())
              .withTimeframe(engine.timeframes().getFirst())
              .withAlignment(Alignment.parse(engine.alignment())));
    }
    TickMatrixSource.Builder builder = new TickMatrixSource.Builder();
    tickFiles.forEach(file -> builder.add(file.path(), file.symbol()));
    return builder.open(
        TickFormat.parse(format),
        settings.options(null, engine.instruments()),
        config.runtime().feed());
  }
}

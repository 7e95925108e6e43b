package io.semnal.server.warm;

import io.semnal.core.config.ConfigException;
import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.RuntimeConfig.WarmUp.BarFiles;
import io.semnal.core.market.Alignment;
import io.semnal.core.market.Instrument;
import io.semnal.core.market.Timeframe;
import io.semnal.feed.BadInputException;
import io.semnal.feed.file.BarFile;
import io.semnal.feed.file.BarFileOptions;
import io.semnal.feed.file.BarFileSource;
import io.semnal.feed.file.FileBar;
import io.semnal.feed.file.OnError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.agrona.collections.LongArrayList;

/**
 * The newest bars of the configured files, as many as the features need. Each file is read to its
 * end before anything starts: a bad line anywhere refuses the start.
 */
final class WarmUpFiles {
  private final EngineConfig config;
  private final BarNeeds needs;
  private final long until;
  private final List<PastBar> bars = new ArrayList<>();

  private WarmUpFiles(EngineConfig config, BarNeeds needs, long until) {
    this.config = config;
    this.needs = needs;
    this.until = until;
  }

  /**
   * @param until bars that end later are left out
   * @return bars in no order; of the same place the one that counts comes first
   * @throws ConfigException naming the entry, or file and line
   */
  static List<PastBar> read(
      EngineConfig config, BarNeeds needs, List<BarFiles> entries, long until) {
    WarmUpFiles files = new WarmUpFiles(config, needs, until);
    for (int i = 0; i < entries.size(); i++) {
      try {
        files.read(entries.get(i), "warmUp.bars[" + i + "]: ");
      } catch (NoSuchFileException e) {
        throw new ConfigException("warmUp.bars[" + i + "]: there is no file " + e.getMessage());
      } catch (BadInputException e) {
        throw new ConfigException("warmUp.bars[" + i + "]: " + e.getMessage());
      } catch (IOException e) {
        throw new ConfigException("warmUp.bars[" + i + "]: cannot be read: " + e);
      }
    }
    return files.bars;
  }

  private void read(BarFiles entry, String where) throws IOException {
    String symbol = entry.instrument().isEmpty() ? null : entry.instrument();
    if (symbol != null && config.instrumentIndex(symbol) < 0) {
      throw new ConfigException(
          where
              + "'"
              + symbol
              + "' is not in the universe: "
              + String.join(", ", config.instruments().stream().map(Instrument::symbol).toList()));
    }
    List<BarFile> files = new ArrayList<>();
    for (Path path : paths(entry, where)) {
      files.add(new BarFile(path, entry.ask(), symbol));
    }
    BarFileOptions options =
        new BarFileOptions(
            config.instruments(),
            entry.timeframe(),
            Alignment.parse(config.alignment()),
            entry.zone(),
            OnError.STOP);
    long[] from;
    int timeframe;
    try (BarFileSource source = open(files, options, where)) {
      timeframe = timeframe(source.timeframe(), where);
      from = cutoffs(source, timeframe);
    }
    try (BarFileSource source = open(files, options, where)) {
      FileBar bar = new FileBar();
      while (source.next(bar)) {
        if (bar.closeTime <= until && bar.openTime >= from[bar.instrument]) {
          requirePrices(bar, source);
          bars.add(PastBar.of(bar, timeframe));
        }
      }
    }
  }

  /** A series for study may have zeros, a market has none. */
  private static void requirePrices(FileBar bar, BarFileSource source) throws BadInputException {
    if (bar.bidLow <= 0 || bar.askLow <= 0) {
      throw new BadInputException(source.place() + ": has a price of zero");
    }
  }

  private static BarFileSource open(List<BarFile> files, BarFileOptions options, String where)
      throws IOException {
    try {
      return BarFileSource.open(files, options);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(where + e.getMessage());
    }
  }

  private int timeframe(Timeframe timeframe, String where) {
    int index = config.timeframeIndex(timeframe);
    if (index < 0) {
      throw new ConfigException(
          where
              + "its bars are of "
              + timeframe.label()
              + ", which is not one of timeframes = "
              + config.timeframes().stream().map(Timeframe::label).toList());
    }
    return index;
  }

  private static List<Path> paths(BarFiles entry, String where) throws IOException {
    if (!Files.isDirectory(entry.file())) {
      return List.of(entry.file());
    }
    if (entry.ask() != null) {
      throw new ConfigException(where + "ask goes with one file, not with a folder");
    }
    try (Stream<Path> found = Files.list(entry.file())) {
      List<Path> paths = found.filter(Files::isRegularFile).sorted().toList();
      if (paths.isEmpty()) {
        throw new ConfigException(where + "the folder " + entry.file() + " holds no file");
      }
      return paths;
    }
  }

  /** By instrument: where the bars begin that are taken. */
  private long[] cutoffs(BarFileSource source, int timeframe) throws IOException {
    LongArrayList[] opens = new LongArrayList[config.instruments().size()];
    FileBar bar = new FileBar();
    while (source.next(bar)) {
      if (opens[bar.instrument] == null) {
        opens[bar.instrument] = new LongArrayList();
      }
      if (bar.closeTime <= until) {
        opens[bar.instrument].addLong(bar.openTime);
      }
    }
    long[] from = new long[opens.length];
    for (int i = 0; i < from.length; i++) {
      Cutoff cutoff = new Cutoff(config, needs, i, timeframe);
      int at = opens[i] == null ? 0 : opens[i].size();
      while (at > 0 && cutoff.needs(opens[i].getLong(at - 1))) {
        at--;
      }
      from[i] = cutoff.from();
    }
    return from;
  }
}

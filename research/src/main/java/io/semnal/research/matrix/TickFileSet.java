package io.semnal.research.matrix;

import io.semnal.core.market.Instrument;
import io.semnal.feed.Tick;
import io.semnal.feed.TickSource;
import io.semnal.feed.file.OnError;
import io.semnal.feed.file.TickFileOptions;
import io.semnal.feed.file.TickFileSource;
import io.semnal.feed.file.TickFiles;
import io.semnal.feed.file.TickFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Ticks of files of several instruments, in the order of their event times: files that begin with
 * the same instrument are read one after another in the order of their first ticks, and those rows
 * of files are merged.
 */
final class TickFileSet implements TickSource {
  private static final class Stream {
    private final TickFileSource source;

    /** Position of the streams' only instrument; -1 = the ticks say it. */
    private final int instrument;

    private final Tick tick = new Tick();

    private Stream(TickFileSource source, int instrument) {
      this.source = source;
      this.instrument = instrument;
    }

    private boolean advance() throws IOException {
      if (!source.next(tick)) {
        return false;
      }
      if (instrument >= 0) {
        tick.instrument = instrument;
      }
      return true;
    }
  }

  /**
   * A file to read.
   *
   * @param symbol of its instrument; {@code null} where it says it itself
   */
  record TickPath(Path path, String symbol) {}

  private record Beginning(TickPath file, long time) {}

  private final List<Stream> all = new ArrayList<>();
  private final List<Stream> open = new ArrayList<>();
  private Stream current;

  /**
   * @param options of files that name their instruments; a tick's instrument is a position in the
   *     options' instruments
   */
  TickFileSet(TickFormat format, List<TickPath> files, TickFileOptions options) throws IOException {
    Map<String, List<Beginning>> groups = new TreeMap<>();
    for (TickPath file : files) {
      Tick first = new Tick();
      boolean any;
      try (TickFileSource source =
          TickFiles.open(
              format, List.of(file.path()), of(file, options).withOnError(OnError.SKIP))) {
        any = source.next(first);
      }
      String key = file.symbol() != null ? "=" + file.symbol() : any ? "#" + first.instrument : "";
      groups
          .computeIfAbsent(key, k -> new ArrayList<>())
          .add(new Beginning(file, any ? first.eventTime : Long.MIN_VALUE));
    }
    try {
      for (List<Beginning> group : groups.values()) {
        begin(format, group, options);
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void begin(TickFormat format, List<Beginning> group, TickFileOptions options)
      throws IOException {
    TickPath any = group.getFirst().file();
    List<Path> paths =
        group.stream()
            .sorted(Comparator.comparingLong(Beginning::time))
            .map(beginning -> beginning.file().path())
            .toList();
    Stream stream =
        new Stream(
            TickFiles.open(format, paths, of(any, options)),
            any.symbol() == null ? -1 : position(any.symbol(), options));
    all.add(stream);
    if (stream.advance()) {
      open.add(stream);
    }
  }

  private static TickFileOptions of(TickPath file, TickFileOptions options) {
    if (file.symbol() == null) {
      return options;
    }
    return new TickFileOptions(
        options.instruments().get(position(file.symbol(), options)),
        options.instruments(),
        options.zone(),
        options.start(),
        options.pointDecimals(),
        options.mapping(),
        options.onError());
  }

  private static int position(String symbol, TickFileOptions options) {
    List<Instrument> instruments = options.instruments();
    for (int i = 0; i < instruments.size(); i++) {
      if (instruments.get(i).symbol().equals(symbol)) {
        return i;
      }
    }
    throw new IllegalArgumentException(symbol + " is not one of the instruments");
  }

  @Override
  public boolean next(Tick into) throws IOException {
    if (current != null && !current.advance()) {
      open.remove(current);
    }
    current = null;
    for (Stream stream : open) {
      if (current == null || stream.tick.eventTime < current.tick.eventTime) {
        current = stream;
      }
    }
    if (current == null) {
      return false;
    }
    into.instrument = current.tick.instrument;
    into.eventTime = current.tick.eventTime;
    into.bid = current.tick.bid;
    into.ask = current.tick.ask;
    into.bidSize = current.tick.bidSize;
    into.askSize = current.tick.askSize;
    return true;
  }

  List<String> remarks() {
    long lines = 0;
    int files = 0;
    List<String> problems = new ArrayList<>();
    for (Stream stream : all) {
      lines += stream.source.skipped();
      files += stream.source.abandonedFiles();
      problems.addAll(stream.source.problems());
    }
    return BarMatrixSource.skipped(lines, files, problems);
  }

  @Override
  public void close() throws IOException {
    for (Stream stream : all) {
      stream.source.close();
    }
  }
}

package io.semnal.feed.file;

import io.semnal.core.market.Timeframe;
import io.semnal.feed.BadInputException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Bars of files, of one length, in the order of their closing times; those that close together in
 * the order of the instruments. One thread; holds one bar an instrument.
 */
public final class BarFileSource implements AutoCloseable {
  private static final int LOOKED_AT = 1_000;

  private final Problems problems;
  private final Timeframe timeframe;
  private final List<BarSeries> series = new ArrayList<>();
  private BarSeries current;
  private long bars;

  private BarFileSource(BarFileOptions options, List<BarSeries.Part> parts, Problems problems) {
    this.problems = problems;
    timeframe = options.timeframe();
    SortedMap<Integer, List<BarSeries.Part>> byInstrument = new TreeMap<>();
    for (BarSeries.Part part : parts) {
      byInstrument.computeIfAbsent(part.instrument(), i -> new ArrayList<>()).add(part);
    }
    byInstrument.values().forEach(own -> series.add(new BarSeries(own, options, problems)));
  }

  /**
   * Looks at the beginning of each file, and at their bars' length where the options do not say it.
   *
   * @throws BadInputException naming file, line and what was wrong
   * @throws java.nio.file.NoSuchFileException if a file is not there
   */
  public static BarFileSource open(List<BarFile> files, BarFileOptions options) throws IOException {
    if (files.isEmpty()) {
      throw new IllegalArgumentException("no file is given");
    }
    BarFileOptions known =
        options.timeframe() != null
            ? options
            : options.withTimeframe(inferTimeframe(files, options));
    known.alignment().check(known.timeframe());
    Problems problems = new Problems(options.onError());
    List<BarSeries.Part> parts = new ArrayList<>();
    FileBar first = new FileBar();
    for (BarFile file : files) {
      try (BarFileReader reader = new BarFileReader(file, known, new Problems(OnError.SKIP))) {
        if (reader.next(first)) {
          parts.add(new BarSeries.Part(file, first.instrument, first.openTime));
        } else {
          // Nothing in it can be read: reading it again says why.
          parts.add(new BarSeries.Part(file, 0, Long.MIN_VALUE));
        }
      }
    }
    BarFileSource source = new BarFileSource(known, parts, problems);
    source.begin();
    return source;
  }

  private void begin() throws IOException {
    try {
      for (BarSeries own : List.copyOf(series)) {
        if (!own.advance()) {
          series.remove(own);
        }
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * The length of the files' bars: the shortest that their rows say, or the smallest step between
   * the first thousand.
   *
   * @throws BadInputException if they show none that divides a day
   */
  public static Timeframe inferTimeframe(List<BarFile> files, BarFileOptions options)
      throws IOException {
    long least = Long.MAX_VALUE;
    for (BarFile file : files) {
      least = Math.min(least, seconds(file, options));
    }
    if (least <= 0 || least > 86_400 || 86_400 % least != 0) {
      throw new BadInputException(
          files.getFirst().path()
              + ": its times do not show the length of a bar: give the bars' length");
    }
    return new Timeframe((int) least);
  }

  private static long seconds(BarFile file, BarFileOptions options) throws IOException {
    long least = Long.MAX_VALUE;
    long[] before = new long[options.instruments().size()];
    FileBar bar = new FileBar();
    Problems found = new Problems(OnError.SKIP);
    try (BarFileReader reader = new BarFileReader(file, options, found)) {
      for (int i = 0; i < LOOKED_AT && reader.next(bar); i++) {
        if (reader.rowSeconds() > 0) {
          least = Math.min(least, reader.rowSeconds());
        } else if (before[bar.instrument] != 0 && bar.openTime > before[bar.instrument]) {
          least = Math.min(least, (bar.openTime - before[bar.instrument]) / TimeFormat.SECOND);
        }
        before[bar.instrument] = bar.openTime;
      }
    }
    if (least == Long.MAX_VALUE && !found.messages().isEmpty()) {
      throw new BadInputException(found.messages().getFirst());
    }
    return least;
  }

  /**
   * Reads the next bar.
   *
   * @return {@code false} at the end
   * @throws BadInputException naming file, line and what was wrong
   */
  public boolean next(FileBar into) throws IOException {
    if (current != null && !current.advance()) {
      series.remove(current);
    }
    current = null;
    for (BarSeries candidate : series) {
      if (current == null || isBefore(candidate.bar, current.bar)) {
        current = candidate;
      }
    }
    if (current == null) {
      return false;
    }
    into.set(current.bar);
    bars++;
    return true;
  }

  private static boolean isBefore(FileBar one, FileBar other) {
    return one.closeTime != other.closeTime
        ? one.closeTime < other.closeTime
        : one.instrument < other.instrument;
  }

  /** Length of the bars. */
  public Timeframe timeframe() {
    return timeframe;
  }

  /** Bars passed on. */
  public long bars() {
    return bars;
  }

  /** Lines left out because they could not be read, or did not follow. */
  public long skipped() {
    return problems.lines();
  }

  /** Files whose rest, or whole, was left out because it could not be read. */
  public int abandonedFiles() {
    return problems.files();
  }

  /** The first few messages about what was left out, each with its place. */
  public List<String> problems() {
    return problems.messages();
  }

  /** Where the last bar stands, {@code file:line}. */
  public String place() {
    return current == null ? "" : current.place();
  }

  @Override
  public void close() throws IOException {
    for (BarSeries own : series) {
      own.close();
    }
    series.clear();
    current = null;
  }
}

package io.semnal.research.matrix;

import io.semnal.core.market.Timeframe;
import io.semnal.features.Bar;
import io.semnal.feed.file.BarFile;
import io.semnal.feed.file.BarFileOptions;
import io.semnal.feed.file.BarFileSource;
import io.semnal.feed.file.FileBar;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/** Bars of files. */
public final class BarMatrixSource implements MatrixSource {
  private final BarFileSource source;
  private final Bar bar = new Bar();

  private BarMatrixSource(BarFileSource source) {
    this.source = source;
  }

  /**
   * @param options with the instruments of the matrix's engine, in their order
   */
  public static BarMatrixSource open(List<BarFile> files, BarFileOptions options)
      throws IOException {
    return new BarMatrixSource(BarFileSource.open(files, options));
  }

  /** Length of the bars. */
  public Timeframe timeframe() {
    return source.timeframe();
  }

  @Override
  public void feed(PriceSink sink, LongConsumer progress) throws IOException {
    FileBar next = new FileBar();
    while (source.next(next)) {
      set(next);
      sink.onBar(next.instrument, bar);
      if (sink.isComplete(next.closeTime - 1)) {
        // This bar made all close that ended before it; its own end is asked for no more.
        return;
      }
      if ((source.bars() & (EVERY - 1)) == 0) {
        progress.accept(source.bars());
      }
    }
    sink.endBars();
  }

  private void set(FileBar next) {
    bar.openTime = next.openTime;
    bar.closeTime = next.closeTime;
    bar.bidOpen = next.bidOpen;
    bar.bidHigh = next.bidHigh;
    bar.bidLow = next.bidLow;
    bar.bidClose = next.bidClose;
    bar.askOpen = next.askOpen;
    bar.askHigh = next.askHigh;
    bar.askLow = next.askLow;
    bar.askClose = next.askClose;
    bar.spreadMin = 0;
    bar.spreadMax = 0;
    bar.spreadSum = 0;
    bar.ticks = 0;
    bar.flags = 0;
    bar.volume = next.volume;
  }

  @Override
  public String unit() {
    return "bars";
  }

  @Override
  public long count() {
    return source.bars();
  }

  @Override
  public List<String> remarks() {
    return skipped(source.skipped(), source.abandonedFiles(), source.problems());
  }

  static List<String> skipped(long lines, int files, List<String> problems) {
    List<String> remarks = new ArrayList<>();
    if (lines > 0 || files > 0) {
      remarks.add(lines + " line(s) skipped, " + files + " file(s) given up:");
      problems.forEach(problem -> remarks.add("  " + problem));
    }
    return remarks;
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}

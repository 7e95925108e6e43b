package io.semnal.bench.wire;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/** What a run leaves on disk: HdrHistogram logs, a page of percentile curves. */
final class WireFiles {
  private WireFiles() {}

  /**
   * @return the folder, under {@code bench/results}
   */
  static Path write(String name, List<WireSlices> measured) throws IOException {
    Path folder = Files.createDirectories(WireBench.results().resolve(name));
    for (WireSlices slices : measured) {
      log(folder.resolve(slices.id() + "-semnal.hlog"), slices.semnal());
      log(folder.resolve(slices.id() + "-echo.hlog"), slices.echo());
    }
    Files.writeString(
        folder.resolve("index.html"), WirePage.of(name, measured), StandardCharsets.UTF_8);
    return folder;
  }

  /** One interval a slice; nanoseconds. */
  private static void log(Path file, List<WireLoad.Result> slices) throws FileNotFoundException {
    HistogramLogWriter log = new HistogramLogWriter(file.toFile());
    log.outputComment("nanoseconds from planned sending to the answer's arrival, a line a slice");
    log.outputLogFormatVersion();
    log.outputLegend();
    int second = 0;
    for (WireLoad.Result slice : slices) {
      Histogram histogram = slice.latencies();
      histogram.setStartTimeStamp(second++ * 1000L);
      histogram.setEndTimeStamp(second * 1000L);
      log.outputIntervalHistogram(histogram);
    }
    log.close();
  }
}

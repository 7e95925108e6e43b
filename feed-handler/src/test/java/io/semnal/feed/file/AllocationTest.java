package io.semnal.feed.file;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.semnal.core.config.RuntimeConfig;
import io.semnal.core.metrics.Metrics;
import io.semnal.feed.Tick;
import io.semnal.feed.normalise.QuoteNormalizer;
import io.semnal.feed.normalise.QuoteWriter;
import io.semnal.protocol.MessageLayout;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a line of text to an encoded quote without garbage. */
class AllocationTest {
  private static final int LINES = 400_000;

  /** Opening streams and refilling buffers; far below one byte a tick. */
  private static final long TOLERANCE = 100_000;

  @TempDir Path folder;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final QuoteNormalizer normalizer =
      new QuoteNormalizer(
          new RuntimeConfig.Feed(
              true,
              "127.0.0.1",
              0,
              false,
              Path.of("keys"),
              12,
              Duration.ofSeconds(60),
              Duration.ofSeconds(1)),
          "file",
          id -> id == 1,
          new Metrics());
  private final QuoteWriter writer = new QuoteWriter();
  private long seq;
  private Object sink;

  @Test
  void readsNormalisesAndEncodesWithoutGarbage() throws IOException {
    StringBuilder text = new StringBuilder("EUR/USD,20140501 00:00:00.000,1.38676,1.38686\n");
    for (int i = 1; i < LINES; i++) {
      text.append("EUR/USD,20140501 ")
          .append(
              String.format("%02d:%02d:%02d.%03d", i / 36_000, i / 600 % 60, i / 10 % 60, i % 10))
          .append(",1.3")
          .append(1_000 + i % 100)
          .append(",1.4\n");
    }
    Path file = TestFiles.write(folder.resolve("t.csv"), text.toString());

    assertThat(allocated(file, false)).isPositive();
    assertThat(allocated(file, false)).isLessThan(TOLERANCE);
    assertThat(allocated(file, true)).isGreaterThan(LINES * 16L);
  }

  private long allocated(Path file, boolean garbage) throws IOException {
    Tick tick = new Tick();
    try (TickFileSource source =
        TickFiles.open(TickFormat.TRUEFX, List.of(file), TickFileOptions.of(TestFiles.EURUSD))) {
      assertThat(source.next(tick)).isTrue();
      long before = threads.getCurrentThreadAllocatedBytes();
      int count = 1;
      while (source.next(tick)) {
        int flags = normalizer.flags(1, tick.eventTime, tick.bid, tick.ask, MessageLayout.ABSENT);
        writer.encode(tick, 1, ++seq, 1, flags);
        if (garbage) {
          sink = new byte[1];
        }
        count++;
      }
      long after = threads.getCurrentThreadAllocatedBytes();
      assertThat(count).isEqualTo(LINES);
      assertThat(garbage).isEqualTo(sink != null);
      sink = null;
      return after - before;
    }
  }
}

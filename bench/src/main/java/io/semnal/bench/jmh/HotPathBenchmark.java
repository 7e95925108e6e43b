package io.semnal.bench.jmh;

import io.semnal.core.config.RuntimeConfig.Models.ScorerChoice;
import io.semnal.core.ingress.EngineTime;
import io.semnal.core.ingress.Ingress;
import io.semnal.core.ingress.MessageLog;
import io.semnal.core.metrics.Metrics;
import io.semnal.core.ring.MessageRing;
import io.semnal.core.source.SourceRegistry;
import io.semnal.feed.normalise.QuoteWriter;
import io.semnal.inference.registry.LoadedModel;
import io.semnal.inference.registry.ModelRegistry;
import io.semnal.inference.scorer.Scorer;
import io.semnal.journal.JournalDirectory;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The steps of a tick's way, each by itself; features have {@link FeatureBenchmark}. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HotPathBenchmark {
  private static final long SECOND = 1_000_000_000L;

  /** 2026-01-13T00:00:00Z, a Tuesday. */
  private static final long START = 1_768_262_400L * SECOND;

  private static final int MESSAGE = 120;
  private static final int BATCH = 1000;

  /** Two instruments' bars and the columns of bench-32, warm. */
  @State(Scope.Thread)
  public static class Features {
    private final Bench32 market = new Bench32();
  }

  @Benchmark
  public int quoteIntoBars(Features features) {
    return features.market.quote();
  }

  /** The model that comes with the build. */
  @State(Scope.Thread)
  public static class Model {
    private LoadedModel model;
    private Scorer scorer;

    @Setup
    public void load() {
      Path home = Path.of(System.getProperty("semnal.home", "."));
      model =
          new ModelRegistry(home.resolve("server/target/models"), ScorerChoice.AUTO)
              .load("default");
      scorer = model.scorer();
      for (int i = 0; i < scorer.features(); i++) {
        scorer.input().setAtIndex(ValueLayout.JAVA_FLOAT, i, 0.1f * i);
      }
    }

    @TearDown
    public void close() {
      model.close();
    }
  }

  @Benchmark
  public double scoreDefaultModel(Model model) {
    model.scorer.score();
    return model.scorer.output(0);
  }

  /** A queue in a temporary folder. */
  @State(Scope.Thread)
  public static class Journal {
    private final UnsafeBuffer message = new UnsafeBuffer(ByteBuffer.allocateDirect(MESSAGE));
    private Path folder;
    private JournalDirectory journal;
    private MessageLog log;

    @Setup(Level.Iteration)
    public void open() throws IOException {
      folder = Files.createTempDirectory("semnal-bench-");
      journal = JournalDirectory.open(folder, "FAST_DAILY");
      log = journal.inboundLog();
    }

    @TearDown(Level.Iteration)
    public void close() throws IOException {
      journal.close();
      List<Path> all;
      try (var walk = Files.walk(folder)) {
        all = walk.sorted(Comparator.reverseOrder()).toList();
      }
      for (Path each : all) {
        Files.delete(each);
      }
    }
  }

  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void append120Bytes(Journal journal) {
    for (int i = 0; i < BATCH; i++) {
      journal.log.append(journal.message, 0, MESSAGE);
    }
  }

  /** An ingress whose journal forgets and whose ring nobody reads. */
  @State(Scope.Thread)
  public static class Door {
    private final QuoteWriter writer = new QuoteWriter();
    private final SourceRegistry sources = new SourceRegistry();
    private final int sourceId = sources.define("bench");
    private final Ingress ingress =
        new Ingress(
            new MessageRing(4096, 256),
            new Forgetful(),
            EngineTime.source(),
            sources,
            new Metrics(),
            64,
            SECOND);
    private long sequence;
  }

  private static final class Forgetful implements MessageLog {
    @Override
    public void append(DirectBuffer buffer, int offset, int length) {}

    @Override
    public void close() {}
  }

  @Benchmark
  public boolean encodeAndOffer(Door door) {
    long sequence = ++door.sequence;
    int length =
        door.writer.encode(
            START + sequence, 110_000_000L, 110_001_000L, 1, 1, door.sourceId, sequence, 1, 0);
    return door.ingress.offer(door.writer.buffer(), 0, length);
  }
}

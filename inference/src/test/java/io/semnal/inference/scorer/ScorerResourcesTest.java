package io.semnal.inference.scorer;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.semnal.inference.onnx.OnnxWriter;
import io.semnal.inference.registry.ModelRefusedException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What scoring costs beside time: no Java memory, no native memory that stays, no shared state. */
class ScorerResourcesTest {
  private static final int RUNS = 100_000;
  private static final List<String> CLASSES = List.of("SELL", "NEUTRAL", "BUY");

  /** Makes the negative control's garbage visible outside, so that it cannot be optimised away. */
  private volatile Object garbage;

  @Test
  void scoringAllocatesNothing() {
    try (OnnxScorer scorer = OnnxScorer.open(model(1), 32, "")) {
      double sum = scored(scorer, RUNS);
      assertThat(sum).isNotNaN();
      long allocated = allocatedBy(() -> assertSame(sum, scored(scorer, RUNS)));
      // The measurement itself and its lambda may cost a few objects; a byte per run may not.
      assertThat(allocated).isLessThan(RUNS / 100);
    }
  }

  @Test
  void failingAllocatesNothingEither() {
    try (OnnxScorer scorer = OnnxScorer.open(Graphs.lookup(), 1, "")) {
      scorer.input().setAtIndex(JAVA_FLOAT, 0, 99f);
      failed(scorer, 3_000);
      // What the VM allocates once, when it compiles, falls into one round: the others are judged.
      long[] allocated = new long[3];
      for (int round = 0; round < 3; round++) {
        allocated[round] = allocatedBy(() -> failed(scorer, 3_000));
      }
      java.util.Arrays.sort(allocated);
      assertThat(allocated[1]).isLessThan(1_000);
      assertThat(scorer.lastError()).contains("Gather");
    }
  }

  @Test
  void measurementSeesAnAllocation() {
    try (OnnxScorer scorer = OnnxScorer.open(model(1), 32, "")) {
      scored(scorer, 20_000);
      long allocated =
          allocatedBy(
              () -> {
                for (int i = 0; i < RUNS; i++) {
                  scorer.score();
                  garbage = new double[1];
                }
              });
      assertThat(allocated).isGreaterThanOrEqualTo(RUNS * 16L);
    }
  }

  @Test
  void scorersOnSeveralThreadsKeepToThemselves() throws Exception {
    int threads = 3;
    CyclicBarrier together = new CyclicBarrier(threads);
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<Boolean>> results = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        int seed = t;
        results.add(
            pool.submit(
                () -> {
                  together.await();
                  return scoresAsAlone(seed);
                }));
      }
      for (Future<Boolean> result : results) {
        assertThat(result.get()).isTrue();
      }
    }
  }

  @Test
  void scorersAreHandedFromThreadToThread() throws Exception {
    OnnxScorer scorer = OnnxScorer.open(model(1), 32, "");
    double here = scored(scorer, 10);
    try (ExecutorService other = Executors.newSingleThreadExecutor()) {
      assertThat(other.submit(() -> scored(scorer, 10)).get()).isEqualTo(here);
      other.submit(scorer::close).get();
    }
    assertThat(scorer.score()).isFalse();
  }

  @Test
  void closedAndRefusedModelsGiveTheirMemoryBack() throws IOException {
    Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/statm")), "needs /proc/self/statm");
    byte[] large = largeModel();
    openAndClose(large, 40);
    long leastGrowth = Long.MAX_VALUE;
    for (int batch = 0; batch < 3; batch++) {
      long before = residentBytes();
      openAndClose(large, 60);
      leastGrowth = Math.min(leastGrowth, residentBytes() - before);
    }
    // A session holds a megabyte of weights: one leaked in twenty would add three in every batch.
    assertThat(leastGrowth).isLessThan(2L << 20);

    long before = residentBytes();
    List<OnnxScorer> held = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      held.add(OnnxScorer.open(large, 500, ""));
    }
    assertThat(residentBytes() - before).as("negative control").isGreaterThan(10L << 20);
    held.forEach(OnnxScorer::close);
  }

  private static void openAndClose(byte[] onnx, int times) {
    for (int i = 0; i < times; i++) {
      try (OnnxScorer scorer = OnnxScorer.open(onnx, 500, "")) {
        assertThat(scorer.score()).isTrue();
      }
      assertThatThrownBy(() -> OnnxScorer.open(onnx, 499, ""))
          .isInstanceOf(ModelRefusedException.class);
    }
  }

  private static long residentBytes() throws IOException {
    System.gc();
    String pages = Files.readString(Path.of("/proc/self/statm")).split(" ")[1];
    return Long.parseLong(pages) * 4096;
  }

  /** Whether two scorers of one model, used in turn, agree while other threads score others. */
  private static boolean scoresAsAlone(int seed) {
    byte[] onnx = model(seed);
    try (OnnxScorer first = OnnxScorer.open(onnx, 32, "");
        OnnxScorer second = OnnxScorer.open(onnx, 32, "")) {
      double expected = scored(first, 2_000);
      for (int round = 0; round < 5; round++) {
        if (scored(second, 2_000) != expected || scored(first, 2_000) != expected) {
          return false;
        }
      }
      return true;
    }
  }

  private static double scored(Scorer scorer, int runs) {
    double sum = 0;
    for (int i = 0; i < runs; i++) {
      for (int f = 0; f < 32; f++) {
        scorer.input().setAtIndex(JAVA_FLOAT, f, (i + f) % 17 - 8);
      }
      if (!scorer.score()) {
        return Double.NaN;
      }
      sum += scorer.output(0) + 2 * scorer.output(1);
    }
    return sum;
  }

  private static void failed(Scorer scorer, int runs) {
    for (int i = 0; i < runs; i++) {
      if (scorer.score()) {
        throw new AssertionError("an index outside the table scored");
      }
    }
  }

  private static void assertSame(double expected, double actual) {
    if (expected != actual) {
      throw new AssertionError(expected + " and " + actual);
    }
  }

  private static long allocatedBy(Runnable work) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    threads.getCurrentThreadAllocatedBytes();
    long before = threads.getCurrentThreadAllocatedBytes();
    work.run();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  private static byte[] model(int seed) {
    Random random = new Random(seed);
    return OnnxWriter.mlp(List.of(layer(random, 32, 16), layer(random, 16, 3)), CLASSES);
  }

  private static byte[] largeModel() {
    Random random = new Random(3);
    return OnnxWriter.mlp(List.of(layer(random, 500, 500), layer(random, 500, 3)), CLASSES);
  }

  private static OnnxWriter.Layer layer(Random random, int inputs, int outputs) {
    double[][] weights = new double[outputs][];
    for (int i = 0; i < outputs; i++) {
      weights[i] = random.doubles(inputs, -0.2, 0.2).toArray();
    }
    return new OnnxWriter.Layer(weights, new double[outputs]);
  }
}

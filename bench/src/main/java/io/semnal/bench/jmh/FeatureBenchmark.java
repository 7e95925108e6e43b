package io.semnal.bench.jmh;

import io.semnal.core.config.EngineConfig;
import io.semnal.features.FeaturePipeline;
import io.semnal.features.FeatureRow;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What the 32 columns of {@code bench-32} cost for one instrument on one timeframe, the 15m bars
 * and the EURUSD bars that they look at included. Sampled, so that percentiles can be told; a
 * sample holds what {@link #timerAlone} measures besides, which is to be subtracted from {@link
 * #closedBar32} and weighs an eighth in {@link #formingUpdate32}.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FeatureBenchmark {
  private static final int FORMING = 8;
  private static final int MOST_FORMING = 64;
  private static final int GARBAGE_ROUNDS = 4;

  /** Before each sample, the forming minute of both instruments gets its quotes. */
  @State(Scope.Thread)
  public static class Closing {
    private final Bench32 market = new Bench32();

    @Setup(Level.Invocation)
    public void fill() {
      market.fillBar();
    }
  }

  /** Before each sample, a quote. */
  @State(Scope.Thread)
  public static class Timing {
    private final Bench32 market = new Bench32();

    @Setup(Level.Invocation)
    public void quote() {
      market.quote();
    }
  }

  /** Each minute's bar is looked at 64 times as it forms, eight times in a sample. */
  @State(Scope.Thread)
  public static class Forming {
    private final Bench32 market = new Bench32();
    private int updates;

    @Setup(Level.Invocation)
    public void newBar() {
      if (updates >= MOST_FORMING) {
        updates = 0;
        market.fillBar();
        market.closeBar();
        market.quote();
      }
      updates += FORMING;
    }
  }

  /**
   * One operation: time passes the minute's end, the bars of both instruments close and all nodes
   * are brought up to date, the 32 columns are written as float32, and a quote opens the next bar.
   */
  @Benchmark
  public MemorySegment closedBar32(Closing state) {
    MemorySegment row = state.market.closeBar();
    state.market.quote();
    return row;
  }

  /**
   * One operation: a quote, and the 32 columns as a close now would give them, written as float32.
   */
  @Benchmark
  @OperationsPerInvocation(FORMING)
  public MemorySegment formingUpdate32(Forming state) {
    for (int i = 1; i < FORMING; i++) {
      state.market.quote();
      state.market.formingRow();
    }
    state.market.quote();
    return state.market.formingRow();
  }

  /** One operation: nothing, between the two looks at the clock that every sample has. */
  @Benchmark
  public Timing timerAlone(Timing state) {
    return state;
  }

  /**
   * Heap bytes that one more instrument's row of {@code bench-32} holds on to, its bars and its 15m
   * nodes included: the difference that fourteen instruments make to fifteen, by fourteen. Written
   * classes belong to all of them and do not count.
   */
  public static long stateBytes() {
    List<String> universe =
        List.of(
            "EURUSD", "EURGBP", "EURAUD", "EURNZD", "EURCAD", "EURCHF", "EURJPY", "GBPAUD",
            "GBPNZD", "GBPUSD", "GBPCAD", "GBPCHF", "GBPJPY", "AUDNZD", "AUDUSD", "AUDCAD",
            "AUDCHF", "AUDJPY", "NZDUSD", "NZDCAD", "NZDCHF", "NZDJPY", "USDCAD", "USDCHF",
            "USDJPY", "CADCHF", "CADJPY", "CHFJPY", "XAUUSD");
    int fewer = universe.size() / 2 + 1;
    EngineConfig few = Bench32.engine(universe.subList(0, fewer).toArray(String[]::new));
    EngineConfig many = Bench32.engine(universe.toArray(String[]::new));
    List<FeatureRow> rows = new ArrayList<>(bound(few));
    long before = used();
    rows.addAll(bound(few));
    long least = used() - before;
    rows.addAll(bound(many));
    long most = used() - before - least;
    Reference.reachabilityFence(rows);
    return (most - least) / (universe.size() - fewer);
  }

  private static List<FeatureRow> bound(EngineConfig config) {
    FeaturePipeline pipeline = new FeaturePipeline(config);
    List<FeatureRow> rows = new ArrayList<>();
    for (int i = 0; i < config.instruments().size(); i++) {
      rows.add(pipeline.bind(config.featureSet(Bench32.SET), i));
    }
    for (int i = 0; i < rows.size(); i++) {
      pipeline.onQuote(i, 0, 0, 1, 2, 1, 1, 0);
      rows.get(i).forming();
    }
    return rows;
  }

  private static long used() {
    for (int i = 0; i < GARBAGE_ROUNDS; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}

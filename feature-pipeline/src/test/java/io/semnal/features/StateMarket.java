package io.semnal.features;

import static io.semnal.features.Pipelines.MINUTE;
import static io.semnal.features.Pipelines.SECOND;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A run of calls to a pipeline: bars of files with holes in their volume, then quotes with silences
 * of minutes and days, flat stretches, conflated and flagged ones, and boundaries without a quote.
 */
final class StateMarket {
  /** One call, the same for every pipeline. */
  interface Step {
    void apply(FeaturePipeline pipeline);

    boolean looksAtForming();
  }

  private record FileBar(int instrument, int timeframe, Bar bar) implements Step {
    @Override
    public void apply(FeaturePipeline pipeline) {
      pipeline.addHistoricalBar(instrument, timeframe, bar);
    }

    @Override
    public boolean looksAtForming() {
      return false;
    }
  }

  private record Time(long time) implements Step {
    @Override
    public void apply(FeaturePipeline pipeline) {
      while (pipeline.nextBoundary() <= time) {
        pipeline.closeBoundary(pipeline.nextBoundary(), (i, t, bar) -> {});
      }
    }

    @Override
    public boolean looksAtForming() {
      return false;
    }
  }

  private record Quote(
      int instrument,
      long time,
      long event,
      long bid,
      long ask,
      int flags,
      int count,
      boolean looks)
      implements Step {
    @Override
    public void apply(FeaturePipeline pipeline) {
      new Time(time).apply(pipeline);
      if (count == 1) {
        pipeline.onQuote(instrument, time, event, bid, ask, bid % 700, ask % 900, flags);
      } else {
        pipeline.onConflatedQuote(
            instrument,
            time,
            event,
            bid,
            ask,
            0,
            0,
            bid + 90,
            bid - 70,
            ask + 80,
            ask - 60,
            count,
            flags);
      }
    }

    @Override
    public boolean looksAtForming() {
      return looks;
    }
  }

  private static final int HISTORY = 400;

  private final Random random;
  private final long[] price = {138_000_000, 168_000_000};
  private long time = 1_398_931_200L * SECOND;

  StateMarket(long seed) {
    random = new Random(seed);
  }

  List<Step> steps(int count) {
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < Math.min(HISTORY, count / 8); i++) {
      bars(steps);
    }
    while (steps.size() < count) {
      time += pause();
      steps.add(random.nextInt(20) == 0 ? new Time(time) : quote(steps.size()));
    }
    return steps;
  }

  /** The next minute of both instruments; sometimes one is missing, or its volume. */
  private void bars(List<Step> steps) {
    long open = time;
    time += MINUTE;
    for (int instrument = 0; instrument < 2; instrument++) {
      long from = price[instrument];
      price[instrument] += random.nextInt(4_001) - 2_000;
      long to = price[instrument];
      Bar bar = new Bar();
      bar.openTime = open;
      bar.closeTime = time;
      bar.bidOpen = from;
      bar.bidHigh = Math.max(from, to) + random.nextInt(900);
      bar.bidLow = Math.min(from, to) - random.nextInt(900);
      bar.bidClose = to;
      bar.askOpen = from + 1_000;
      bar.askHigh = bar.bidHigh + 1_000;
      bar.askLow = bar.bidLow + 1_000;
      bar.askClose = to + 1_000;
      bar.volume = random.nextInt(30) == 0 ? Double.NaN : random.nextInt(500);
      if (random.nextInt(25) != 0) {
        steps.add(new FileBar(instrument, 0, bar));
      }
    }
  }

  private long pause() {
    int dice = random.nextInt(6_000);
    if (dice == 0) {
      return 40 * 60 * MINUTE;
    }
    return dice < 6 ? random.nextLong(40 * MINUTE) : random.nextLong(16 * SECOND);
  }

  private Quote quote(int step) {
    int instrument = random.nextInt(2);
    // Now and then the price stands still, so that windows are flat.
    price[instrument] += step / 900 % 5 == 4 ? 0 : random.nextInt(2_001) - 1_000;
    long bid = price[instrument];
    long event = random.nextInt(40) == 0 ? time - 2 * MINUTE : time;
    int flags = random.nextInt(30) == 0 ? 1 << random.nextInt(6) : 0;
    int count = random.nextInt(15) == 0 ? 4 : 1;
    boolean looks = random.nextInt(3) != 0;
    return new Quote(
        instrument, time, event, bid, bid + random.nextInt(3_000), flags, count, looks);
  }
}

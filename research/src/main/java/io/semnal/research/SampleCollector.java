package io.semnal.research;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.PolicyConfig;
import io.semnal.core.market.MarketCalendar;
import io.semnal.features.Bar;
import io.semnal.features.FeaturePipeline;
import io.semnal.features.FeatureRow;
import io.semnal.feed.Tick;
import io.semnal.feed.TickSource;
import io.semnal.inference.signal.MarketQuote;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * Drives ticks through the same feature graph as live and gathers labelled rows at bar closes, from
 * warm on.
 */
final class SampleCollector {
  private final int timeframe;
  private final int stride;
  private final FeaturePipeline pipeline;
  private final FeatureRow[] rows;
  private final FeatureRow[] atrs;
  private final BarrierLabeller[] labellers;
  private final MarketQuote[] last;
  private final boolean[] closed;
  private final int[] sinceSample;
  private final Samples samples;
  private final float[] values;
  private final MemorySegment floats;

  /**
   * @param stride a row at every so many bars: neighbours share most of their label's time
   */
  SampleCollector(EngineConfig config, FeatureSetConfig set, PolicyConfig policy, int stride) {
    this.stride = stride;
    int count = config.instruments().size();
    timeframe = config.timeframeIndex(set.timeframe());
    pipeline = new FeaturePipeline(config);
    rows = new FeatureRow[count];
    atrs = new FeatureRow[count];
    labellers = new BarrierLabeller[count];
    last = new MarketQuote[count];
    closed = new boolean[count];
    sinceSample = new int[count];
    samples = new Samples(set.columns().size());
    values = new float[set.columns().size()];
    floats = Arena.ofAuto().allocate((long) values.length * Float.BYTES, Float.BYTES);
    FeatureSetConfig atr =
        new FeatureSetConfig(
            "atr", set.timeframe(), set.price(), List.of("atr(" + policy.atrPeriod() + ")"));
    MarketCalendar calendar = new MarketCalendar(config.holidays());
    for (int i = 0; i < count; i++) {
      rows[i] = pipeline.bind(set, i);
      atrs[i] = pipeline.bind(atr, i);
      labellers[i] =
          new BarrierLabeller(
              samples, config.instruments().get(i), policy, set.timeframe(), calendar);
      last[i] = new MarketQuote();
    }
  }

  /** Reads the source to its end. */
  Samples collect(TickSource source) throws IOException {
    Tick tick = new Tick();
    while (source.next(tick)) {
      long time = tick.eventTime;
      while (pipeline.nextBoundary() <= time) {
        closeBoundary(pipeline.nextBoundary());
      }
      int i = tick.instrument;
      last[i].set(time, time, tick.bid, tick.ask);
      labellers[i].onQuote(last[i]);
      pipeline.onQuote(i, time, time, tick.bid, tick.ask, tick.bidSize, tick.askSize, 0);
    }
    return samples;
  }

  private void closeBoundary(long boundary) {
    pipeline.closeBoundary(boundary, this::onBar);
    for (int i = 0; i < closed.length; i++) {
      if (closed[i]) {
        closed[i] = false;
        if (++sinceSample[i] >= stride) {
          sample(i, boundary);
        }
      }
    }
  }

  private void onBar(int instrument, int barTimeframe, Bar bar) {
    closed[instrument] |= barTimeframe == timeframe;
  }

  private void sample(int instrument, long time) {
    FeatureRow row = rows[instrument];
    FeatureRow atr = atrs[instrument];
    row.closed();
    atr.closed();
    if (!row.isWarm() || !atr.isWarm() || !(atr.value(0) > 0.0)) {
      return;
    }
    row.writeFloats(floats, 0);
    for (int i = 0; i < values.length; i++) {
      values[i] = floats.get(ValueLayout.JAVA_FLOAT, (long) i * Float.BYTES);
      if (!Float.isFinite(values[i])) {
        return;
      }
    }
    sinceSample[instrument] = 0;
    MarketQuote quote = last[instrument];
    int index = samples.add(time, values);
    labellers[instrument].open(index, time, quote.bid, quote.ask, atr.value(0));
  }
}

package io.semnal.research.sample;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.market.MarketCalendar;
import io.semnal.features.Bar;
import io.semnal.features.FeaturePipeline;
import io.semnal.features.FeatureRow;
import io.semnal.inference.engine.QuoteRules;
import io.semnal.inference.signal.MarketQuote;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * Takes quotes or bars through the same feature graph as live, and gathers a row where the engine
 * would have scored one: at every bar's close while the market is open, from warm on, unless the
 * bar was flagged.
 */
public final class SampleCollector {
  private final int timeframe;
  private final MarketCalendar calendar;
  private final QuoteRules rules;
  private final FeaturePipeline pipeline;
  private final Place[] places;
  private final Samples samples;
  private final float[] values;
  private final MemorySegment floats;
  private final MarketQuote quote = new MarketQuote();
  private long lastClose = Long.MIN_VALUE;
  private long notWarm;

  /** What is known of one instrument. */
  private static final class Place {
    FeatureRow row;
    FeatureRow atr;
    Labeller labeller;
    double pip;
    boolean closed;
    boolean flagged;
    long bid;
    long ask;
    float momentum;
  }

  /**
   * @param config whose first timeframe is that of the bars, where bars are taken in
   */
  public SampleCollector(EngineConfig config, FeatureSetConfig set, LabelRule rule) {
    timeframe = config.timeframeIndex(set.timeframe());
    calendar = new MarketCalendar(config.holidays());
    rules = new QuoteRules(config.quality());
    pipeline = new FeaturePipeline(config);
    places = new Place[config.instruments().size()];
    samples = Samples.of(config, set.columns().size());
    values = new float[set.columns().size()];
    floats = Arena.ofAuto().allocate((long) values.length * Float.BYTES, Float.BYTES);
    String atr = "atr(" + rule.policy().atrPeriod() + ")";
    FeatureSetConfig scale =
        new FeatureSetConfig("atr", set.timeframe(), set.price(), List.of(atr));
    for (int i = 0; i < places.length; i++) {
      Place place = new Place();
      place.row = pipeline.bind(set, i);
      place.atr = pipeline.bind(scale, i);
      place.pip = config.instruments().get(i).pip();
      place.labeller =
          new Labeller(samples, config.instruments().get(i), rule, set.timeframe(), calendar);
      places[i] = place;
    }
  }

  /**
   * Takes the next quote in.
   *
   * @param time of the engine, {@code eventTime} of the source
   * @param flags as the feed's checks gave them
   */
  public void onQuote(
      int instrument,
      long time,
      long eventTime,
      long bid,
      long ask,
      long bidSize,
      long askSize,
      int flags) {
    advance(time);
    if (rules.isDropped(flags)) {
      return;
    }
    int kept =
        pipeline.onQuote(
            instrument, time, eventTime, bid, ask, bidSize, askSize, rules.remaining(flags));
    take(instrument, kept, quote.set(time, eventTime, bid, ask));
  }

  /** Takes a quote in that stands for several: its extremes fill signals as well. */
  public void onConflatedQuote(
      int instrument, MarketQuote conflated, long bidSize, long askSize, long count, int flags) {
    advance(conflated.time);
    if (rules.isDropped(flags)) {
      return;
    }
    int kept =
        pipeline.onConflatedQuote(
            instrument,
            conflated.time,
            conflated.eventTime,
            conflated.bid,
            conflated.ask,
            bidSize,
            askSize,
            conflated.bidHigh,
            conflated.bidLow,
            conflated.askHigh,
            conflated.askLow,
            count,
            rules.remaining(flags));
    take(instrument, kept, conflated);
  }

  private void take(int instrument, int flags, MarketQuote taken) {
    if (!rules.isFlagged(flags)) {
      Place place = places[instrument];
      place.bid = taken.bid;
      place.ask = taken.ask;
      place.labeller.onQuote(taken);
    }
  }

  /** Takes a bar in that an engine was warmed up with: it gets no row. */
  void onWarmUpBar(int instrument, int barTimeframe, Bar bar) {
    pipeline.addHistoricalBar(instrument, barTimeframe, bar);
  }

  /** Time has come this far: bars close. */
  public void advance(long time) {
    while (pipeline.nextBoundary() <= time) {
      long boundary = pipeline.nextBoundary();
      pipeline.closeBoundary(boundary, this::onClosed);
      sampleClosed(boundary);
    }
  }

  private void sampleClosed(long time) {
    for (int i = 0; i < places.length; i++) {
      if (places[i].closed) {
        places[i].closed = false;
        sample(i, time);
      }
    }
  }

  private void onClosed(int instrument, int closedTimeframe, Bar bar) {
    if (closedTimeframe == timeframe) {
      Place place = places[instrument];
      place.closed = true;
      place.flagged = (bar.flags & QuoteRules.BAR_FLAGGED) != 0;
      place.momentum = momentum(place, bar);
    }
  }

  private static float momentum(Place place, Bar bar) {
    double move = (double) (bar.bidClose - bar.bidOpen) + (bar.askClose - bar.askOpen);
    return (float) (move / 2 / place.pip);
  }

  /** Takes the next bar of the first timeframe in; bars come in the order of their closes. */
  public void onBar(int instrument, Bar bar) {
    if (bar.closeTime > lastClose) {
      closeBars();
      lastClose = bar.closeTime;
    }
    Place place = places[instrument];
    place.labeller.onBar(bar);
    place.bid = bar.bidClose;
    place.ask = bar.askClose;
    // A longer bar whose last part is missing shows itself too late to be acted on.
    pipeline.addHistoricalBar(instrument, 0, bar, (other, closed, late) -> {});
  }

  /** The bars that closed together are complete. To be called at the end of the bars as well. */
  void closeBars() {
    pipeline.closeHistory(this::onClosed);
    sampleClosed(lastClose);
  }

  private void sample(int instrument, long time) {
    Place place = places[instrument];
    if (place.flagged || place.bid == 0 || !calendar.isOpen(time)) {
      return;
    }
    if (!place.row.isWarm() || !place.atr.isWarm()) {
      notWarm++;
      return;
    }
    place.row.closed();
    place.atr.closed();
    if (!(place.atr.value(0) > 0.0)) {
      return;
    }
    place.row.writeFloats(floats, 0);
    for (int i = 0; i < values.length; i++) {
      values[i] = floats.get(ValueLayout.JAVA_FLOAT, (long) i * Float.BYTES);
    }
    int row =
        samples.add(
            new Samples.Moment(
                time, instrument, calendar.session(time), place.bid, place.ask, place.momentum),
            values);
    place.labeller.open(row, time, place.bid, place.ask, place.atr.value(0));
  }

  /** What was gathered so far. */
  public Samples samples() {
    return samples;
  }

  /** Bars left out because a column had not converged. */
  public long notWarm() {
    return notWarm;
  }
}

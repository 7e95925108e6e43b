package io.semnal.research.sample;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.QualityConfig;
import io.semnal.core.market.MarketCalendar;
import io.semnal.features.Bar;
import io.semnal.features.BarHandler;
import io.semnal.features.FeaturePipeline;
import io.semnal.features.FeatureRow;
import io.semnal.inference.engine.QuoteRules;
import io.semnal.inference.signal.MarketQuote;
import io.semnal.research.matrix.PriceSink;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * Takes quotes or bars through the same feature graph as live, and gathers a labelled row where the
 * engine would have scored one: at every bar's close while the market is open, from warm on, unless
 * the bar was flagged. Nothing that comes after the range of time is looked at: a label that is
 * open then stays open.
 */
public final class SampleCollector implements PriceSink {
  private final EngineConfig engine;
  private final int timeframe;
  private final long from;
  private final long to;
  private final MarketCalendar calendar;
  private final FeaturePipeline pipeline;
  private final Place[] places;
  private final Samples samples;
  private final BarHandler onClosed = this::onClosed;
  private final float[] values;
  private final MemorySegment floats;
  private final MarketQuote single = new MarketQuote();
  private QuoteRules rules;
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

  /** Rows of all times. */
  public SampleCollector(EngineConfig config, FeatureSetConfig set, LabelRule rule) {
    this(config, set, rule, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /**
   * @param config whose first timeframe is that of the bars, where bars are taken in
   * @param from first time of a row; what lies before warms up
   * @param to times of rows lie before it
   */
  public SampleCollector(
      EngineConfig config, FeatureSetConfig set, LabelRule rule, long from, long to) {
    engine = config;
    this.from = from;
    this.to = to;
    timeframe = config.timeframeIndex(set.timeframe());
    calendar = new MarketCalendar(config.holidays());
    quality(config.quality());
    pipeline = new FeaturePipeline(config);
    places = new Place[config.instruments().size()];
    samples = Samples.of(config, set.width());
    values = new float[set.width()];
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

  @Override
  public EngineConfig engine() {
    return engine;
  }

  @Override
  public void quality(QualityConfig config) {
    rules = new QuoteRules(config);
  }

  @Override
  public boolean isComplete(long time) {
    return time >= to;
  }

  @Override
  public void onQuote(
      int instrument,
      long time,
      long eventTime,
      long bid,
      long ask,
      long bidSize,
      long askSize,
      int flags) {
    if (rules.isDropped(flags)) {
      return;
    }
    int kept =
        pipeline.onQuote(
            instrument, time, eventTime, bid, ask, bidSize, askSize, rules.remaining(flags));
    take(instrument, kept, single.set(time, eventTime, bid, ask));
  }

  /** Its extremes fill signals as well. */
  @Override
  public void onConflatedQuote(
      int instrument, MarketQuote quote, long bidSize, long askSize, long count, int flags) {
    if (rules.isDropped(flags)) {
      return;
    }
    int kept =
        pipeline.onConflatedQuote(
            instrument,
            quote.time,
            quote.eventTime,
            quote.bid,
            quote.ask,
            bidSize,
            askSize,
            quote.bidHigh,
            quote.bidLow,
            quote.askHigh,
            quote.askLow,
            count,
            rules.remaining(flags));
    take(instrument, kept, quote);
  }

  private void take(int instrument, int flags, MarketQuote taken) {
    if (!rules.isFlagged(flags)) {
      Place place = places[instrument];
      place.bid = taken.bid;
      place.ask = taken.ask;
      place.labeller.onQuote(taken);
    }
  }

  @Override
  public void onWarmUpBar(int instrument, int barTimeframe, Bar bar) {
    pipeline.addHistoricalBar(instrument, barTimeframe, bar);
  }

  @Override
  public void advanceTo(long time) {
    long until = Math.min(time, to);
    while (pipeline.nextBoundary() <= until) {
      long boundary = pipeline.nextBoundary();
      pipeline.closeBoundary(boundary, onClosed);
      sampleClosed(boundary);
    }
  }

  /** The bar that the last quote lies in is not known whole: it gets no row. */
  @Override
  public void endTicks(long last) {
    advanceTo(last);
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

  @Override
  public void onBar(int instrument, Bar bar) {
    if (bar.closeTime > lastClose) {
      endBars();
      lastClose = bar.closeTime;
    }
    if (bar.closeTime > to) {
      return;
    }
    Place place = places[instrument];
    place.labeller.onBar(bar);
    place.bid = bar.bidClose;
    place.ask = bar.askClose;
    // A longer bar whose last part is missing shows itself too late to be acted on.
    pipeline.addHistoricalBar(instrument, 0, bar, (other, closed, late) -> {});
  }

  @Override
  public void endBars() {
    pipeline.closeHistory(onClosed);
    sampleClosed(lastClose);
  }

  private void sample(int instrument, long time) {
    Place place = places[instrument];
    if (time < from || time >= to || place.flagged || place.bid == 0 || !calendar.isOpen(time)) {
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

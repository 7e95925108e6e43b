package io.semnal.features;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.market.Alignment;
import io.semnal.core.market.MarketCalendar;
import io.semnal.core.market.Timeframe;
import io.semnal.core.state.StateVisitor;
import io.semnal.core.state.Stateful;
import io.semnal.features.bar.BarAggregator;
import io.semnal.features.compile.GraphCompiler;
import io.semnal.features.expression.ExpressionException;
import io.semnal.features.expression.ExpressionParser;
import io.semnal.features.graph.FeatureGraph;
import io.semnal.features.graph.GraphContext;
import io.semnal.features.graph.GraphRow;
import io.semnal.features.graph.Node;
import io.semnal.features.graph.Plans;
import io.semnal.features.graph.WarmUp;
import io.semnal.features.indicator.CanonicalText;
import io.semnal.features.indicator.IndicatorCatalogue;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.ObjIntConsumer;

/**
 * Bars and features of all instruments: one graph, fed by quotes, closed by boundaries.
 * Deterministic, single-threaded, allocation-free once built.
 *
 * <p>Order of calls: {@link #bind} for every row that is wanted; {@link #seal}; then, as time goes
 * on, {@link #closeBoundary} for every {@link #nextBoundary} that is due, and {@link #onQuote}.
 */
public final class FeaturePipeline implements Stateful {
  /** Rises when a column's values change though its text does not. */
  private static final int CODE_VERSION = 1;

  /** Rises when {@link #state} visits something else, or in another order. */
  private static final int STATE_VERSION = 1;

  private static final BarHandler NOBODY = (instrument, timeframe, bar) -> {};

  private final EngineConfig config;
  private final int width;
  private final BarAggregator bars;
  private final FeatureGraph graph;
  private final GraphCompiler compiler;
  private final boolean checking;
  private BarHandler handler = NOBODY;

  /**
   * Checks every configured feature set for syntax, names and arguments. Whether the instruments
   * and timeframes that a set looks at are there is asked when it is bound: a set that nobody uses
   * may look at any.
   *
   * @throws IllegalArgumentException naming the feature set, column and character of a wrong
   *     expression, or a wrong alignment or timeframe
   */
  public FeaturePipeline(EngineConfig config) {
    this(config, Plans.written());
  }

  /**
   * @param plans how nodes are brought up to date; makes no difference to any value
   */
  public FeaturePipeline(EngineConfig config, Plans plans) {
    this.config = config;
    width = config.timeframes().size();
    MarketCalendar calendar = new MarketCalendar(config.holidays());
    bars =
        new BarAggregator(
            config.instruments().size(),
            config.timeframes(),
            Alignment.parse(config.alignment()),
            calendar,
            this::onClosed);
    graph = new FeatureGraph(config.instruments().size(), config.timeframes(), calendar, plans);
    compiler = new GraphCompiler(config, graph, IndicatorCatalogue.standard());
    checking = false;
    if (!config.instruments().isEmpty()) {
      for (FeatureSetConfig set : config.featureSets()) {
        new FeaturePipeline(config, true).compile(set, 0);
      }
    }
  }

  /** A graph to try columns on, without bars. */
  private FeaturePipeline(EngineConfig config, boolean checking) {
    this.config = config;
    width = config.timeframes().size();
    bars = null;
    graph =
        new FeatureGraph(
            config.instruments().size(),
            config.timeframes(),
            new MarketCalendar(config.holidays()),
            Plans.interpreted());
    IndicatorCatalogue catalogue = IndicatorCatalogue.standard();
    compiler =
        checking
            ? GraphCompiler.checking(config, graph, catalogue)
            : new GraphCompiler(config, graph, catalogue);
    this.checking = checking;
  }

  /**
   * A row of a feature set (configured, or made up by the caller) for one instrument. Equal
   * expressions share their nodes.
   *
   * @param instrument position in the configuration's instruments
   * @throws IllegalArgumentException naming the feature set, column and character of a wrong
   *     expression
   * @throws IllegalStateException once the pipeline is sealed: a node made then would lack its
   *     history
   */
  public FeatureRow bind(FeatureSetConfig set, int instrument) {
    if (graph.isSealed()) {
      throw new IllegalStateException(
          "bind '" + set.name() + "' before the first quote or bar and before seal()");
    }
    List<Node> columns = compile(set, instrument);
    int timeframe = config.timeframeIndex(set.timeframe());
    GraphContext context = graph.context(instrument, timeframe, set.price());
    GraphRow row = new GraphRow(context, timeframe, bars, columns);
    return set.window() == 1 ? row : context.window(row, set.window());
  }

  /**
   * Ends binding, and makes what all rows need: classes are written and loaded here, so that the
   * first quote costs no more than any other. Where nobody called it, the first quote or bar does.
   */
  public void seal() {
    if (!graph.isSealed()) {
      graph.seal();
    }
  }

  /**
   * Bars, and the history and warmth of every node, between two calls of the other methods; it is
   * put back into a pipeline in which the same rows were bound in the same order, and which has
   * seen no quote or bar yet. Its rows hold no value until they are asked to compute. Plans make no
   * difference to it.
   */
  @Override
  public void state(StateVisitor s) {
    seal();
    s.section("features " + STATE_VERSION);
    bars.state(s);
    graph.state(s);
  }

  /**
   * SHA-256 over names, parameters and code version of a set's columns, and its window where that
   * is more than one row: the contract with a model.
   */
  public static byte[] hash(FeatureSetConfig set) {
    IndicatorCatalogue catalogue = IndicatorCatalogue.standard();
    StringBuilder text = new StringBuilder("semnal-features ").append(CODE_VERSION).append('\n');
    text.append(set.timeframe().label()).append('\n').append(set.price()).append('\n');
    for (String column : set.columns()) {
      text.append(CanonicalText.of(ExpressionParser.parse(column), catalogue)).append('\n');
    }
    if (set.window() > 1) {
      text.append("window ").append(set.window()).append('\n');
    }
    try {
      return MessageDigest.getInstance("SHA-256")
          .digest(text.toString().getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /**
   * Takes a quote into the instrument's forming bar. The caller has closed every boundary up to
   * {@code time}.
   *
   * @param bidSize mantissa (exponent -2); zero or less where the source gives none
   * @param flags the schema's {@code QuoteFlags}
   * @return the flags, with {@code late} added where the event belongs before the base bar that
   *     holds {@code time}; such a quote changes no price of any bar
   * @throws IllegalStateException if a boundary up to {@code time} was not closed
   */
  public int onQuote(
      int instrument,
      long time,
      long eventTime,
      long bid,
      long ask,
      long bidSize,
      long askSize,
      int flags) {
    begin(time);
    return bars.onQuote(instrument, time, eventTime, bid, ask, bidSize, askSize, flags);
  }

  /**
   * Takes in a quote that stands for {@code count} of them: bid and ask are the last ones, the
   * other prices the extremes.
   */
  public int onConflatedQuote(
      int instrument,
      long time,
      long eventTime,
      long bid,
      long ask,
      long bidSize,
      long askSize,
      long bidHigh,
      long bidLow,
      long askHigh,
      long askLow,
      long count,
      int flags) {
    begin(time);
    return bars.onQuotes(
        instrument,
        time,
        eventTime,
        bid,
        ask,
        bidSize,
        askSize,
        bidHigh,
        bidLow,
        askHigh,
        askLow,
        count,
        flags);
  }

  /**
   * Takes a closed bar of a file in, as if its boundary had just passed: {@link #addHistoricalBar}
   * of a bar that closes alone.
   */
  public void onHistoricalBar(int instrument, int timeframe, Bar bar) {
    bars.closeHistory();
    bars.addHistoricalBar(instrument, timeframe, bar);
    bars.closeHistory();
  }

  /**
   * Takes a closed bar of a file in. Bars come in the order of their closing times, of one time the
   * longer ones first; those of one time close together, before the next bar or quote. A bar of the
   * base timeframe also makes the longer bars. Left out: a bar that begins before {@link
   * #historyFrom}, and one of a timeframe in which quotes are forming a bar.
   */
  public void addHistoricalBar(int instrument, int timeframe, Bar bar) {
    bars.addHistoricalBar(instrument, timeframe, bar);
  }

  /** As {@link #addHistoricalBar(int, int, Bar)}, handing over what closes before it. */
  public void addHistoricalBar(int instrument, int timeframe, Bar bar, BarHandler handler) {
    this.handler = handler;
    bars.addHistoricalBar(instrument, timeframe, bar);
    this.handler = NOBODY;
  }

  /**
   * Closes the historical bars that were added last, brings every node up to date, then hands over
   * what closed, by instrument, then timeframe.
   */
  public void closeHistory(BarHandler handler) {
    this.handler = handler;
    bars.closeHistory();
    this.handler = NOBODY;
  }

  /**
   * The earliest opening of a historical bar that would be taken in: the end of the last closed
   * bar, or of the one that quotes are forming, once it has closed; {@link Long#MIN_VALUE} where
   * there is neither.
   */
  public long historyFrom(int instrument, int timeframe) {
    return bars.historyFrom(instrument, timeframe);
  }

  /**
   * The earliest time at which a forming bar closes; {@link Long#MAX_VALUE} where none is forming.
   */
  public long nextBoundary() {
    return bars.nextBoundary();
  }

  /**
   * Closes all bars that end at {@code boundary}, of all instruments and timeframes, brings every
   * node up to date, then hands the bars over by instrument, then timeframe. An earlier boundary
   * that is still open closes first; where nothing is due, nothing happens.
   */
  public void closeBoundary(long boundary, BarHandler handler) {
    if (bars.hasHistory(boundary)) {
      bars.settleHistory(boundary);
    }
    this.handler = handler;
    bars.closeBoundary(boundary);
    this.handler = NOBODY;
  }

  /** The forming bar, or one with no ticks; valid until the next call. */
  public Bar forming(int instrument, int timeframe) {
    return bars.forming(instrument, timeframe);
  }

  /** The last closed bar, or one with no ticks; valid until the next one closes. */
  public Bar closed(int instrument, int timeframe) {
    return bars.closed(instrument, timeframe);
  }

  /**
   * How many bars of each timeframe a cold start needs until every column of the set is warm: the
   * largest over the instruments that the columns look at. Gaps in another timeframe's bars can
   * make it more, and where {@link #warmConditions} names some the data decide: it is then the
   * number by which they usually hold. {@link FeatureRow#isWarm} tells what really came.
   */
  public SortedMap<Timeframe, Integer> warmUpBars(FeatureSetConfig set) {
    return bars(set, WarmUp::report);
  }

  /** Bars per timeframe before which the set is never warm, whatever the data are. */
  public SortedMap<Timeframe, Integer> earliestWarmBars(FeatureSetConfig set) {
    return bars(set, WarmUp::reportEarliest);
  }

  /**
   * What must have happened in the data before the set is warm, each as words that follow "warm
   * when"; empty where bars are only counted.
   */
  public SortedSet<String> warmConditions(FeatureSetConfig set) {
    return WarmUp.conditions(trial().compile(set, 0));
  }

  /** Bars per timeframe until every column has a value, converged or not. */
  public SortedMap<Timeframe, Integer> definedBars(FeatureSetConfig set) {
    return bars(set, WarmUp::reportDefined);
  }

  /** One of the counts of {@link WarmUp}. */
  private interface BarCount {
    void report(
        GraphContext context, List<Node> nodes, int more, ObjIntConsumer<GraphContext> report);
  }

  private SortedMap<Timeframe, Integer> bars(FeatureSetConfig set, BarCount count) {
    FeaturePipeline trial = trial();
    List<Node> columns = trial.compile(set, 0);
    GraphContext context =
        trial.graph.context(0, config.timeframeIndex(set.timeframe()), set.price());
    SortedMap<Timeframe, Integer> result = new TreeMap<>();
    count.report(
        context, columns, set.window() - 1, (c, n) -> result.merge(c.timeframe(), n, Math::max));
    return result;
  }

  private FeaturePipeline trial() {
    return new FeaturePipeline(config, false);
  }

  private void begin(long time) {
    seal();
    if (bars.hasHistory(time)) {
      bars.settleHistory(time);
    }
    graph.now(time);
  }

  private void onClosed(long boundary, int[] keys, int count) {
    seal();
    graph.close(boundary, keys, count, bars);
    if (handler == NOBODY) {
      return;
    }
    for (int i = 0; i < count; i++) {
      handler.onBar(keys[i] / width, keys[i] % width, bars.closed(keys[i]));
    }
  }

  private List<Node> compile(FeatureSetConfig set, int instrument) {
    int timeframe = checking ? 0 : config.timeframeIndex(set.timeframe());
    if (timeframe < 0) {
      throw new IllegalArgumentException(
          "feature set '"
              + set.name()
              + "': timeframe "
              + set.timeframe()
              + " is not one of "
              + config.timeframes());
    }
    GraphContext context = graph.context(instrument, timeframe, set.price());
    List<Node> nodes = new ArrayList<>();
    for (String column : set.columns()) {
      try {
        nodes.add(compiler.compile(column, context));
      } catch (ExpressionException e) {
        throw new IllegalArgumentException(
            "feature set '" + set.name() + "': " + e.getMessage(), e);
      }
    }
    return nodes;
  }
}

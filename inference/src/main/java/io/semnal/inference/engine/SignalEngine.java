package io.semnal.inference.engine;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.engine.Engine;
import io.semnal.core.engine.ModelPin;
import io.semnal.core.engine.OutboundSink;
import io.semnal.core.market.MarketCalendar;
import io.semnal.core.state.StateVisitor;
import io.semnal.features.Bar;
import io.semnal.features.BarHandler;
import io.semnal.inference.registry.LoadedModel;
import io.semnal.inference.registry.ModelRefusedException;
import io.semnal.inference.signal.MarketQuote;
import io.semnal.inference.signal.OutcomeStatistics;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.ConflatedQuoteDecoder;
import io.semnal.protocol.sbe.DefineInstrumentDecoder;
import io.semnal.protocol.sbe.EngineCommandDecoder;
import io.semnal.protocol.sbe.FeedStatusDecoder;
import io.semnal.protocol.sbe.HistoricalBarDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.ModelActivationDecoder;
import io.semnal.protocol.sbe.QuoteDecoder;
import io.semnal.protocol.sbe.RunHeaderDecoder;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.agrona.DirectBuffer;

/**
 * Turns inbound messages into bars, scores and signals: the deterministic heart of the server.
 *
 * <p>Each message first lets time pass: whatever is due up to its time takes effect at its own due
 * time, earliest first, and at one due time in this order: bars close and are published (by
 * instrument, timeframe); signals expire (by strategy, instrument); blackouts end; bar-close
 * triggers score (by instrument, timeframe, strategy). Then the message takes effect at its own
 * time. So a signal that a bar's close publishes is followed by the quote that made time pass,
 * exactly as if a Clock message had closed the bar before that quote came.
 *
 * <p>What is due when a run begins closes bars and ends signals, but scores nothing: a decision
 * that should have been taken while nobody ran is not taken late.
 *
 * <p>Most that one message causes, per slot: trigger bar-close, an end, a score, a signal, and that
 * signal's end or entry; trigger tick, an expiry, or on the quote's own instrument an entry or end,
 * a score, a flip and a signal.
 *
 * <p>One thread; {@link #counters()}, {@link #outcomes()} and {@link #prepare} may be called by
 * any.
 */
public final class SignalEngine implements Engine, AutoCloseable {
  /** Rises when {@link #state} visits something else, or in another order. */
  private static final int STATE_VERSION = 2;

  private final Wiring wiring;
  private final Restrictions restrictions = new Restrictions();
  private final OutcomeStatistics outcomes = new OutcomeStatistics();
  private final EngineCounters counters = new EngineCounters();
  private final Sequences sequences = new Sequences();
  private final EarlierRuns earlier;
  private final OutboundWriter writer;
  private final SignalLives lives;
  private final Scoring scoring;
  private final InstrumentIds ids;
  private final RunStart runStart;
  private final Models models;
  private final Operations operations;
  private final QuoteRules rules;
  private final History history;
  private final Warmth warmth;
  private final int maxOutbound;
  private final Function<ModelPin, LoadedModel> kept;
  private final int maxLength;

  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final QuoteDecoder quoteDecoder = new QuoteDecoder();
  private final ConflatedQuoteDecoder conflatedDecoder = new ConflatedQuoteDecoder();
  private final DefineInstrumentDecoder defineDecoder = new DefineInstrumentDecoder();
  private final MarketQuote quote = new MarketQuote();
  private final int[] closedKeys;
  private final boolean[] closedFlagged;
  private final BarHandler onClosedBar = this::onClosedBar;
  private final Restrictions.EndHandler onBlackoutEnd;
  private int closedCount;
  private boolean running;

  /** Until the run's header, behind which states are taken. */
  private boolean warming;

  private boolean scoringHeld;

  /**
   * @param modelsByStrategy loaded models by strategy name; this engine closes them
   * @throws RuntimeException naming what does not fit
   */
  public SignalEngine(
      EngineConfig config, Map<String, LoadedModel> modelsByStrategy, OutboundSink sink) {
    this(
        config,
        modelsByStrategy,
        pin -> {
          throw new ModelRefusedException("no models are kept for this engine");
        },
        sink);
  }

  /**
   * @param kept where a replay finds the models that its run activates
   */
  public SignalEngine(
      EngineConfig config,
      Map<String, LoadedModel> modelsByStrategy,
      Function<ModelPin, LoadedModel> kept,
      OutboundSink sink) {
    this.kept = kept;
    wiring = new Wiring(config, modelsByStrategy);
    MarketCalendar calendar = new MarketCalendar(config.holidays());
    earlier = new EarlierRuns(calendar, restrictions, outcomes);
    writer = new OutboundWriter(sink, sequences);
    lives =
        new SignalLives(wiring.book, wiring.slots, calendar, writer, sequences, outcomes, counters);
    scoring = new Scoring(calendar, writer, lives, counters, wiring.mostColumns());
    rules = new QuoteRules(config.quality());
    history = new History(wiring);
    warmth = new Warmth(wiring);
    Definitions definitions = new Definitions(writer, sequences);
    StatusWriter status = new StatusWriter(writer, sequences);
    models = new Models(wiring, definitions, status, earlier, outcomes);
    ids = new InstrumentIds(wiring, sequences, definitions, restrictions, models);
    runStart = new RunStart(wiring, earlier, ids, models, definitions, lives);
    operations = new Operations(wiring, restrictions, lives, status);
    onBlackoutEnd = operations::onBlackoutEnd;
    closedKeys = new int[wiring.barCloseSlots.length];
    closedFlagged = new boolean[closedKeys.length];
    maxOutbound = wiring.maxOutbound();
    maxLength = wiring.maxLength();
  }

  @Override
  public void onEarlierOutbound(DirectBuffer buffer, int offset, int length) {
    sequences.continueFrom(buffer, offset);
    earlier.onMessage(buffer, offset);
  }

  @Override
  public void onWarmUp(DirectBuffer buffer, int offset, int length) {
    if (!warming) {
      warming = true;
      runStart.recogniseInstruments();
    }
    advanceTo(MessageLayout.inboundTime(buffer, offset));
    switch (MessageLayout.templateId(buffer, offset)) {
      case QuoteDecoder.TEMPLATE_ID -> onQuote(buffer, offset);
      case ConflatedQuoteDecoder.TEMPLATE_ID -> onConflatedQuote(buffer, offset);
      case HistoricalBarDecoder.TEMPLATE_ID -> history.onBar(ids, buffer, offset);
      case DefineInstrumentDecoder.TEMPLATE_ID ->
          ids.learn(defineDecoder.wrapAndApplyHeader(buffer, offset, header));
      default -> {}
    }
  }

  @Override
  public void onMessage(DirectBuffer buffer, int offset, int length) {
    int template = MessageLayout.templateId(buffer, offset);
    long time = MessageLayout.inboundTime(buffer, offset);
    writer.cause(MessageLayout.journalSeq(buffer, offset));
    if (template == RunHeaderDecoder.TEMPLATE_ID) {
      onRunHeader(time);
      return;
    }
    if (!running) {
      throw new IllegalStateException(
          "a run begins with its header, not with template " + template);
    }
    advanceTo(time);
    warmth.answer();
    writer.time(time);
    switch (template) {
      case QuoteDecoder.TEMPLATE_ID -> onQuote(buffer, offset);
      case ConflatedQuoteDecoder.TEMPLATE_ID -> onConflatedQuote(buffer, offset);
      case HistoricalBarDecoder.TEMPLATE_ID -> history.onBar(ids, buffer, offset);
      case DefineInstrumentDecoder.TEMPLATE_ID ->
          ids.define(defineDecoder.wrapAndApplyHeader(buffer, offset, header));
      case FeedStatusDecoder.TEMPLATE_ID -> operations.onFeedStatus(buffer, offset);
      case EngineCommandDecoder.TEMPLATE_ID -> operations.onCommand(buffer, offset, time);
      case ModelActivationDecoder.TEMPLATE_ID -> models.onActivation(buffer, offset);
      default -> {}
    }
  }

  private void onRunHeader(long time) {
    if (running) {
      throw new IllegalStateException("a run has one header; the next run has its own engine");
    }
    warming = false;
    runStart.takeOver();
    restrictions.forgetBlackouts(ids::isUnknown, runStart::isUnknownStrategy);
    operations.applyToSlots();
    running = true;
    scoringHeld = true;
    advanceTo(time);
    scoringHeld = false;
    writer.time(time);
    runStart.cancelOrphans();
    runStart.define();
  }

  /** Lets everything that is due up to {@code time} take effect. */
  private void advanceTo(long time) {
    while (true) {
      long boundary = wiring.pipeline.nextBoundary();
      long expiration = wiring.book.nextExpiration();
      long end = running ? restrictions.nextEnd() : Long.MAX_VALUE;
      long due = Math.min(boundary, Math.min(expiration, end));
      if (due > time) {
        return;
      }
      writer.time(due);
      closedCount = 0;
      if (boundary == due) {
        wiring.pipeline.closeBoundary(due, onClosedBar);
      }
      if (expiration == due) {
        lives.expire(due);
      }
      if (end == due) {
        restrictions.end(due, onBlackoutEnd);
        operations.applyToSlots();
      }
      if (running && !scoringHeld) {
        triggerBarClose();
      }
    }
  }

  private void onClosedBar(int instrument, int timeframe, Bar bar) {
    if (!running) {
      return;
    }
    int timeframes = wiring.config.timeframes().size();
    closedKeys[closedCount] = instrument * timeframes + timeframe;
    closedFlagged[closedCount++] = (bar.flags & QuoteRules.BAR_FLAGGED) != 0;
    counters.bar();
    writer.bar(
        wiring.instruments[instrument],
        timeframe,
        wiring.config.timeframes().get(timeframe).seconds(),
        bar);
  }

  private void triggerBarClose() {
    for (int i = 0; i < closedCount; i++) {
      for (StrategySlot slot : wiring.barCloseSlots[closedKeys[i]]) {
        scoring.onBarClose(slot, closedFlagged[i]);
      }
    }
  }

  private void onQuote(DirectBuffer buffer, int offset) {
    QuoteDecoder q = quoteDecoder.wrapAndApplyHeader(buffer, offset, header);
    quote.set(q.time(), q.eventTime(), q.bid(), q.ask());
    InstrumentState instrument = receive(q.instrumentId(), q.sourceId());
    int flags = q.flags().getRaw();
    if (instrument == null || isDropped(flags)) {
      return;
    }
    int kept =
        wiring.pipeline.onQuote(
            instrument.index,
            quote.time,
            quote.eventTime,
            quote.bid,
            quote.ask,
            q.bidSize(),
            q.askSize(),
            rules.remaining(flags));
    apply(instrument, kept);
  }

  private void onConflatedQuote(DirectBuffer buffer, int offset) {
    ConflatedQuoteDecoder q = conflatedDecoder.wrapAndApplyHeader(buffer, offset, header);
    quote
        .set(q.time(), q.eventTime(), q.bid(), q.ask())
        .range(q.bidLow(), q.bidHigh(), q.askLow(), q.askHigh());
    InstrumentState instrument = receive(q.instrumentId(), q.sourceId());
    int flags = q.flags().getRaw() | QuoteRules.CONFLATED;
    if (instrument == null || isDropped(flags)) {
      return;
    }
    int kept =
        wiring.pipeline.onConflatedQuote(
            instrument.index,
            quote.time,
            quote.eventTime,
            quote.bid,
            quote.ask,
            q.bidSize(),
            q.askSize(),
            quote.bidHigh,
            quote.bidLow,
            quote.askHigh,
            quote.askLow,
            q.count(),
            rules.remaining(flags));
    apply(instrument, kept);
  }

  /** The quote's instrument, or {@code null} if it is not configured. */
  private InstrumentState receive(int instrumentId, int sourceId) {
    InstrumentState instrument = ids.find(instrumentId);
    if (running) {
      counters.quote();
      if (instrument == null) {
        counters.unknownInstrument();
      }
    }
    if (instrument != null) {
      instrument.sourceId = sourceId;
    }
    return instrument;
  }

  private boolean isDropped(int flags) {
    boolean dropped = rules.isDropped(flags);
    if (dropped && running) {
      counters.dropped();
    }
    return dropped;
  }

  /** The quote is in its bar: it fills signals, and is scored where the trigger says so. */
  private void apply(InstrumentState instrument, int flags) {
    boolean flagged = rules.isFlagged(flags);
    boolean late = (flags & QuoteRules.LATE) != 0;
    if (!flagged) {
      if (running) {
        lives.onQuote(instrument, quote);
      }
      instrument.take(quote);
    }
    if (!running) {
      return;
    }
    if (flagged) {
      counters.flagged();
    }
    if (late) {
      counters.late();
      return;
    }
    for (StrategySlot slot : instrument.tickSlots) {
      scoring.onTick(slot, quote, flagged);
    }
  }

  @Override
  public int maxOutboundPerMessage() {
    return maxOutbound;
  }

  @Override
  public int maxOutboundLength() {
    return maxLength;
  }

  /**
   * Models are written down as their pins: one that this engine was not built with is looked for
   * where {@link #prepare} would. Scratch, reports and what other threads are about to hand over
   * are not part of it.
   *
   * @throws IllegalStateException where it is put into an engine that has seen a message
   */
  @Override
  public void state(StateVisitor s) {
    if (s.isReading() && (running || sequences.outSeq() != 0)) {
      throw new IllegalStateException("state is put into a new engine");
    }
    s.section("engine " + STATE_VERSION);
    running = s.of(running);
    warming = s.of(warming);
    writer.state(s);
    sequences.state(s);
    earlier.state(s);
    restrictions.state(s);
    outcomes.state(s);
    counters.state(s);
    wiring.state(s, outcomes);
    ids.state(s);
    models.state(s, kept);
  }

  @Override
  public void prepare(ModelPin model) {
    models.prepare(kept.apply(model));
    models.closeRetired();
  }

  /** The models that score, and those on their way: for the thread that swaps them. */
  public Models models() {
    return models;
  }

  /**
   * The models in use at the beginning, for the run's header: one for each of the strategies' model
   * references, in the order of the strategies, each reference once.
   */
  public List<ModelPin> pins() {
    return models.pins();
  }

  /** Shows every Score from now on to an observer; for replays. Engine thread. */
  public void observe(ScoreObserver observer) {
    scoring.observe(observer);
  }

  /** Copies every row that is scored from now on. Before any thread runs, or engine thread. */
  public void copyRowsTo(ScoredRows rows) {
    scoring.copyTo(rows);
  }

  /** Which strategies are still warming up on which instruments. Engine thread. */
  public List<ColdSlot> coldSlots() {
    return warmth.look();
  }

  /**
   * The same as the engine last saw it; it looks again with its next message. Any thread, {@link
   * #coldSlots} having been called once.
   */
  public List<ColdSlot> lastColdSlots() {
    return warmth.ask();
  }

  /**
   * The earliest opening of a historical bar that would be taken in; positions are those of the
   * configuration. Engine thread.
   */
  public long historyFrom(int instrument, int timeframe) {
    return wiring.pipeline.historyFrom(instrument, timeframe);
  }

  /** Pairs of instrument and strategy that can give signals. Any thread. */
  public int slots() {
    return wiring.slots.length;
  }

  /** Those without new signals by a command. Any thread; a command shows a moment later. */
  public int pausedSlots() {
    int paused = 0;
    for (StrategySlot slot : wiring.slots) {
      paused += slot.blocked ? 1 : 0;
    }
    return paused;
  }

  public EngineCounters counters() {
    return counters;
  }

  public OutcomeStatistics outcomes() {
    return outcomes;
  }

  /** {@code name@version} of a model's id as it stands in this run, or a question mark. */
  public String modelName(int modelId) {
    return models.name(modelId);
  }

  /** What it knows now, copied for a reader. Engine thread; computes every row, so not live. */
  public EngineReport report() {
    return new EngineReporter(wiring, models).report(sequences, outcomes);
  }

  /** The last {@code outSeq}. Engine thread. */
  public long outSeq() {
    return sequences.outSeq();
  }

  @Override
  public void close() {
    models.close();
  }
}

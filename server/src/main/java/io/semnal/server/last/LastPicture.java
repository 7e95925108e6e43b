package io.semnal.server.last;

import io.semnal.core.market.Timeframe;
import io.semnal.journal.last.LastKey;
import io.semnal.journal.last.LastPosition;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BarDecoder;
import io.semnal.protocol.sbe.InstrumentDefinitionDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.ModelDefinitionDecoder;
import io.semnal.protocol.sbe.QuoteDecoder;
import io.semnal.protocol.sbe.ScoreDecoder;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.protocol.sbe.SignalEventDecoder;
import io.semnal.protocol.sbe.SignalState;
import io.semnal.protocol.sbe.SignalType;
import io.semnal.protocol.sbe.StrategyDefinitionDecoder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/** The last values in words and numbers, for people and scripts. Cold path. */
public final class LastPicture {
  private static final double MANTISSA = 1e8;
  private static final Row UNKNOWN = new Row("?", Double.NaN, 5);

  /** What is known of an instrument. */
  private record Row(String symbol, double pip, int decimals) {}

  /**
   * An instrument's last quote.
   *
   * @param bid price
   * @param time engine time, UTC nanoseconds
   */
  public record Quote(
      String instrument,
      int decimals,
      double bid,
      double ask,
      double spreadPips,
      long time,
      String quality) {}

  /**
   * A bar; mid prices.
   *
   * @param changePips close against open
   */
  public record BarLine(
      String instrument,
      int decimals,
      String timeframe,
      boolean forming,
      long openTime,
      long closeTime,
      double open,
      double high,
      double low,
      double close,
      double changePips,
      long ticks) {}

  /** A strategy's last score; NaN where it has no such number. */
  public record Score(
      String instrument,
      String timeframe,
      String strategy,
      String model,
      String side,
      double buy,
      double sell,
      double neutral,
      double output,
      String reason,
      long time) {}

  /**
   * A signal that is pending or active.
   *
   * @param entry the price it was entered at; published while it is pending
   * @param pips by the last quote; NaN while it is pending
   */
  public record OpenSignal(
      long id,
      String instrument,
      int decimals,
      String timeframe,
      String strategy,
      String model,
      String side,
      String state,
      double entry,
      double stopLoss,
      double takeProfit,
      double pips,
      long time,
      long expiration) {}

  private final Map<Long, UnsafeBuffer> values;
  private final Map<Integer, Row> instruments = new HashMap<>();
  private final Map<Integer, String> strategies = new HashMap<>();
  private final Map<Integer, String> models = new HashMap<>();
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final List<Quote> quotes = new ArrayList<>();
  private final List<BarLine> bars = new ArrayList<>();
  private final List<Score> scores = new ArrayList<>();
  private final List<OpenSignal> signals = new ArrayList<>();
  private LastPosition position;

  /**
   * @param values as they were read
   */
  public LastPicture(Map<Long, UnsafeBuffer> values) {
    this.values = values;
    values.forEach(this::define);
    values.forEach(this::take);
    quotes.sort(Comparator.comparing(Quote::instrument));
    bars.sort(
        Comparator.comparing(BarLine::instrument)
            .thenComparing(b -> Timeframe.parse(b.timeframe()))
            .thenComparing(BarLine::forming));
    scores.sort(
        Comparator.comparing(Score::instrument)
            .thenComparing(Score::strategy)
            .thenComparing(Score::timeframe));
    signals.sort(Comparator.comparing(OpenSignal::instrument).thenComparing(OpenSignal::id));
  }

  private void define(long key, UnsafeBuffer buffer) {
    switch (LastKey.kind(key)) {
      case INSTRUMENT -> {
        InstrumentDefinitionDecoder d =
            new InstrumentDefinitionDecoder().wrapAndApplyHeader(buffer, 0, header);
        instruments.put(
            d.instrumentId(), new Row(d.symbol(), d.pip() / MANTISSA, d.priceDecimals()));
      }
      case STRATEGY -> {
        StrategyDefinitionDecoder d =
            new StrategyDefinitionDecoder().wrapAndApplyHeader(buffer, 0, header);
        strategies.put(d.strategyId(), d.name());
      }
      case MODEL -> {
        ModelDefinitionDecoder d =
            new ModelDefinitionDecoder().wrapAndApplyHeader(buffer, 0, header);
        models.put(d.modelId(), d.name() + "@" + d.version());
      }
      default -> {
        // Taken in when all names are known.
      }
    }
  }

  private void take(long key, UnsafeBuffer buffer) {
    switch (LastKey.kind(key)) {
      case POSITION -> position = LastPosition.read(buffer);
      case QUOTE -> quote(buffer);
      case CLOSED_BAR -> bar(buffer, false);
      case FORMING_BAR -> bar(buffer, true);
      case SCORE -> score(new ScoreDecoder().wrapAndApplyHeader(buffer, 0, header));
      case SIGNAL -> signal(key, new SignalDecoder().wrapAndApplyHeader(buffer, 0, header));
      default -> {
        // Names, and events, which are looked at with their signals.
      }
    }
  }

  private Row row(int id) {
    return instruments.getOrDefault(id, UNKNOWN);
  }

  /** A conflated quote begins with the fields of a plain one. */
  private void quote(UnsafeBuffer buffer) {
    header.wrap(buffer, 0);
    QuoteDecoder q =
        new QuoteDecoder()
            .wrap(
                buffer,
                MessageHeaderDecoder.ENCODED_LENGTH,
                header.blockLength(),
                header.version());
    Row row = row(q.instrumentId());
    StringBuilder flags = new StringBuilder();
    q.flags().appendTo(flags);
    quotes.add(
        new Quote(
            row.symbol(),
            row.decimals(),
            q.bid() / MANTISSA,
            q.ask() / MANTISSA,
            (q.ask() - q.bid()) / MANTISSA / row.pip(),
            q.time(),
            flags.length() == 2 ? "ok" : flags.substring(1, flags.length() - 1)));
  }

  private void bar(UnsafeBuffer buffer, boolean forming) {
    BarDecoder b = new BarDecoder().wrapAndApplyHeader(buffer, 0, header);
    Row row = row(b.instrumentId());
    double open = mid(b.bidOpen(), b.askOpen());
    double close = mid(b.bidClose(), b.askClose());
    bars.add(
        new BarLine(
            row.symbol(),
            row.decimals(),
            new Timeframe(b.timeframe()).label(),
            forming,
            b.openTime(),
            b.closeTime(),
            open,
            mid(b.bidHigh(), b.askHigh()),
            mid(b.bidLow(), b.askLow()),
            close,
            (close - open) / row.pip(),
            b.ticks()));
  }

  private static double mid(long bid, long ask) {
    return (bid / MANTISSA + ask / MANTISSA) / 2;
  }

  private void score(ScoreDecoder s) {
    scores.add(
        new Score(
            row(s.instrumentId()).symbol(),
            new Timeframe(s.timeframe()).label(),
            strategies.getOrDefault(s.strategyId(), "?"),
            models.getOrDefault(s.modelId(), ""),
            s.side().name(),
            s.buy(),
            s.sell(),
            s.neutral(),
            s.output(),
            s.reason().name(),
            s.time()));
  }

  private void signal(long key, SignalDecoder s) {
    SignalEventDecoder event = event(key, s.outSeq());
    SignalState state = event == null ? SignalState.PENDING : event.state();
    if (s.signalType() == SignalType.NEUTRAL
        || (state != SignalState.PENDING && state != SignalState.ACTIVE)) {
      return;
    }
    Row row = row(s.instrumentId());
    double entry = (state == SignalState.ACTIVE ? event.price() : s.entry()) / MANTISSA;
    signals.add(
        new OpenSignal(
            s.outSeq(),
            row.symbol(),
            row.decimals(),
            new Timeframe(s.timeframe()).label(),
            strategies.getOrDefault(s.strategyId(), "?"),
            models.getOrDefault(s.modelId(), ""),
            s.signalType().name(),
            state.name(),
            entry,
            price(s.stopLoss()),
            price(s.takeProfit()),
            state == SignalState.ACTIVE ? pips(s, row, entry) : Double.NaN,
            s.time(),
            s.expiration()));
  }

  /** The last event of that signal; one of another signal is older. */
  private SignalEventDecoder event(long key, long id) {
    UnsafeBuffer buffer =
        values.get(
            LastKey.of(
                LastKey.Kind.EVENT,
                LastKey.instrument(key),
                LastKey.timeframe(key),
                LastKey.strategy(key)));
    if (buffer == null) {
      return null;
    }
    SignalEventDecoder event = new SignalEventDecoder().wrapAndApplyHeader(buffer, 0, header);
    return event.signalId() == id ? event : null;
  }

  /** As if it ended at the last quote: a purchase is sold at the bid. */
  private double pips(SignalDecoder s, Row row, double entry) {
    UnsafeBuffer buffer = values.get(LastKey.of(LastKey.Kind.QUOTE, s.instrumentId(), 0, 0));
    if (buffer == null) {
      return Double.NaN;
    }
    header.wrap(buffer, 0);
    QuoteDecoder q =
        new QuoteDecoder()
            .wrap(
                buffer,
                MessageHeaderDecoder.ENCODED_LENGTH,
                header.blockLength(),
                header.version());
    double gain =
        s.signalType() == SignalType.BUY ? q.bid() / MANTISSA - entry : entry - q.ask() / MANTISSA;
    return gain / row.pip();
  }

  private static double price(long mantissa) {
    return mantissa == MessageLayout.ABSENT ? Double.NaN : mantissa / MANTISSA;
  }

  /** Where the journal stood; {@code null} if nothing was written yet. */
  public LastPosition position() {
    return position;
  }

  public List<Quote> quotes() {
    return quotes;
  }

  public List<BarLine> bars() {
    return bars;
  }

  public List<Score> scores() {
    return scores;
  }

  public List<OpenSignal> signals() {
    return signals;
  }
}

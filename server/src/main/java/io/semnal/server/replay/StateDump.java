package io.semnal.server.replay;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.semnal.core.engine.ModelPin;
import io.semnal.inference.engine.ActiveModel;
import io.semnal.inference.engine.EngineReport;
import io.semnal.inference.signal.OutcomeStatistics;
import io.semnal.protocol.Channel;
import io.semnal.protocol.MessageLayout;
import io.semnal.research.export.Decimals;
import java.util.HexFormat;
import java.util.Locale;
import java.util.SortedMap;
import java.util.function.IntFunction;

/**
 * An engine's state behind one inbound message, as text or JSON. In JSON prices are decimal texts,
 * times ISO-8601, and what is missing is null.
 *
 * @param journalSeq the message
 * @param time engine time of the message
 * @param runId the run that it belongs to
 * @param instruments symbols by id
 * @param model {@code name@version} of a model's id
 */
public record StateDump(
    long journalSeq,
    long time,
    long runId,
    EngineReport report,
    SortedMap<Integer, String> instruments,
    IntFunction<String> model) {
  /** For a reader at a console. */
  public String text() {
    StringBuilder text = new StringBuilder();
    line(
        text,
        "behind inbound message %d of run %d, at %s; last outSeq %d",
        journalSeq,
        runId,
        Decimals.time(time),
        report.outSeq());
    section(text, "models", report.models().isEmpty());
    for (ActiveModel active : report.models()) {
      line(text, "  %-16s %s", active.strategy(), modelText(active));
    }
    section(text, "forming bars", report.bars().isEmpty());
    report.bars().forEach(bar -> line(text, "  %s", barText(bar)));
    section(text, "open signals", report.signals().isEmpty());
    report.signals().forEach(signal -> line(text, "  %s", signalText(signal)));
    section(text, "outcomes", report.outcomes().isEmpty());
    report.outcomes().forEach(outcome -> line(text, "  %s", outcomeText(outcome)));
    for (EngineReport.Inputs inputs : report.inputs()) {
      line(
          text,
          "inputs of %s on %s %s%s",
          inputs.strategy(),
          inputs.instrument(),
          inputs.timeframe(),
          inputs.warm() ? "" : " (not warm)");
      for (int i = 0; i < inputs.columns().size(); i++) {
        line(text, "  %-44s %s", inputs.columns().get(i), inputs.values().get(i));
      }
    }
    section(text, "streamSeq by channel, instrument, timeframe (s), strategy id", false);
    for (EngineReport.Stream stream : report.streams()) {
      line(
          text,
          "  %-12s %-8s %6d %3d %10d",
          channel(stream.channel()),
          symbol(stream.instrumentId()),
          stream.timeframe(),
          stream.strategyId(),
          stream.streamSeq());
    }
    return text.toString();
  }

  private static void section(StringBuilder text, String title, boolean isEmpty) {
    line(text, "%s%s", title, isEmpty ? ": none" : "");
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private static String modelText(ActiveModel active) {
    ModelPin pin = active.model();
    return pin == null
        ? "none"
        : pin.name() + "@" + pin.version() + " (" + active.reference() + ") by " + pin.scorer();
  }

  private static String barText(EngineReport.FormingBar bar) {
    int d = bar.decimals();
    return String.format(
        Locale.ROOT,
        "%s %s from %s bid %s %s %s %s ask %s %s %s %s, %d ticks",
        bar.instrument(),
        bar.timeframe(),
        Decimals.time(bar.openTime()),
        Decimals.price(bar.bidOpen(), d),
        Decimals.price(bar.bidHigh(), d),
        Decimals.price(bar.bidLow(), d),
        Decimals.price(bar.bidClose(), d),
        Decimals.price(bar.askOpen(), d),
        Decimals.price(bar.askHigh(), d),
        Decimals.price(bar.askLow(), d),
        Decimals.price(bar.askClose(), d),
        bar.ticks());
  }

  private static String signalText(EngineReport.OpenSignal signal) {
    int d = signal.decimals();
    return String.format(
        Locale.ROOT,
        "#%d %s %s %s %s strength %.4f entry %s stop %s target %s until %s%s by %s",
        signal.id(),
        signal.strategy(),
        signal.instrument(),
        signal.type(),
        signal.state(),
        signal.strength(),
        Decimals.price(signal.entry(), d),
        Decimals.price(signal.stopLoss(), d),
        Decimals.price(signal.takeProfit(), d),
        Decimals.time(signal.expiration()),
        signal.fill() == MessageLayout.ABSENT ? "" : " filled " + Decimals.price(signal.fill(), d),
        signal.model());
  }

  private String outcomeText(OutcomeStatistics.Outcome outcome) {
    return String.format(
        Locale.ROOT,
        "%s %s %ds %s: %d, hit rate %.3f, %.2f pips each, profit factor %.2f, Brier %.4f",
        model.apply(outcome.key().modelId()),
        symbol(outcome.key().instrumentId()),
        outcome.key().timeframe(),
        outcome.key().session(),
        outcome.count(),
        outcome.hitRate(),
        outcome.expectancyPips(),
        outcome.profitFactor(),
        outcome.brierScore());
  }

  private String symbol(int id) {
    return id == 0 ? "all" : instruments.getOrDefault(id, "?");
  }

  private static String channel(int index) {
    return index < Channel.values().length ? Channel.values()[index].wireName() : "definitions";
  }

  /** One object. */
  public ObjectNode json() {
    ObjectNode root = new ObjectMapper().createObjectNode();
    root.put("journalSeq", journalSeq).put("time", Decimals.time(time)).put("runId", runId);
    root.put("outSeq", report.outSeq());
    models(root.putArray("models"));
    bars(root.putArray("formingBars"));
    signals(root.putArray("openSignals"));
    outcomes(root.putArray("outcomes"));
    inputs(root.putArray("inputs"));
    ArrayNode streams = root.putArray("streams");
    for (EngineReport.Stream stream : report.streams()) {
      streams
          .addObject()
          .put("channel", channel(stream.channel()))
          .put("instrument", stream.instrumentId() == 0 ? null : symbol(stream.instrumentId()))
          .put("timeframe", stream.timeframe())
          .put("strategyId", stream.strategyId())
          .put("streamSeq", stream.streamSeq());
    }
    return root;
  }

  private void models(ArrayNode array) {
    for (ActiveModel active : report.models()) {
      ModelPin pin = active.model();
      ObjectNode one = array.addObject().put("strategy", active.strategy());
      one.put("reference", active.reference());
      one.put("model", pin == null ? null : pin.name() + "@" + pin.version());
      one.put("sha256", pin == null ? null : HexFormat.of().formatHex(pin.sha256()));
      one.put("scorer", pin == null ? null : pin.scorer().name());
    }
  }

  private void bars(ArrayNode array) {
    for (EngineReport.FormingBar bar : report.bars()) {
      ObjectNode one = array.addObject();
      int d = bar.decimals();
      one.put("instrument", bar.instrument()).put("timeframe", bar.timeframe());
      one.put("openTime", Decimals.time(bar.openTime()));
      one.put("closeTime", Decimals.time(bar.closeTime()));
      price(one, "bidOpen", bar.bidOpen(), d);
      price(one, "bidHigh", bar.bidHigh(), d);
      price(one, "bidLow", bar.bidLow(), d);
      price(one, "bidClose", bar.bidClose(), d);
      price(one, "askOpen", bar.askOpen(), d);
      price(one, "askHigh", bar.askHigh(), d);
      price(one, "askLow", bar.askLow(), d);
      price(one, "askClose", bar.askClose(), d);
      one.put("ticks", bar.ticks());
    }
  }

  private void signals(ArrayNode array) {
    for (EngineReport.OpenSignal signal : report.signals()) {
      ObjectNode one = array.addObject();
      int d = signal.decimals();
      one.put("id", signal.id()).put("strategy", signal.strategy());
      one.put("instrument", signal.instrument()).put("type", signal.type().name());
      one.put("state", signal.state().name()).put("model", signal.model());
      number(one, "strength", signal.strength());
      price(one, "entry", signal.entry(), d);
      price(one, "stopLoss", signal.stopLoss(), d);
      price(one, "takeProfit", signal.takeProfit(), d);
      price(one, "fill", signal.fill(), d);
      one.put("expiration", Decimals.time(signal.expiration()));
      one.put("repeats", signal.repeats());
    }
  }

  private void outcomes(ArrayNode array) {
    for (OutcomeStatistics.Outcome outcome : report.outcomes()) {
      ObjectNode one = array.addObject();
      one.put("model", model.apply(outcome.key().modelId()));
      one.put("instrument", symbol(outcome.key().instrumentId()));
      one.put("timeframe", outcome.key().timeframe());
      one.put("session", outcome.key().session().name());
      one.put("count", outcome.count()).put("wins", outcome.wins());
      number(one, "pips", outcome.pips());
      number(one, "hitRate", outcome.hitRate());
      number(one, "expectancyPips", outcome.expectancyPips());
      number(one, "profitFactor", outcome.profitFactor());
      number(one, "brierScore", outcome.brierScore());
    }
  }

  private void inputs(ArrayNode array) {
    for (EngineReport.Inputs inputs : report.inputs()) {
      ObjectNode one = array.addObject().put("strategy", inputs.strategy());
      one.put("instrument", inputs.instrument()).put("timeframe", inputs.timeframe());
      one.put("warm", inputs.warm());
      ObjectNode values = one.putObject("values");
      for (int i = 0; i < inputs.columns().size(); i++) {
        number(values, inputs.columns().get(i), inputs.values().get(i));
      }
    }
  }

  private static void price(ObjectNode object, String name, long mantissa, int decimals) {
    object.put(name, mantissa == MessageLayout.ABSENT ? null : Decimals.price(mantissa, decimals));
  }

  private static void number(ObjectNode object, String name, double value) {
    if (Double.isFinite(value)) {
      object.put(name, value);
    } else {
      object.putNull(name);
    }
  }
}

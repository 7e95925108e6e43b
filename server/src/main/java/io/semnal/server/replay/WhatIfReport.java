package io.semnal.server.replay;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.semnal.core.market.Timeframe;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The differences that another configuration or model would have made, as a table or JSON.
 *
 * @param from first inbound message whose effects are compared
 * @param until last one
 * @param inbound messages that were replayed
 * @param notes what should be known beside
 */
public record WhatIfReport(
    long from, long until, long inbound, SignalComparison comparison, List<String> notes) {
  private static final String SIGNAL_ROW = "%-42s %9s %9s %9s %9s %9s %9s %9s%n";
  private static final String OUTCOME_ROW = "%-42s %7s %7s %9s %8s   %7s %7s %9s %8s%n";

  public WhatIfReport {
    notes = List.copyOf(notes);
  }

  /** Whether every signal is there in both, with the same levels and strength. */
  public boolean isIdentical() {
    return comparison.isIdentical();
  }

  /** For a reader at a console. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "what inbound messages %d to %d led to: in the journal, and in the what-if%n%n",
            from,
            until));
    signals(text);
    outcomes(text);
    notes.forEach(note -> text.append("note: ").append(note).append('\n'));
    text.append(
        isIdentical() ? "no differences in signals\n" : "the signals differ: see the table\n");
    return text.toString();
  }

  private void signals(StringBuilder text) {
    text.append(
        String.format(
            Locale.ROOT,
            SIGNAL_ROW,
            "signals",
            "journal",
            "what-if",
            "same",
            "levels",
            "strength",
            "gone",
            "new"));
    comparison.counts().forEach((group, count) -> text.append(row(name(group), count)));
    text.append(row("all", comparison.total()));
    text.append("same: in both and alike; levels, strength: in both with others; gone: in the")
        .append(" journal only; new: in the what-if only\n\n");
  }

  private static String row(String name, SignalComparison.Count count) {
    return String.format(
        Locale.ROOT,
        SIGNAL_ROW,
        name,
        count.journal,
        count.other,
        count.same,
        count.otherLevels,
        count.otherStrength,
        count.onlyJournal(),
        count.onlyOther());
  }

  private void outcomes(StringBuilder text) {
    text.append(
        String.format(
            Locale.ROOT,
            OUTCOME_ROW,
            "outcomes: journal, then what-if",
            "n",
            "hits",
            "pips each",
            "pf",
            "n",
            "hits",
            "pips each",
            "pf"));
    SortedSet<PublishedSignal.Group> groups = new TreeSet<>(comparison.journalOutcomes().keySet());
    groups.addAll(comparison.otherOutcomes().keySet());
    OutcomeCount journal = new OutcomeCount();
    OutcomeCount other = new OutcomeCount();
    for (PublishedSignal.Group group : groups) {
      OutcomeCount then = of(comparison.journalOutcomes(), group);
      OutcomeCount now = of(comparison.otherOutcomes(), group);
      journal.add(then);
      other.add(now);
      text.append(row(name(group), then, now));
    }
    text.append(row("all", journal, other)).append('\n');
  }

  private static String row(String name, OutcomeCount then, OutcomeCount now) {
    return String.format(
        Locale.ROOT,
        OUTCOME_ROW,
        name,
        then.count(),
        percent(then.hitRate()),
        number("%+.2f", then.expectancy()),
        number("%.2f", then.profitFactor()),
        now.count(),
        percent(now.hitRate()),
        number("%+.2f", now.expectancy()),
        number("%.2f", now.profitFactor()));
  }

  private static OutcomeCount of(
      Map<PublishedSignal.Group, OutcomeCount> outcomes, PublishedSignal.Group group) {
    return outcomes.getOrDefault(group, new OutcomeCount());
  }

  private static String percent(double share) {
    return Double.isNaN(share) ? "-" : String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  private static String number(String format, double value) {
    return Double.isNaN(value)
        ? "-"
        : Double.isInfinite(value) ? "inf" : String.format(Locale.ROOT, format, value);
  }

  private static String name(PublishedSignal.Group group) {
    return group.strategy()
        + " "
        + group.instrument()
        + " "
        + new Timeframe(group.timeframe()).label()
        + " "
        + group.type();
  }

  /** One object. */
  public ObjectNode json() {
    ObjectNode root = new ObjectMapper().createObjectNode();
    root.put("from", from).put("until", until).put("inbound", inbound);
    root.put("identical", isIdentical());
    ArrayNode signals = root.putArray("signals");
    comparison.counts().forEach((group, count) -> put(group(signals, group), count));
    put(root.putObject("allSignals"), comparison.total());
    ArrayNode outcomes = root.putArray("outcomes");
    SortedSet<PublishedSignal.Group> groups = new TreeSet<>(comparison.journalOutcomes().keySet());
    groups.addAll(comparison.otherOutcomes().keySet());
    for (PublishedSignal.Group group : groups) {
      ObjectNode both = group(outcomes, group);
      put(both.putObject("journal"), of(comparison.journalOutcomes(), group));
      put(both.putObject("whatIf"), of(comparison.otherOutcomes(), group));
    }
    ArrayNode said = root.putArray("notes");
    notes.forEach(said::add);
    return root;
  }

  private static ObjectNode group(ArrayNode array, PublishedSignal.Group group) {
    return array
        .addObject()
        .put("strategy", group.strategy())
        .put("instrument", group.instrument())
        .put("timeframe", new Timeframe(group.timeframe()).label())
        .put("type", group.type().name());
  }

  private static void put(ObjectNode object, SignalComparison.Count count) {
    object
        .put("journal", count.journal)
        .put("whatIf", count.other)
        .put("same", count.same)
        .put("otherLevels", count.otherLevels)
        .put("otherStrength", count.otherStrength)
        .put("onlyJournal", count.onlyJournal())
        .put("onlyWhatIf", count.onlyOther());
  }

  /** A number that is not there, or infinite, is null: JSON has no other word for it. */
  private static void put(ObjectNode object, OutcomeCount count) {
    object.put("count", count.count());
    put(object, "hitRate", count.hitRate());
    put(object, "expectancyPips", count.expectancy());
    put(object, "profitFactor", count.profitFactor());
  }

  private static void put(ObjectNode object, String name, double value) {
    if (Double.isFinite(value)) {
      object.put(name, value);
    } else {
      object.putNull(name);
    }
  }
}

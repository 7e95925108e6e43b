package io.semnal.server.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.semnal.journal.JournalDirectory;
import io.semnal.research.compare.Comparison;
import io.semnal.research.compare.Comparison.Judgement;
import io.semnal.research.compare.ShadowComparison;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lays a champion beside its challenger, on what both scored live. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Compares a champion with a challenger that ran in its shadow, on the rows of a journal that"
          + " both scored: where they agree, how far their scores differ, and which was nearer to"
          + " what happened. An outcome is what a BUY or SELL at the decision's quote had gained"
          + " after spread, one horizon later.",
      "",
      "For example: semnal models compare default default@2 --journal data/journal"
    })
final class ModelsCompare implements Callable<Integer> {
  private static final List<String> SIDES = List.of("SELL", "NEUTRAL", "BUY");

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "NAME[@V]",
      description = "The champion; without a version, whichever scored.")
  private String champion;

  @Parameters(index = "1", paramLabel = "CHALLENGER", description = "NAME@V.")
  private String challenger;

  @Option(
      names = "--journal",
      paramLabel = "DIR",
      description = "The journal; the configured one by default.")
  private Path journal;

  @Option(
      names = "--horizon",
      paramLabel = "BARS",
      description = "After how many bars to look; by default the horizon of the strategy's policy.")
  private int horizon;

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Mixin private ConfigOptions options;

  @Override
  public Integer call() {
    Comparison comparison;
    try (JournalDirectory directory = JournalDirectory.openReadOnly(options.journal(journal))) {
      comparison = ShadowComparison.of(directory, champion, challenger, horizon);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(e.getMessage(), e);
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(json(comparison).toPrettyString());
    } else {
      show(out, comparison);
    }
    out.flush();
    return 0;
  }

  private static void show(PrintWriter out, Comparison c) {
    out.printf(
        Locale.ROOT,
        "%,d rows that both were given, %,d scored by both; %,d of the champion's were not shown to"
            + " the challenger%n",
        c.rows(),
        c.scored(),
        c.notShadowed());
    out.printf(Locale.ROOT, "the same side on %s of them%n%n", percent(c.agreement()));
    out.printf("%-28s %12s %12s %12s%n", "champion \\ challenger", "SELL", "NEUTRAL", "BUY");
    for (int i = 0; i < SIDES.size(); i++) {
      long[] row = c.sides()[i];
      out.printf(Locale.ROOT, "%-28s %,12d %,12d %,12d%n", SIDES.get(i), row[0], row[1], row[2]);
    }
    out.printf(
        "%n%-28s %12s %12s %12s%n", "score, challenger's higher by", "mean", "absolute", "most");
    for (Comparison.Difference difference : c.differences()) {
      if (difference.count() > 0) {
        out.printf(
            Locale.ROOT,
            "%-28s %12.6f %12.6f %12.6f%n",
            difference.score(),
            difference.mean(),
            difference.meanAbsolute(),
            difference.most());
      }
    }
    out.printf(
        Locale.ROOT,
        "%noutcomes of %,d rows: %,d SELL, %,d NEUTRAL, %,d BUY%n",
        c.judged(),
        c.outcomes()[0],
        c.outcomes()[1],
        c.outcomes()[2]);
    if (c.judged() > 0) {
      out.printf("%-28s %12s %12s%n", "", c.champion(), c.challenger());
      Judgement a = c.championJudged();
      Judgement b = c.challengerJudged();
      line(out, "Brier score", number(a.brier()), number(b.brier()));
      line(out, "log loss", number(a.logLoss()), number(b.logLoss()));
      line(out, "rows that favour a side", count(a.favoured()), count(b.favoured()));
      line(out, "of them gained", percent(a.hitRate()), percent(b.hitRate()));
      line(out, "pips each, after spread", number(a.meanPips()), number(b.meanPips()));
    }
  }

  private static void line(PrintWriter out, String what, String a, String b) {
    out.printf("%-28s %12s %12s%n", what, a, b);
  }

  private static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.5f", value);
  }

  private static String percent(double share) {
    return Double.isNaN(share) ? "-" : String.format(Locale.ROOT, "%.2f %%", 100 * share);
  }

  private static ObjectNode json(Comparison c) {
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("champion", c.champion()).put("challenger", c.challenger());
    json.put("rows", c.rows()).put("scored", c.scored()).put("notShadowed", c.notShadowed());
    put(json, "agreement", c.agreement());
    ObjectNode sides = json.putObject("sides");
    for (int i = 0; i < SIDES.size(); i++) {
      counts(sides.putObject(SIDES.get(i)), c.sides()[i]);
    }
    ArrayNode differences = json.putArray("differences");
    for (Comparison.Difference difference : c.differences()) {
      ObjectNode one = differences.addObject();
      one.put("score", difference.score()).put("count", difference.count());
      put(one, "mean", difference.mean());
      put(one, "meanAbsolute", difference.meanAbsolute());
      put(one, "most", difference.most());
    }
    json.put("judged", c.judged());
    counts(json.putObject("outcomes"), c.outcomes());
    judgement(json.putObject("championJudged"), c.championJudged());
    judgement(json.putObject("challengerJudged"), c.challengerJudged());
    return json;
  }

  private static void counts(ObjectNode json, long[] counts) {
    for (int i = 0; i < SIDES.size(); i++) {
      json.put(SIDES.get(i), counts[i]);
    }
  }

  private static void judgement(ObjectNode json, Judgement judged) {
    json.put("count", judged.count());
    put(json, "brier", judged.brier());
    put(json, "logLoss", judged.logLoss());
    json.put("favoured", judged.favoured());
    put(json, "hitRate", judged.hitRate());
    put(json, "meanPips", judged.meanPips());
  }

  /** JSON knows no NaN. */
  private static void put(ObjectNode json, String name, double value) {
    if (Double.isFinite(value)) {
      json.put(name, value);
    } else {
      json.putNull(name);
    }
  }
}

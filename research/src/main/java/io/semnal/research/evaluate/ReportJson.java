package io.semnal.research.evaluate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.semnal.research.sample.Samples;

/** A report as JSON; numbers that are undefined are null. */
public final class ReportJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ReportJson() {}

  public static ObjectNode of(Report report) {
    ObjectNode json = MAPPER.createObjectNode();
    ObjectNode about = json.putObject("about");
    report.about().forEach(about::put);
    json.put("from", ReportText.iso(report.from()));
    json.put("to", ReportText.iso(report.to()));
    classes(report.classes(), json.putObject("classes"));
    trading(report.trading(), json.putObject("trading"));
    ObjectNode baselines = json.putObject("baselines");
    trading(report.momentum(), baselines.putObject("momentum"));
    baselines.putObject("flat").put("trades", 0).put("pips", 0.0);
    ObjectNode shuffled = baselines.putObject("shuffledLabels");
    shuffled.put("deals", report.shuffled().deals());
    interval(report.shuffled().auc(), shuffled.putObject("auc"));
    interval(report.shuffled().expectancy(), shuffled.putObject("expectancyPips"));
    ArrayNode groups = json.putArray("groups");
    for (Report.Group group : report.groups()) {
      ObjectNode one = groups.addObject();
      one.put("by", group.kind()).put("name", group.name());
      classes(group.classes(), one.putObject("classes"));
      trading(group.trading(), one.putObject("trading"));
    }
    ArrayNode importance = json.putArray("importance");
    for (Importance column : report.importance()) {
      ObjectNode one = importance.addObject().put("column", column.column());
      number(one, "logLossRise", column.rise());
    }
    return json;
  }

  private static void classes(ClassMetrics c, ObjectNode json) {
    json.put("rows", c.rows());
    number(json, "logLoss", c.logLoss());
    number(json, "baseLogLoss", c.baseLogLoss());
    number(json, "brier", c.brier());
    number(json, "baseBrier", c.baseBrier());
    number(json, "calibrationError", c.calibrationError());
    number(json, "accuracy", c.accuracy());
    number(json, "baseAccuracy", c.baseAccuracy());
    number(json, "mcc", c.mcc());
    number(json, "aucBuy", c.aucBuy());
    number(json, "aucSell", c.aucSell());
    number(json, "auc", c.auc());
    ObjectNode confusion = json.putObject("confusion");
    for (int label = 0; label < c.confusion().length; label++) {
      ObjectNode row = confusion.putObject(Samples.CLASSES.get(label));
      for (int said = 0; said < c.confusion().length; said++) {
        row.put(Samples.CLASSES.get(said), c.confusion()[label][said]);
      }
    }
    ArrayNode bins = json.putArray("reliability");
    for (ClassMetrics.Bin bin : c.bins()) {
      ObjectNode one = bins.addObject().put("rows", bin.rows());
      number(one, "stated", bin.stated());
      number(one, "came", bin.came());
    }
  }

  private static void trading(TradeMetrics t, ObjectNode json) {
    json.put("trades", t.count());
    json.put("wins", t.outcome().wins());
    interval(t.hitRate(), json.putObject("hitRate"));
    interval(t.expectancy(), json.putObject("expectancyPips"));
    number(json, "pips", t.pips());
    number(json, "profitFactor", t.profitFactor());
    number(json, "drawdownPips", t.drawdown());
    number(json, "tradesPerDay", t.perDay());
    number(json, "brier", t.outcome().brierScore());
  }

  private static void interval(Interval interval, ObjectNode json) {
    number(json, "value", interval.value());
    number(json, "low", interval.low());
    number(json, "high", interval.high());
  }

  private static void number(ObjectNode json, String name, double value) {
    if (Double.isFinite(value)) {
      json.put(name, value);
    } else {
      json.putNull(name);
    }
  }
}

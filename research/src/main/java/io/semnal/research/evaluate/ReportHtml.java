package io.semnal.research.evaluate;

import io.semnal.research.sample.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A report as one HTML page that loads nothing: its charts are inline SVG. */
public final class ReportHtml {
  private static final int MOST_COLUMNS = 20;

  private final Report report;

  private ReportHtml(Report report) {
    this.report = report;
  }

  public static String of(Report report) {
    return new ReportHtml(report).page();
  }

  private String page() {
    String title = "Evaluation of " + report.about().getOrDefault("model", "a model");
    return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
        + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>"
        + Html.escape(title)
        + "</title>\n<style>\n"
        + Html.STYLE
        + "</style></head><body>\n<h1>"
        + Html.escape(title)
        + "</h1>\n"
        + about()
        + "<h2>Probabilities against labels</h2>\n"
        + classes()
        + "<h2>Trading, in pips after spread and commission</h2>\n"
        + trading()
        + "<div class=\"charts\">\n"
        + ReportCharts.reliability(report)
        + ReportCharts.equity(report)
        + ReportCharts.drawdown(report)
        + ReportCharts.importance(report.importance(), MOST_COLUMNS)
        + "</div>\n<h2>Confusion</h2>\n"
        + confusion()
        + "<h2>By instrument, timeframe and session</h2>\n"
        + groups()
        + "</body></html>\n";
  }

  private String about() {
    List<List<String>> rows = new ArrayList<>();
    report.about().forEach((name, value) -> rows.add(List.of(name, value)));
    rows.add(
        List.of(
            "time judged", ReportText.iso(report.from()) + " to " + ReportText.iso(report.to())));
    return Html.texts(rows);
  }

  private String classes() {
    ClassMetrics c = report.classes();
    Interval auc = report.shuffled().auc();
    return Html.table(
        List.of(
            List.of("measure", "model", "baseline", "which"),
            List.of("labelled rows", Integer.toString(c.rows()), "", ""),
            List.of("log loss", real(c.logLoss(), 4), real(c.baseLogLoss(), 4), "base rate"),
            List.of("Brier score", real(c.brier(), 4), real(c.baseBrier(), 4), "base rate"),
            List.of("calibration error", real(c.calibrationError(), 4), "", ""),
            List.of(
                "accuracy", real(c.accuracy(), 4), real(c.baseAccuracy(), 4), "likeliest class"),
            List.of("Matthews correlation", real(c.mcc(), 4), "0", "says nothing"),
            List.of(
                "AUC, mean of BUY and SELL",
                real(c.auc(), 4),
                real(auc.value(), 4),
                "shuffled labels, " + range(auc, 4))));
  }

  private String trading() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "",
            "trades",
            "won",
            "95 % Wilson",
            "pips each",
            "95 % bootstrap",
            "profit factor",
            "drawdown",
            "a day"));
    rows.add(trades("model", report.trading()));
    rows.add(trades("momentum", report.momentum()));
    rows.add(List.of("always flat", "0", "", "", "0.00", "", "", "0.0", "0.00"));
    Interval dealt = report.shuffled().expectancy();
    rows.add(
        List.of(
            "shuffled labels",
            report.shuffled().deals() + " times",
            "",
            "",
            real(dealt.value(), 2),
            range(dealt, 2),
            "",
            "",
            ""));
    return Html.table(rows);
  }

  private static List<String> trades(String name, TradeMetrics t) {
    return List.of(
        name,
        Long.toString(t.count()),
        percent(t.hitRate().value()),
        percent(t.hitRate().low()) + " to " + percent(t.hitRate().high()),
        real(t.expectancy().value(), 2),
        range(t.expectancy(), 2),
        real(t.profitFactor(), 2),
        real(t.drawdown(), 1),
        real(t.perDay(), 2));
  }

  private String confusion() {
    List<List<String>> rows = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("label \\ likeliest"));
    head.addAll(Samples.CLASSES);
    rows.add(head);
    for (int label = 0; label < Samples.CLASSES.size(); label++) {
      List<String> row = new ArrayList<>(List.of(Samples.CLASSES.get(label)));
      long sum = 0;
      for (long count : report.classes().confusion()[label]) {
        sum += count;
      }
      for (long count : report.classes().confusion()[label]) {
        row.add(count + (sum == 0 ? "" : " (" + percent((double) count / sum) + ")"));
      }
      rows.add(row);
    }
    return Html.table(rows);
  }

  private String groups() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "by", "name", "rows", "log loss", "base rate", "AUC", "trades", "won", "pips each"));
    for (Report.Group group : report.groups()) {
      rows.add(
          List.of(
              group.kind(),
              group.name(),
              Integer.toString(group.classes().rows()),
              real(group.classes().logLoss(), 4),
              real(group.classes().baseLogLoss(), 4),
              real(group.classes().auc(), 3),
              Long.toString(group.trading().count()),
              percent(group.trading().hitRate().value()),
              real(group.trading().expectancy().value(), 2)));
    }
    return Html.table(rows);
  }

  private static String range(Interval interval, int decimals) {
    return real(interval.low(), decimals) + " to " + real(interval.high(), decimals);
  }

  private static String percent(double share) {
    return Double.isNaN(share) ? "–" : real(100 * share, 1) + " %";
  }

  static String real(double value, int decimals) {
    return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%." + decimals + "f", value);
  }
}

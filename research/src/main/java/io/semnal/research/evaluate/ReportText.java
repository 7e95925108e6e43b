package io.semnal.research.evaluate;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A report as lines for a terminal. */
public final class ReportText {
  private static final long SECOND = 1_000_000_000L;
  private static final int MOST_COLUMNS = 10;

  private ReportText() {}

  public static List<String> of(Report report) {
    List<String> lines = new ArrayList<>();
    report.about().forEach((name, value) -> lines.add(line("%-18s %s", name, value)));
    lines.add(line("%-18s %s to %s", "held-out time", iso(report.from()), iso(report.to())));
    ClassMetrics c = report.classes();
    lines.add("");
    lines.add(line("%-22s %10s %10s", "", "model", "baseline"));
    lines.add(line("%-22s %10d", "labelled rows", c.rows()));
    lines.add(line("%-22s %10.4f %10.4f  base rate", "log loss", c.logLoss(), c.baseLogLoss()));
    lines.add(line("%-22s %10.4f %10.4f  base rate", "Brier score", c.brier(), c.baseBrier()));
    lines.add(line("%-22s %10.4f", "calibration error", c.calibrationError()));
    lines.add(
        line("%-22s %10.4f %10.4f  likeliest class", "accuracy", c.accuracy(), c.baseAccuracy()));
    lines.add(line("%-22s %10.4f %10.4f  says nothing", "Matthews corr.", c.mcc(), 0.0));
    lines.add(
        line(
            "%-22s %10.4f %10.4f  shuffled %.4f to %.4f",
            "AUC (BUY, SELL mean)",
            c.auc(),
            report.shuffled().auc().value(),
            report.shuffled().auc().low(),
            report.shuffled().auc().high()));
    lines.add("");
    trading(report, lines);
    lines.add("");
    groups(report, lines);
    lines.add("");
    lines.add("importance: rise of the log loss when a column is shuffled");
    for (Importance column :
        report.importance().subList(0, Math.min(MOST_COLUMNS, report.importance().size()))) {
      lines.add(line("  %+.5f  %s", column.rise(), column.column()));
    }
    return lines;
  }

  private static void trading(Report report, List<String> lines) {
    lines.add(
        line(
            "%-22s %7s %7s %16s %9s %19s %7s %9s %7s",
            "trading, net of costs",
            "trades",
            "won",
            "95 % Wilson",
            "pips each",
            "95 % bootstrap",
            "factor",
            "drawdown",
            "a day"));
    lines.add(trades("model", report.trading()));
    lines.add(trades("momentum", report.momentum()));
    lines.add(line("%-22s %7d %7s %16s %9.2f", "always flat", 0, "", "", 0.0));
    Interval dealt = report.shuffled().expectancy();
    lines.add(
        line(
            "%-22s %7s %7s %16s %9.2f %8.2f to %7.2f",
            "shuffled labels, " + report.shuffled().deals() + "x",
            "",
            "",
            "",
            dealt.value(),
            dealt.low(),
            dealt.high()));
  }

  private static String trades(String name, TradeMetrics t) {
    return line(
        "%-22s %7d %6.1f%% %5.1f%% to %5.1f%% %9.2f %8.2f to %7.2f %7.2f %9.1f %7.2f",
        name,
        t.count(),
        100 * t.hitRate().value(),
        100 * t.hitRate().low(),
        100 * t.hitRate().high(),
        t.expectancy().value(),
        t.expectancy().low(),
        t.expectancy().high(),
        t.profitFactor(),
        t.drawdown(),
        t.perDay());
  }

  private static void groups(Report report, List<String> lines) {
    lines.add(
        line(
            "%-10s %-10s %8s %9s %9s %7s %7s %7s %10s",
            "by", "", "rows", "log loss", "base", "AUC", "trades", "won", "pips each"));
    for (Report.Group group : report.groups()) {
      lines.add(
          line(
              "%-10s %-10s %8d %9.4f %9.4f %7.3f %7d %6.1f%% %10.2f",
              group.kind(),
              group.name(),
              group.classes().rows(),
              group.classes().logLoss(),
              group.classes().baseLogLoss(),
              group.classes().auc(),
              group.trading().count(),
              100 * group.trading().hitRate().value(),
              group.trading().expectancy().value()));
    }
  }

  static String iso(long nanos) {
    return Instant.ofEpochSecond(Math.floorDiv(nanos, SECOND)).toString();
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values).replace("NaN", "  -").stripTrailing();
  }
}

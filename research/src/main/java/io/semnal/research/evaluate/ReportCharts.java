package io.semnal.research.evaluate;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/** The drawings of a report. */
final class ReportCharts {
  private static final int MOST_POINTS = 800;
  private static final int DATES = 4;

  private ReportCharts() {}

  static String reliability(Report report) {
    Chart chart =
        new Chart("reliability", 0, 1, 0, 1)
            .marks(
                new double[] {0, 0.25, 0.5, 0.75, 1}, new String[] {"0", ".25", ".5", ".75", "1"})
            .labels("stated probability of a side", "how often it came")
            .line("base", new double[] {0, 1}, new double[] {0, 1});
    List<ClassMetrics.Bin> bins = report.classes().bins();
    long most = bins.stream().mapToLong(ClassMetrics.Bin::rows).max().orElse(1);
    for (ClassMetrics.Bin bin : bins) {
      Interval share = Interval.ofShare(Math.round(bin.came() * bin.rows()), bin.rows());
      chart.spread(bin.stated(), share.low(), share.high());
      chart.dot(
          bin.stated(),
          bin.came(),
          2 + 6 * Math.sqrt((double) bin.rows() / most),
          String.format(
              Locale.ROOT, "%.3f stated, %.3f came, %d", bin.stated(), bin.came(), bin.rows()));
    }
    return Html.figure(
        chart.toString(),
        "Reliability: on the dashed line, what is said comes. Strokes are 95 % intervals, dots the"
            + " larger the more rows.");
  }

  static String equity(Report report) {
    double[][] points = points(report, false);
    return Html.figure(
        timed("equity", report, points, "line", "pips"), "Equity: the sum of all trades' pips.");
  }

  static String drawdown(Report report) {
    double[][] points = points(report, true);
    return Html.figure(
        timed("drawdown", report, points, "loss", "pips"),
        "Drawdown: pips below the highest equity so far.");
  }

  private static String timed(
      String title, Report report, double[][] points, String kind, String unit) {
    double least = 0;
    double most = 0;
    for (double y : points[1]) {
      least = Math.min(least, y);
      most = Math.max(most, y);
    }
    double[] at = new double[DATES];
    String[] names = new String[DATES];
    for (int i = 0; i < DATES; i++) {
      long time =
          report.from()
              + (report.to() - report.from()) / DATES * i
              + (report.to() - report.from()) / (2 * DATES);
      at[i] = time;
      names[i] =
          Instant.ofEpochSecond(time / 1_000_000_000L)
              .atOffset(ZoneOffset.UTC)
              .toLocalDate()
              .toString();
    }
    return new Chart(title, report.from(), report.to(), least, most)
        .marks(at, names)
        .labels("", unit)
        .line(kind, points[0], points[1])
        .toString();
  }

  /** Times and sums after each trade; of very many trades, a share. */
  private static double[][] points(Report report, boolean below) {
    List<Trade> trades = report.trades();
    int every = Math.max(1, trades.size() / MOST_POINTS);
    int count = trades.size() / every + 2;
    double[] x = new double[count];
    double[] y = new double[count];
    x[0] = report.from();
    double sum = 0;
    double highest = 0;
    int next = 1;
    for (int i = 0; i < trades.size(); i++) {
      sum += trades.get(i).pips();
      highest = Math.max(highest, sum);
      if ((i + 1) % every == 0) {
        x[next] = Math.min(report.to(), trades.get(i).ended());
        y[next++] = below ? sum - highest : sum;
      }
    }
    x[next] = report.to();
    y[next] = below ? sum - highest : sum;
    return new double[][] {x, y};
  }

  static String importance(List<Importance> all, int most) {
    List<Importance> shown = all.subList(0, Math.min(most, all.size()));
    double largest = shown.stream().mapToDouble(i -> Math.abs(i.rise())).max().orElse(0);
    StringBuilder svg = new StringBuilder();
    int height = 20 * shown.size() + 10;
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg role=\"img\" aria-label=\"importance\" viewBox=\"0 0 460 %d\">%n",
            height));
    for (int i = 0; i < shown.size(); i++) {
      Importance column = shown.get(i);
      double length = largest == 0 ? 0 : 150 * Math.abs(column.rise()) / largest;
      svg.append(
          String.format(
              Locale.ROOT,
              "<text x=\"225\" y=\"%d\" text-anchor=\"end\">%s</text>"
                  + "<rect class=\"%s\" x=\"230\" y=\"%d\" width=\"%.1f\" height=\"12\"/>"
                  + "<text x=\"%.1f\" y=\"%d\">%+.5f</text>%n",
              20 * i + 15,
              Html.escape(column.column()),
              column.rise() < 0 ? "bad" : "bar",
              20 * i + 5,
              length,
              235 + length,
              20 * i + 15,
              column.rise()));
    }
    return Html.figure(
        svg + "</svg>\n",
        "Importance: by how much the log loss rises when a column is shuffled over the rows.");
  }
}

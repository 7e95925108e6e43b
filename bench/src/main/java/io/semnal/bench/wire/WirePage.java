package io.semnal.bench.wire;

import io.semnal.bench.Figure;
import io.semnal.bench.Machine;
import io.semnal.bench.Statistics;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** One HTML page without anything from elsewhere: a table and a percentile curve a measurement. */
final class WirePage {
  private static final int WIDTH = 860;
  private static final int HEIGHT = 320;
  private static final int LEFT = 70;
  private static final int BOTTOM = 40;
  private static final int TOP = 12;

  /** From 10 % to five nines, each nine as wide as the one before. */
  private static final double NINES = 5;

  private static final int POINTS = 400;
  private static final double LEAST_MICROS = 1;

  private WirePage() {}

  static String of(String name, List<WireSlices> measured) {
    StringBuilder page = new StringBuilder();
    page.append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
        .append(escape(name))
        .append("</title><style>body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;")
        .append("margin:2rem auto;padding:0 1rem;color:#1a1a1a}table{border-collapse:collapse}")
        .append("td,th{padding:.2rem .8rem;text-align:right;border-bottom:1px solid #ddd}")
        .append("th:first-child,td:first-child{text-align:left}svg{max-width:100%}")
        .append("</style></head><body><h1>Tick to score over the wire</h1><p>");
    Machine.describe()
        .forEach(
            (key, value) ->
                page.append(escape(key)).append(": ").append(escape("" + value)).append("<br>"));
    page.append("</p><p>Microseconds from the planned sending of a tick to the arrival of its ")
        .append("score, beside a bare echo of the same sizes; medians of alternating slices.</p>");
    for (WireSlices slices : measured) {
      section(page, slices);
    }
    return page.append("</body></html>\n").toString();
  }

  private static void section(StringBuilder page, WireSlices slices) {
    page.append("<h2>").append(escape(slices.title())).append("</h2><table><tr><th></th>");
    for (double percentile : WireSlices.PERCENTILES) {
      page.append("<th>").append(percentile == 100 ? "max" : "p" + percentile).append("</th>");
    }
    row(page, "Semnal", slices.semnal());
    row(page, "bare echo", slices.echo());
    page.append("</tr><tr><td>ratio</td>");
    for (double percentile : WireSlices.PERCENTILES) {
      double ratio = median(slices.semnal(), percentile) / median(slices.echo(), percentile);
      page.append("<td>").append(Figure.number(ratio)).append("</td>");
    }
    page.append("</tr></table>");
    if (!slices.isSteady()) {
      page.append("<p>The floor moved by more than 20 %: inconclusive.</p>");
    }
    chart(page, WireSlices.total(slices.semnal()), WireSlices.total(slices.echo()));
  }

  private static void row(StringBuilder page, String name, List<WireLoad.Result> side) {
    page.append("</tr><tr><td>").append(name).append("</td>");
    for (double percentile : WireSlices.PERCENTILES) {
      page.append("<td>").append(Figure.number(median(side, percentile))).append("</td>");
    }
  }

  private static double median(List<WireLoad.Result> side, double percentile) {
    return Statistics.median(WireSlices.micros(side, percentile));
  }

  private static void chart(StringBuilder page, Histogram semnal, Histogram echo) {
    double most = Math.max(semnal.getMaxValue(), echo.getMaxValue()) / 1e3;
    double decades = Math.ceil(Math.log10(most / LEAST_MICROS));
    page.append(
        String.format(
            Locale.ROOT,
            "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"percentile curves\">",
            WIDTH,
            HEIGHT));
    for (int i = 0; i <= decades; i++) {
      double y = y(Math.pow(10, i), decades);
      line(page, LEFT, y, WIDTH, y);
      text(page, LEFT - 8, y + 5, "end", number(LEAST_MICROS * Math.pow(10, i)) + " µs");
    }
    for (int i = 0; i <= NINES; i++) {
      double x = LEFT + (WIDTH - LEFT - 10) * i / NINES;
      line(page, x, TOP, x, HEIGHT - BOTTOM);
      String label =
          i == 0 ? "0 %" : i == 1 ? "90 %" : "99" + (i > 2 ? "." + "9".repeat(i - 2) : "") + " %";
      text(page, x, HEIGHT - BOTTOM + 20, "middle", label);
    }
    curve(page, echo, decades, "#888");
    curve(page, semnal, decades, "#c0392b");
    text(page, LEFT + 12, TOP + 16, "start", "red: Semnal, grey: bare echo");
    page.append("</svg>");
  }

  private static String number(double micros) {
    return String.format(Locale.ROOT, "%,.0f", micros);
  }

  private static void curve(StringBuilder page, Histogram of, double decades, String colour) {
    page.append("<polyline fill=\"none\" stroke-width=\"2\" stroke=\"").append(colour);
    page.append("\" points=\"");
    for (int i = 0; i <= POINTS; i++) {
      double nines = NINES * i / POINTS;
      double percentile = 100 * (1 - Math.pow(10, -nines));
      double micros = of.getValueAtPercentile(percentile) / 1e3;
      double x = LEFT + (WIDTH - LEFT - 10) * nines / NINES;
      page.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y(micros, decades)));
    }
    page.append("\"/>");
  }

  private static double y(double micros, double decades) {
    double share = Math.log10(Math.max(LEAST_MICROS, micros) / LEAST_MICROS) / decades;
    return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP);
  }

  private static void line(StringBuilder page, double x1, double y1, double x2, double y2) {
    page.append(
        String.format(
            Locale.ROOT,
            "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>",
            x1,
            y1,
            x2,
            y2));
  }

  private static void text(StringBuilder page, double x, double y, String anchor, String content) {
    page.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" font-size=\"13\" text-anchor=\"%s\">%s</text>",
            x,
            y,
            anchor,
            escape(content)));
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}

package io.semnal.research.evaluate;

import java.util.Locale;

/** A small chart as inline SVG: axes with round marks, lines, dots and bars. */
final class Chart {
  private static final int WIDTH = 460;
  private static final int HEIGHT = 280;
  private static final int LEFT = 62;
  private static final int RIGHT = 12;
  private static final int TOP = 14;
  private static final int BOTTOM = 40;
  private static final int MARKS = 5;

  private final StringBuilder svg = new StringBuilder();
  private final double x0;
  private final double x1;
  private final double y0;
  private final double y1;

  /** Axes from {@code x0, y0} to {@code x1, y1}; an empty range is widened. */
  Chart(String title, double x0, double x1, double y0, double y1) {
    this.x0 = x0;
    this.x1 = x1 > x0 ? x1 : x0 + 1;
    double room = y1 > y0 ? 0 : Math.max(1, Math.abs(y0)) / 2;
    this.y0 = y0 - room;
    this.y1 = y1 + room;
    svg.append(
        text("<svg role=\"img\" aria-label=\"%s\" viewBox=\"0 0 %d %d\">%n", title, WIDTH, HEIGHT));
    frame();
  }

  private void frame() {
    svg.append(
        text(
            "<rect class=\"frame\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>%n",
            LEFT, TOP, WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM));
    double step = step(y1 - y0);
    for (double y = Math.ceil(y0 / step) * step; y <= y1 + step * 1e-9; y += step) {
      svg.append(
          text(
              "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
                  + "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>%n",
              LEFT, WIDTH - RIGHT, py(y), py(y), LEFT - 5, py(y) + 4, shown(y, step)));
    }
  }

  /** Marks below the horizontal axis. */
  Chart marks(double[] at, String[] names) {
    for (int i = 0; i < at.length; i++) {
      svg.append(
          text(
              "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>%n",
              px(at[i]), HEIGHT - BOTTOM + 16, Html.escape(names[i])));
    }
    return this;
  }

  Chart labels(String below, String beside) {
    svg.append(
        text(
            "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>%n"
                + "<text transform=\"translate(13 %d) rotate(-90)\" text-anchor=\"middle\">%s"
                + "</text>%n",
            (LEFT + WIDTH - RIGHT) / 2,
            HEIGHT - 6,
            Html.escape(below),
            (TOP + HEIGHT - BOTTOM) / 2,
            Html.escape(beside)));
    return this;
  }

  Chart line(String kind, double[] x, double[] y) {
    svg.append("<polyline class=\"").append(kind).append("\" points=\"");
    for (int i = 0; i < x.length; i++) {
      svg.append(text("%.1f,%.1f ", px(x[i]), py(y[i])));
    }
    svg.append("\"/>\n");
    return this;
  }

  /** An upright stroke: between which values something lies. */
  Chart spread(double x, double low, double high) {
    svg.append(
        text(
            "<line class=\"spread\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>%n",
            px(x), px(x), py(low), py(high)));
    return this;
  }

  Chart dot(double x, double y, double radius, String says) {
    svg.append(
        text(
            "<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"><title>%s</title></circle>%n",
            px(x), py(y), radius, Html.escape(says)));
    return this;
  }

  @Override
  public String toString() {
    return svg + "</svg>\n";
  }

  private double px(double x) {
    return LEFT + (x - x0) / (x1 - x0) * (WIDTH - LEFT - RIGHT);
  }

  private double py(double y) {
    return HEIGHT - BOTTOM - (y - y0) / (y1 - y0) * (HEIGHT - TOP - BOTTOM);
  }

  private static double step(double range) {
    double raw = range / MARKS;
    double power = Math.pow(10, Math.floor(Math.log10(raw)));
    double lead = raw / power;
    return (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10) * power;
  }

  private static String shown(double value, double step) {
    double clean = Math.abs(value) < step * 1e-6 ? 0 : value;
    int decimals = Math.max(0, (int) Math.ceil(-Math.log10(step) - 1e-9));
    return text("%." + decimals + "f", clean);
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}

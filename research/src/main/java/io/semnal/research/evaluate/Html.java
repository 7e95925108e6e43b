package io.semnal.research.evaluate;

import java.util.List;

/** Pieces of a page that needs nothing but itself. */
final class Html {
  static final String STYLE =
      """
      body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 66rem;
        padding: 0 1rem; color: #1d2733; background: #fff; }
      h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2.2rem; }
      table { border-collapse: collapse; font-variant-numeric: tabular-nums; width: 100%; }
      th, td { padding: .25rem .6rem; text-align: right; border-bottom: 1px solid #dde3ea; }
      th:first-child, td:first-child { text-align: left; } th { font-weight: 600; }
      .texts td { text-align: left; } .texts td:first-child { width: 11rem; color: #52606f; }
      .wide { overflow-x: auto; } .charts { margin-top: 1.8rem; display: grid; gap: 1.5rem;
        grid-template-columns: repeat(auto-fit, minmax(22rem, 1fr)); }
      figure { margin: 0; } figcaption { color: #52606f; font-size: .9rem; }
      svg { width: 100%; height: auto; } svg text { font-size: 11px; fill: #52606f; }
      .frame { fill: none; stroke: #9aa7b5; } .grid { stroke: #e6ebf0; }
      .line { fill: none; stroke: #1668a7; stroke-width: 1.6; }
      .base { fill: none; stroke: #9aa7b5; stroke-dasharray: 4 4; }
      .loss { fill: none; stroke: #b3402f; stroke-width: 1.6; }
      .spread { stroke: #7fb0d6; stroke-width: 1.2; }
      .dot { fill: #1668a7; } .bar { fill: #1668a7; } .bad { fill: #b3402f; }
      """;

  private Html() {}

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /** A table whose first row is its head. */
  static String table(List<List<String>> rows) {
    return table("", rows, 1);
  }

  /** A table of names and what stands for them. */
  static String texts(List<List<String>> rows) {
    return table(" class=\"texts\"", rows, 0);
  }

  private static String table(String kind, List<List<String>> rows, int heads) {
    StringBuilder html = new StringBuilder("<div class=\"wide\"><table" + kind + ">\n");
    for (int i = 0; i < rows.size(); i++) {
      String cell = i < heads ? "th" : "td";
      html.append("<tr>");
      for (String value : rows.get(i)) {
        html.append('<').append(cell).append('>').append(escape(value));
        html.append("</").append(cell).append('>');
      }
      html.append("</tr>\n");
    }
    return html.append("</table></div>\n").toString();
  }

  static String figure(String drawing, String caption) {
    return "<figure>" + drawing + "<figcaption>" + escape(caption) + "</figcaption></figure>\n";
  }
}

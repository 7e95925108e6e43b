package io.semnal.server.command;

import io.semnal.journal.last.LastPosition;
import io.semnal.server.Times;
import io.semnal.server.last.LastPicture;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Lays the last values out as lines of a terminal, no longer than its width. */
final class TopScreen {
  private static final String BOLD = "\u001B[1m";
  private static final String DIM = "\u001B[2m";
  private static final String GREEN = "\u001B[32m";
  private static final String RED = "\u001B[31m";
  private static final String PLAIN = "\u001B[0m";

  /** A terminal of this width shows models and levels too. */
  private static final int WIDE = 110;

  /** A server writes four times a second: older than this, it does not run. */
  private static final long SILENT_MILLIS = 3_000;

  private final boolean colour;
  private final int width;
  private final List<String> lines = new ArrayList<>();

  TopScreen(int width, boolean colour) {
    this.width = width;
    this.colour = colour;
  }

  /**
   * @param journal as it was named
   * @param wallMillis the wall clock
   */
  List<String> lines(LastPicture picture, String journal, long wallMillis) {
    lines.clear();
    head(picture.position(), journal, wallMillis);
    // What matters first stays where a small terminal ends.
    signals(picture);
    quotes(picture);
    scores(picture);
    return lines;
  }

  /** So many lines as a terminal has, the last one saying what is left out. */
  static List<String> fitting(List<String> lines, int rows) {
    if (lines.size() <= rows || rows < 2) {
      return lines;
    }
    List<String> shown = new ArrayList<>(lines.subList(0, rows - 1));
    shown.add("… " + (lines.size() - rows + 1) + " more lines: a taller terminal, or --once");
    return shown;
  }

  private void head(LastPosition position, String journal, long wallMillis) {
    if (position == null) {
      add(RED, "semnal top  " + journal + "  nothing written yet");
      return;
    }
    long age = wallMillis - position.wallMillis();
    add(
        BOLD,
        "semnal top  "
            + Times.instant(position.time()).truncatedTo(ChronoUnit.MILLIS)
            + "  journalSeq "
            + position.journalSeq()
            + "  outSeq "
            + position.outSeq());
    if (age > SILENT_MILLIS) {
      add(
          RED,
          "no server writes; the last one (pid "
              + position.process()
              + ") did "
              + duration(age)
              + " ago: "
              + journal);
    } else {
      add(DIM, journal + ", server pid " + position.process());
    }
  }

  private void quotes(LastPicture picture) {
    Map<String, LastPicture.BarLine> forming = new HashMap<>();
    Map<String, LastPicture.BarLine> closed = new HashMap<>();
    for (LastPicture.BarLine bar : picture.bars()) {
      // The shortest timeframe comes first.
      (bar.forming() ? forming : closed).putIfAbsent(bar.instrument(), bar);
    }
    add("", "");
    String head =
        text(
            "%-8s %10s %10s %5s %6s  %-4s %7s %5s %10s",
            "QUOTE", "BID", "ASK", "PIPS", "AGE", "BAR", "CHANGE", "TICKS", "LAST CLOSE");
    add(BOLD, width >= WIDE ? head + text(" %7s  %s", "CHANGE", "QUALITY") : head);
    long now = picture.position() == null ? 0 : picture.position().time();
    for (LastPicture.Quote q : picture.quotes()) {
      LastPicture.BarLine bar = forming.get(q.instrument());
      LastPicture.BarLine last = closed.get(q.instrument());
      String line =
          text(
              "%-8s %10s %10s %5s %6s  %-4s %7s %5s %10s",
              q.instrument(),
              price(q.bid(), q.decimals()),
              price(q.ask(), q.decimals()),
              number(q.spreadPips(), "%.1f"),
              duration((now - q.time()) / 1_000_000),
              bar == null ? "" : bar.timeframe(),
              bar == null ? "" : number(bar.changePips(), "%+.1f"),
              bar == null ? "" : Long.toString(bar.ticks()),
              last == null ? "" : price(last.close(), last.decimals()));
      if (width >= WIDE) {
        line +=
            text(" %7s  %s", last == null ? "" : number(last.changePips(), "%+.1f"), q.quality());
      }
      add(bar == null || bar.changePips() == 0 ? "" : bar.changePips() > 0 ? GREEN : RED, line);
    }
  }

  private void signals(LastPicture picture) {
    add("", "");
    String head =
        text(
            "%-8s %-16s %-4s %-8s %10s %8s %8s %9s",
            "SIGNAL", "STRATEGY", "SIDE", "STATE", "ENTRY", "PIPS", "ID", "EXPIRES");
    add(BOLD, width >= WIDE ? head + text(" %10s %10s  %s", "STOP", "TARGET", "MODEL") : head);
    long now = picture.position() == null ? 0 : picture.position().time();
    for (LastPicture.OpenSignal s : picture.signals()) {
      String line =
          text(
              "%-8s %-16s %-4s %-8s %10s %8s %8d %9s",
              s.instrument(),
              cut(s.strategy(), 16),
              s.side(),
              s.state(),
              price(s.entry(), s.decimals()),
              number(s.pips(), "%+.1f"),
              s.id(),
              "in " + duration(Math.max(0, s.expiration() - now) / 1_000_000));
      if (width >= WIDE) {
        line +=
            text(
                " %10s %10s  %s",
                price(s.stopLoss(), s.decimals()), price(s.takeProfit(), s.decimals()), s.model());
      }
      add(s.pips() > 0 ? GREEN : s.pips() < 0 ? RED : "", line);
    }
    if (picture.signals().isEmpty()) {
      add(DIM, "none is open");
    }
  }

  private void scores(LastPicture picture) {
    add("", "");
    String head =
        text(
            "%-8s %-16s %-3s %-7s %6s %6s %6s %-15s %6s",
            "SCORE", "STRATEGY", "TF", "SIDE", "BUY", "SELL", "NEUTR", "REASON", "AGE");
    add(BOLD, width >= WIDE ? head + text(" %9s  %s", "OUTPUT", "MODEL") : head);
    long now = picture.position() == null ? 0 : picture.position().time();
    for (LastPicture.Score s : picture.scores()) {
      String line =
          text(
              "%-8s %-16s %-3s %-7s %6s %6s %6s %-15s %6s",
              s.instrument(),
              cut(s.strategy(), 16),
              s.timeframe(),
              s.side(),
              number(s.buy(), "%.3f"),
              number(s.sell(), "%.3f"),
              number(s.neutral(), "%.3f"),
              s.reason(),
              duration((now - s.time()) / 1_000_000));
      if (width >= WIDE) {
        line += text(" %9s  %s", number(s.output(), "%.5f"), s.model());
      }
      add(s.reason().equals("SIGNAL") ? GREEN : "", line);
    }
  }

  private void add(String style, String line) {
    String fitting = cut(line.stripTrailing(), width);
    lines.add(colour && !style.isEmpty() ? style + fitting + PLAIN : fitting);
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  private static String cut(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length - 1) + "…";
  }

  private static String price(double value, int decimals) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  private static String number(double value, String format) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
  }

  /** In five characters or fewer. */
  static String duration(long millis) {
    if (millis < 10_000) {
      return text("%.1fs", Math.max(0, millis) / 1e3);
    }
    long seconds = millis / 1_000;
    if (seconds < 600) {
      return seconds + "s";
    }
    return seconds < 36_000
        ? seconds / 60 + "m"
        : seconds < 864_000 ? seconds / 3_600 + "h" : seconds / 86_400 + "d";
  }
}

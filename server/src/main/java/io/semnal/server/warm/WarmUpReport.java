package io.semnal.server.warm;

import io.semnal.core.config.EngineConfig;
import io.semnal.inference.engine.ColdSlot;
import io.semnal.server.Times;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a start's warm-up came to, in lines for the operator. */
public final class WarmUpReport {
  private static final int MOST_COLD = 8;
  private static final long NANOS_A_SECOND = 1_000_000_000L;
  private final EngineConfig config;
  private final Map<String, Series> taken = new LinkedHashMap<>();
  private final List<String> lines = new ArrayList<>();
  private long bars;

  private static final class Series {
    private long bars;
    private long lastClose;
  }

  WarmUpReport(EngineConfig config) {
    this.config = config;
  }

  void taken(PastBar bar) {
    String name =
        config.instruments().get(bar.instrument()).symbol()
            + " "
            + config.timeframes().get(bar.timeframe()).label();
    Series series = taken.computeIfAbsent(name, n -> new Series());
    series.bars++;
    series.lastClose = bar.closeTime();
    bars++;
  }

  WarmUpReport conclude(long time, List<ColdSlot> cold) {
    taken.forEach(
        (name, series) ->
            lines.add(
                "warmed up with "
                    + series.bars
                    + " bars of "
                    + name
                    + " to "
                    + Times.iso(series.lastClose)
                    + gap(time - series.lastClose)));
    sentences(cold).forEach(sentence -> lines.add("still cold: " + sentence));
    return this;
  }

  private static String gap(long nanos) {
    return nanos < NANOS_A_SECOND ? "" : ", a gap of " + text(nanos / NANOS_A_SECOND) + " to now";
  }

  /**
   * What waits for what, and how long that takes live; a few lines, however much it is.
   *
   * @param cold strategies on instruments
   */
  public static List<String> sentences(List<ColdSlot> cold) {
    Map<String, List<ColdSlot>> byState = new LinkedHashMap<>();
    for (ColdSlot slot : cold) {
      byState.computeIfAbsent(slot.state(), state -> new ArrayList<>()).add(slot);
    }
    List<String> lines = new ArrayList<>();
    byState.forEach(
        (state, slots) -> {
          String more = slots.size() == 1 ? "" : " and " + (slots.size() - 1) + " more,";
          String left = text(slots.getFirst().need().secondsLeft());
          lines.add(
              slots.getFirst().symbol() + more + " " + state + " (" + left + " of open market)");
        });
    if (lines.size() > MOST_COLD) {
      int more = lines.size() - MOST_COLD;
      lines.subList(MOST_COLD, lines.size()).clear();
      lines.add("and " + more + " more");
    }
    return lines;
  }

  /** The two largest units: {@code 2 d 3 h}. */
  private static String text(long seconds) {
    Duration d = Duration.ofSeconds(seconds);
    if (d.toDays() > 0) {
      return d.toDays() + " d" + (d.toHoursPart() > 0 ? " " + d.toHoursPart() + " h" : "");
    }
    if (d.toHours() > 0) {
      return d.toHours() + " h" + (d.toMinutesPart() > 0 ? " " + d.toMinutesPart() + " min" : "");
    }
    return d.toMinutes() > 0 ? d.toMinutes() + " min" : seconds + " s";
  }

  /** Bars that became messages at this start. */
  public long bars() {
    return bars;
  }

  /** What was taken, and what is still cold. */
  public List<String> lines() {
    return List.copyOf(lines);
  }
}

package io.semnal.research.evaluate;

import io.semnal.core.config.PolicyConfig;
import io.semnal.core.market.MarketCalendar;
import io.semnal.core.market.Timeframe;
import io.semnal.research.sample.Samples;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Everything that is said about a model on rows that it has not seen.
 *
 * @param about what was judged, by name
 * @param from time of the first row, UTC nanoseconds
 * @param to time of the last row
 * @param momentum what following the last bar's move brought
 * @param groups by instrument, timeframe and session
 * @param trades in the order of their ends
 */
public record Report(
    Map<String, String> about,
    long from,
    long to,
    ClassMetrics classes,
    TradeMetrics trading,
    TradeMetrics momentum,
    Baselines.Shuffled shuffled,
    List<Group> groups,
    List<Importance> importance,
    List<Trade> trades) {

  /** The metrics of a part: {@code kind} is instrument, timeframe or session. */
  public record Group(String kind, String name, ClassMetrics classes, TradeMetrics trading) {}

  /**
   * @param base shares of the classes where the model was fitted
   * @param columns of the model
   */
  public static Report of(
      Map<String, String> about,
      Predictions predictions,
      double[] base,
      PolicyConfig policy,
      Timeframe timeframe,
      MarketCalendar calendar,
      List<String> columns,
      Predictions.RowScorer scorer) {
    if (predictions.labelled().length == 0) {
      throw new IllegalArgumentException("there is no labelled row to judge by");
    }
    Samples samples = predictions.samples();
    int[] rows = predictions.rows();
    long from = samples.time(rows[0]);
    long to = samples.time(rows[rows.length - 1]);
    List<Trade> trades = Backtest.run(predictions, policy, timeframe, calendar);
    List<Trade> following =
        Backtest.run(Baselines.momentum(samples, rows), policy, timeframe, calendar);
    TradeMetrics trading = TradeMetrics.of(trades, to - from);
    ClassMetrics all = ClassMetrics.of(predictions, base);
    List<Group> groups = new ArrayList<>();
    Grouping grouping = new Grouping(predictions, base, trades, to - from);
    groups.addAll(
        grouping.by(
            "instrument",
            row -> samples.instrument(row).symbol(),
            trade -> samples.instruments().get(trade.place()).symbol()));
    groups.add(new Group("timeframe", timeframe.label(), all, trading));
    groups.addAll(
        grouping.by(
            "session", row -> samples.session(row).name(), trade -> trade.session().name()));
    return new Report(
        about,
        from,
        to,
        all,
        trading,
        TradeMetrics.of(following, to - from),
        Baselines.shuffled(predictions, base, policy, timeframe, calendar),
        groups,
        Importance.of(predictions, columns, scorer),
        trades);
  }

  /** The same about something that is named. */
  public Report withAbout(Map<String, String> other) {
    return new Report(
        other, from, to, classes, trading, momentum, shuffled, groups, importance, trades);
  }

  /** Cuts predictions and trades by a name that each of them has. */
  private record Grouping(Predictions predictions, double[] base, List<Trade> trades, long span) {
    List<Group> by(String kind, Function<Integer, String> ofRow, Function<Trade, String> ofTrade) {
      Map<String, List<Integer>> positions = new LinkedHashMap<>();
      for (int i = 0; i < predictions.size(); i++) {
        positions
            .computeIfAbsent(ofRow.apply(predictions.rows()[i]), name -> new ArrayList<>())
            .add(i);
      }
      List<Group> groups = new ArrayList<>();
      for (Map.Entry<String, List<Integer>> part : positions.entrySet()) {
        List<Trade> own =
            trades.stream().filter(trade -> ofTrade.apply(trade).equals(part.getKey())).toList();
        groups.add(
            new Group(
                kind,
                part.getKey(),
                ClassMetrics.of(part(part.getValue()), base),
                TradeMetrics.of(own, span)));
      }
      return groups;
    }

    private Predictions part(List<Integer> positions) {
      int[] rows = new int[positions.size()];
      double[] probabilities = new double[positions.size() * Predictions.CLASSES];
      for (int i = 0; i < rows.length; i++) {
        int position = positions.get(i);
        rows[i] = predictions.rows()[position];
        System.arraycopy(
            predictions.probabilities(),
            position * Predictions.CLASSES,
            probabilities,
            i * Predictions.CLASSES,
            Predictions.CLASSES);
      }
      return new Predictions(predictions.samples(), rows, probabilities);
    }
  }
}

package io.semnal.server.why;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.PolicyConfig;
import io.semnal.core.config.StrategyConfig;
import io.semnal.core.market.Instrument;
import io.semnal.core.market.MarketCalendar;
import io.semnal.core.market.Timeframe;
import io.semnal.features.bar.BarFlagBits;
import io.semnal.feed.normalise.QuoteFlagBits;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.SignalType;
import io.semnal.protocol.sbe.Trigger;
import io.semnal.server.Times;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Says in words why a score did or did not become a signal, with the limit that decided. */
public final class ReasonWords {
  private final EngineConfig config;
  private final Instrument instrument;

  /**
   * @param config of the score's run
   */
  public ReasonWords(EngineConfig config, Instrument instrument) {
    this.config = config;
    this.instrument = instrument;
  }

  /**
   * One sentence.
   *
   * @param inputs as recomputed, or {@code null}
   */
  public String of(FoundScore score, StrategyConfig strategy, ScoreInputs inputs) {
    PolicyConfig policy = strategy.policy();
    return switch (score.reason) {
      case SIGNAL -> "published as signal #" + score.published + ": " + passed(score, policy);
      case BELOW_THRESHOLD -> belowThreshold(score, policy) + neutral(score);
      case MARGIN -> margin(score, policy) + neutral(score);
      case POSITION_OPEN ->
          "signal #"
              + score.openSignal
              + " ("
              + score.openType
              + ") of this strategy is still open: the same side again is counted, not published";
      case COOLDOWN -> coolDown(score, strategy);
      case SPREAD ->
          format(
              "the spread of %s pips is wider than policy.maxSpreadPips = %s",
              spread(score), number(policy.maxSpreadPips()));
      case NOT_WARM -> notWarm(strategy, inputs);
      case QUALITY -> quality(score, strategy, inputs);
      case CLOSED ->
          "the market is closed at that time, by the calendar of weekends"
              + (config.holidays().isEmpty() ? "" : " and of holidays = " + config.holidays());
      case PAUSED ->
          "an operator has forbidden new signals"
              + (score.operator.isEmpty() ? "" : " (" + score.operator + ")");
      case NO_MODEL -> "the strategy has no model (model = \"\"), so nothing was scored";
      case SCORER_ERROR ->
          "model "
              + score.model
              + " failed, or its output cannot be true (not finite, or probabilities that do not"
              + " sum to 1)";
      default -> "for a reason that this build does not know";
    };
  }

  /** The spread at the score in pips, with one decimal; a question mark where it is not known. */
  public String spread(FoundScore score) {
    return score.bid == MessageLayout.ABSENT || score.ask == MessageLayout.ABSENT
        ? "?"
        : format("%.1f", instrument.toPips(score.ask - score.bid));
  }

  private static String passed(FoundScore score, PolicyConfig policy) {
    return isRegression(score)
        ? "the expected move " + number(score.output) + " reaches " + threshold(score.side, policy)
        : format(
            "%s %.4f reaches %s and leads the other side by %s or more",
            score.side,
            score.side == SignalType.SELL ? score.sell : score.buy,
            threshold(score.side, policy),
            "margin = " + number(policy.margin()));
  }

  private static String belowThreshold(FoundScore score, PolicyConfig policy) {
    if (isRegression(score)) {
      return "the expected move "
          + number(score.output)
          + " is, in ATRs, below buyThreshold = "
          + number(policy.buyThreshold())
          + " and sellThreshold = "
          + number(policy.sellThreshold());
    }
    if (score.buy == score.sell) {
      return format("BUY and SELL are equally likely (%.4f)", score.buy);
    }
    SignalType likelier = score.buy > score.sell ? SignalType.BUY : SignalType.SELL;
    return format(
        "the likelier side is %s with %.4f, below %s",
        likelier, Math.max(score.buy, score.sell), threshold(likelier, policy));
  }

  private static String margin(FoundScore score, PolicyConfig policy) {
    boolean buy = score.buy > score.sell;
    return format(
        "%s %.4f leads %s %.4f by %.4f only, less than margin = %s",
        buy ? "BUY" : "SELL",
        Math.max(score.buy, score.sell),
        buy ? "SELL" : "BUY",
        Math.min(score.buy, score.sell),
        Math.abs(score.buy - score.sell),
        number(policy.margin()));
  }

  private static String neutral(FoundScore score) {
    return score.published == 0 ? "" : "; NEUTRAL was published as #" + score.published;
  }

  private static String threshold(SignalType side, PolicyConfig policy) {
    return side == SignalType.SELL
        ? "sellThreshold = " + number(policy.sellThreshold())
        : "buyThreshold = " + number(policy.buyThreshold());
  }

  private String coolDown(FoundScore score, StrategyConfig strategy) {
    int bars = strategy.policy().cooldownBars();
    Timeframe timeframe = strategy.timeframe();
    String rule =
        "policy.cooldownBars = " + bars + " bars of " + timeframe.label() + " after a signal's end";
    if (score.lastEnd == MessageLayout.ABSENT) {
      return "within " + rule;
    }
    long until =
        new MarketCalendar(config.holidays()).addOpenTime(score.lastEnd, bars * timeframe.nanos());
    return format(
        "the last signal ended at %s, and %s none is opened, until %s",
        Times.iso(score.lastEnd), rule, Times.iso(until));
  }

  private String notWarm(StrategyConfig strategy, ScoreInputs inputs) {
    if (inputs == null) {
      return "not every input has seen enough bars yet";
    }
    List<String> columns = config.featureSet(strategy.featureSet()).inputs();
    List<String> cold = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      if (!inputs.warm()[i]) {
        cold.add(columns.get(i));
      }
    }
    if (!inputs.atrWarm()) {
      cold.add("the ATR of stop and target, atr(" + strategy.policy().atrPeriod() + ")");
    }
    return cold.size()
        + " of "
        + (columns.size() + 1)
        + " inputs have not seen enough bars yet: "
        + String.join(", ", cold);
  }

  private String quality(FoundScore score, StrategyConfig strategy, ScoreInputs inputs) {
    if (score.isHashed() && inputs != null) {
      return missing(score, strategy, inputs);
    }
    List<String> marks =
        score.trigger == Trigger.TICK ? quoteFlags(score.quoteFlags) : barFlags(score.barFlags);
    if (!marks.isEmpty()) {
      return (score.trigger == Trigger.TICK ? "the quote" : "the bar")
          + " is flagged "
          + String.join(", ", marks)
          + ", and quality says that such a quote scores nothing";
    }
    if (score.bid == MessageLayout.ABSENT) {
      return "no unflagged quote has come yet";
    }
    return "the feed was reported in trouble, and no good quote came since"
        + (score.feed.isEmpty() ? "" : " (" + score.feed + ")");
  }

  private String missing(FoundScore score, StrategyConfig strategy, ScoreInputs inputs) {
    List<String> columns = config.featureSet(strategy.featureSet()).inputs();
    List<String> missing = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      if (Float.isNaN(inputs.values()[i])) {
        missing.add(columns.get(i));
      }
    }
    if (Double.isNaN(inputs.atr())) {
      return "the ATR of stop and target is missing";
    }
    return "missing, and model "
        + score.model
        + " does not accept missing values: "
        + String.join(", ", missing);
  }

  private List<String> quoteFlags(int flags) {
    List<String> names = new ArrayList<>();
    if (flags > 0) {
      add(names, flags, QuoteFlagBits.CROSSED, "crossed");
      add(names, flags, QuoteFlagBits.LOCKED, "locked");
      add(names, flags, QuoteFlagBits.STALE, "stale");
      add(names, flags, QuoteFlagBits.LATE, "late");
      add(names, flags, QuoteFlagBits.DUPLICATE, "duplicate");
      add(names, flags, QuoteFlagBits.SPIKE, "spike");
      add(names, flags, QuoteFlagBits.CONFLATED, "conflated");
      add(names, flags, QuoteFlagBits.FUTURE_TIME, "futureTime");
    }
    return names;
  }

  private static List<String> barFlags(int flags) {
    List<String> names = new ArrayList<>();
    if (flags > 0) {
      add(names, flags, BarFlagBits.CROSSED, "crossed");
      add(names, flags, BarFlagBits.LOCKED, "locked");
      add(names, flags, BarFlagBits.STALE, "stale");
      add(names, flags, BarFlagBits.SPIKE, "spike");
      add(names, flags, BarFlagBits.CONFLATED, "conflated");
    }
    return names;
  }

  private static void add(List<String> names, int flags, int bit, String name) {
    if ((flags & bit) != 0) {
      names.add(name);
    }
  }

  private static boolean isRegression(FoundScore score) {
    return Double.isNaN(score.buy) && !Double.isNaN(score.output);
  }

  private static String number(double value) {
    return java.math.BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }

  private static String format(String text, Object... args) {
    return String.format(Locale.ROOT, text, args);
  }
}

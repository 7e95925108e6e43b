package io.semnal.core.config;

import com.typesafe.config.ConfigObject;
import io.semnal.core.config.QualityConfig.Treatment;
import io.semnal.core.market.Instrument;
import io.semnal.core.market.Timeframe;
import io.semnal.protocol.MessageLayout;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads the engine's part of the configuration into its records, and checks what belongs together.
 */
final class EngineConfigReader {
  private EngineConfigReader() {}

  static EngineConfig read(Section root) {
    List<Instrument> instruments = instruments(root);
    List<Timeframe> timeframes = timeframes(root);
    String alignment =
        root.parsed("alignment", "utc, ny17 or fixed:+hh:mm", EngineConfigReader::alignment, "utc");
    List<LocalDate> holidays = new ArrayList<>();
    for (String date : root.texts("holidays")) {
      try {
        holidays.add(LocalDate.parse(date));
      } catch (java.time.format.DateTimeParseException e) {
        root.problem("holidays", root.object("holidays"), "'" + date + "' is not YYYY-MM-DD");
      }
    }
    QualityConfig quality = quality(root.section("quality"));
    List<FeatureSetConfig> sets = featureSets(root.section("features"));
    ConfigObject policy = root.object("policy");
    policy(root.section("policy"));
    List<StrategyConfig> strategies =
        strategies(root.section("strategies"), policy, instruments, timeframes, sets);
    return new EngineConfig(
        instruments, timeframes, alignment, holidays, quality, sets, strategies);
  }

  private static String alignment(String text) {
    if (!text.matches("utc|ny17|fixed:[+-](0\\d|1[0-4]):[0-5]\\d")) {
      throw new IllegalArgumentException("for example fixed:-05:00");
    }
    return text;
  }

  private static List<Instrument> instruments(Section root) {
    Section all = root.section("instruments");
    Map<String, Instrument> known = new TreeMap<>();
    for (String symbol : all.keys()) {
      Section one = all.section(symbol);
      String base = one.text("base");
      String quote = one.text("quote");
      long pip = one.parsed("pip", "a decimal above zero", EngineConfigReader::mantissa, 1L);
      int decimals = one.integer("priceDecimals", 0, MessageLayout.PRICE_DECIMALS);
      one.done();
      try {
        known.put(symbol, new Instrument(symbol, base, quote, pip, decimals));
      } catch (IllegalArgumentException e) {
        all.problem(symbol, null, e.getMessage());
      }
    }
    List<String> universe = root.textsOrAll("universe");
    if (universe == null) {
      return List.copyOf(known.values());
    }
    List<Instrument> chosen = new ArrayList<>();
    for (String symbol : universe) {
      Instrument instrument = known.get(symbol);
      if (instrument == null) {
        root.problem("universe", null, "'" + symbol + "' is not among instruments");
      } else if (!chosen.contains(instrument)) {
        chosen.add(instrument);
      }
    }
    chosen.sort(Comparator.comparing(Instrument::symbol));
    return chosen;
  }

  private static long mantissa(String text) {
    return new BigDecimal(text).movePointRight(MessageLayout.PRICE_DECIMALS).longValueExact();
  }

  private static List<Timeframe> timeframes(Section root) {
    List<Timeframe> timeframes = new ArrayList<>();
    for (String text : root.texts("timeframes")) {
      try {
        Timeframe timeframe = Timeframe.parse(text);
        boolean ascending = timeframes.isEmpty() || timeframe.compareTo(timeframes.getLast()) > 0;
        boolean multiple =
            timeframes.isEmpty() || timeframe.seconds() % timeframes.getFirst().seconds() == 0;
        if (!ascending || !multiple || 86_400 % timeframe.seconds() != 0) {
          root.problem(
              "timeframes",
              null,
              text + " must be above the one before, a multiple of the first, and divide a day");
        }
        timeframes.add(timeframe);
      } catch (IllegalArgumentException e) {
        root.problem("timeframes", null, e.getMessage());
      }
    }
    if (timeframes.isEmpty()) {
      root.problem("timeframes", null, "must name at least one");
    }
    return timeframes;
  }

  private static QualityConfig quality(Section section) {
    QualityConfig quality =
        new QualityConfig(
            section.choice("crossed", Treatment.class),
            section.choice("locked", Treatment.class),
            section.choice("stale", Treatment.class),
            section.choice("duplicate", Treatment.class),
            section.choice("spike", Treatment.class),
            section.choice("conflated", Treatment.class),
            section.choice("futureTime", Treatment.class));
    section.done();
    return quality;
  }

  private static List<FeatureSetConfig> featureSets(Section section) {
    List<FeatureSetConfig> sets = new ArrayList<>();
    for (String name : section.keys()) {
      Section one = section.section(name);
      // Whether it is among the timeframes is asked of strategies: a set that none uses may be any.
      Timeframe timeframe = timeframe(one, List.of());
      FeatureSetConfig.Price price = one.choice("price", FeatureSetConfig.Price.class);
      List<String> columns = one.texts("columns");
      if (columns.isEmpty()) {
        one.problem("columns", null, "must name at least one column");
      }
      int window = window(one, columns.size());
      one.done();
      checkName(section, name);
      sets.add(new FeatureSetConfig(name, timeframe, price, columns, window));
    }
    return sets;
  }

  private static int window(Section one, int columns) {
    int window = one.integer("window", 1, FeatureSetConfig.MOST_ROWS, 1);
    if (window * columns > FeatureSetConfig.MOST_INPUTS) {
      one.problem(
          "window",
          null,
          window
              + " rows of "
              + columns
              + " columns are more than "
              + FeatureSetConfig.MOST_INPUTS
              + " values");
    }
    return window;
  }

  private static Timeframe timeframe(Section one, List<Timeframe> timeframes) {
    Timeframe timeframe =
        one.parsed("timeframe", "a timeframe such as 1m", Timeframe::parse, Timeframe.M1);
    if (!timeframes.isEmpty() && !timeframes.contains(timeframe)) {
      one.problem("timeframe", null, timeframe + " is not among timeframes " + timeframes);
    }
    return timeframe;
  }

  private static void checkName(Section section, String name) {
    if (!name.matches("[a-z0-9][a-z0-9-]{0,31}")) {
      section.problem(name, null, "a name is 1 to 32 of a-z 0-9 -");
    }
  }

  private static List<StrategyConfig> strategies(
      Section section,
      ConfigObject policy,
      List<Instrument> instruments,
      List<Timeframe> timeframes,
      List<FeatureSetConfig> sets) {
    List<StrategyConfig> strategies = new ArrayList<>();
    for (String name : section.keys()) {
      Section one = section.section(name);
      checkName(section, name);
      boolean enabled = one.flag("enabled");
      List<String> symbols = symbols(one, instruments);
      Timeframe timeframe = timeframe(one, timeframes);
      StrategyConfig.Trigger trigger = one.choice("trigger", StrategyConfig.Trigger.class);
      String features = one.text("features");
      checkFeatures(one, features, timeframe, sets);
      String model = one.text("model");
      if (!model.matches(StrategyConfig.MODEL_REFERENCE)) {
        one.problem("model", null, "'" + model + "' is not name, name@version or name@alias");
      }
      PolicyConfig own = policy(one.sectionOver("policy", policy));
      boolean publishFeatures = one.flag("publishFeatures");
      one.done();
      if (enabled) {
        strategies.add(
            new StrategyConfig(
                name, symbols, timeframe, trigger, features, model, own, publishFeatures));
      }
    }
    return strategies;
  }

  private static void checkFeatures(
      Section one, String features, Timeframe timeframe, List<FeatureSetConfig> sets) {
    for (FeatureSetConfig set : sets) {
      if (set.name().equals(features)) {
        if (!set.timeframe().equals(timeframe)) {
          one.problem(
              "features",
              null,
              "set "
                  + features
                  + " is over "
                  + set.timeframe()
                  + ", the strategy over "
                  + timeframe);
        }
        return;
      }
    }
    one.problem("features", null, "there is no feature set '" + features + "'");
  }

  private static List<String> symbols(Section one, List<Instrument> instruments) {
    List<String> chosen = one.textsOrAll("instruments");
    List<String> symbols = new ArrayList<>();
    Set<String> wanted = chosen == null ? null : new HashSet<>(chosen);
    for (Instrument instrument : instruments) {
      if (wanted == null || wanted.remove(instrument.symbol())) {
        symbols.add(instrument.symbol());
      }
    }
    if (wanted != null) {
      wanted.stream()
          .sorted()
          .forEach(s -> one.problem("instruments", null, "'" + s + "' is not in the universe"));
    }
    return symbols;
  }

  private static PolicyConfig policy(Section section) {
    PolicyConfig policy =
        new PolicyConfig(
            section.number("buyThreshold", 0, 100),
            section.number("sellThreshold", 0, 100),
            section.number("margin", 0, 1),
            section.integer("cooldownBars", 0, 1_000_000),
            section.number("maxSpreadPips", 0, 1e9),
            section.number("stopAtr", 0.01, 1e6),
            section.number("targetAtr", 0.01, 1e6),
            section.integer("atrPeriod", 1, 10_000),
            section.integer("horizonBars", 1, 1_000_000),
            section.number("maxSlippageAtr", 0, 1e6),
            section.number("commissionPips", 0, 1e6),
            section.flag("publishNeutral"),
            section.flag("allowLabelMismatch"));
    section.done();
    return policy;
  }
}

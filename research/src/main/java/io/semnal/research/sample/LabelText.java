package io.semnal.research.sample;

import io.semnal.core.config.PolicyConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the text of a label rule. */
final class LabelText {
  private static final Pattern RULE = Pattern.compile("([a-z]+)\\s*(?:\\((.*)\\))?");
  private static final Set<String> BARRIER =
      Set.of("stop", "target", "horizon", "atr", "slippage", "commission");
  private static final Set<String> HORIZON =
      Set.of("bars", "least", "atr", "slippage", "commission");

  private final String text;
  private final PolicyConfig defaults;
  private final Map<String, Double> values = new LinkedHashMap<>();

  LabelText(String text, PolicyConfig defaults) {
    this.text = text;
    this.defaults = defaults;
  }

  LabelRule read() {
    Matcher rule = RULE.matcher(text);
    if (!rule.matches()) {
      throw wrong("it must look like barrier(stop=2, target=3, horizon=30) or horizon(bars=24)");
    }
    String arguments = rule.group(2) == null ? "" : rule.group(2);
    return switch (rule.group(1)) {
      case "barrier" -> {
        readValues(arguments, BARRIER);
        yield new LabelRule.TripleBarrier(policy("horizon"));
      }
      case "horizon" -> {
        readValues(arguments, HORIZON);
        PolicyConfig policy = policy("bars");
        yield new LabelRule.FixedHorizon(policy, value("least", 0));
      }
      default -> throw wrong("there are barrier(…) and horizon(…), no " + rule.group(1));
    };
  }

  private void readValues(String arguments, Set<String> known) {
    for (String argument : arguments.isBlank() ? new String[0] : arguments.split(",", -1)) {
      String[] parts = argument.split("=", -1);
      String name = parts[0].trim();
      if (parts.length != 2 || !known.contains(name)) {
        throw wrong("'" + argument.trim() + "' is none of " + String.join("=, ", known) + "=");
      }
      try {
        values.put(name, Double.parseDouble(parts[1].trim()));
      } catch (NumberFormatException e) {
        throw wrong("'" + parts[1].trim() + "' of " + name + " is no number");
      }
      if (!(values.get(name) >= 0) || values.get(name).isInfinite()) {
        throw wrong(name + " must be 0 or more");
      }
    }
  }

  private PolicyConfig policy(String horizonName) {
    double stop = value("stop", defaults.stopAtr());
    double target = value("target", defaults.targetAtr());
    int horizon = whole(horizonName, defaults.horizonBars());
    int atr = whole("atr", defaults.atrPeriod());
    if (!(stop > 0) || !(target > 0) || horizon < 1 || atr < 1) {
      throw wrong("stop and target must be above 0, horizon and atr 1 bar or more");
    }
    return new PolicyConfig(
        defaults.buyThreshold(),
        defaults.sellThreshold(),
        defaults.margin(),
        defaults.cooldownBars(),
        defaults.maxSpreadPips(),
        stop,
        target,
        atr,
        horizon,
        value("slippage", defaults.maxSlippageAtr()),
        value("commission", defaults.commissionPips()),
        defaults.publishNeutral(),
        defaults.allowLabelMismatch());
  }

  private double value(String name, double otherwise) {
    return values.getOrDefault(name, otherwise);
  }

  private int whole(String name, int otherwise) {
    double value = value(name, otherwise);
    if (value != Math.rint(value) || value > 1_000_000) {
      throw wrong(name + " must be a whole number of bars, not " + value);
    }
    return (int) value;
  }

  private IllegalArgumentException wrong(String reason) {
    return new IllegalArgumentException("labels '" + text + "': " + reason);
  }
}

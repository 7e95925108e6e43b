package io.semnal.research.learn;

import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A learner's parameters by name.
 *
 * @param values immutable, in the order of the names
 */
public record Parameters(SortedMap<String, Double> values) {
  public Parameters {
    values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
  }

  public static Parameters of(Map<String, Double> values) {
    return new Parameters(new TreeMap<>(values));
  }

  /**
   * @throws IllegalArgumentException where there is no such parameter
   */
  public double get(String name) {
    Double value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("parameter " + name + " is missing in " + text());
    }
    return value;
  }

  public int whole(String name) {
    return (int) Math.rint(get(name));
  }

  /** These, with one of another value. */
  public Parameters with(String name, double value) {
    SortedMap<String, Double> changed = new TreeMap<>(values);
    changed.put(name, value);
    return new Parameters(changed);
  }

  /** {@code depth=4 rate=0.05}. */
  public String text() {
    return values.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + number(entry.getValue()))
        .collect(Collectors.joining(" "));
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.6g", value);
  }
}

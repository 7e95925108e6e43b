package io.semnal.inference.compiled;

import java.util.Collections;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The operators that the compiled scorer covers, by domain and name. */
final class Operators {
  private static final Map<String, Operator> ALL = all();

  private Operators() {}

  private static Map<String, Operator> all() {
    Map<String, Operator> all = new TreeMap<>();
    ShapeOperators.addTo(all);
    MovementOperators.addTo(all);
    ArithmeticOperators.addTo(all);
    ActivationOperators.addTo(all);
    LinearOperators.addTo(all);
    ReductionOperators.addTo(all);
    NormalizationOperators.addTo(all);
    RecurrentOperators.addTo(all);
    MlOperators.addTo(all);
    return Collections.unmodifiableMap(all);
  }

  /** Null where it is not covered. */
  static Operator find(String domain, String name) {
    return ALL.get(domain.isEmpty() ? name : domain + "." + name);
  }

  static SortedSet<String> names() {
    return new TreeSet<>(ALL.keySet());
  }
}

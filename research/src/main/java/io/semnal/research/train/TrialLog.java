package io.semnal.research.train;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;

/** Remembers what was tried, so that nothing is tried twice. */
public interface TrialLog {
  /**
   * @param parameters their canonical text
   */
  record Trial(String parameters, int fold, double gain) {}

  /** What the same trial gave before. */
  OptionalDouble find(String parameters, int fold);

  /** Keeps a finished trial. */
  void add(Trial trial);

  /** Keeps them for as long as the process lives. */
  static TrialLog inMemory() {
    Map<String, Double> kept = new HashMap<>();
    return new TrialLog() {
      @Override
      public OptionalDouble find(String parameters, int fold) {
        Double gain = kept.get(fold + " " + parameters);
        return gain == null ? OptionalDouble.empty() : OptionalDouble.of(gain);
      }

      @Override
      public void add(Trial trial) {
        kept.put(trial.fold() + " " + trial.parameters(), trial.gain());
      }
    };
  }
}

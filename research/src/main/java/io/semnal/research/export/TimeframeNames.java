package io.semnal.research.export;

import io.semnal.core.market.Timeframe;
import java.util.HashMap;
import java.util.Map;

/** Labels of timeframes, each made once. */
final class TimeframeNames {
  private final Map<Integer, String> labels = new HashMap<>();

  String of(int seconds) {
    return labels.computeIfAbsent(seconds, s -> new Timeframe(s).label());
  }
}

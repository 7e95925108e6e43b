package io.semnal.gateway.json;

import io.semnal.core.market.Timeframe;
import org.agrona.collections.Int2ObjectHashMap;

/** Names of timeframes, made once each. One thread. */
final class Labels {
  private final Int2ObjectHashMap<String> labels = new Int2ObjectHashMap<>();

  String timeframe(int seconds) {
    String label = labels.get(seconds);
    if (label == null) {
      label = new Timeframe(seconds).label();
      labels.put(seconds, label);
    }
    return label;
  }
}

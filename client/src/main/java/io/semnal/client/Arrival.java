package io.semnal.client;

import io.semnal.protocol.MessageLayout;
import org.agrona.collections.Int2IntHashMap;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * How a message came, and what the ids in it are called. One object for all messages of a client,
 * valid during the call; allocates nothing.
 */
public final class Arrival {
  private static final int UNKNOWN = -1;

  private final Int2ObjectHashMap<String> instruments = new Int2ObjectHashMap<>();
  private final Int2IntHashMap decimals = new Int2IntHashMap(UNKNOWN);
  private final Int2ObjectHashMap<String> strategies = new Int2ObjectHashMap<>();
  private final Int2ObjectHashMap<String> models = new Int2ObjectHashMap<>();
  boolean replay;
  boolean snapshot;
  boolean conflated;

  Arrival() {}

  /** Published before this client asked for it: it comes because of a token. */
  public boolean isReplay() {
    return replay;
  }

  /** Part of a snapshot: a definition, an open signal or its latest event. */
  public boolean isSnapshot() {
    return snapshot;
  }

  /** Earlier messages of the same topic were left out for it. */
  public boolean isConflated() {
    return conflated;
  }

  /** As it happened: neither replayed nor of a snapshot. */
  public boolean isLive() {
    return !replay && !snapshot;
  }

  /** The symbol; empty where it is not known, or there is none. */
  public String instrument(int instrumentId) {
    return name(instruments, instrumentId);
  }

  /** Decimals with which the instrument's prices are quoted; -1 where that is not known. */
  public int priceDecimals(int instrumentId) {
    return decimals.get(instrumentId);
  }

  /** The strategy's name; empty where it is not known, or there is none. */
  public String strategy(int strategyId) {
    return name(strategies, strategyId);
  }

  /** {@code name@version}; empty where it is not known, or there is none. */
  public String model(int modelId) {
    return name(models, modelId);
  }

  /** A price as a number; NaN where it is absent. */
  public double price(long mantissa) {
    return mantissa == MessageLayout.ABSENT
        ? Double.NaN
        : (double) mantissa / MessageLayout.PRICE_SCALE;
  }

  private static String name(Int2ObjectHashMap<String> names, int id) {
    String name = names.get(id);
    return name == null ? "" : name;
  }

  void instrument(int id, String symbol, int priceDecimals) {
    instruments.put(id, symbol);
    decimals.put(id, priceDecimals);
  }

  void strategy(int id, String name) {
    strategies.put(id, name);
  }

  void model(int id, String name) {
    models.put(id, name);
  }
}

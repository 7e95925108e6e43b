package io.semnal.gateway.json;

/** What ids are called, for texts. */
public interface Names {
  /** Symbol of an instrument, or {@code null}. */
  String instrument(int id);

  /** Decimals that the instrument's prices are shown with at least; 0 where it is not known. */
  int priceDecimals(int id);

  /** Name of a strategy, or {@code null}. */
  String strategy(int id);

  /** {@code name@version} of a model, or {@code null}. */
  String model(int id);

  /** Name of a feature set, or {@code null}. */
  String featureSet(int id);

  /** Id of a symbol; 0 where it is not known. */
  int instrumentId(String symbol);

  /** Id of a strategy; 0 where it is not known. */
  int strategyId(String name);
}

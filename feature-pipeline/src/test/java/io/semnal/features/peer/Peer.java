package io.semnal.features.peer;

import java.util.function.Function;

/**
 * An indicator of another library that is computed under the same convention as a column of ours.
 *
 * @param values one for each bar, NaN where it has none
 */
record Peer(String column, String library, Seeding seeding, Function<PeerMarket, double[]> values) {
  /** Where the two may be compared. */
  enum Seeding {
    /** Averages begin alike: from the first defined value on. */
    SAME,
    /** Averages begin differently: from where the beginnings are forgotten. */
    OTHER,
    /** As {@link #SAME}, on prices that are never equal: the peer decides ties differently. */
    NO_TIES
  }

  @Override
  public String toString() {
    return column + " = " + library;
  }
}

package io.semnal.features.peer;

import java.util.List;
import java.util.function.Function;

/**
 * An indicator that another library has under the same name and computes otherwise.
 *
 * @param reason what is different, as read in the peer's source
 * @param translation the peer's convention written in our language, which must give the peer's
 *     values; empty where the language cannot say it
 */
record PeerDifference(
    String column,
    String library,
    String reason,
    String translation,
    Function<PeerMarket, double[]> peer) {
  boolean translated() {
    return !translation.isEmpty();
  }

  List<String> columns() {
    return translated() ? List.of(column, translation) : List.of(column);
  }

  @Override
  public String toString() {
    return column + " against " + library + ": " + reason;
  }
}

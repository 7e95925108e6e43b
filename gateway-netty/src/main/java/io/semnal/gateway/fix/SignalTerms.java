package io.semnal.gateway.fix;

import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.protocol.sbe.SignalType;
import java.util.Arrays;
import java.util.function.LongPredicate;
import org.agrona.collections.Long2LongHashMap;

/**
 * The terms of the latest signals, which their events do not carry and a replaced IOI repeats: all
 * that are open, and of the others as many as there is room for. Allocates nothing. Loop thread.
 */
public final class SignalTerms {
  private static final int KEPT = 1 << 12;
  private static final int MOST_SKIPPED = 64;
  private static final long NONE = -1;

  private final LongPredicate isOpen;
  private final Long2LongHashMap places = new Long2LongHashMap(4 * KEPT, 0.55f, NONE);
  private final long[] ids = new long[KEPT];
  private final long[] expirations = new long[KEPT];
  private final long[] stops = new long[KEPT];
  private final long[] targets = new long[KEPT];
  private final double[] strengths = new double[KEPT];
  private int next;
  private int found;

  /**
   * @param isOpen whether a signal of that id is
   */
  public SignalTerms(LongPredicate isOpen) {
    this.isOpen = isOpen;
    Arrays.fill(ids, NONE);
  }

  /** Keeps what is not kept yet, and has a life. */
  public void keep(long id, SignalDecoder signal) {
    if (signal.signalTypeRaw() == SignalType.NEUTRAL.value() || places.containsKey(id)) {
      return;
    }
    for (int skipped = 0; skipped < MOST_SKIPPED && isOpen.test(ids[next]); skipped++) {
      next = next + 1 & KEPT - 1;
    }
    if (ids[next] != NONE) {
      places.remove(ids[next]);
    }
    ids[next] = id;
    expirations[next] = signal.expiration();
    stops[next] = signal.stopLoss();
    targets[next] = signal.takeProfit();
    strengths[next] = signal.strength();
    places.put(id, next);
    next = next + 1 & KEPT - 1;
  }

  /** Turns to a signal; false: it is not kept. */
  boolean find(long id) {
    found = (int) places.get(id);
    return found != NONE;
  }

  long expiration() {
    return expirations[found];
  }

  long stopLoss() {
    return stops[found];
  }

  long takeProfit() {
    return targets[found];
  }

  double strength() {
    return strengths[found];
  }
}

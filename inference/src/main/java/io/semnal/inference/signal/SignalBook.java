package io.semnal.inference.signal;

import io.semnal.core.state.StateVisitor;
import io.semnal.core.state.Stateful;

/**
 * The open signals, at most one per slot (a strategy on an instrument), and when the next of them
 * expires. One thread; allocates nothing once built.
 */
public final class SignalBook implements Stateful {
  private final TrackedSignal[] signals;
  private long nextExpiration = Long.MAX_VALUE;

  public SignalBook(int slots) {
    signals = new TrackedSignal[slots];
    for (int i = 0; i < slots; i++) {
      signals[i] = new TrackedSignal();
    }
  }

  public TrackedSignal signal(int slot) {
    return signals[slot];
  }

  /** The earliest expiration of an open signal; {@link Long#MAX_VALUE} if there is none. */
  public long nextExpiration() {
    return nextExpiration;
  }

  /** To be called after any signal was opened or ended. */
  public void changed() {
    long next = Long.MAX_VALUE;
    for (TrackedSignal signal : signals) {
      if (signal.isOpen() && signal.expiration() < next) {
        next = signal.expiration();
      }
    }
    nextExpiration = next;
  }

  /**
   * The first slot from {@code from} on whose open signal expires at or before {@code time}; -1.
   */
  public int nextExpired(long time, int from) {
    for (int i = from; i < signals.length; i++) {
      if (signals[i].isOpen() && signals[i].expiration() <= time) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public void state(StateVisitor s) {
    s.section("book of " + signals.length);
    for (TrackedSignal signal : signals) {
      signal.state(s);
    }
    nextExpiration = s.of(nextExpiration);
  }

  /** Signals that are pending or active now. */
  public int open() {
    int n = 0;
    for (TrackedSignal signal : signals) {
      if (signal.isOpen()) {
        n++;
      }
    }
    return n;
  }
}

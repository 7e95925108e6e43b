package io.semnal.gateway;

/**
 * Says when a client that reads too slowly is to be warned, and when it has to go: by the bytes
 * that wait for it, by how far it has fallen behind in the window, and by how long it took nothing.
 * Loop thread.
 */
final class SlowPolicy {
  enum Verdict {
    FINE,
    /** Half of what is allowed is used; said once until it has recovered. */
    WARN,
    END
  }

  private static final int SILENT_INTERVALS = 3;

  private final long maxPending;
  private final long window;
  private final long heartbeatNanos;
  private boolean warned;
  private long writableAt;

  /**
   * @param maxPending bytes
   * @param window messages
   */
  SlowPolicy(long maxPending, long window, long heartbeatNanos) {
    this.maxPending = maxPending;
    this.window = window;
    this.heartbeatNanos = heartbeatNanos;
  }

  void begin(long now) {
    writableAt = now;
  }

  /**
   * @param waiting bytes
   * @param behind messages of the stream
   */
  Verdict onBacklog(long waiting, long behind) {
    if (waiting > maxPending) {
      return Verdict.END;
    }
    return waiting > maxPending / 2 || behind > window / 2 ? warnOnce() : Verdict.FINE;
  }

  /** Now and then. */
  Verdict onTimer(boolean writable, long now) {
    if (writable) {
      writableAt = now;
      return Verdict.FINE;
    }
    if (now - writableAt > SILENT_INTERVALS * heartbeatNanos) {
      return Verdict.END;
    }
    return now - writableAt > heartbeatNanos ? warnOnce() : Verdict.FINE;
  }

  void onWritable(long now) {
    writableAt = now;
  }

  /** The client has all that it is owed. */
  void onRecovered() {
    warned = false;
  }

  /** Whether the client has to be warned now, because it was not before. */
  boolean takeWarning() {
    return warnOnce() == Verdict.WARN;
  }

  private Verdict warnOnce() {
    if (warned) {
      return Verdict.FINE;
    }
    warned = true;
    return Verdict.WARN;
  }

  long maxPending() {
    return maxPending;
  }

  /** Why a client that took nothing is closed. */
  static String stalled() {
    return "it took nothing for " + SILENT_INTERVALS + " heartbeat intervals";
  }
}

package io.semnal.server;

import io.semnal.core.config.RuntimeConfig;

/** How the agents are spread over threads. */
public enum Composition {
  /** One hot thread: socket, ingress, engine, journals, sessions. */
  SHARED(1),
  /** Hot I/O on one thread; ingress, engine and journals on the other. */
  PAIRED(2),
  /** I/O, ingress, engine and outbound journal each on its own. */
  DEDICATED(4);

  private static final int PAIRED_FROM = 4;
  private static final int DEDICATED_FROM = 6;
  private final int busyThreads;

  Composition(int busyThreads) {
    this.busyThreads = busyThreads;
  }

  /** Threads that work on a tick's path, the edge's not counted. */
  public int busyThreads() {
    return busyThreads;
  }

  /** Resolves {@code AUTO} by the number of cores. */
  public static Composition of(RuntimeConfig.Threads.Composition configured, int cores) {
    return switch (configured) {
      case SHARED -> SHARED;
      case PAIRED -> PAIRED;
      case DEDICATED -> DEDICATED;
      case AUTO -> cores >= DEDICATED_FROM ? DEDICATED : cores >= PAIRED_FROM ? PAIRED : SHARED;
    };
  }
}

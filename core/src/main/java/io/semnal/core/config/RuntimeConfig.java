package io.semnal.core.config;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How and where the process runs; none of it changes what the engine says of given inbound
 * messages.
 */
public record RuntimeConfig(
    Clock clock,
    Threads threads,
    Rings rings,
    Journal journal,
    Models models,
    Feed feed,
    Gateway gateway,
    Admin admin) {

  /**
   * @param grace how far Clock messages stay behind the wall clock, so that quotes on their way
   *     still reach their bar
   * @param interval between Clock messages
   */
  public record Clock(Mode mode, Duration grace, Duration interval) {
    /** Where engine time comes from. */
    public enum Mode {
      WALL,
      SOURCE
    }
  }

  /**
   * @param hotSessions plain SBE/TCP sessions that the hot thread serves itself
   */
  public record Threads(Composition composition, Idle idle, int hotSessions) {
    /** AUTO: shared up to 3 cores, paired up to 5, dedicated from 6. */
    public enum Composition {
      AUTO,
      SHARED,
      PAIRED,
      DEDICATED
    }

    /** What a thread does when it finds no work. */
    public enum Idle {
      SPIN,
      YIELD,
      BACKOFF
    }
  }

  /**
   * @param inbound slots, a power of two
   * @param outbound least slots, a power of two; raised to what one message can cause
   * @param sampleEvery one message in so many is timed through the stages; 0 = none
   */
  public record Rings(int inbound, int outbound, int sampleEvery) {}

  /**
   * @param rollCycle a Chronicle Queue roll cycle name, for example {@code FAST_DAILY}
   */
  public record Journal(Path directory, String rollCycle) {}

  public record Models(Path directory, ScorerChoice scorer) {
    /** Which implementation scores. */
    public enum ScorerChoice {
      AUTO,
      ONNXRUNTIME,
      COMPILED
    }
  }

  /**
   * The SBE/TCP feed listener.
   *
   * @param insecure allows an address other than loopback without TLS
   * @param spikeSigmas a quote whose mid lies further than this many recent deviations is flagged;
   *     0 = never
   * @param staleAfter silence of a source after which its quotes count as stale
   * @param maxFuture how far a source's clock may run ahead before its quotes are flagged
   */
  public record Feed(
      boolean enabled,
      String host,
      int port,
      boolean insecure,
      Path keysFile,
      double spikeSigmas,
      Duration staleAfter,
      Duration maxFuture) {}

  /**
   * Client sessions.
   *
   * @param tcpPort SBE over TCP; 0 = any free one
   * @param wsPort WebSocket at {@code /ws}; 0 = any free one
   * @param replayPerSecond messages a second at which one resuming client is served from the
   *     journal
   * @param window outbound messages kept in memory, a power of two
   * @param maxPending bytes unsent to one client after which it is disconnected
   */
  public record Gateway(
      boolean enabled,
      String host,
      int tcpPort,
      int wsPort,
      boolean insecure,
      Path keysFile,
      Duration heartbeat,
      int maxSessions,
      int maxFrame,
      int window,
      int replayPerSecond,
      int maxPending,
      java.util.List<String> allowedOrigins) {
    public Gateway {
      allowedOrigins = java.util.List.copyOf(allowedOrigins);
    }
  }

  /** Health and metrics over HTTP. */
  public record Admin(boolean enabled, String host, int port, boolean insecure) {}
}

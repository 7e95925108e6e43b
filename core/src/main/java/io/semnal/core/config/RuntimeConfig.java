package io.semnal.core.config;

import io.semnal.core.access.LoginLimits;
import io.semnal.core.market.Timeframe;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How and where the process runs; none of it changes what the engine says of given inbound
 * messages.
 */
public record RuntimeConfig(
    Clock clock,
    Threads threads,
    Rings rings,
    Journal journal,
    Recovery recovery,
    Models models,
    Feed feed,
    Gateway gateway,
    Admin admin,
    WarmUp warmUp,
    AeronConfig aeron) {

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
   * @param edgeNice Linux nice value of the edge and cold threads: 0 = as the process, 19 = gives
   *     way the most
   */
  public record Threads(Composition composition, Idle idle, int hotSessions, int edgeNice) {
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
  public record Journal(
      Path directory,
      String rollCycle,
      Retention retention,
      Space space,
      Sync sync,
      Duration syncInterval) {
    /** When the journal is written to the disk on purpose; see docs/operations.md. */
    public enum Sync {
      NONE,
      INTERVAL,
      EVERY
    }

    /**
     * What a running server prunes; both zero = nothing.
     *
     * @param age of engine time after which a message may go
     * @param size bytes of disk above which the oldest may go
     */
    public record Retention(Duration age, long size) {}

    /**
     * Bytes free on the journal's disk below which something is done; zero = nothing is.
     *
     * @param warn the operator is told
     * @param pause no new signals
     * @param stop the server ends in order, and does not start
     */
    public record Space(long warn, long pause, long stop) {}
  }

  /**
   * What makes a start quick.
   *
   * @param follower whether a second engine follows the first, compares, and writes snapshots
   * @param every time between two snapshots
   * @param messages inbound messages between two snapshots, if they come sooner
   * @param keep snapshots kept; 0 = none is written
   */
  public record Recovery(boolean follower, Duration every, int messages, int keep) {}

  /**
   * @param shadow challengers by strategy, as {@code name@version} or {@code name@alias}: beside
   *     those that the alias {@code challenger} names
   */
  public record Models(Path directory, ScorerChoice scorer, Map<String, List<String>> shadow) {
    public Models {
      shadow = Collections.unmodifiableMap(new TreeMap<>(shadow));
    }

    /** Without challengers of its own. */
    public Models(Path directory, ScorerChoice scorer) {
      this(directory, scorer, Map.of());
    }

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
   * @param silentAfter time without a quote of any source in market hours after which the server is
   *     not ready; 0 = never
   */
  public record Feed(
      boolean enabled,
      String host,
      int port,
      boolean insecure,
      Path keysFile,
      double spikeSigmas,
      Duration staleAfter,
      Duration maxFuture,
      Duration silentAfter,
      LoginLimits limits,
      Gateway.Tls tls,
      FixFeedConfig fix) {
    /** In the clear, with the limits that the reference has, and never silent for too long. */
    public Feed(
        boolean enabled,
        String host,
        int port,
        boolean insecure,
        Path keysFile,
        double spikeSigmas,
        Duration staleAfter,
        Duration maxFuture) {
      this(
          enabled,
          host,
          port,
          insecure,
          keysFile,
          spikeSigmas,
          staleAfter,
          maxFuture,
          Duration.ZERO,
          LoginLimits.DEFAULT,
          Gateway.Tls.NONE,
          FixFeedConfig.NONE);
    }
  }

  /**
   * Client sessions.
   *
   * @param tcpPort SBE over TCP; 0 = any free one
   * @param wsPort WebSocket at {@code /ws}; 0 = any free one
   * @param replayPerSecond messages a second at which one resuming client is served from the
   *     journal
   * @param window outbound messages kept in memory, a power of two
   * @param maxPending bytes unsent to one client after which it is disconnected
   * @param auditFile JSON lines; {@code null} = none
   * @param fix the FIX port
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
      List<String> allowedOrigins,
      Limits limits,
      Tls tls,
      Path auditFile,
      Fix fix) {
    public Gateway {
      allowedOrigins = List.copyOf(allowedOrigins);
    }

    /** Without FIX. */
    public Gateway(
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
        List<String> allowedOrigins,
        Limits limits,
        Tls tls,
        Path auditFile) {
      this(
          enabled,
          host,
          tcpPort,
          wsPort,
          insecure,
          keysFile,
          heartbeat,
          maxSessions,
          maxFrame,
          window,
          replayPerSecond,
          maxPending,
          allowedOrigins,
          limits,
          tls,
          auditFile,
          Fix.OFF);
    }

    /** In the clear, with the limits that the reference has, and without an audit log. */
    public Gateway(
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
        List<String> allowedOrigins) {
      this(
          enabled,
          host,
          tcpPort,
          wsPort,
          insecure,
          keysFile,
          heartbeat,
          maxSessions,
          maxFrame,
          window,
          replayPerSecond,
          maxPending,
          allowedOrigins,
          Limits.DEFAULT,
          Tls.NONE,
          null,
          Fix.OFF);
    }

    /**
     * FIX sessions; see docs/fix.md.
     *
     * @param port -1 = off, 0 = any free one
     * @param compId what the server calls itself: SenderCompID (49) of what it sends
     * @param directory of the message stores, one file for each client CompID
     * @param symbols how symbols are written unless a Logon says otherwise
     */
    public record Fix(int port, String compId, Path directory, Symbols symbols) {
      public static final Fix OFF = new Fix(-1, "SEMNAL", Path.of("data/fix"), Symbols.SLASHED);

      /** SLASHED: EUR/USD. PLAIN: EURUSD. */
      public enum Symbols {
        SLASHED,
        PLAIN
      }

      public boolean isOn() {
        return port >= 0;
      }
    }

    /**
     * What one peer may ask for.
     *
     * @param connectionsPerAddress at a time; 0 = any number
     * @param loginsPerSecond from one address; 0 = any number
     * @param requestsPerSecond on one session; 0 = any number
     * @param lockAfter wrong proofs in a row for one key from one address; 0 = never
     * @param lockFor the first lock; each further wrong proof doubles it
     * @param lockMost the longest lock
     */
    public record Limits(
        int connectionsPerAddress,
        int loginsPerSecond,
        int requestsPerSecond,
        int lockAfter,
        Duration lockFor,
        Duration lockMost) {
      public static final Limits DEFAULT =
          new Limits(0, 0, 1_000, 5, Duration.ofSeconds(1), Duration.ofMinutes(5));

      /** The part that is about coming in. */
      public LoginLimits logins() {
        return new LoginLimits(
            connectionsPerAddress, loginsPerSecond, lockAfter, lockFor, lockMost);
      }
    }

    /**
     * TLS for the ports of a section; both {@code null} = in the clear.
     *
     * @param certificate PEM, the chain with the server's own certificate first
     * @param key PEM, PKCS#8, not encrypted
     */
    public record Tls(Path certificate, Path key) {
      public static final Tls NONE = new Tls(null, null);

      public boolean isOn() {
        return certificate != null;
      }
    }
  }

  /** Health and metrics over HTTP. */
  public record Admin(boolean enabled, String host, int port, boolean insecure) {}

  /**
   * What the features are warmed up with at a start.
   *
   * @param fromJournal whether earlier messages of the journal are used
   * @param until bars that end later are left out; {@code null} = now, or with the source clock the
   *     files' end
   * @param bars the bar files, in the order in which the configuration names them; of two that have
   *     the same bar, the first counts
   */
  public record WarmUp(boolean fromJournal, Instant until, List<BarFiles> bars) {
    public WarmUp {
      bars = List.copyOf(bars);
    }

    /**
     * @param instrument symbol; empty = the file says it
     * @param timeframe length of the bars; {@code null} = found in the file
     * @param file one file, or a folder of them
     * @param ask file with the ask prices where {@code file} has the bid's only; {@code null} =
     *     none
     * @param zone of times without an offset
     */
    public record BarFiles(
        String instrument, Timeframe timeframe, Path file, Path ask, ZoneOffset zone) {}
  }
}

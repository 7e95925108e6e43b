package io.semnal.core.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Brokers' prices over FIX.
 *
 * @param failoverAfter event time by which another source is ahead before it takes an instrument
 *     over from the preferred one
 * @param storeDirectory numbers of sessions that do not begin anew with each Logon
 */
public record FixFeedConfig(Duration failoverAfter, Path storeDirectory, List<Session> sessions) {
  public static final FixFeedConfig NONE =
      new FixFeedConfig(Duration.ofSeconds(2), Path.of("data/fix"), List.of());

  /**
   * Encryption of a session.
   *
   * @param trust PEM certificates of whom an initiator trusts; {@code null} = whom Java trusts
   * @param certificate an acceptor's, PEM; {@code null} for an initiator, as {@code key}
   */
  public record Tls(boolean enabled, Path trust, Path certificate, Path key) {}

  /** Which side connects. */
  public enum Role {
    INITIATOR,
    ACCEPTOR
  }

  /**
   * One session with a venue; in the order of preference where several have an instrument.
   *
   * @param addresses {@code host:port}, the first preferred; an acceptor's one is where it listens
   * @param profile name or file of the venue's profile
   * @param senderCompId ours
   * @param secretFile {@code username} and {@code password}; {@code null} = none
   * @param symbols ours that are asked for; {@code null} = the universe
   * @param names the venue's names by our symbols
   */
  public record Session(
      String name,
      Role role,
      int preference,
      String profile,
      List<String> addresses,
      String senderCompId,
      String targetCompId,
      Path secretFile,
      List<String> symbols,
      Map<String, String> names,
      Tls tls,
      Duration reconnectLeast,
      Duration reconnectMost) {}
}

package io.semnal.gateway;

import io.semnal.core.access.Admission;
import io.semnal.core.access.AuditLog;
import io.semnal.core.config.RuntimeConfig;
import io.semnal.core.ingress.InboundPort;
import io.semnal.core.market.Timeframe;
import io.semnal.core.metrics.Metrics;
import io.semnal.gateway.rest.SessionRow;
import io.semnal.protocol.session.KeyLookup;
import io.semnal.protocol.session.NonceSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * What the gateway's loops share: configuration, and the ports to the rest of the server. Any
 * thread.
 */
public final class GatewayContext {
  private final RuntimeConfig.Gateway config;
  private final Set<Timeframe> timeframes;
  private final KeyLookup keys;
  private final NonceSource nonces;
  private final OutboundHistory history;
  private final InboundPort inbound;
  private final Replayer replayer;
  private final Metrics metrics;
  private final LongSupplier wallClock;
  private final String serverName;
  private final AuditLog audit;
  private final Admission admission;
  private final TlsCertificates tls;
  private final AtomicLong lastSessionId;
  private final AtomicInteger sessions = new AtomicInteger();
  private final ConcurrentSkipListMap<Long, SessionRow> rows = new ConcurrentSkipListMap<>();

  /**
   * @param timeframes those that clients can name
   * @param inbound takes engine commands; its {@code offer} is called on the loops' threads
   * @param wallClock UTC nanoseconds, for TimeSync; called on the loops' threads
   * @param serverName what the server calls itself
   */
  public GatewayContext(
      RuntimeConfig.Gateway config,
      Collection<Timeframe> timeframes,
      KeyLookup keys,
      NonceSource nonces,
      OutboundHistory history,
      InboundPort inbound,
      Replayer replayer,
      Metrics metrics,
      LongSupplier wallClock,
      String serverName) {
    this(
        config,
        timeframes,
        keys,
        nonces,
        history,
        inbound,
        replayer,
        metrics,
        wallClock,
        serverName,
        AuditLog.NONE);
  }

  /** The same with an audit log. */
  public GatewayContext(
      RuntimeConfig.Gateway config,
      Collection<Timeframe> timeframes,
      KeyLookup keys,
      NonceSource nonces,
      OutboundHistory history,
      InboundPort inbound,
      Replayer replayer,
      Metrics metrics,
      LongSupplier wallClock,
      String serverName,
      AuditLog audit) {
    this.config = Objects.requireNonNull(config);
    this.timeframes = Set.copyOf(timeframes);
    this.keys = Objects.requireNonNull(keys);
    this.nonces = Objects.requireNonNull(nonces);
    this.history = Objects.requireNonNull(history);
    this.inbound = Objects.requireNonNull(inbound);
    this.replayer = Objects.requireNonNull(replayer);
    this.metrics = Objects.requireNonNull(metrics);
    this.wallClock = Objects.requireNonNull(wallClock);
    this.serverName = Objects.requireNonNull(serverName);
    this.audit = Objects.requireNonNull(audit);
    tls = config.tls().isOn() ? openTls(config.tls(), metrics) : null;
    admission = new Admission(config.limits().logins(), "gateway", metrics);
    // Session ids of two runs of the server do not meet.
    lastSessionId = new AtomicLong(wallClock.getAsLong() / 1_000_000);
    metrics.gauge("gateway_sessions", "Client sessions that stand", sessions::get);
  }

  public RuntimeConfig.Gateway config() {
    return config;
  }

  Set<Timeframe> timeframes() {
    return timeframes;
  }

  KeyLookup keys() {
    return keys;
  }

  NonceSource nonces() {
    return nonces;
  }

  OutboundHistory history() {
    return history;
  }

  InboundPort inbound() {
    return inbound;
  }

  Replayer replayer() {
    return replayer;
  }

  Metrics metrics() {
    return metrics;
  }

  private static TlsCertificates openTls(RuntimeConfig.Gateway.Tls files, Metrics metrics) {
    try {
      return TlsCertificates.open(files, "gateway", metrics);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /** The listeners' certificate; {@code null} = they speak in the clear. */
  public TlsCertificates tls() {
    return tls;
  }

  AuditLog audit() {
    return audit;
  }

  /** Who may come in, over all loops and ports. */
  public Admission admission() {
    return admission;
  }

  long wallNanos() {
    return wallClock.getAsLong();
  }

  String serverName() {
    return serverName;
  }

  long nextSessionId() {
    return lastSessionId.incrementAndGet();
  }

  /** Takes one of the places for sessions, over all loops. */
  boolean enter() {
    if (sessions.incrementAndGet() > config.maxSessions()) {
      sessions.decrementAndGet();
      return false;
    }
    return true;
  }

  /** A session stands. */
  void onSession(SessionRow row) {
    rows.put(row.id(), row);
  }

  void onSessionEnd(long sessionId) {
    rows.remove(sessionId);
  }

  void leave() {
    sessions.decrementAndGet();
  }

  /** The sessions that stand, by id, over all loops. Any thread. */
  Collection<SessionRow> sessionRows() {
    return rows.values();
  }
}

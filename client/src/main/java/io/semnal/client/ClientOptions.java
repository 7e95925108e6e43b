package io.semnal.client;

import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.ClientTls;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;

/**
 * Where and how a {@link SemnalClient} connects.
 *
 * @param uri {@code tcp://HOST:PORT} (SBE), {@code ws://HOST:PORT/ws}; {@code tcps://…} and {@code
 *     wss://…} inside TLS
 * @param json WebSocket only: JSON instead of SBE
 * @param timeout to connect, and to log in
 * @param retryFor how long to go on without a session, connecting again and again and resuming
 *     where it left off; zero = give up at the first loss
 * @param tls by what the server is known, with {@code tcps} and {@code wss}
 * @param timeSync how often the server's clock is asked for, and with it latencies are measured;
 *     zero = never
 */
public record ClientOptions(
    URI uri,
    ClientKey key,
    String clientName,
    boolean json,
    Duration timeout,
    Duration retryFor,
    ClientTls tls,
    Duration timeSync) {
  public ClientOptions {
    Objects.requireNonNull(key);
    Objects.requireNonNull(tls);
    String scheme = String.valueOf(uri.getScheme());
    if (!scheme.matches("tcps?|wss?") || uri.getHost() == null || uri.getPort() < 0) {
      throw new IllegalArgumentException(
          "'"
              + uri
              + "' is not an address such as tcp://HOST:PORT or ws://HOST:PORT/ws,"
              + " tcps:// or wss:// with TLS");
    }
    if (json && !scheme.startsWith("ws")) {
      throw new IllegalArgumentException("JSON is spoken over WebSocket only, not " + uri);
    }
  }

  /** Five seconds to connect, a minute to come back, TLS as the Java runtime trusts. */
  public static ClientOptions of(String uri, ClientKey key) {
    return new ClientOptions(
        URI.create(uri),
        key,
        "semnal-client",
        false,
        Duration.ofSeconds(5),
        Duration.ofMinutes(1),
        ClientTls.system(),
        Duration.ZERO);
  }

  public ClientOptions withJson() {
    return new ClientOptions(uri, key, clientName, true, timeout, retryFor, tls, timeSync);
  }

  public ClientOptions withName(String name) {
    return new ClientOptions(uri, key, name, json, timeout, retryFor, tls, timeSync);
  }

  public ClientOptions withTimeout(Duration duration) {
    return new ClientOptions(uri, key, clientName, json, duration, retryFor, tls, timeSync);
  }

  public ClientOptions withRetryFor(Duration duration) {
    return new ClientOptions(uri, key, clientName, json, timeout, duration, tls, timeSync);
  }

  public ClientOptions withTls(ClientTls trust) {
    return new ClientOptions(uri, key, clientName, json, timeout, retryFor, trust, timeSync);
  }

  /** Asks for the server's clock that often, and measures latencies. */
  public ClientOptions withTimeSync(Duration every) {
    return new ClientOptions(uri, key, clientName, json, timeout, retryFor, tls, every);
  }

  boolean isWebSocket() {
    return uri.getScheme().startsWith("ws");
  }

  /** {@code null} = in the clear. */
  ClientTls tlsInUse() {
    return uri.getScheme().matches("tcps|wss") ? tls : null;
  }
}

package io.semnal.client;

import io.semnal.protocol.session.ClientKey;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;

/**
 * Where and how a {@link SemnalClient} connects.
 *
 * @param uri {@code tcp://HOST:PORT} (SBE), {@code ws://HOST:PORT/ws} or {@code wss://…}
 * @param json WebSocket only: JSON instead of SBE
 * @param timeout to connect, and to log in
 * @param retryFor how long to go on without a session, connecting again and again and resuming
 *     where it left off; zero = give up at the first loss
 */
public record ClientOptions(
    URI uri, ClientKey key, String clientName, boolean json, Duration timeout, Duration retryFor) {
  public ClientOptions {
    Objects.requireNonNull(key);
    String scheme = String.valueOf(uri.getScheme());
    if (!scheme.matches("tcp|ws|wss") || uri.getHost() == null || uri.getPort() < 0) {
      throw new IllegalArgumentException(
          "'" + uri + "' is not an address such as tcp://HOST:PORT or ws://HOST:PORT/ws");
    }
    if (json && scheme.equals("tcp")) {
      throw new IllegalArgumentException("JSON is spoken over WebSocket only, not " + uri);
    }
  }

  /** Five seconds to connect, a minute to come back. */
  public static ClientOptions of(String uri, ClientKey key) {
    return new ClientOptions(
        URI.create(uri), key, "semnal-client", false, Duration.ofSeconds(5), Duration.ofMinutes(1));
  }

  public ClientOptions withJson() {
    return new ClientOptions(uri, key, clientName, true, timeout, retryFor);
  }

  public ClientOptions withName(String name) {
    return new ClientOptions(uri, key, name, json, timeout, retryFor);
  }

  public ClientOptions withRetryFor(Duration duration) {
    return new ClientOptions(uri, key, clientName, json, timeout, duration);
  }
}

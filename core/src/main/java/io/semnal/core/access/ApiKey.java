package io.semnal.core.access;

import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.session.PeerKey;
import io.semnal.protocol.session.Proof;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * A key as the server keeps it: the shared secret, and what its holder may do. Its text form shows
 * no secret.
 *
 * @param secret 16 to 64 bytes; not copied, callers leave it alone
 * @param channels the schema's {@code Channels} bits; 0 for feeds
 * @param allInstruments whether every instrument is allowed, later ones included
 * @param instruments symbols that are allowed otherwise: to read for clients, to send for feeds
 * @param source feeds: the name of the source that the holder speaks for; clients: empty
 */
public record ApiKey(
    String id,
    byte[] secret,
    Role role,
    int channels,
    boolean allInstruments,
    Set<String> instruments,
    boolean admin,
    String source)
    implements PeerKey {
  static final int SECRET_LEAST = 16;
  static final int SECRET_MOST = 64;

  public ApiKey {
    Objects.requireNonNull(id);
    Objects.requireNonNull(role);
    Objects.requireNonNull(source);
    if (secret.length < SECRET_LEAST || secret.length > SECRET_MOST) {
      throw new IllegalArgumentException("the secret of key '" + id + "' is not 16 to 64 bytes");
    }
    instruments = Set.copyOf(instruments);
  }

  @Override
  public boolean mayRead(String symbol) {
    return allInstruments || instruments.contains(symbol);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ApiKey that
        && id.equals(that.id)
        && role == that.role
        && channels == that.channels
        && allInstruments == that.allInstruments
        && instruments.equals(that.instruments)
        && admin == that.admin
        && source.equals(that.source)
        && Proof.matches(secret, that.secret);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  @Override
  public String toString() {
    return "ApiKey["
        + id
        + " "
        + role
        + (allInstruments ? "" : " " + new TreeSet<>(instruments))
        + (admin ? " admin" : "")
        + (source.isEmpty() ? "" : " source " + source)
        + "]";
  }
}

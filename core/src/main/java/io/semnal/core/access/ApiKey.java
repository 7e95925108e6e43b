package io.semnal.core.access;

import io.semnal.protocol.sbe.AuthScheme;
import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.session.Ed25519;
import io.semnal.protocol.session.KeyLimits;
import io.semnal.protocol.session.PeerKey;
import io.semnal.protocol.session.Proof;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * A key as the server keeps it: what its holder proves it by, and what its holder may do. Its text
 * form shows no secret.
 *
 * @param secret HMAC_SHA256: 16 to 64 bytes; ED25519: empty; not copied, callers leave it alone
 * @param publicKey ED25519: 32 bytes; HMAC_SHA256: empty; not copied, callers leave it alone
 * @param client whose key it is; the key's own id where nothing else is said
 * @param channels the schema's {@code Channels} bits; 0 for feeds
 * @param allInstruments whether every instrument is allowed, later ones included
 * @param instruments symbols that are allowed otherwise: to read for clients, to send for feeds
 * @param source feeds: the name of the source that the holder speaks for; clients: empty
 */
public record ApiKey(
    String id,
    byte[] secret,
    byte[] publicKey,
    Role role,
    String client,
    int channels,
    boolean allInstruments,
    Set<String> instruments,
    boolean admin,
    String source,
    KeyLimits limits)
    implements PeerKey {
  static final int SECRET_LEAST = 16;
  static final int SECRET_MOST = 64;

  public ApiKey {
    Objects.requireNonNull(id);
    Objects.requireNonNull(role);
    Objects.requireNonNull(client);
    Objects.requireNonNull(source);
    Objects.requireNonNull(limits);
    boolean hmac =
        publicKey.length == 0 && secret.length >= SECRET_LEAST && secret.length <= SECRET_MOST;
    boolean ed25519 = publicKey.length == Ed25519.KEY_LENGTH && secret.length == 0;
    if (!hmac && !ed25519) {
      throw new IllegalArgumentException(
          "key '" + id + "' has neither a secret of 16 to 64 bytes nor a public key of 32");
    }
    instruments = Set.copyOf(instruments);
  }

  /** A key with a shared secret, for a client of its own, without limits. */
  public ApiKey(
      String id,
      byte[] secret,
      Role role,
      int channels,
      boolean allInstruments,
      Set<String> instruments,
      boolean admin,
      String source) {
    this(
        id,
        secret,
        new byte[0],
        role,
        id,
        channels,
        allInstruments,
        instruments,
        admin,
        source,
        KeyLimits.NONE);
  }

  @Override
  public AuthScheme scheme() {
    return publicKey.length > 0 ? AuthScheme.ED25519 : AuthScheme.HMAC_SHA256;
  }

  @Override
  public boolean mayRead(String symbol) {
    return allInstruments || instruments.contains(symbol);
  }

  /** The same rights, for the same client, under another id and proven by something else. */
  public ApiKey named(String otherId, byte[] otherSecret, byte[] otherPublicKey) {
    return new ApiKey(
        otherId,
        otherSecret,
        otherPublicKey,
        role,
        client,
        channels,
        allInstruments,
        instruments,
        admin,
        source,
        limits);
  }

  /** The same rights, read or sent of these instruments alone. */
  public ApiKey limitedTo(Set<String> symbols) {
    return new ApiKey(
        id, secret, publicKey, role, client, channels, false, symbols, admin, source, limits);
  }

  /** The same rights under another client's name and other limits. */
  public ApiKey of(String otherClient, KeyLimits otherLimits) {
    return new ApiKey(
        id,
        secret,
        publicKey,
        role,
        otherClient,
        channels,
        allInstruments,
        instruments,
        admin,
        source,
        otherLimits);
  }

  /** The same rights, proven by the holder of a private key. */
  public ApiKey provenBy(byte[] otherPublicKey) {
    return new ApiKey(
        id,
        new byte[0],
        otherPublicKey,
        role,
        client,
        channels,
        allInstruments,
        instruments,
        admin,
        source,
        limits);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ApiKey that
        && id.equals(that.id)
        && role == that.role
        && client.equals(that.client)
        && channels == that.channels
        && allInstruments == that.allInstruments
        && instruments.equals(that.instruments)
        && admin == that.admin
        && source.equals(that.source)
        && limits.equals(that.limits)
        && Arrays.equals(publicKey, that.publicKey)
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

package io.semnal.protocol.session;

import io.semnal.protocol.sbe.AuthScheme;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * The proof that one HTTP request comes from a key's holder, unchanged: the header {@code
 * Authorization: Semnal keyId:millis:nonce:proof}. The proof, in hex, is HMAC-SHA256 under the
 * key's secret, or an Ed25519 signature by its private key, over these lines, each ended by a line
 * feed: {@code semnal-request-1}, method, path with query, key id, milliseconds since the epoch in
 * decimal, nonce in hex (16 bytes), SHA-256 of the body in hex. The secret never travels; time and
 * nonce keep a request from being sent twice.
 *
 * @param millis when it was signed, by the signer's clock
 * @param nonce lower-case hex
 */
public record RequestProof(String keyId, long millis, String nonce, byte[] proof) {
  private static final String LABEL = "semnal-request-1";
  private static final String SCHEME = "Semnal ";
  private static final int NONCE_BYTES = 16;
  private static final int PARTS = 4;

  /** Verified against where there is no such key, so that the answer takes as long. */
  private static final byte[] NOBODYS =
      HexFormat.of().parseHex("5866666666666666666666666666666666666666666666666666666666666666");

  /** Signs a request. */
  public static RequestProof sign(
      ClientKey key, String method, String path, byte[] body, long millis, NonceSource nonces) {
    byte[] bytes = new byte[NONCE_BYTES];
    nonces.fill(bytes);
    String nonce = HexFormat.of().formatHex(bytes);
    byte[] message = message(method, path, body, key.id(), millis, nonce);
    return new RequestProof(key.id(), millis, nonce, Proof.by(key, message));
  }

  /**
   * Reads the value of an {@code Authorization} header.
   *
   * @return {@code null} if it is not of this form
   */
  public static RequestProof parse(String header) {
    if (header == null || !header.startsWith(SCHEME)) {
      return null;
    }
    String[] parts = header.substring(SCHEME.length()).split(":", -1);
    boolean wellFormed =
        parts.length == PARTS
            && !parts[0].isEmpty()
            && parts[1].matches("[0-9]{1,16}")
            && parts[2].matches("[0-9a-f]{32}")
            && parts[3].matches("[0-9a-f]{64}|[0-9a-f]{128}");
    return wellFormed
        ? new RequestProof(
            parts[0], Long.parseLong(parts[1]), parts[2], HexFormat.of().parseHex(parts[3]))
        : null;
  }

  /** The value of the {@code Authorization} header. */
  public String header() {
    return SCHEME + keyId + ":" + millis + ":" + nonce + ":" + HexFormat.of().formatHex(proof);
  }

  /**
   * Whether the holder of this key signed this request; takes the same time for any key of a
   * scheme.
   *
   * @param key {@code null} if there is none of that id
   */
  public boolean proves(PeerKey key, String method, String path, byte[] body) {
    AuthScheme scheme =
        proof.length == Ed25519.SIGNATURE_LENGTH ? AuthScheme.ED25519 : AuthScheme.HMAC_SHA256;
    boolean known = key != null && key.scheme() == scheme;
    byte[] verifier = known ? verifier(key, scheme) : NOBODYS;
    return Proof.holds(scheme, verifier, message(method, path, body, keyId, millis, nonce), proof)
        && known;
  }

  private static byte[] verifier(PeerKey key, AuthScheme scheme) {
    return scheme == AuthScheme.ED25519 ? key.publicKey() : key.secret();
  }

  private static byte[] message(
      String method, String path, byte[] body, String keyId, long millis, String nonce) {
    try {
      String digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
      return String.join("\n", LABEL, method, path, keyId, Long.toString(millis), nonce, digest, "")
          .getBytes(StandardCharsets.UTF_8);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RequestProof that && header().equals(that.header());
  }

  @Override
  public int hashCode() {
    return nonce.hashCode();
  }
}

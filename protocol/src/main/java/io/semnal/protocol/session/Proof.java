package io.semnal.protocol.session;

import io.semnal.protocol.sbe.AuthScheme;
import io.semnal.protocol.sbe.Role;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The proof that a peer holds a key, made over {@code "semnal-session-1" | serverNonce |
 * clientNonce | role (1 byte) | version (2 bytes, little endian) | keyId (UTF-8)}: HMAC-SHA256
 * under the key's secret, or an Ed25519 signature by its private key. The server's nonce keeps a
 * proof from being used twice; role and version keep it from being used for something else.
 */
public final class Proof {
  /** Bytes of an HMAC proof. */
  public static final int LENGTH = 32;

  private static final byte[] LABEL = "semnal-session-1".getBytes(StandardCharsets.US_ASCII);
  private static final String ALGORITHM = "HmacSHA256";

  private Proof() {}

  /** The bytes that are proven over. */
  public static byte[] message(
      byte[] serverNonce, byte[] clientNonce, Role role, int version, String keyId) {
    byte[] id = keyId.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(
            LABEL.length + serverNonce.length + clientNonce.length + 3 + id.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(LABEL)
        .put(serverNonce)
        .put(clientNonce)
        .put((byte) role.value())
        .putShort((short) version)
        .put(id)
        .array();
  }

  /** The HMAC proof of a session. */
  public static byte[] compute(
      byte[] secret, byte[] serverNonce, byte[] clientNonce, Role role, int version, String keyId) {
    return hmac(secret, message(serverNonce, clientNonce, role, version, keyId));
  }

  /** What the holder of the key proves it with, by the key's own scheme. */
  static byte[] by(ClientKey key, byte[] message) {
    return key.scheme() == AuthScheme.ED25519
        ? Ed25519.sign(key.secret(), message)
        : hmac(key.secret(), message);
  }

  /**
   * Whether this proves that its sender holds the key.
   *
   * @param verifier HMAC_SHA256: the secret; ED25519: the public key
   */
  static boolean holds(AuthScheme scheme, byte[] verifier, byte[] message, byte[] given) {
    return scheme == AuthScheme.ED25519
        ? Ed25519.verify(verifier, message, given)
        : matches(hmac(verifier, message), given);
  }

  private static byte[] hmac(byte[] secret, byte[] message) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret, ALGORITHM));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no " + ALGORITHM, e);
    }
  }

  /** Compares in a time that does not depend on where the two differ. */
  public static boolean matches(byte[] expected, byte[] given) {
    return MessageDigest.isEqual(expected, given);
  }
}

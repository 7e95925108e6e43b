package io.semnal.protocol.session;

import io.semnal.protocol.sbe.Role;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The proof that a peer holds a key: HMAC-SHA256 under the key's secret over {@code
 * "semnal-session-1" | serverNonce | clientNonce | role (1 byte) | version (2 bytes, little endian)
 * | keyId (UTF-8)}. The server's nonce keeps a proof from being used twice; role and version keep
 * it from being used for something else.
 */
public final class Proof {
  /** Bytes of a proof. */
  public static final int LENGTH = 32;

  private static final byte[] LABEL = "semnal-session-1".getBytes(StandardCharsets.US_ASCII);
  private static final String ALGORITHM = "HmacSHA256";

  private Proof() {}

  public static byte[] compute(
      byte[] secret, byte[] serverNonce, byte[] clientNonce, Role role, int version, String keyId) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret, ALGORITHM));
      mac.update(LABEL);
      mac.update(serverNonce);
      mac.update(clientNonce);
      mac.update((byte) role.value());
      mac.update((byte) version);
      mac.update((byte) (version >>> 8));
      mac.update(keyId.getBytes(StandardCharsets.UTF_8));
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no " + ALGORITHM, e);
    }
  }

  /** Compares in a time that does not depend on where the two differ. */
  public static boolean matches(byte[] expected, byte[] given) {
    return MessageDigest.isEqual(expected, given);
  }
}

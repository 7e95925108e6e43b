package io.semnal.protocol.session;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;

/**
 * Ed25519 signatures (RFC 8032) over keys in their 32-byte form, by the JDK. Any thread.
 *
 * <p>The JDK wants its keys wrapped in DER; for this curve the wrapping is a constant prefix (RFC
 * 8410, section 10).
 */
public final class Ed25519 {
  /** Bytes of a private and of a public key. */
  public static final int KEY_LENGTH = 32;

  /** Bytes of a signature. */
  public static final int SIGNATURE_LENGTH = 64;

  private static final String ALGORITHM = "Ed25519";
  private static final byte[] PUBLIC_PREFIX = {
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00
  };
  private static final byte[] PRIVATE_PREFIX = {
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20
  };

  private Ed25519() {}

  /**
   * @throws IllegalArgumentException if the private key is not 32 bytes
   */
  public static byte[] sign(byte[] privateKey, byte[] message) {
    requireLength(privateKey, "private");
    try {
      PrivateKey key =
          KeyFactory.getInstance(ALGORITHM)
              .generatePrivate(new PKCS8EncodedKeySpec(join(PRIVATE_PREFIX, privateKey)));
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(key);
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java cannot sign by " + ALGORITHM, e);
    }
  }

  /** Whether the signature is right; {@code false} for anything that is no signature or no key. */
  public static boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
    if (publicKey.length != KEY_LENGTH || signature.length != SIGNATURE_LENGTH) {
      return false;
    }
    try {
      PublicKey key =
          KeyFactory.getInstance(ALGORITHM)
              .generatePublic(new X509EncodedKeySpec(join(PUBLIC_PREFIX, publicKey)));
      Signature verifier = Signature.getInstance(ALGORITHM);
      verifier.initVerify(key);
      verifier.update(message);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      // The JDK throws for points off the curve and for scalars out of range: not right, either.
      return false;
    }
  }

  /** The 32 bytes within an encoded public key of the JDK. */
  public static byte[] raw(PublicKey key) {
    byte[] encoded = key.getEncoded();
    byte[] raw = new byte[KEY_LENGTH];
    System.arraycopy(encoded, encoded.length - KEY_LENGTH, raw, 0, KEY_LENGTH);
    return raw;
  }

  private static void requireLength(byte[] key, String which) {
    if (key.length != KEY_LENGTH) {
      throw new IllegalArgumentException(
          "an Ed25519 " + which + " key is " + KEY_LENGTH + " bytes, not " + key.length);
    }
  }

  private static byte[] join(byte[] prefix, byte[] key) {
    byte[] whole = new byte[prefix.length + key.length];
    System.arraycopy(prefix, 0, whole, 0, prefix.length);
    System.arraycopy(key, 0, whole, prefix.length, key.length);
    return whole;
  }
}

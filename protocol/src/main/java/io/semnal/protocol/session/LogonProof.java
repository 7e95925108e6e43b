package io.semnal.protocol.session;

import io.semnal.protocol.sbe.AuthScheme;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The proof that a FIX Logon comes from a key's holder: HMAC-SHA256 under the key's secret, or an
 * Ed25519 signature by its private key, in lower-case hex, over the values of SendingTime (52),
 * MsgSeqNum (34), SenderCompID (49) and TargetCompID (56) as they stand in the message, with one
 * SOH between two of them. The secret never travels; the time keeps a Logon from being used twice.
 */
public final class LogonProof {
  private static final String SOH = "\u0001";

  /** Verified against where there is no such key, so that the answer takes as long. */
  private static final byte[] NOBODYS =
      HexFormat.of().parseHex("5866666666666666666666666666666666666666666666666666666666666666");

  private LogonProof() {}

  /** The value of RawData (96). */
  public static String sign(
      ClientKey key, String sendingTime, String seqNum, String sender, String target) {
    return HexFormat.of().formatHex(Proof.by(key, message(sendingTime, seqNum, sender, target)));
  }

  /**
   * Whether the holder of this key signed this Logon; takes the same time for any key of a scheme.
   *
   * @param key {@code null} if there is none of that id
   * @param given the value of RawData (96)
   */
  public static boolean proves(
      PeerKey key, String given, String sendingTime, String seqNum, String sender, String target) {
    if (given == null || !given.matches("[0-9a-f]{64}|[0-9a-f]{128}")) {
      return false;
    }
    byte[] proof = HexFormat.of().parseHex(given);
    AuthScheme scheme =
        proof.length == Ed25519.SIGNATURE_LENGTH ? AuthScheme.ED25519 : AuthScheme.HMAC_SHA256;
    boolean known = key != null && key.scheme() == scheme;
    byte[] verifier = NOBODYS;
    if (known) {
      verifier = scheme == AuthScheme.ED25519 ? key.publicKey() : key.secret();
    }
    byte[] message = message(sendingTime, seqNum, sender, target);
    return Proof.holds(scheme, verifier, message, proof) && known;
  }

  /** Whether a password is the key's shared secret in lower-case hex. */
  public static boolean isPassword(PeerKey key, String given) {
    boolean known = key != null && key.scheme() == AuthScheme.HMAC_SHA256;
    byte[] expected = ascii(HexFormat.of().formatHex(known ? key.secret() : NOBODYS));
    boolean same = Proof.matches(expected, ascii(given));
    Arrays.fill(expected, (byte) 0);
    return same && known;
  }

  private static byte[] message(String time, String seqNum, String sender, String target) {
    return ascii(String.join(SOH, time, seqNum, sender, target));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}

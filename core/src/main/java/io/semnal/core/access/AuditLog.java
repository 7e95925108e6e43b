package io.semnal.core.access;

/**
 * Where it is written down who came in, who was turned away, and what was ordered. No secret, proof
 * or nonce is ever given to it. Any thread; never waits.
 */
@FunctionalInterface
public interface AuditLog {
  /** A key's holder logged in; the text is what the client calls itself. */
  String LOGIN = "login";

  /** A login was refused; the key is what was claimed, not proven. */
  String REFUSED = "refused";

  /** A session ended because its key did. */
  String REVOKED = "revoked";

  /** A request beyond what the key may do. */
  String NOT_ENTITLED = "not-entitled";

  /** An admin's engine command or request. */
  String ADMIN = "admin";

  /** Keys or certificates were read again and are others now. */
  String RELOADED = "reloaded";

  /** Writes nothing down. */
  AuditLog NONE = (what, keyId, peer, code, text) -> {};

  /**
   * @param what one of the names above
   * @param keyId the key, empty where there is none
   * @param peer the other end's address, empty where there is none
   * @param code the error's name, empty where nothing was wrong
   * @param text more, empty where there is none
   */
  void record(String what, String keyId, String peer, String code, String text);
}

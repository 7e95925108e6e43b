package io.semnal.core.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The operator's key under which secrets lie encrypted in the key file: AES-256-GCM, bound to the
 * id of the key that the secret belongs to, so that no two can be exchanged.
 *
 * <p>A sealed secret is {@code v1:MASTER:NONCE:BYTES}, the last three in hexadecimal: the first 8
 * bytes of the SHA-256 of the master key, so that the wrong one is told from a damaged secret; the
 * nonce of 12 bytes; ciphertext and tag. Its text form shows nothing. Any thread.
 */
public final class MasterKey {
  /** Environment variable with the key itself, 64 hexadecimal digits. */
  public static final String VARIABLE = "SEMNAL_MASTER_KEY";

  /** Environment variable with the path of a file that holds the key, for its owner's eyes only. */
  public static final String FILE_VARIABLE = "SEMNAL_MASTER_KEY_FILE";

  private static final int BYTES = 32;
  private static final int NONCE = 12;
  private static final int TAG_BITS = 128;
  private static final int FINGERPRINT = 8;
  private static final String VERSION = "v1";
  private static final String LABEL = "semnal-key-1:";
  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private final byte[] key;
  private final SecureRandom random = new SecureRandom();

  private MasterKey(byte[] key) {
    this.key = key;
  }

  /** A secret that cannot be opened; the message never quotes it. */
  public static final class SealException extends Exception {
    private static final long serialVersionUID = 1L;

    SealException(String message) {
      super(message);
    }
  }

  /** A new key. */
  public static MasterKey generate() {
    byte[] key = new byte[BYTES];
    new SecureRandom().nextBytes(key);
    return new MasterKey(key);
  }

  /**
   * The key that the environment names.
   *
   * @return {@code null} if it names none
   * @throws IOException saying which variable or file is wrong, and how
   */
  public static MasterKey from(Map<String, String> environment) throws IOException {
    String text = environment.get(VARIABLE);
    if (text != null && !text.isBlank()) {
      return parse(text, VARIABLE);
    }
    String file = environment.get(FILE_VARIABLE);
    return file == null || file.isBlank() ? null : read(Path.of(file.trim()));
  }

  /** Reads a file that nobody but its owner may read. */
  public static MasterKey read(Path file) throws IOException {
    if (!Files.isReadable(file)) {
      throw new IOException(file + ": the master key's file is not there or cannot be read");
    }
    if (isOpenToOthers(file)) {
      throw new IOException(
          file + ": the master key can be read by others than its owner: chmod 600 it");
    }
    return parse(Files.readString(file, StandardCharsets.US_ASCII), file.toString());
  }

  private static MasterKey parse(String text, String where) throws IOException {
    try {
      byte[] key = HexFormat.of().parseHex(text.strip());
      if (key.length == BYTES) {
        return new MasterKey(key);
      }
    } catch (IllegalArgumentException e) {
      // The cause would quote the key.
      throw new IOException(where + ": the master key is not hexadecimal");
    }
    throw new IOException(where + ": the master key is not 64 hexadecimal digits");
  }

  private static boolean isOpenToOthers(Path file) throws IOException {
    try {
      return Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains);
    } catch (UnsupportedOperationException e) {
      // A file system without such permissions.
      return false;
    }
  }

  /** Writes the key to a new file that only its owner can read. */
  public void write(Path file) throws IOException {
    OwnerFiles.write(file, HexFormat.of().formatHex(key) + "\n");
  }

  /** Encrypts the secret of a key. */
  public String seal(String keyId, byte[] secret) {
    byte[] nonce = new byte[NONCE];
    random.nextBytes(nonce);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, keyId).doFinal(secret);
      HexFormat hex = HexFormat.of();
      return String.join(":", VERSION, fingerprint(), hex.formatHex(nonce), hex.formatHex(sealed));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no AES-256-GCM", e);
    }
  }

  /** Decrypts what {@link #seal} made for the same key. */
  public byte[] open(String keyId, String sealed) throws SealException {
    String[] parts = sealed.split(":", -1);
    if (parts.length != 4 || !parts[0].equals(VERSION)) {
      throw new SealException("is not a sealed secret, v1:…");
    }
    if (!parts[1].equals(fingerprint())) {
      throw new SealException("is sealed under another master key than the one given");
    }
    try {
      byte[] nonce = HexFormat.of().parseHex(parts[2]);
      byte[] bytes = HexFormat.of().parseHex(parts[3]);
      return cipher(Cipher.DECRYPT_MODE, nonce, keyId).doFinal(bytes);
    } catch (AEADBadTagException e) {
      throw new SealException("was changed, or belongs to another key");
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new SealException("is not a sealed secret, v1:…");
    }
  }

  private Cipher cipher(int mode, byte[] nonce, String keyId) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD((LABEL + keyId).getBytes(StandardCharsets.UTF_8));
    return cipher;
  }

  private String fingerprint() {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(key);
      return HexFormat.of().formatHex(digest, 0, FINGERPRINT);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "MasterKey";
  }
}

package io.semnal.protocol.session;

import io.semnal.protocol.sbe.AuthScheme;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Properties;

/**
 * A key as its holder keeps it, in a file of two lines: {@code id=…}, and either {@code secret=…}
 * for HMAC_SHA256 or {@code privateKey=…} for ED25519, in hexadecimal. Its text form shows no
 * secret.
 *
 * @param scheme how the key is proven
 * @param secret the shared secret, or the 32 bytes of the private key; not copied, callers leave it
 *     alone
 */
public record ClientKey(String id, AuthScheme scheme, byte[] secret) {
  private static final String PRIVATE_KEY = "privateKey";

  public ClientKey {
    Objects.requireNonNull(id);
    Objects.requireNonNull(scheme);
    if (scheme == AuthScheme.ED25519 && secret.length != Ed25519.KEY_LENGTH) {
      throw new IllegalArgumentException(
          "the private key of '" + id + "' is not " + Ed25519.KEY_LENGTH + " bytes");
    }
  }

  /** A key with a shared secret. */
  public ClientKey(String id, byte[] secret) {
    this(id, AuthScheme.HMAC_SHA256, secret);
  }

  /**
   * Reads a key file.
   *
   * @throws IOException naming the file and what is wrong with it
   */
  public static ClientKey read(Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IllegalArgumentException e) {
      throw new IOException("key file " + file + ": " + e.getMessage(), e);
    }
    String id = required(properties, "id", file);
    if (properties.containsKey(PRIVATE_KEY)) {
      byte[] privateKey = hex(properties, PRIVATE_KEY, file);
      if (privateKey.length != Ed25519.KEY_LENGTH) {
        throw new IOException("key file " + file + ": '" + PRIVATE_KEY + "' is not 32 bytes");
      }
      return new ClientKey(id, AuthScheme.ED25519, privateKey);
    }
    return new ClientKey(id, hex(properties, "secret", file));
  }

  private static byte[] hex(Properties properties, String name, Path file) throws IOException {
    try {
      return HexFormat.of().parseHex(required(properties, name, file));
    } catch (IllegalArgumentException e) {
      // The cause would quote the secret.
      throw new IOException("key file " + file + ": '" + name + "' is not hexadecimal");
    }
  }

  private static String required(Properties properties, String name, Path file) throws IOException {
    String value = properties.getProperty(name, "").trim();
    if (value.isEmpty()) {
      throw new IOException("key file " + file + ": the line '" + name + "=…' is missing");
    }
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ClientKey that
        && id.equals(that.id)
        && scheme == that.scheme
        && Proof.matches(secret, that.secret);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  @Override
  public String toString() {
    return "ClientKey[" + id + "]";
  }
}

package io.semnal.protocol.session;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Properties;

/**
 * A key as its holder keeps it: the two lines {@code id=…} and {@code secret=…} (hexadecimal) in a
 * file. Its text form shows no secret.
 *
 * @param secret not copied; callers leave it alone
 */
public record ClientKey(String id, byte[] secret) {
  public ClientKey {
    Objects.requireNonNull(id);
    Objects.requireNonNull(secret);
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
    String secret = required(properties, "secret", file);
    try {
      return new ClientKey(id, HexFormat.of().parseHex(secret));
    } catch (IllegalArgumentException e) {
      // The cause would quote the secret.
      throw new IOException("key file " + file + ": 'secret' is not hexadecimal");
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

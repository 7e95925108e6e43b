package io.semnal.core.access;

import io.semnal.protocol.Channel;
import io.semnal.protocol.sbe.Role;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;

/** Makes keys, and writes them to files that only their owner can read. */
public final class KeyMaker {
  private static final int SECRET_BYTES = 32;

  private KeyMaker() {}

  /**
   * A new client's key for every instrument.
   *
   * @param channels the schema's {@code Channels} bits
   */
  public static ApiKey client(String id, int channels, boolean admin) {
    return new ApiKey(id, secret(), Role.CLIENT, channels, true, Set.of(), admin, "");
  }

  /** A new feed's key for every instrument. */
  public static ApiKey feed(String id, String source) {
    return new ApiKey(id, secret(), Role.FEED, 0, true, Set.of(), false, source);
  }

  /** Whether a text can be a key's id or a source's name. */
  public static boolean isName(String text) {
    return text.matches(KeyFileReader.NAME);
  }

  private static byte[] secret() {
    byte[] secret = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    return secret;
  }

  /** Writes a server's key file, as {@link KeyFile} reads it; replaces the file whole. */
  public static void write(Path file, Collection<ApiKey> keys) throws IOException {
    StringBuilder text = new StringBuilder("keys {\n");
    for (ApiKey key : keys) {
      text.append("  \"").append(key.id()).append("\" { ");
      text.append("role = ").append(key.role() == Role.FEED ? "feed" : "client");
      text.append(", secret = \"").append(HexFormat.of().formatHex(key.secret())).append('"');
      if (key.role() == Role.FEED) {
        text.append(", source = \"").append(key.source()).append('"');
      } else {
        text.append(", channels = ").append(channels(key.channels()));
        text.append(", admin = ").append(key.admin());
      }
      text.append(", instruments = ").append(instruments(key)).append(" }\n");
    }
    writeOwnerOnly(file, text.append("}\n").toString());
  }

  /** Writes the holder's key file, as {@code --key-file} reads it. */
  public static void writeClientKey(Path file, ApiKey key) throws IOException {
    writeOwnerOnly(
        file, "id=" + key.id() + "\nsecret=" + HexFormat.of().formatHex(key.secret()) + "\n");
  }

  private static String channels(int bits) {
    StringJoiner names = new StringJoiner(", ", "[", "]");
    for (Channel channel : Channel.values()) {
      if ((bits & channel.bit()) != 0) {
        names.add(channel.wireName());
      }
    }
    return names.toString();
  }

  private static String instruments(ApiKey key) {
    if (key.allInstruments()) {
      return "all";
    }
    StringJoiner symbols = new StringJoiner("\", \"", "[\"", "\"]");
    new TreeSet<>(key.instruments()).forEach(symbols::add);
    return symbols.toString();
  }

  private static void writeOwnerOnly(Path file, String text) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    FileAttribute<?>[] owner =
        FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    Path part = Files.createTempFile(folder, ".key", ".part", owner);
    try {
      Files.write(part, text.getBytes(StandardCharsets.UTF_8));
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }
}

package io.semnal.feed.fix;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.semnal.fix.codec.FixMessage;
import io.semnal.fix.codec.Tag;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;

/** A session's user and password, from a file; never in a log, nor in {@link #toString}. */
record Credentials(String username, String password) {
  /**
   * Reads {@code username = …} and {@code password = …}.
   *
   * @throws IllegalArgumentException naming the file, and nothing of what is in it
   */
  static Credentials read(Path file) {
    try {
      Config config = ConfigFactory.parseFile(file.toFile());
      return new Credentials(config.getString("username"), config.getString("password"));
    } catch (ConfigException e) {
      // Its text may quote the file.
      throw new IllegalArgumentException(
          "the secret file "
              + file
              + " cannot be read, or lacks username or password ("
              + e.getClass().getSimpleName()
              + ")");
    }
  }

  /** Whether a Logon says the same; takes as long if not. */
  boolean match(FixMessage logon) {
    return same(username, logon.text(Tag.USERNAME)) & same(password, logon.text(Tag.PASSWORD));
  }

  private static boolean same(String ours, String theirs) {
    return MessageDigest.isEqual(
        ours.getBytes(StandardCharsets.ISO_8859_1),
        (theirs == null ? "" : theirs).getBytes(StandardCharsets.ISO_8859_1));
  }

  @Override
  public String toString() {
    return "credentials";
  }
}

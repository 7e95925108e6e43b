package io.semnal.server;

import io.semnal.core.access.ApiKey;
import io.semnal.core.access.KeyFile;
import io.semnal.core.access.KeyMaker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Gives a new installation its first keys: one client's and one feed's. */
public final class KeySetup {
  private static final int ALL_CHANNELS = 0b11111;

  private KeySetup() {}

  /**
   * Opens the server's key file, made with a client's and a feed's key if it is not there; their
   * holders' files {@code client.key} and {@code feed.key} then lie beside it.
   *
   * @param source name of the source that the feed's key speaks for
   */
  public static KeyFile openOrMake(Path file, String source) throws IOException {
    if (!Files.exists(file)) {
      if (file.toAbsolutePath().getParent() != null) {
        Files.createDirectories(file.toAbsolutePath().getParent());
      }
      ApiKey client = KeyMaker.client("client", ALL_CHANNELS, true);
      ApiKey feed = KeyMaker.feed("feed", source);
      KeyMaker.writeClientKey(clientKey(file), client);
      KeyMaker.writeClientKey(feedKey(file), feed);
      KeyMaker.write(file, List.of(client, feed));
    }
    return KeyFile.open(file);
  }

  /** The first client's own key file. */
  public static Path clientKey(Path file) {
    return file.resolveSibling("client.key");
  }

  /** The first feed's own key file. */
  public static Path feedKey(Path file) {
    return file.resolveSibling("feed.key");
  }
}

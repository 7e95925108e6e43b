package io.semnal.core.access;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigSyntax;
import io.semnal.core.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's keys, read from a HOCON file.
 *
 * <pre>
 * keys {
 *   demo { role = client, secret = "hex", channels = [signals, bars], instruments = all, admin = false }
 *   acme-1 { role = client, publicKey = "hex", client = acme, channels = [signals], limits { connections = 2 } }
 *   acme-2 { role = client, sealed = "v1:…", client = acme, channels = [signals], limits { delay = 15m } }
 *   lean { role = feed, secret = "hex", source = "lean" }
 * }
 * </pre>
 *
 * <p>A client may have two live keys, so as to go from one to the other. {@code sealed} is a secret
 * under the operator's {@link MasterKey}. Any thread looks keys up; {@link #reload} swaps all at
 * once.
 */
public final class KeyFile implements KeyRing {
  private static final Logger LOG = LoggerFactory.getLogger(KeyFile.class);

  private final Path file;
  private final MasterKey master;
  private volatile Map<String, ApiKey> keys;
  private volatile long version;

  private KeyFile(Path file, MasterKey master) throws IOException {
    this.file = file;
    this.master = master;
    keys = read();
  }

  /**
   * Reads the file, and warns in the log where others than its owner can read it.
   *
   * @throws ConfigException naming file, line and key of everything that is wrong
   * @throws IOException if the file is not there or cannot be read
   */
  public static KeyFile open(Path file) throws IOException {
    return open(file, MasterKey.from(System.getenv()));
  }

  /**
   * The same with a master key of the caller's.
   *
   * @param master opens sealed secrets; {@code null} = none
   */
  public static KeyFile open(Path file, MasterKey master) throws IOException {
    return new KeyFile(file, master);
  }

  /**
   * Reads the file again. What is wrong is thrown as from {@link #open}, and the keys stay as they
   * were.
   *
   * @return whether any key changed
   */
  public synchronized boolean reload() throws IOException {
    Map<String, ApiKey> read = read();
    boolean changed = !read.equals(keys);
    if (changed) {
      keys = read;
      // After the keys: who sees the version sees them.
      version = version + 1;
    }
    return changed;
  }

  @Override
  public long version() {
    return version;
  }

  /** What opens sealed secrets; {@code null} = none. */
  public MasterKey master() {
    return master;
  }

  @Override
  public ApiKey find(String keyId) {
    return keys.get(keyId);
  }

  @Override
  public Collection<ApiKey> keys() {
    return keys.values();
  }

  public Path file() {
    return file;
  }

  private Map<String, ApiKey> read() throws IOException {
    if (!Files.isReadable(file)) {
      throw new NoSuchFileException(file + ": the key file is not there or cannot be read");
    }
    if (isWorldReadable(file)) {
      LOG.warn("key file {} can be read by everyone on this machine: chmod 600 it", file);
    }
    List<String> problems = new ArrayList<>();
    KeyFileReader reader = new KeyFileReader(problems, master);
    Map<String, ApiKey> read = reader.read(parse(file).root());
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    if (reader.inTheClear() > 0 && master != null) {
      LOG.warn(
          "key file {} holds {} secrets in the clear: 'semnal keys encrypt' seals them",
          file,
          reader.inTheClear());
    }
    return Map.copyOf(read);
  }

  private static Config parse(Path file) {
    try {
      return ConfigFactory.parseFile(
              file.toFile(),
              ConfigParseOptions.defaults().setAllowMissing(false).setSyntax(ConfigSyntax.CONF))
          .resolve(ConfigResolveOptions.defaults());
    } catch (com.typesafe.config.ConfigException e) {
      // Its message quotes what it could not read, which may be a secret.
      String where = e.origin() == null ? file.toString() : e.origin().description();
      throw new ConfigException(where + ": cannot be read as HOCON here");
    }
  }

  /** Whether others than owner and group can read the file; false where that cannot be told. */
  static boolean isWorldReadable(Path file) throws IOException {
    try {
      return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
    } catch (UnsupportedOperationException e) {
      // A file system without such permissions.
      return false;
    }
  }
}

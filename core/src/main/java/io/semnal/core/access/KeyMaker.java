package io.semnal.core.access;

import io.semnal.protocol.Channel;
import io.semnal.protocol.sbe.AuthScheme;
import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.Ed25519;
import io.semnal.protocol.session.KeyLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
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

  /** An Ed25519 pair: the private half for the holder, the public half for the server. */
  public record Pair(ClientKey holder, byte[] publicKey) {}

  /** A new pair; the server's half is its {@code publicKey} alone. */
  public static Pair ed25519(String id) {
    try {
      KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
      byte[] privateKey = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
      return new Pair(
          new ClientKey(id, AuthScheme.ED25519, privateKey), Ed25519.raw(pair.getPublic()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no Ed25519", e);
    }
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

  /** Writes a server's key file with its secrets in the clear; replaces the file whole. */
  public static void write(Path file, Collection<ApiKey> keys) throws IOException {
    write(file, keys, null);
  }

  /**
   * Writes a server's key file, as {@link KeyFile} reads it; replaces the file whole.
   *
   * @param master encrypts the secrets; {@code null} leaves them in the clear
   */
  public static void write(Path file, Collection<ApiKey> keys, MasterKey master)
      throws IOException {
    StringBuilder text = new StringBuilder("keys {\n");
    for (ApiKey key : keys) {
      text.append("  \"").append(key.id()).append("\" { ");
      text.append("role = ").append(key.role() == Role.FEED ? "feed" : "client");
      text.append(", ").append(proof(key, master));
      if (!key.client().equals(key.id())) {
        text.append(", client = \"").append(key.client()).append('"');
      }
      if (key.role() == Role.FEED) {
        text.append(", source = \"").append(key.source()).append('"');
      } else {
        text.append(", channels = ").append(channels(key.channels()));
        text.append(", admin = ").append(key.admin());
      }
      text.append(", instruments = ").append(instruments(key));
      text.append(limits(key.limits())).append(" }\n");
    }
    OwnerFiles.write(file, text.append("}\n").toString());
  }

  private static String proof(ApiKey key, MasterKey master) {
    if (key.scheme() == AuthScheme.ED25519) {
      return "publicKey = \"" + HexFormat.of().formatHex(key.publicKey()) + '"';
    }
    return master == null
        ? "secret = \"" + HexFormat.of().formatHex(key.secret()) + '"'
        : "sealed = \"" + master.seal(key.id(), key.secret()) + '"';
  }

  private static String limits(KeyLimits limits) {
    StringJoiner text = new StringJoiner(", ", ", limits { ", " }");
    text.setEmptyValue("");
    if (limits.connections() > 0) {
      text.add("connections = " + limits.connections());
    }
    if (limits.messagesPerSecond() > 0) {
      text.add("messagesPerSecond = " + limits.messagesPerSecond());
    }
    if (limits.replay() > 0) {
      text.add("replay = " + limits.replay());
    }
    if (limits.isDelayed()) {
      text.add("delay = " + limits.delay().toMillis() + "ms");
    }
    return text.toString();
  }

  /** Writes the holder's file of a key with a shared secret, as {@code --key-file} reads it. */
  public static void writeClientKey(Path file, ApiKey key) throws IOException {
    writeClientKey(file, new ClientKey(key.id(), key.secret()));
  }

  /** Writes the holder's key file, as {@code --key-file} reads it. */
  public static void writeClientKey(Path file, ClientKey key) throws IOException {
    String name = key.scheme() == AuthScheme.ED25519 ? "privateKey" : "secret";
    OwnerFiles.write(
        file, "id=" + key.id() + "\n" + name + "=" + HexFormat.of().formatHex(key.secret()) + "\n");
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
}

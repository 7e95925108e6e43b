package io.semnal.core.access;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.semnal.protocol.Channel;
import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.session.Ed25519;
import io.semnal.protocol.session.KeyLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Reads the objects of a key file, and gathers what is wrong with file, line and key. No message
 * quotes a value: it might be a secret on the wrong line.
 */
final class KeyFileReader {
  private static final Set<String> KNOWN =
      Set.of(
          "role",
          "secret",
          "sealed",
          "publicKey",
          "client",
          "channels",
          "instruments",
          "admin",
          "source",
          "limits");
  private static final Set<String> PROOFS = Set.of("secret", "sealed", "publicKey");
  private static final Set<String> LIMITS =
      Set.of("connections", "messagesPerSecond", "replay", "delay");
  private static final Duration MOST_DELAY = Duration.ofDays(7);
  private static final byte[] NOTHING = new byte[0];

  /** One key to go over to, one to come from. */
  private static final int MOST_OF_A_CLIENT = 2;

  static final String NAME = "[A-Za-z0-9._-]{1,32}";

  private final List<String> problems;
  private final MasterKey master;
  private int inTheClear;

  /**
   * @param master opens sealed secrets; {@code null} = there is none
   */
  KeyFileReader(List<String> problems, MasterKey master) {
    this.problems = problems;
    this.master = master;
  }

  /** Secrets that were not sealed. */
  int inTheClear() {
    return inTheClear;
  }

  Map<String, ApiKey> read(ConfigObject root) {
    Map<String, ApiKey> keys = new TreeMap<>();
    root.forEach(
        (name, value) -> {
          if (!name.equals("keys")) {
            problem(name, value, "unknown key; a key file holds keys { … }");
          }
        });
    if (!(root.get("keys") instanceof ConfigObject all)) {
      problems.add(root.origin().description() + ": keys { … } is missing");
      return keys;
    }
    for (String id : new TreeSet<>(all.keySet())) {
      ConfigValue value = all.get(id);
      if (!id.matches(NAME)) {
        problem("keys." + id, value, "a key's id is 1 to 32 of A-Z a-z 0-9 . _ -");
      } else if (value instanceof ConfigObject object) {
        int before = problems.size();
        ApiKey key = key(id, object);
        if (problems.size() == before) {
          keys.put(id, key);
        }
      } else {
        problem("keys." + id, value, "must be an object { role, secret, … }");
      }
    }
    checkClients(keys, all);
    return keys;
  }

  private void checkClients(Map<String, ApiKey> keys, ConfigObject all) {
    Map<String, Integer> counts = new TreeMap<>();
    for (ApiKey key : keys.values()) {
      if (counts.merge(key.client(), 1, Integer::sum) == MOST_OF_A_CLIENT + 1) {
        problem(
            "keys." + key.id() + ".client",
            all.get(key.id()),
            "client '" + key.client() + "' has more than two keys: revoke one first");
      }
    }
  }

  private ApiKey key(String id, ConfigObject object) {
    String at = "keys." + id;
    for (String name : new TreeSet<>(object.keySet())) {
      if (!KNOWN.contains(name)) {
        problem(at + "." + name, object.get(name), "unknown key; known are " + sorted(KNOWN));
      }
    }
    Role role = role(at, object);
    long proofs = object.keySet().stream().filter(PROOFS::contains).count();
    if (proofs != 1) {
      problem(at, object, "must have one of secret, sealed and publicKey");
    }
    byte[] publicKey = object.containsKey("publicKey") ? publicKey(at, object) : NOTHING;
    byte[] secret = publicKey.length == 0 && proofs == 1 ? anySecret(id, at, object) : NOTHING;
    Set<String> instruments = new TreeSet<>();
    boolean all = instruments(at, object, instruments);
    int channels = role == Role.FEED ? none(at, object, "channels") : channels(at, object);
    boolean admin = role == Role.FEED ? none(at, object, "admin") != 0 : admin(at, object);
    String source = role == Role.FEED ? source(at, object) : "";
    if (role == Role.CLIENT) {
      none(at, object, "source");
    }
    // Whatever is wrong was noted, and the caller drops this key.
    boolean usable = secret.length > 0 || publicKey.length > 0;
    return new ApiKey(
        id,
        usable ? secret : new byte[ApiKey.SECRET_LEAST],
        publicKey,
        role == null ? Role.CLIENT : role,
        name(at, object, "client", id),
        channels,
        all,
        instruments,
        admin,
        source,
        limits(at, object, role));
  }

  private String name(String at, ConfigObject object, String name, String otherwise) {
    String text = text(object, name, otherwise);
    if (!text.matches(NAME)) {
      problem(at + "." + name, or(object, name), "must be 1 to 32 of A-Z a-z 0-9 . _ -");
      return otherwise;
    }
    return text;
  }

  private KeyLimits limits(String at, ConfigObject object, Role role) {
    ConfigValue value = object.get("limits");
    if (value == null) {
      return KeyLimits.NONE;
    }
    if (!(value instanceof ConfigObject limits)) {
      problem(at + ".limits", value, "must be an object { … }");
      return KeyLimits.NONE;
    }
    if (role == Role.FEED) {
      none(at, object, "limits");
    }
    for (String name : limits.keySet()) {
      if (!LIMITS.contains(name)) {
        problem(
            at + ".limits." + name, limits.get(name), "unknown key; known are " + sorted(LIMITS));
      }
    }
    return new KeyLimits(
        (int) number(at, limits, "connections", Integer.MAX_VALUE),
        (int) number(at, limits, "messagesPerSecond", Integer.MAX_VALUE),
        number(at, limits, "replay", Long.MAX_VALUE),
        delay(at, limits));
  }

  private long number(String at, ConfigObject limits, String name, long most) {
    String text = text(limits, name, "0");
    try {
      long number = Long.parseLong(text);
      if (number >= 0 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below.
      problem(at + ".limits." + name, limits.get(name), "is not a number");
      return 0;
    }
    problem(at + ".limits." + name, limits.get(name), "must be 0 (no limit) to " + most);
    return 0;
  }

  private Duration delay(String at, ConfigObject limits) {
    try {
      Config config = limits.toConfig();
      Duration delay = config.hasPath("delay") ? config.getDuration("delay") : Duration.ZERO;
      if (!delay.isNegative() && delay.compareTo(MOST_DELAY) <= 0) {
        return delay;
      }
    } catch (ConfigException e) {
      // Said below, without what was given.
      problem(at + ".limits.delay", limits.get("delay"), "is not a time such as 15m");
      return Duration.ZERO;
    }
    problem(at + ".limits.delay", limits.get("delay"), "must be 0 to 7d");
    return Duration.ZERO;
  }

  private byte[] publicKey(String at, ConfigObject object) {
    try {
      byte[] key = HexFormat.of().parseHex(text(object, "publicKey", ""));
      if (key.length == Ed25519.KEY_LENGTH) {
        return key;
      }
    } catch (IllegalArgumentException e) {
      // Said below: it might be a private key by mistake.
      problem(at + ".publicKey", or(object, "publicKey"), "is not hexadecimal");
      return NOTHING;
    }
    problem(at + ".publicKey", or(object, "publicKey"), "must be 32 bytes in hexadecimal");
    return NOTHING;
  }

  private byte[] anySecret(String id, String at, ConfigObject object) {
    if (!object.containsKey("sealed")) {
      inTheClear++;
      byte[] secret = secret(at, object);
      return secret == null ? NOTHING : secret;
    }
    if (master == null) {
      problem(
          at + ".sealed",
          object.get("sealed"),
          "is encrypted: set " + MasterKey.VARIABLE + " or " + MasterKey.FILE_VARIABLE);
      return NOTHING;
    }
    try {
      return master.open(id, text(object, "sealed", ""));
    } catch (MasterKey.SealException e) {
      problem(at + ".sealed", object.get("sealed"), e.getMessage());
      return NOTHING;
    }
  }

  private Role role(String at, ConfigObject object) {
    String text = text(object, "role", null);
    if ("client".equals(text)) {
      return Role.CLIENT;
    }
    if ("feed".equals(text)) {
      return Role.FEED;
    }
    problem(at + ".role", or(object, "role"), "must be client or feed");
    return null;
  }

  private byte[] secret(String at, ConfigObject object) {
    String text = text(object, "secret", "");
    try {
      byte[] secret = HexFormat.of().parseHex(text);
      if (secret.length >= ApiKey.SECRET_LEAST && secret.length <= ApiKey.SECRET_MOST) {
        return secret;
      }
    } catch (IllegalArgumentException e) {
      // Said below, without what was given.
      problem(at + ".secret", or(object, "secret"), "is not hexadecimal");
      return null;
    }
    problem(at + ".secret", or(object, "secret"), "must be 16 to 64 bytes in hexadecimal");
    return null;
  }

  private int channels(String at, ConfigObject object) {
    int bits = 0;
    for (String name : texts(object, "channels")) {
      int bit = 0;
      for (Channel channel : Channel.values()) {
        bit |= channel.wireName().equals(name) ? channel.bit() : 0;
      }
      if (bit == 0) {
        problem(
            at + ".channels",
            object.get("channels"),
            "holds what is none of signals, scores, bars, quotes, status");
      }
      bits |= bit;
    }
    if (bits == 0) {
      problem(at + ".channels", or(object, "channels"), "must be a list of channels");
    }
    return bits;
  }

  private boolean instruments(String at, ConfigObject object, Set<String> into) {
    ConfigValue value = object.get("instruments");
    if (value == null || "all".equals(value.unwrapped())) {
      return true;
    }
    List<String> symbols = texts(object, "instruments");
    if (symbols.isEmpty()) {
      problem(at + ".instruments", value, "must be all or a list of symbols");
    }
    into.addAll(symbols);
    return false;
  }

  private boolean admin(String at, ConfigObject object) {
    String text = text(object, "admin", "false");
    if (!"true".equals(text) && !"false".equals(text)) {
      problem(at + ".admin", or(object, "admin"), "must be true or false");
    }
    return "true".equals(text);
  }

  private String source(String at, ConfigObject object) {
    String text = text(object, "source", "");
    if (text == null || !text.matches(NAME)) {
      problem(
          at + ".source",
          or(object, "source"),
          "a feed's key names its source: 1 to 32 of A-Z a-z 0-9 . _ -");
      return "";
    }
    return text;
  }

  private int none(String at, ConfigObject object, String name) {
    if (object.containsKey(name)) {
      problem(at + "." + name, object.get(name), "means nothing for a key of this role");
    }
    return 0;
  }

  private static String text(ConfigObject object, String name, String otherwise) {
    ConfigValue value = object.get(name);
    if (value == null) {
      return otherwise;
    }
    return switch (value.valueType()) {
      case STRING, BOOLEAN, NUMBER -> value.atKey("v").getString("v");
      default -> "";
    };
  }

  private static List<String> texts(ConfigObject object, String name) {
    List<String> texts = new ArrayList<>();
    ConfigValue value = object.get(name);
    if (value != null && value.valueType() == ConfigValueType.LIST) {
      for (ConfigValue item : (com.typesafe.config.ConfigList) value) {
        texts.add(String.valueOf(item.unwrapped()));
      }
    }
    return texts;
  }

  private static ConfigValue or(ConfigObject object, String name) {
    return object.containsKey(name) ? object.get(name) : object;
  }

  private void problem(String key, ConfigValue value, String what) {
    problems.add(value.origin().description() + ": " + key + ": " + what);
  }

  private static String sorted(Set<String> names) {
    return String.join(", ", new TreeSet<>(names));
  }
}

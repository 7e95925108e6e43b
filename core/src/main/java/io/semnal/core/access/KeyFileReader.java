package io.semnal.core.access;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.semnal.protocol.Channel;
import io.semnal.protocol.sbe.Role;
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
      Set.of("role", "secret", "channels", "instruments", "admin", "source");
  static final String NAME = "[A-Za-z0-9._-]{1,32}";

  private final List<String> problems;

  KeyFileReader(List<String> problems) {
    this.problems = problems;
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
    return keys;
  }

  private ApiKey key(String id, ConfigObject object) {
    String at = "keys." + id;
    for (String name : new TreeSet<>(object.keySet())) {
      if (!KNOWN.contains(name)) {
        problem(at + "." + name, object.get(name), "unknown key; known are " + sorted(KNOWN));
      }
    }
    Role role = role(at, object);
    byte[] secret = secret(at, object);
    Set<String> instruments = new TreeSet<>();
    boolean all = instruments(at, object, instruments);
    int channels = role == Role.FEED ? none(at, object, "channels") : channels(at, object);
    boolean admin = role == Role.FEED ? none(at, object, "admin") != 0 : admin(at, object);
    String source = role == Role.FEED ? source(at, object) : "";
    if (role == Role.CLIENT) {
      none(at, object, "source");
    }
    // Whatever is wrong was noted, and the caller drops this key.
    byte[] usable = secret == null ? new byte[ApiKey.SECRET_LEAST] : secret;
    return new ApiKey(
        id, usable, role == null ? Role.CLIENT : role, channels, all, instruments, admin, source);
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

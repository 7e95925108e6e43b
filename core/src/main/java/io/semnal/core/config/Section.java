package io.semnal.core.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One object of the configuration, read key by key. Problems are gathered with their origins
 * instead of thrown one at a time; {@link #done()} adds every key that nobody asked for.
 */
final class Section {
  private final String path;
  private final ConfigObject object;
  private final List<String> problems;
  private final Set<String> asked = new TreeSet<>();

  Section(String path, ConfigObject object, List<String> problems) {
    this.path = path;
    this.object = object;
    this.problems = problems;
  }

  Set<String> keys() {
    return new TreeSet<>(object.keySet());
  }

  Section section(String key) {
    ConfigValue value = value(key);
    if (value instanceof ConfigObject inner) {
      return new Section(full(key), inner, problems);
    }
    if (value != null) {
      problem(key, value, "must be an object { … }");
    }
    return new Section(full(key), com.typesafe.config.ConfigFactory.empty().root(), problems);
  }

  /** Like {@link #section}, with the keys of another object where this one says nothing. */
  Section sectionOver(String key, ConfigObject fallback) {
    ConfigValue value = value(key);
    ConfigObject own =
        value instanceof ConfigObject inner
            ? inner
            : com.typesafe.config.ConfigFactory.empty().root();
    return new Section(full(key), own.withFallback(fallback), problems);
  }

  /**
   * A list of objects.
   *
   * @param otherwise values of keys that an object does not have
   */
  List<Section> sections(String key, Map<String, String> otherwise) {
    ConfigObject defaults = ConfigValueFactory.fromMap(otherwise);
    List<Section> found = new ArrayList<>();
    ConfigValue value = value(key);
    if (!(value instanceof ConfigList list)) {
      problem(key, value, "must be a list [ { … } ]");
      return found;
    }
    for (ConfigValue item : list) {
      if (item instanceof ConfigObject inner) {
        found.add(
            new Section(
                full(key) + "[" + found.size() + "]", inner.withFallback(defaults), problems));
      } else {
        problem(key, item, "must be a list of objects { … }");
      }
    }
    return found;
  }

  ConfigObject object(String key) {
    ConfigValue value = value(key);
    return value instanceof ConfigObject inner
        ? inner
        : com.typesafe.config.ConfigFactory.empty().root();
  }

  String text(String key) {
    return read(key, "a text", this::asText, "");
  }

  boolean flag(String key) {
    return read(
        key,
        "true or false",
        v -> {
          String text = asText(v);
          if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException("is not true or false");
          }
          return text.equals("true");
        },
        false);
  }

  int integer(String key, int least, int most) {
    return read(
        key,
        "a whole number",
        v -> {
          int n = new BigDecimal(asText(v)).intValueExact();
          if (n < least || n > most) {
            throw new IllegalArgumentException("must be " + least + " to " + most);
          }
          return n;
        },
        least);
  }

  /** The same of a key that may be left out. */
  int integer(String key, int least, int most, int otherwise) {
    return value(key) == null ? otherwise : integer(key, least, most);
  }

  int powerOfTwo(String key, int least, int most) {
    int n = integer(key, least, most);
    if (Integer.bitCount(n) > 1) {
      problem(key, object.get(key), "must be a power of two");
    }
    return n;
  }

  double number(String key, double least, double most) {
    return read(
        key,
        "a number",
        v -> {
          double n = Double.parseDouble(asText(v));
          if (!(n >= least && n <= most)) {
            throw new IllegalArgumentException("must be " + least + " to " + most);
          }
          return n;
        },
        least);
  }

  Duration duration(String key) {
    return read(
        key,
        "a duration such as 100ms or 2s",
        v -> {
          Duration duration = v.atKey("d").getDuration("d");
          if (duration.isNegative()) {
            throw new IllegalArgumentException("must not be negative");
          }
          return duration;
        },
        Duration.ZERO);
  }

  /** A size such as 512MiB or 20GB; a plain number is bytes. */
  long bytes(String key) {
    return read(
        key,
        "a size such as 512MiB or 20GB",
        v -> {
          long bytes = v.atKey("b").getBytes("b");
          if (bytes < 0) {
            throw new IllegalArgumentException("must not be negative");
          }
          return bytes;
        },
        0L);
  }

  Path path(String key) {
    return Path.of(text(key));
  }

  /** An enum constant, written in lower case with hyphens for underscores. */
  <E extends Enum<E>> E choice(String key, Class<E> type) {
    E[] all = type.getEnumConstants();
    return read(
        key,
        "one of " + Arrays.stream(all).map(Section::spelled).collect(Collectors.joining(", ")),
        v -> {
          String text = asText(v);
          for (E constant : all) {
            if (spelled(constant).equals(text)) {
              return constant;
            }
          }
          throw new IllegalArgumentException("is none of them");
        },
        all[0]);
  }

  static String spelled(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  List<String> texts(String key) {
    return read(
        key,
        "a list",
        v -> {
          if (v.valueType() != ConfigValueType.LIST) {
            throw new IllegalArgumentException("is not a list [ … ]");
          }
          List<String> texts = new ArrayList<>();
          for (ConfigValue item : (ConfigList) v) {
            texts.add(asText(item));
          }
          return texts;
        },
        List.of());
  }

  /** A list of texts, or {@code null} for the word {@code all}. */
  List<String> textsOrAll(String key) {
    ConfigValue value = object.get(key);
    if (value != null
        && value.valueType() == ConfigValueType.STRING
        && "all".equals(value.unwrapped())) {
      asked.add(key);
      return null;
    }
    return texts(key);
  }

  /** Reads a text through a parser that throws {@link IllegalArgumentException}. */
  <T> T parsed(String key, String what, Function<String, T> parser, T otherwise) {
    return read(key, what, v -> parser.apply(asText(v)), otherwise);
  }

  /** Names the key, its value where that is short, what is wrong, and where it was set. */
  void problem(String key, ConfigValue given, String what) {
    ConfigValue value = given == null ? object.get(key) : given;
    problems.add(
        full(key)
            + (value == null
                    || value.valueType() == ConfigValueType.OBJECT
                    || value.valueType() == ConfigValueType.LIST
                ? ""
                : " = " + value.unwrapped())
            + ": "
            + what
            + origin(value));
  }

  /** Adds a problem for every key that nobody asked for. */
  void done() {
    for (String key : keys()) {
      if (!asked.contains(key)) {
        String near = nearest(key);
        problem(
            key,
            object.get(key),
            "unknown key" + (near.isEmpty() ? "" : "; did you mean " + full(near) + "?"));
      }
    }
  }

  private String nearest(String key) {
    String best = "";
    int least = Math.max(2, key.length() / 3) + 1;
    for (String known : asked) {
      int distance = distance(key, known);
      if (distance < least) {
        least = distance;
        best = known;
      }
    }
    return best;
  }

  /** Levenshtein distance. */
  static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitute = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substitute, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }

  private <T> T read(String key, String what, Function<ConfigValue, T> reader, T otherwise) {
    ConfigValue value = value(key);
    if (value == null) {
      problems.add(full(key) + ": missing; it must be " + what + origin(object));
      return otherwise;
    }
    try {
      return reader.apply(value);
    } catch (IllegalArgumentException
        | ArithmeticException
        | DateTimeException
        | com.typesafe.config.ConfigException e) {
      String why = e.getMessage();
      problem(
          key,
          value,
          "must be "
              + what
              + (why == null || e instanceof NumberFormatException || e instanceof DateTimeException
                  ? ""
                  : "; " + why));
      return otherwise;
    }
  }

  private ConfigValue value(String key) {
    asked.add(key);
    return object.get(key);
  }

  private String asText(ConfigValue value) {
    return switch (value.valueType()) {
      case STRING, NUMBER, BOOLEAN -> {
        Config wrapped = value.atKey("v");
        yield wrapped.getString("v");
      }
      default -> throw new IllegalArgumentException("is " + value.valueType());
    };
  }

  private String full(String key) {
    String quoted = ConfigUtil.joinPath(key);
    return path.isEmpty() ? quoted : path + "." + quoted;
  }

  private static String origin(ConfigValue value) {
    return value == null ? "" : " (" + describe(value.origin()) + ")";
  }

  static String describe(ConfigOrigin origin) {
    return origin.description();
  }
}

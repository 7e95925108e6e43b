package io.semnal.feed.fix;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import io.semnal.fix.codec.FixVersion;
import io.semnal.fix.session.SessionSchedule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How a venue speaks FIX, read from a file: {@code generic.conf} beside this class explains each
 * key and holds its default.
 *
 * @param schedule {@code null} = always
 * @param updateType 265; empty = not sent
 * @param aggregated 266; empty = not sent
 * @param symbols the venue's names by ours
 */
public record VenueProfile(
    String name,
    FixVersion version,
    int heartbeat,
    boolean resetOnLogon,
    String senderSubId,
    String targetSubId,
    SessionSchedule schedule,
    boolean byId,
    String separator,
    String idSource,
    boolean securityList,
    int nameTag,
    Map<String, String> symbols,
    boolean perSymbol,
    String requestType,
    int depth,
    String updateType,
    String aggregated,
    List<String> entryTypes,
    List<Custom> custom,
    List<TimeField> eventTime,
    Gap gap,
    Acknowledge massQuoteAck) {
  /** The profiles that come along. */
  public static final List<String> KNOWN =
      List.of("generic", "lmax", "fxcm", "ctrader", "oanda", "integral");

  /** A field that a venue wants beside the standard's. */
  public record Custom(int tag, String value) {}

  /** What an event's time is taken from. */
  public enum TimeField {
    ENTRY,
    TRANSACT,
    SENDING
  }

  /** What a gap in the numbers means for prices. */
  public enum Gap {
    RESUBSCRIBE,
    IGNORE
  }

  /** When a MassQuote is acknowledged. */
  public enum Acknowledge {
    ASKED,
    ALWAYS,
    NEVER
  }

  /**
   * Reads a profile.
   *
   * @param name one of {@link #KNOWN}, or a file that ends in {@code .conf}
   * @throws IllegalArgumentException naming the key and what is wrong with it
   */
  public static VenueProfile of(String name) {
    Config generic = resource("generic");
    Config own;
    try {
      if (KNOWN.contains(name)) {
        own = resource(name);
      } else if (name.endsWith(".conf") && Files.isReadable(Path.of(name))) {
        own = ConfigFactory.parseFile(Path.of(name).toFile());
      } else {
        throw new IllegalArgumentException(
            "there is no venue profile '" + name + "': it is one of " + KNOWN + " or a .conf file");
      }
      checkKeys(name, own, generic);
      return read(name, own.withFallback(generic).resolve());
    } catch (ConfigException e) {
      throw new IllegalArgumentException("venue profile " + name + ": " + e.getMessage(), e);
    }
  }

  private static Config resource(String name) {
    return ConfigFactory.parseResources(VenueProfile.class, name + ".conf");
  }

  private static void checkKeys(String name, Config own, Config generic) {
    for (Map.Entry<String, ConfigValue> entry : own.entrySet()) {
      String path = entry.getKey();
      if (!generic.hasPath(path) && !path.startsWith("symbols.map.")) {
        throw new IllegalArgumentException(
            "venue profile "
                + name
                + ": unknown key "
                + path
                + "; there are "
                + new TreeSet<>(generic.entrySet().stream().map(Map.Entry::getKey).toList()));
      }
    }
  }

  private static VenueProfile read(String name, Config c) {
    Map<String, String> symbols = new TreeMap<>();
    c.getObject("symbols.map").forEach((key, value) -> symbols.put(key, "" + value.unwrapped()));
    List<Custom> custom = new ArrayList<>();
    for (Config field : c.getConfigList("request.custom")) {
      custom.add(new Custom(field.getInt("tag"), field.getString("value")));
    }
    boolean byId = choice(c, "symbols.by", By.class) == By.ID;
    return new VenueProfile(
        name,
        FixVersion.of(c.getString("version")),
        c.getInt("heartbeat"),
        c.getBoolean("resetOnLogon"),
        c.getString("senderSubId"),
        c.getString("targetSubId"),
        schedule(c.getConfig("schedule")),
        byId,
        c.getString("symbols.separator"),
        c.getString("symbols.idSource"),
        c.getBoolean("symbols.list"),
        c.getInt("symbols.nameTag"),
        Map.copyOf(symbols),
        c.getBoolean("request.perSymbol"),
        c.getString("request.type"),
        c.getInt("request.depth"),
        c.getString("request.updateType"),
        c.getString("request.aggregated"),
        List.copyOf(c.getStringList("request.entryTypes")),
        List.copyOf(custom),
        c.getStringList("eventTime").stream()
            .map(text -> constant("eventTime", text, TimeField.class))
            .toList(),
        choice(c, "gap", Gap.class),
        choice(c, "massQuoteAck", Acknowledge.class));
  }

  private enum By {
    SYMBOL,
    ID
  }

  private enum Kind {
    ALWAYS,
    DAILY,
    WEEKLY
  }

  private static <E extends Enum<E>> E choice(Config c, String key, Class<E> type) {
    return constant(key, c.getString(key), type);
  }

  private static <E extends Enum<E>> E constant(String key, String text, Class<E> type) {
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equalsIgnoreCase(text)) {
        return constant;
      }
    }
    throw new IllegalArgumentException(
        key + " = " + text + " is none of " + List.of(type.getEnumConstants()));
  }

  private static SessionSchedule schedule(Config c) {
    ZoneId zone = ZoneId.of(c.getString("zone"));
    LocalTime start = LocalTime.parse(c.getString("start"));
    LocalTime end = LocalTime.parse(c.getString("end"));
    return switch (choice(c, "kind", Kind.class)) {
      case ALWAYS -> null;
      case DAILY -> SessionSchedule.daily(zone, start, end);
      case WEEKLY ->
          SessionSchedule.weekly(
              zone,
              choice(c, "startDay", DayOfWeek.class),
              start,
              choice(c, "endDay", DayOfWeek.class),
              end);
    };
  }

  /** The venue's name of an instrument: as its list says, or by its rule. */
  public String venueName(String symbol, String base, String quote, Map<String, String> own) {
    String named = own.getOrDefault(symbol, symbols.get(symbol));
    return named != null ? named : base + separator + quote;
  }
}

package io.semnal.gateway.rest;

import io.semnal.core.market.Timeframe;
import io.semnal.gateway.rest.Problem.Code;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The parameters of one request: each known by name, given once, and of the form that it needs. */
final class Query {
  private static final long NANOS = 1_000_000_000L;
  private final Map<String, String> values = new HashMap<>();

  private Query() {}

  /**
   * @param raw what follows the question mark; {@code null} = nothing
   * @param known the parameters that the resource takes
   */
  static Query parse(String raw, Set<String> known) throws Problem {
    Query query = new Query();
    if (raw == null || raw.isEmpty()) {
      return query;
    }
    for (String part : raw.split("&", -1)) {
      int equals = part.indexOf('=');
      String name = decoded(equals < 0 ? part : part.substring(0, equals));
      if (!known.contains(name)) {
        throw new Problem(
            Code.UNKNOWN_PARAMETER,
            "no parameter '"
                + shown(name)
                + "' is known here"
                + (known.isEmpty()
                    ? ""
                    : "; there are " + String.join(", ", new TreeSet<>(known))));
      }
      if (equals < 0 || equals == part.length() - 1) {
        throw bad(name, "has no value");
      }
      if (query.values.put(name, decoded(part.substring(equals + 1))) != null) {
        throw bad(name, "is given twice");
      }
    }
    return query;
  }

  private static String decoded(String text) throws Problem {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new Problem(Code.MALFORMED, "the query is not percent-encoded as it should be");
    }
  }

  /** The value, or {@code null}. */
  String text(String name) {
    return values.get(name);
  }

  String required(String name) throws Problem {
    String value = values.get(name);
    if (value == null) {
      throw bad(name, "is missing");
    }
    return value;
  }

  long number(String name, long least, long most, long otherwise) throws Problem {
    String value = values.get(name);
    if (value == null) {
      return otherwise;
    }
    try {
      long number = Long.parseLong(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw bad(name, "is not a whole number");
    }
    throw bad(name, "is not from " + least + " to " + most);
  }

  /** Nanoseconds since the epoch, given as such or as {@code 2026-01-02T00:00:00Z}. */
  long time(String name, long otherwise) throws Problem {
    String value = values.get(name);
    if (value == null) {
      return otherwise;
    }
    if (value.matches("[0-9]{1,18}|[0-9]{19}")) {
      return number(name, 0, Long.MAX_VALUE, otherwise);
    }
    try {
      Instant instant = Instant.parse(value);
      return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), NANOS), instant.getNano());
    } catch (DateTimeException | ArithmeticException e) {
      throw bad(name, "is neither a time such as 2026-01-02T00:00:00Z nor nanoseconds");
    }
  }

  /** Seconds; 0 if not given. */
  int timeframe(String name) throws Problem {
    String value = values.get(name);
    if (value == null) {
      return 0;
    }
    try {
      return Timeframe.parse(value).seconds();
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw bad(name, "is not a timeframe such as 1m, 15m or 4h");
    }
  }

  static Problem bad(String name, String what) {
    return new Problem(Code.BAD_PARAMETER, "parameter '" + name + "' " + what);
  }

  /** What a peer sent, fit for a message: short and printable. */
  static String shown(String text) {
    String shortened = text.length() > 40 ? text.substring(0, 40) + "..." : text;
    return shortened.replaceAll("[^\\x20-\\x7E]", "?");
  }
}

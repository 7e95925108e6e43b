package io.semnal.features.indicator;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What is to be known of an indicator beside its definition: where its formula stands, how it
 * begins, where its values lie. Read from {@code facts.txt} when somebody asks; a running engine
 * does not.
 */
public final class Facts {
  private static final int FIELDS = 4;

  private final String source;
  private final String seeding;
  private final Map<String, Range> ranges;

  /** For outputs without a range of their own. */
  private final Range others;

  private Facts(String source, String seeding, Map<String, Range> ranges, Range others) {
    this.source = source;
    this.seeding = seeding;
    this.ranges = ranges;
    this.others = others;
  }

  /** By name, as the file lists them. */
  public static Map<String, Facts> all() {
    Map<String, Facts> all = new LinkedHashMap<>();
    try (InputStream file =
            Objects.requireNonNull(Facts.class.getResourceAsStream("facts.txt"), "facts.txt");
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isBlank() && !line.startsWith("#")) {
          String[] fields = line.split(" \\| ", -1);
          if (fields.length != FIELDS || all.put(fields[0], of(fields)) != null) {
            throw new IllegalStateException("facts.txt: '" + line + "'");
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  private static Facts of(String[] fields) {
    Map<String, Range> ranges = new LinkedHashMap<>();
    String[] parts = fields[3].split("; ");
    for (int i = 0; i < parts.length - 1; i++) {
      String[] named = parts[i].split("=", 2);
      ranges.put(named[0], Range.parse(named[1]));
    }
    return new Facts(fields[1], fields[2], ranges, Range.parse(parts[parts.length - 1]));
  }

  /** Author and year, or where the formula stands. */
  public String source() {
    return source;
  }

  /** With what a history begins, as a sentence's end. */
  public String seeding() {
    return switch (seeding) {
      case "none" -> "has no history";
      case "window" -> "needs its whole window, and nothing before it";
      default -> seeding;
    };
  }

  /** For the defaults and prices above zero. */
  public Range range(String output) {
    return ranges.getOrDefault(output, others);
  }

  /** Outputs that are named; each must be there. */
  public Set<String> namedOutputs() {
    return ranges.keySet();
  }
}

package io.semnal.feed.fix;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What goes wrong on a simulated venue's wire, each at every so many price messages; 0 = never.
 *
 * @param gap the message is lost
 * @param duplicate it comes twice, byte for byte
 * @param garbage bytes that are no message come before it
 * @param stall nothing comes for {@code stallMillis}
 * @param disconnect the connection breaks
 * @param until the wire is sound behind so many price messages
 */
public record WireFaults(
    int gap, int duplicate, int garbage, int stall, int disconnect, int stallMillis, int until) {
  public static final WireFaults NONE = new WireFaults(0, 0, 0, 0, 0, 0, Integer.MAX_VALUE);

  private static final int STALL_MILLIS = 500;

  /**
   * Reads {@code gap:1000,disconnect:20000,until:50000}.
   *
   * @throws IllegalArgumentException naming what is wrong
   */
  public static WireFaults parse(String text) {
    Map<String, Integer> every = new TreeMap<>();
    for (String part : text.split(",")) {
      String[] pair = part.strip().toLowerCase(Locale.ROOT).split(":");
      if (pair.length != 2 || !pair[1].matches("[1-9][0-9]{0,8}")) {
        throw new IllegalArgumentException("'" + part + "' is not FAULT:N");
      }
      every.put(pair[0], Integer.valueOf(pair[1]));
    }
    WireFaults faults =
        new WireFaults(
            take(every, "gap"),
            take(every, "duplicate"),
            take(every, "garbage"),
            take(every, "stall"),
            take(every, "disconnect"),
            STALL_MILLIS,
            until(every));
    if (!every.isEmpty()) {
      throw new IllegalArgumentException(
          "no such fault: "
              + every.keySet()
              + "; there are gap, duplicate, garbage, stall, disconnect; and until");
    }
    return faults;
  }

  private static int take(Map<String, Integer> every, String fault) {
    Integer found = every.remove(fault);
    return found == null ? 0 : found;
  }

  private static int until(Map<String, Integer> every) {
    int found = take(every, "until");
    return found == 0 ? Integer.MAX_VALUE : found;
  }

  /** Whether anything goes wrong at all. */
  boolean any() {
    return gap + duplicate + garbage + stall + disconnect > 0;
  }
}

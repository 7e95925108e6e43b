package io.semnal.inference.registry;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The aliases of one model, and where each has pointed before.
 *
 * <p>A move is a line {@code TIME set|back FROM TO}, written before the alias moves: a line whose
 * move never came is known by the next line, or the alias, not starting from where it led.
 */
final class Aliases {
  private static final Pattern ALIAS = Pattern.compile("[a-z][a-z0-9-]{0,31}");
  private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,8}");
  private static final Pattern MOVE = Pattern.compile("\\S+ (set|back) ([0-9]{1,9}) ([0-9]{1,9})");
  private static final String LOG = ".log";

  /** Where an alias pointed that was not there. */
  private static final int NOWHERE = 0;

  private final Path folder;

  /**
   * @param model the folder of the model's name
   */
  Aliases(Path model) {
    folder = model.resolve("aliases");
  }

  static void requireAlias(String alias) {
    if (!ALIAS.matcher(alias).matches()) {
      throw new ModelRefusedException("an alias is '" + alias + "', must match " + ALIAS.pattern());
    }
  }

  /**
   * Says where an alias points elsewhere than its last move led, or would have led: that was
   * somebody's hand, or damage that reads as a version.
   *
   * @return a sentence, or nothing
   */
  Optional<String> astray(String alias, int version) {
    Path log = folder.resolve(alias + LOG);
    if (!Files.exists(log)) {
      return Optional.empty();
    }
    var last = MOVE.matcher("");
    String text = new String(VersionFolder.bytes(log), StandardCharsets.ISO_8859_1);
    for (String line : text.lines().toList()) {
      last.reset(line);
    }
    String now = Integer.toString(version);
    if (last.matches() && (last.group(2).equals(now) || last.group(3).equals(now))) {
      return Optional.empty();
    }
    return Optional.of(
        folder.resolve(alias)
            + " holds "
            + now
            + ", which is not where the last line of "
            + log
            + " led: it was set by hand, or is damaged; 'semnal models promote NAME@VERSION' says"
            + " which is meant");
  }

  /** Versions by alias. */
  Map<String, Integer> all() {
    Map<String, Integer> aliases = new TreeMap<>();
    for (String alias : DurableFiles.names(folder)) {
      if (ALIAS.matcher(alias).matches()) {
        byte[] bytes = VersionFolder.bytes(folder.resolve(alias));
        String text = new String(bytes, StandardCharsets.US_ASCII).strip();
        if (!VERSION.matcher(text).matches()) {
          throw new ModelRefusedException(
              folder.resolve(alias)
                  + " holds '"
                  + text
                  + "', must hold a version: delete that file and promote one");
        }
        aliases.put(alias, Integer.valueOf(text));
      }
    }
    return aliases;
  }

  void set(String alias, int version) throws IOException {
    int from = all().getOrDefault(alias, NOWHERE);
    if (from != version) {
      move(alias, "set", from, version);
    }
  }

  /**
   * Points an alias at where it pointed before; doing it again goes further back.
   *
   * @param there versions that can be gone back to
   * @return the version that it points at now; 0 = it pointed at none of those before
   */
  int back(String alias, Set<Integer> there) throws IOException {
    Deque<Integer> past = past(alias);
    int from = past.pop();
    past.removeIf(version -> !there.contains(version) || version == from);
    if (past.isEmpty()) {
      return NOWHERE;
    }
    move(alias, "back", from, past.peek());
    return past.peek();
  }

  private void move(String alias, String how, int from, int to) throws IOException {
    String line =
        Instant.now().truncatedTo(ChronoUnit.SECONDS) + " " + how + " " + from + " " + to + "\n";
    DurableFiles.append(folder.resolve(alias + LOG), line.getBytes(StandardCharsets.US_ASCII));
    DurableFiles.replace(folder.resolve(alias), (to + "\n").getBytes(StandardCharsets.US_ASCII));
  }

  /** Where it points, then where it would go back to, one after the other. */
  private Deque<Integer> past(String alias) throws IOException {
    Deque<Integer> past = new ArrayDeque<>();
    Path log = folder.resolve(alias + LOG);
    if (Files.exists(log)) {
      for (String line : Files.readAllLines(log, StandardCharsets.ISO_8859_1)) {
        var move = MOVE.matcher(line);
        if (!move.matches()) {
          throw new ModelRefusedException(log + " has a line that is no move: '" + line + "'");
        }
        goTo(past, Integer.parseInt(move.group(2)));
        int to = Integer.parseInt(move.group(3));
        if (move.group(1).equals("set")) {
          past.push(to);
        } else {
          goTo(past, to);
        }
      }
    }
    goTo(past, all().getOrDefault(alias, NOWHERE));
    return past;
  }

  /** Unwinds to a version; one that is not in the past was set by hand. */
  private static void goTo(Deque<Integer> past, int version) {
    if (past.contains(version)) {
      while (past.peek() != version) {
        past.pop();
      }
    } else {
      past.push(version);
    }
  }
}

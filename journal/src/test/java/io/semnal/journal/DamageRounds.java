package io.semnal.journal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Damages one journal in one random way after the other, and starts on it each time: the process of
 * {@link RandomDamageTest}, which outlives it where a damage kills it.
 */
final class DamageRounds {
  private static final String BUILD = "build-1";
  private static final int PAGE = 4_096;
  private static final Pattern MESSAGE = Pattern.compile("(?:outbound messages? |outSeq )([0-9]+)");

  private static final List<String> MADE_ANEW =
      List.of("inbound/metadata.cq4t", "outbound/metadata.cq4t");

  /** What came of a damage. */
  enum Outcome {
    /** The journal is what it was. */
    WHOLE,
    /** The start went on in another epoch, and named what was lost. */
    LOST_TAIL,
    /** The start refused, and what was salvaged goes on. */
    REFUSED,
    /** The start refused, and named the file to bring back. */
    REFUSED_FILE,
    /** A damaged message lies before the snapshot: only a replay from the header finds it. */
    LEFT_TO_VERIFY
  }

  private final Path root;
  private final Path dir;
  private final Map<Path, byte[]> files = new TreeMap<>();
  private final Map<Path, Long> lengths = new TreeMap<>();
  private List<byte[]> outbound;
  private String damage;

  private DamageRounds(Path root) {
    this.root = root;
    dir = root.resolve("journal");
  }

  /** Arguments: folder, first seed, count. */
  public static void main(String[] args) throws IOException {
    DamageRounds rounds = new DamageRounds(Path.of(args[0]));
    rounds.make();
    Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
    long first = Long.parseLong(args[1]);
    for (long seed = first; seed < first + Integer.parseInt(args[2]); seed++) {
      say("seed " + seed);
      counts.merge(rounds.round(seed), 1, Integer::sum);
    }
    say("done " + counts);
  }

  private static void say(String line) {
    System.out.println(line);
  }

  private void make() throws IOException {
    try (LiveRun live = new LiveRun(dir, BUILD, "3")) {
      Follower follower =
          Follower.of(
              live.journal,
              TestEngine.factory(),
              live.start,
              live.journalSeq(),
              live.outSeq(),
              live.found,
              new Follower.Settings(Duration.ofMinutes(10), 100, 3),
              System::nanoTime);
      for (int i = 0; i < 3; i++) {
        live.quotes(100);
        while (follower.doWork() > 0) {
          // Until it has caught up.
        }
      }
      // One that has no effects: what others were without it, they are with it.
      live.quotes(99).clock();
      follower.onClose();
    }
    Restart.skip(dir, 401);
    outbound = messages(Side.OUTBOUND);
    try (Stream<Path> walk = Files.walk(dir)) {
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        if (!file.endsWith("lock")) {
          files.put(file, used(file));
          lengths.put(file, Files.size(file));
        }
      }
    }
  }

  private static byte[] used(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] == 0) {
      end--;
    }
    return Arrays.copyOf(bytes, end);
  }

  private Outcome round(long seed) throws IOException {
    restore();
    damage(new Random(seed));
    requireTrue(countWrong(served()) == 0 || !isIdentical(dir), "served and not noticed");
    return started();
  }

  private Outcome started() throws IOException {
    try (LiveRun live = new LiveRun(dir, BUILD, "3")) {
      requireTrue(live.start.journalSeq() > 0, "a journal of nothing");
      live.quotes(20);
    } catch (JournalException e) {
      Path side =
          MADE_ANEW.stream().map(dir::resolve).filter(f -> names(e, f)).findAny().orElse(null);
      if (side != null && Files.deleteIfExists(side)) {
        return started();
      }
      return salvaged(e);
    }
    return judge();
  }

  private static boolean names(JournalException e, Path file) {
    return e.getMessage().contains(file.getParent().toString())
        && e.getMessage().contains("delete that file");
  }

  /** After a start that went on. */
  private Outcome judge() {
    int wrong = countWrong(messages(Side.OUTBOUND).subList(0, keptOutbound()));
    if (!isIdentical(dir)) {
      return Outcome.LEFT_TO_VERIFY;
    }
    requireTrue(wrong == 0, wrong + " wrong messages, and a replay says the same");
    return epoch() > 1 ? Outcome.LOST_TAIL : Outcome.WHOLE;
  }

  /** What stands there of the first run: of the last one, other messages have those numbers. */
  private int keptOutbound() {
    JournalState state = RecoveryTest.scan(dir);
    long kept =
        state.runs().size() == 1
            ? state.outbound().sequence()
            : state.runs().get(1).outSeqBefore() - (state.epoch() > 1 ? 1 : 0);
    return (int) Math.min(outbound.size(), kept);
  }

  private int epoch() {
    return RecoveryTest.scan(dir).epoch();
  }

  private Outcome salvaged(JournalException refusal) throws IOException {
    String text = refusal.getMessage();
    requireTrue(text != null && text.length() > 20, "a refusal without words: " + refusal);
    if (text.contains("FORMAT") || text.contains("quarantine")) {
      return Outcome.REFUSED_FILE;
    }
    if (text.contains("restore it from a backup") || text.contains("else restore a backup")) {
      return Outcome.REFUSED_FILE;
    }
    requireTrue(text.contains("journal salvage"), "no way out: " + text);
    Path copy = root.resolve("salvaged");
    long before = Long.MAX_VALUE;
    for (int attempt = 0; attempt < 2; attempt++) {
      delete(copy);
      try (JournalDirectory journal = JournalDirectory.openReadOnly(dir)) {
        Salvage.copy(journal, copy, Long.MAX_VALUE, before, Progress.NONE);
      }
      try (LiveRun live = new LiveRun(copy, BUILD, "3")) {
        live.quotes(20);
        before = 0;
        break;
      } catch (ReplayMismatchException e) {
        Matcher named = MESSAGE.matcher(e.getMessage());
        requireTrue(named.find(), "no message named: " + e.getMessage());
        before = Long.parseLong(named.group(1));
      }
    }
    requireTrue(before == 0, "what was salvaged does not start");
    requireTrue(isIdentical(copy), "what was salvaged does not replay");
    return Outcome.REFUSED;
  }

  /** What a client could get that resumes from the beginning: by the gateway's rule, no gap. */
  private List<byte[]> served() {
    List<byte[]> served = new ArrayList<>();
    try (JournalDirectory journal = JournalDirectory.openReadOnly(dir);
        OutboundJournal history = new OutboundJournal(journal);
        QueueReader reader = history.open(0)) {
      boolean[] gap = {false};
      while (!gap[0]
          && reader.readNext(
              (buffer, offset, length) -> {
                gap[0] = Side.OUTBOUND.sequence(buffer, offset) != served.size() + 1;
                if (!gap[0]) {
                  byte[] message = new byte[length];
                  buffer.getBytes(offset, message);
                  served.add(message);
                }
              })) {
        // To the end, or to where the session is told that it cannot go on.
      }
    } catch (JournalException e) {
      // The session is told so; what it got until then counts.
      return served;
    }
    return served;
  }

  private int countWrong(List<byte[]> found) {
    int wrong = 0;
    for (int i = 0; i < found.size(); i++) {
      if (i >= outbound.size() || !Arrays.equals(found.get(i), outbound.get(i))) {
        wrong++;
      }
    }
    return wrong;
  }

  private static boolean isIdentical(Path journal) {
    try {
      return RecoveryTest.verify(journal, BUILD).isIdentical();
    } catch (JournalException e) {
      return false;
    }
  }

  private void restore() throws IOException {
    boolean made = false;
    try (Stream<Path> walk = Files.walk(dir)) {
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        if (!files.containsKey(file)) {
          Files.delete(file);
        }
      }
    }
    for (Map.Entry<Path, byte[]> entry : files.entrySet()) {
      made |= !Files.exists(entry.getKey());
      try (RandomAccessFile file = new RandomAccessFile(entry.getKey().toFile(), "rw")) {
        file.setLength(0);
        file.write(entry.getValue());
        file.setLength(lengths.get(entry.getKey()));
      }
    }
    if (made) {
      // Another inode: that this is the journal itself and no copy has to be noted anew.
      try (JournalDirectory journal = JournalDirectory.openReadOnly(dir)) {
        JournalOrigin.write(journal);
      }
      Path origin = dir.resolve("origin");
      files.put(origin, Files.readAllBytes(origin));
      lengths.put(origin, Files.size(origin));
    }
  }

  private void damage(Random random) throws IOException {
    Path path = List.copyOf(files.keySet()).get(random.nextInt(files.size()));
    int end = Math.max(1, files.get(path).length);
    int at = random.nextInt(end);
    int kind = random.nextInt(8);
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      switch (kind) {
        case 0 -> file.setLength(at);
        case 1, 2 -> {
          int from = at / PAGE * PAGE;
          int to = kind == 1 ? Math.min(end, from + PAGE) : end;
          file.seek(from);
          file.write(new byte[to - from]);
        }
        case 3 -> {
          file.seek(at);
          byte[] noise = new byte[Math.min(end - at, 1 + random.nextInt(64))];
          random.nextBytes(noise);
          file.write(noise);
        }
        default -> {
          file.seek(at);
          int old = Math.max(0, file.read());
          file.seek(at);
          file.write(old ^ 1 << random.nextInt(Byte.SIZE));
        }
      }
    }
    damage = "damage " + kind + " at " + at + " of " + end + " in " + dir.relativize(path);
    say(damage);
  }

  private List<byte[]> messages(Side side) {
    List<byte[]> messages = new ArrayList<>();
    try (JournalDirectory journal = JournalDirectory.openReadOnly(dir);
        QueueReader reader =
            side == Side.INBOUND ? journal.inboundReader() : journal.outboundReader()) {
      while (reader.readNext(
          (buffer, offset, length) -> {
            byte[] message = new byte[length];
            buffer.getBytes(offset, message);
            messages.add(message);
          })) {
        // To the end.
      }
    }
    return messages;
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> walk = Files.walk(folder)) {
        for (Path path : walk.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  private void requireTrue(boolean condition, String otherwise) {
    if (!condition) {
      throw new AssertionError(damage + ": " + otherwise);
    }
  }
}

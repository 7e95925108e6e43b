package io.semnal.journal;

import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.ScoreDecoder;
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
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

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
    /** The start went on; a damaged message lies before its snapshot, and who asks is refused. */
    NOT_SERVED
  }

  private final Path root;
  private final Path dir;
  private final Map<Path, byte[]> files = new TreeMap<>();
  private final Map<Path, Long> lengths = new TreeMap<>();
  private List<byte[]> inbound;
  private List<byte[]> outbound;
  private List<byte[]> shadow;
  private int keptInbound;
  private int keptOutbound;
  private int epoch;
  private String damage;

  private DamageRounds(Path root) {
    this.root = root;
    dir = root.resolve("journal");
  }

  /** Arguments: folder, first seed, rounds, and the file that gets the counts. */
  public static void main(String[] args) throws IOException {
    // Nobody else is there: a head that is missing will not come. The lock of metadata may have to
    // wait for this process itself, on a machine that gives it little time.
    System.setProperty("semnal.journal.headMillis", "100");
    System.setProperty("chronicle.table.store.timeoutMS", "2000");
    DamageRounds rounds = new DamageRounds(Path.of(args[0]));
    rounds.make();
    Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
    long first = Long.parseLong(args[1]);
    int count = Integer.parseInt(args[2]);
    for (long seed = first; seed < first + count; seed++) {
      say("seed " + seed);
      counts.merge(rounds.round(seed), 1, Integer::sum);
    }
    String done = count + " from seed " + first + ": " + counts;
    Files.writeString(Path.of(args[3]), "random damages of a journal: " + done + "\n");
    say("done " + done);
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
      shadowScores(live.journal);
    }
    Restart.skip(dir, 401);
    inbound = messages(Side.INBOUND);
    outbound = messages(Side.OUTBOUND);
    shadow = messages(Side.SHADOW);
    requireTrue(
        inbound.size() > 400 && !shadow.isEmpty(),
        "too little: " + inbound.size() + ", " + outbound.size() + ", " + shadow.size());
    try (Stream<Path> walk = Files.walk(dir)) {
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        if (!file.endsWith("lock")) {
          files.put(file, used(file));
          lengths.put(file, Files.size(file));
        }
      }
    }
  }

  /** Any scores do. */
  private static void shadowScores(JournalDirectory journal) {
    try (QueueReader reader = journal.outboundReader()) {
      while (reader.readNext(
          (buffer, offset, length) -> {
            if (MessageLayout.templateId(buffer, offset) == ScoreDecoder.TEMPLATE_ID) {
              journal.shadowLog().append(buffer, offset, length);
            }
          })) {
        // To the end.
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
    keptInbound = inbound.size();
    keptOutbound = outbound.size();
    epoch = 0;
    Random random = new Random(seed);
    damage(seed, random);
    requireRight(random);
    return started(random);
  }

  private Outcome started(Random random) throws IOException {
    try (LiveRun live = new LiveRun(dir, BUILD, "3")) {
      requireTrue(live.start.journalSeq() > 0, "a journal of nothing");
      kept(live);
      live.quotes(20);
    } catch (JournalException e) {
      Path side =
          MADE_ANEW.stream().map(dir::resolve).filter(f -> names(e, f)).findAny().orElse(null);
      if (side != null && Files.deleteIfExists(side)) {
        return started(random);
      }
      return salvaged(e);
    }
    return judge(random);
  }

  private static boolean names(JournalException e, Path file) {
    return e.getMessage().contains(file.getParent().toString())
        && e.getMessage().contains("delete that file");
  }

  /** After a start that went on. */
  private Outcome judge(Random random) {
    requireRight(random);
    boolean refused = refusesSome(Side.INBOUND) || refusesSome(Side.OUTBOUND);
    boolean identical = isIdentical(dir);
    requireTrue(identical || refused, "a replay says something else, and nothing is refused");
    if (refused) {
      return Outcome.NOT_SERVED;
    }
    return epoch > 1 ? Outcome.LOST_TAIL : Outcome.WHOLE;
  }

  /** Whatever a client, a REST page or an export is given is what was written. */
  private void requireRight(Random random) {
    requireTrue(resumed(0) == 0, "a client that begins at 0 is served wrong bytes");
    int from = random.nextInt(outbound.size());
    requireTrue(resumed(from) == 0, "a client that resumes behind " + from + " is served wrongly");
    long time = Side.OUTBOUND.time(new UnsafeBuffer(outbound.get(from)), 0);
    requireTrue(paged(time) == 0, "a page from time " + time + " has wrong bytes");
    requireTrue(exported(Side.INBOUND) == 0, "an export has wrong quotes");
    requireTrue(exported(Side.OUTBOUND) == 0, "an export has wrong signals");
    requireTrue(exported(Side.SHADOW) == 0, "an export has wrong shadow scores");
  }

  private boolean refusesSome(Side side) {
    try (JournalDirectory journal = JournalDirectory.openReadOnly(dir);
        QueueReader reader = journal.reader(side)) {
      while (reader.readNext((buffer, offset, length) -> {})) {
        // To the end, or to what is refused.
      }
      return false;
    } catch (CorruptJournalException e) {
      return e.getMessage().contains(dir.resolve(side.folder()).toString());
    }
  }

  /** What of the first run stands there, and no other message under its number. */
  private void kept(LiveRun live) {
    RunInfo run = live.start.run();
    long published =
        run.runId() == 1 ? live.start.outSeq() : run.outSeqBefore() - (run.epoch() > 1 ? 1 : 0);
    keptOutbound = (int) Math.min(outbound.size(), published);
    keptInbound = (int) Math.min(inbound.size(), live.found.inbound().sequence());
    epoch = run.epoch();
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
      } catch (CorruptJournalException e) {
        requireTrue(e.getMessage().contains("restore it from a backup"), "no way out: " + e);
        return Outcome.REFUSED_FILE;
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

  /** Wrong messages among those that a client gets which resumes: by the gateway's rule, no gap. */
  private int resumed(long from) {
    int[] wrong = {0};
    long[] last = {from};
    boolean[] gap = {false};
    try (JournalDirectory journal = JournalDirectory.openReadOnly(dir);
        OutboundJournal history = new OutboundJournal(journal);
        QueueReader reader = history.open(from)) {
      while (!gap[0]
          && reader.readNext(
              (buffer, offset, length) -> {
                gap[0] = Side.OUTBOUND.sequence(buffer, offset) != ++last[0];
                wrong[0] += !gap[0] && isWrong(Side.OUTBOUND, buffer, offset, length) ? 1 : 0;
              })) {
        // To the end, or to where the session is told that it cannot go on.
      }
    } catch (JournalException e) {
      // The session is told so; what it got until then counts.
      return wrong[0];
    }
    return wrong[0];
  }

  /** Wrong messages on a page of REST. */
  private int paged(long time) {
    int[] wrong = {0};
    try (JournalDirectory journal = JournalDirectory.openReadOnly(dir);
        OutboundJournal history = new OutboundJournal(journal);
        QueueReader reader = history.openAt(time)) {
      while (reader.readNext(
          (buffer, offset, length) ->
              wrong[0] += isWrong(Side.OUTBOUND, buffer, offset, length) ? 1 : 0)) {
        // To the end, or to what is refused.
      }
    } catch (JournalException e) {
      return wrong[0];
    }
    return wrong[0];
  }

  /** Wrong messages in an export. */
  private int exported(Side side) {
    int[] wrong = {0};
    int[] count = {0};
    try (JournalDirectory journal = JournalDirectory.openReadOnly(dir);
        JournalReader reader = JournalReader.of(journal, side)) {
      while (reader.next(
          (buffer, offset, length) -> {
            boolean isWrong =
                side == Side.SHADOW
                    ? count[0] < shadow.size()
                        && isOther(shadow.get(count[0]), buffer, offset, length)
                    : isWrong(side, buffer, offset, length);
            wrong[0] += isWrong ? 1 : 0;
            count[0]++;
          })) {
        // To the end, or to what is refused.
      }
    } catch (JournalException e) {
      return wrong[0];
    }
    return wrong[0];
  }

  private boolean isWrong(Side side, DirectBuffer buffer, int offset, int length) {
    List<byte[]> right = side == Side.INBOUND ? inbound : outbound;
    long sequence = side.sequence(buffer, offset);
    if (sequence > (side == Side.INBOUND ? keptInbound : keptOutbound)) {
      // Of the run that began since; before any began there is no such message.
      return epoch == 0;
    }
    return sequence < 1 || isOther(right.get((int) sequence - 1), buffer, offset, length);
  }

  private static boolean isOther(byte[] right, DirectBuffer buffer, int offset, int length) {
    byte[] message = new byte[length];
    buffer.getBytes(offset, message);
    return !Arrays.equals(message, right);
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

  private void damage(long seed, Random random) throws IOException {
    // Every other one hits messages: there are many other files, and they hold less.
    boolean messages = seed % 2 == 0;
    List<Path> choice = files.keySet().stream().filter(f -> !messages || isQueue(f)).toList();
    Path path = choice.get(random.nextInt(choice.size()));
    int end = Math.max(1, files.get(path).length);
    int at = messages ? end / 2 + random.nextInt(end - end / 2) : random.nextInt(end);
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

  private boolean isQueue(Path file) {
    return file.toString().endsWith(".cq4") && !file.startsWith(dir.resolve("shadow"));
  }

  private List<byte[]> messages(Side side) {
    List<byte[]> messages = new ArrayList<>();
    try (JournalDirectory journal = JournalDirectory.openReadOnly(dir);
        QueueReader reader = journal.reader(side)) {
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

package io.semnal.fix.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a store remembers after being closed, killed, torn, and written over. */
class MappedStoreTest {
  static final int CAPACITY = 1 << 16;

  @TempDir Path folder;

  private final UnsafeBuffer read = new UnsafeBuffer(new byte[CAPACITY]);

  @Test
  void remembersNumbersAndMessagesAcrossOpenings() {
    try (MappedStore store = open()) {
      assertThat(store.nextOutbound()).isEqualTo(1);
      append(store, 1);
      append(store, 3);
      store.nextInbound(17);
    }
    try (MappedStore store = open()) {
      assertThat(store.nextOutbound()).isEqualTo(4);
      assertThat(store.nextInbound()).isEqualTo(17);
      assertThat(text(store, 1)).isEqualTo(message(1));
      assertThat(text(store, 2)).isEmpty();
      assertThat(text(store, 3)).isEqualTo(message(3));
      store.reset(99);
    }
    try (MappedStore store = open()) {
      assertThat(store.nextOutbound()).isEqualTo(1);
      assertThat(store.created()).isEqualTo(99);
      assertThat(text(store, 1)).isEmpty();
    }
  }

  @Test
  void throwsWhenAskedAfterItWasClosed() {
    MappedStore store = open();
    append(store, 1);
    store.close();
    assertThatThrownBy(store::nextOutbound).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> append(store, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> text(store, 1)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void keepsASecondProcessOut() {
    try (MappedStore store = open()) {
      assertThat(store.nextOutbound()).isEqualTo(1);
      assertThatThrownBy(this::open)
          .isInstanceOf(UncheckedIOException.class)
          .hasRootCauseMessage(folder.resolve("store") + " is in use by another session");
    }
  }

  @Test
  void dropsATornRecordAndWhatFollowsItAndNumbersGoOn() throws IOException {
    try (MappedStore store = open()) {
      for (int seq = 1; seq <= 5; seq++) {
        append(store, seq);
      }
    }
    try (RandomAccessFile file = new RandomAccessFile(folder.resolve("store").toFile(), "rw")) {
      int record = (16 + message(1).length() + 7) / 8 * 8;
      file.seek(4096 + 2L * record + 20);
      file.write('#');
    }
    try (MappedStore store = open()) {
      assertThat(text(store, 2)).isEqualTo(message(2));
      assertThat(text(store, 3)).isEmpty();
      assertThat(store.nextOutbound()).isEqualTo(6);
      append(store, 6);
      assertThat(text(store, 6)).isEqualTo(message(6));
    }
  }

  /** Against a map of everything: the newest are there, whole, and nothing is ever wrong. */
  @Property(tries = 100)
  void keepsTheNewestThatFit(@ForAll long seed) {
    Random random = new Random(seed);
    TreeMap<Long, byte[]> all = new TreeMap<>();
    MemoryStore store = new MemoryStore(1 << 13);
    long seq = 0;
    for (int i = 0; i < 600; i++) {
      seq += 1 + random.nextInt(3);
      byte[] message = new byte[random.nextInt(random.nextInt(10) == 0 ? 3000 : 300)];
      random.nextBytes(message);
      store.append(seq, new UnsafeBuffer(message), 0, message.length);
      all.put(seq, message);
    }
    long kept = 0;
    boolean gone = false;
    for (var entry : all.descendingMap().entrySet()) {
      int length = store.read(entry.getKey(), read);
      if (length > 0) {
        byte[] found = new byte[length];
        read.getBytes(0, found);
        assertThat(found).isEqualTo(entry.getValue());
        kept += length;
      } else {
        gone = true;
      }
    }
    assertThat(gone).isTrue();
    assertThat(kept).isBetween(2_500L, 8_192L);
  }

  /** A process appends and says so, and is killed; what it said is there, in order, and goes on. */
  @Test
  void losesNothingThatWasAppendedWhenTheProcessIsKilled() throws Exception {
    Random random = new Random(1);
    long said = 0;
    for (int round = 0; round < 3; round++) {
      Process process = appender();
      try (BufferedReader lines = process.inputReader()) {
        for (int i = 2_000 + random.nextInt(20_000); i > 0; i--) {
          said = Long.parseLong(lines.readLine());
        }
        // By its handle: the process's own method would close the pipe that is still to be read.
        process.toHandle().destroyForcibly();
        for (String line = lines.readLine();
            line != null && isWhole(line);
            line = lines.readLine()) {
          said = Math.max(said, Long.parseLong(line));
        }
      }
      process.waitFor();
      try (MappedStore store = open()) {
        long next = store.nextOutbound();
        assertThat(next).isGreaterThan(said);
        for (long seq = next - 300; seq < next; seq++) {
          assertThat(text(store, seq)).isEqualTo(message(seq));
        }
      }
    }
  }

  /** The last line may be cut by the kill. */
  private static boolean isWhole(String line) {
    return line.matches("\\d{10}");
  }

  private Process appender() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + Path.of(System.getProperty("semnal.root"), "scripts", "jvm.flags"));
    command.add("-Xmx64m");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Appender.class.getName());
    command.add(folder.resolve("store").toString());
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  /** Appends for ever, saying each number when it is kept. */
  static final class Appender {
    private Appender() {}

    public static void main(String[] args) {
      try (MappedStore store = MappedStore.open(Path.of(args[0]), CAPACITY)) {
        for (long seq = store.nextOutbound(); seq < Long.MAX_VALUE; seq++) {
          append(store, seq);
          System.out.printf("%010d%n", seq);
        }
      }
    }
  }

  private MappedStore open() {
    return MappedStore.open(folder.resolve("store"), CAPACITY);
  }

  private static String message(long seq) {
    return "message " + seq + " of this store, " + "x".repeat((int) (seq % 50));
  }

  private static void append(MappedStore store, long seq) {
    byte[] bytes = message(seq).getBytes(StandardCharsets.US_ASCII);
    store.append(seq, new UnsafeBuffer(bytes), 0, bytes.length);
    store.nextOutbound(seq + 1);
  }

  private String text(MappedStore store, long seq) {
    return read.getStringWithoutLengthAscii(0, store.read(seq, read));
  }
}

package io.semnal.journal.last;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.journal.JournalException;
import io.semnal.journal.last.LastKey.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LastValuesTest {
  private static final int KILLS = 2;
  private static final int INSTRUMENTS = 200;
  private static final int DAMAGES = 16;

  @TempDir private Path folder;

  @Test
  void readsWhatWasWrittenLast() throws IOException {
    try (LastValueStore store = LastValueStore.create(folder, 10)) {
      for (int round = 0; round < 3; round++) {
        for (int i = 1; i <= INSTRUMENTS; i++) {
          byte[] message = message(i, round);
          store.put(key(i), new UnsafeBuffer(message), 0, message.length);
        }
      }
      assertHolds(2);
    }
    assertHolds(2);
  }

  /** What is left of a damaged file is what was written; what is not left is not made up. */
  @Test
  void whateverIsDamagedNoWrongValueIsRead() throws IOException {
    try (LastValueStore store = LastValueStore.create(folder, 10)) {
      for (int i = 1; i <= INSTRUMENTS; i++) {
        byte[] message = message(i, 0);
        store.put(key(i), new UnsafeBuffer(message), 0, message.length);
      }
    }
    Path file = folder.resolve(LastValueFile.NAME);
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(5);
    int refused = 0;
    int fewer = 0;
    for (int round = 0; round < DAMAGES; round++) {
      byte[] bytes = damaged(whole, random);
      Files.write(file, bytes);
      try {
        Map<Long, UnsafeBuffer> values = LastValues.read(folder);
        fewer += values.size() < INSTRUMENTS ? 1 : 0;
        values.forEach(
            (key, value) ->
                assertThat(value.byteArray()).isEqualTo(message(LastKey.instrument(key), 0)));
      } catch (JournalException e) {
        assertThat(e).hasMessageContaining(file.toString());
        refused++;
      }
    }
    assertThat(refused).isPositive();
    assertThat(fewer).isPositive();
    // A start makes it anew from the journal.
    try (LastValueStore store = LastValueStore.create(folder, 10)) {
      assertThat(LastValues.read(folder)).isEmpty();
      store.put(key(7), new UnsafeBuffer(new byte[] {5}), 0, 1);
      assertThat(LastValues.read(folder).get(key(7)).byteArray()).containsExactly(5);
    }
  }

  private static byte[] damaged(byte[] whole, Random random) {
    int at = random.nextInt(whole.length);
    byte[] bytes = whole.clone();
    switch (random.nextInt(4)) {
      case 0 -> {
        return Arrays.copyOf(bytes, at);
      }
      case 1 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 4096), (byte) 0);
      case 2 -> {
        byte[] noise = new byte[Math.min(bytes.length - at, 1 + random.nextInt(64))];
        random.nextBytes(noise);
        System.arraycopy(noise, 0, bytes, at, noise.length);
      }
      default -> bytes[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
    }
    return bytes;
  }

  private void assertHolds(int round) {
    Map<Long, UnsafeBuffer> values = LastValues.read(folder);
    assertThat(values).hasSize(INSTRUMENTS);
    for (int i = 1; i <= INSTRUMENTS; i++) {
      assertThat(values.get(key(i)).byteArray()).isEqualTo(message(i, round));
    }
  }

  private static long key(int instrument) {
    return LastKey.of(Kind.QUOTE, instrument, 0, 0);
  }

  private static byte[] message(int instrument, long round) {
    byte[] message = new byte[8 + instrument % 100];
    Arrays.fill(message, (byte) (instrument + round));
    return message;
  }

  @Test
  void beginsAnewWhateverIsThere() throws IOException {
    Files.write(folder.resolve(LastValueFile.NAME), new byte[] {1, 2, 3});
    assertThatThrownBy(() -> LastValues.read(folder)).isInstanceOf(JournalException.class);
    try (LastValueStore store = LastValueStore.create(folder, 10)) {
      store.put(key(7), new UnsafeBuffer(new byte[] {5}), 0, 1);
      assertThat(LastValues.read(folder).get(key(7)).byteArray()).containsExactly(5);
    }
  }

  @Test
  void saysThatThereAreNone() {
    assertThatThrownBy(() -> LastValues.read(folder))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("there are no last values");
  }

  /** Real processes, killed while they read: the writer writes on, at once and for ever. */
  @Test
  void aKilledReaderHoldsUpNobody() throws Exception {
    try (LastValueStore store = LastValueStore.create(folder, 10)) {
      long round = 0;
      for (int kill = 0; kill < KILLS; kill++) {
        Process reader = reader();
        try (BufferedReader said =
            new BufferedReader(
                new InputStreamReader(reader.getInputStream(), StandardCharsets.UTF_8))) {
          List<String> lines = new ArrayList<>();
          String line = said.readLine();
          while (line != null && !line.startsWith("read ")) {
            lines.add(line);
            line = said.readLine();
          }
          assertThat(line).as(String.join("\n", lines)).isNotNull();
          // It is in the middle of its next copy, or of reading it, wherever that may be.
          for (int i = 0; i < 10_000 + 777 * kill; i++) {
            round++;
            byte[] message = message(1 + i % INSTRUMENTS, round);
            store.put(key(1 + i % INSTRUMENTS), new UnsafeBuffer(message), 0, message.length);
          }
          reader.destroyForcibly().waitFor();
        }
        for (int i = 1; i <= INSTRUMENTS; i++) {
          byte[] message = message(i, kill);
          store.put(key(i), new UnsafeBuffer(message), 0, message.length);
        }
        assertHolds(kill);
      }
    }
  }

  private Process reader() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    try (var flags = Files.lines(Path.of(System.getProperty("semnal.root"), "scripts/jvm.flags"))) {
      flags.filter(flag -> flag.startsWith("-")).forEach(command::add);
    }
    command.addAll(
        List.of(
            "-Xmx64m",
            "-cp",
            System.getProperty("java.class.path"),
            LastValuesTest.class.getName(),
            folder.toString()));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /** Reads for ever. */
  public static void main(String[] args) {
    while (true) {
      System.out.println("read " + LastValues.read(Path.of(args[0])).size());
    }
  }

  @Property(tries = 200)
  void aDamagedValueIsKnown(
      @ForAll byte[] content, @ForAll @IntRange(max = LastFrame.BYTES * 8 - 1) int bit) {
    byte[] message = Arrays.copyOf(content, Math.min(content.length, 200));
    byte[] value = new LastFrame().write(9, new UnsafeBuffer(message), 0, message.length).clone();
    assertThat(new LastFrame().read(9, value)).isEqualTo(message);
    assertThat(new LastFrame().read(8, value)).isNull();
    value[bit / 8] ^= (byte) (1 << bit % 8);
    if (bit / 8 < 8 + message.length) {
      assertThat(new LastFrame().read(9, value)).isNull();
    }
  }

  @Property(tries = 200)
  void keysHoldTheirParts(
      @ForAll Kind kind,
      @ForAll @IntRange(max = 1_048_575) int instrument,
      @ForAll @IntRange(max = 1_048_575) int timeframe,
      @ForAll @IntRange(max = 1_048_575) int strategy) {
    long key = LastKey.of(kind, instrument, timeframe, strategy);
    assertThat(LastKey.kind(key)).isEqualTo(kind);
    assertThat(LastKey.instrument(key)).isEqualTo(instrument);
    assertThat(LastKey.timeframe(key)).isEqualTo(timeframe);
    assertThat(LastKey.strategy(key)).isEqualTo(strategy);
  }
}

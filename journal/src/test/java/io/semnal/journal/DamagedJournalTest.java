package io.semnal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the bytes on disk: an answer that names the place, never a wrong message. */
class DamagedJournalTest {
  @TempDir Path root;
  private Path dir;

  @BeforeEach
  void journalSome() {
    dir = root.resolve("journal");
    try (LiveRun live = new LiveRun(dir, "build-1", "3")) {
      live.quotes(2_000);
    }
  }

  @Test
  void namesTheFileThatWasCutOff() throws Exception {
    Path file = onlyFile(Side.INBOUND);
    try (RandomAccessFile raf = new RandomAccessFile(file.toFile(), "rw")) {
      raf.setLength(dataStart() + 60_000);
    }
    VerifyResult result = RecoveryTest.verify(dir, "build-1");
    assertThat(result.isIdentical()).isFalse();
    assertThat(result.text()).contains(file.getFileName().toString());
    assertThatThrownBy(() -> new LiveRun(dir, "build-1", "3"))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("inbound");
  }

  @Test
  void namesTheRecordWhoseLengthIsWrong() throws Exception {
    byte[] record = new byte[16];
    try (JournalDirectory journal = JournalDirectory.openReadOnly(dir)) {
      QueueReader reader = journal.inboundReader();
      reader.seekToSequence(500);
      reader.readNext((buffer, offset, length) -> buffer.getBytes(offset, record));
    }
    Path file = onlyFile(Side.INBOUND);
    long at = positionOf(file, record);
    for (int length : new int[] {3, 0x3FFF_FFF0, 0x0010_0000, 24}) {
      try (RandomAccessFile raf = new RandomAccessFile(file.toFile(), "rw")) {
        raf.seek(at - 4);
        raf.writeInt(Integer.reverseBytes(length));
      }
      assertTimeoutPreemptively(
          Duration.ofSeconds(20),
          () -> {
            try (JournalDirectory journal = JournalDirectory.openReadOnly(dir)) {
              JournalState state = JournalScan.scan(journal, null, Progress.NONE);
              assertThat(state.faults()).isNotEmpty();
              assertThat(state.faults().getFirst())
                  .contains(file.getFileName().toString())
                  .containsPattern("record (499|500)");
            }
          });
    }
  }

  @Test
  void findsEveryFlippedBitOrIsUnharmedByIt() throws Exception {
    Random random = new Random(42);
    for (int round = 0; round < 25; round++) {
      Side side = random.nextBoolean() ? Side.INBOUND : Side.OUTBOUND;
      long sequence = 1 + random.nextInt(1_200);
      JournalSurgery.Undo undo = JournalSurgery.flip(dir, side, sequence, random.nextInt(72));
      boolean[] identical = {true};
      assertTimeoutPreemptively(
          Duration.ofSeconds(20),
          () -> identical[0] = RecoveryTest.verify(dir, "build-1").isIdentical());
      if (side == Side.OUTBOUND) {
        assertThat(identical[0]).as("outbound " + sequence).isFalse();
      }
      undo.run();
    }
    assertThat(RecoveryTest.verify(dir, "build-1").isIdentical()).isTrue();
  }

  private Path onlyFile(Side side) throws IOException {
    try (Stream<Path> files = Files.list(dir.resolve(side.folder()))) {
      return files.filter(f -> f.toString().endsWith(".cq4")).findFirst().orElseThrow();
    }
  }

  private long dataStart() throws IOException {
    byte[] record = new byte[16];
    try (JournalDirectory journal = JournalDirectory.openReadOnly(dir)) {
      journal.inboundReader().readNext((buffer, offset, length) -> buffer.getBytes(offset, record));
    }
    return positionOf(onlyFile(Side.INBOUND), record);
  }

  private static long positionOf(Path file, byte[] wanted) throws IOException {
    byte[] bytes = new byte[4 << 20];
    try (RandomAccessFile raf = new RandomAccessFile(file.toFile(), "r")) {
      int read = raf.read(bytes);
      for (int i = 0; i + wanted.length <= read; i++) {
        if (bytes[i] == wanted[0]
            && Arrays.mismatch(bytes, i, i + wanted.length, wanted, 0, wanted.length) < 0) {
          return i;
        }
      }
    }
    throw new AssertionError("no such record in " + file);
  }
}

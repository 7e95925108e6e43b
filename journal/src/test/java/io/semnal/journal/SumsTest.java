package io.semnal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.core.ingress.MessageHandler;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is served is what was written: the checksums beside a queue, and who looks at them. */
class SumsTest {
  private static final int HEADER = 16;
  private static final MessageHandler NOBODY = (buffer, offset, length) -> {};

  @TempDir Path dir;

  @Test
  void holdsTheSumOfEachMessageAtItsPlace() throws IOException {
    journal(300);
    for (Side side : List.of(Side.INBOUND, Side.OUTBOUND)) {
      List<byte[]> messages = messages(side);
      ByteBuffer sums =
          ByteBuffer.wrap(Files.readAllBytes(only(side, ".sum"))).order(ByteOrder.LITTLE_ENDIAN);
      assertThat(sums.capacity()).isEqualTo(HEADER + messages.size() * 8);
      for (int i = 0; i < messages.size(); i++) {
        CRC32C crc = new CRC32C();
        crc.update(messages.get(i));
        assertThat(sums.getInt(HEADER + i * 8)).isEqualTo((int) crc.getValue());
      }
    }
  }

  @Test
  void refusesTheFlippedMessageAgainAndAgainAndServesThoseAroundIt() throws IOException {
    journal(300);
    int damaged = 123;
    byte[] message = messages(Side.OUTBOUND).get(damaged - 1);
    flipIn(only(Side.OUTBOUND, ".cq4"), message, message.length - 3);
    try (JournalDirectory journal = JournalDirectory.openReadOnly(dir);
        OutboundJournal history = new OutboundJournal(journal);
        QueueReader reader = history.open(100)) {
      for (int i = 101; i < damaged; i++) {
        assertThat(reader.readNext(NOBODY)).isTrue();
      }
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> reader.readNext(NOBODY))
            .isInstanceOf(DamagedMessageException.class)
            .hasMessageContaining("outbound message " + damaged + " is not what was written")
            .hasMessageContaining("record " + (damaged - 1))
            .hasMessageContaining("semnal journal salvage");
      }
      assertThat(reader.seekToSequence(damaged + 1)).isTrue();
      assertThat(reader.readNext(NOBODY)).isTrue();
      assertThat(journal.damagedMessages()).isEqualTo(1);
    }
    JournalState state = RecoveryTest.scan(dir);
    assertThat(state.faults()).hasSize(1);
    assertThat(state.faults().getFirst()).contains("outbound message " + damaged);
  }

  @Test
  void servesAndCountsAMessageWhoseSumIsDamaged() throws IOException {
    journal(300);
    flip(only(Side.INBOUND, ".sum"), HEADER + 50 * 8 + 2);
    flip(only(Side.INBOUND, ".sum"), HEADER + 60 * 8 + 6);
    try (JournalDirectory journal = JournalDirectory.openReadOnly(dir)) {
      assertThat(JournalScan.scan(journal, null, Progress.NONE).faults()).isEmpty();
      assertThat(journal.damagedSums()).isEqualTo(2);
      assertThat(journal.uncheckedMessages(Side.INBOUND)).isEqualTo(2);
    }
  }

  @Test
  void readsAJournalWithoutSumsAndGivesItSumsAtTheNextStart() throws IOException {
    journal(300);
    Path sums = only(Side.OUTBOUND, ".sum");
    byte[] before = Files.readAllBytes(sums);
    Files.delete(sums);
    int count = messages(Side.OUTBOUND).size();
    try (JournalDirectory journal = JournalDirectory.openReadOnly(dir)) {
      JournalScan.scan(journal, null, Progress.NONE).requireSound();
      assertThat(journal.checkedMessages(Side.OUTBOUND)).isZero();
      assertThat(journal.uncheckedMessages(Side.OUTBOUND)).isEqualTo(count);
    }
    journal(0);
    assertThat(Files.readAllBytes(sums)).isEqualTo(before);
  }

  @Test
  void goesOnWhereAKillLeftIt() throws IOException {
    journal(300);
    Path sums = only(Side.INBOUND, ".sum");
    byte[] before = Files.readAllBytes(sums);
    try (RandomAccessFile file = new RandomAccessFile(sums.toFile(), "rw")) {
      // Half an entry, and before it one that the disk never got.
      file.setLength(HEADER + 200 * 8 + 4);
      file.seek(HEADER + 199 * 8);
      file.writeLong(0);
    }
    journal(0);
    assertThat(Files.readAllBytes(sums)).isEqualTo(before);
  }

  @Test
  void cutsSumsOfMessagesThatThePowerCutTook() throws IOException {
    journal(300);
    Path sums = only(Side.INBOUND, ".sum");
    long right = Files.size(sums);
    try (RandomAccessFile file = new RandomAccessFile(sums.toFile(), "rw")) {
      file.seek(right);
      for (long record = (right - HEADER) / 8; file.length() < right + 80; record++) {
        file.writeLong(Long.reverseBytes(SumFile.entry(7, record, cycle(sums))));
      }
    }
    journal(50);
    assertThat(RecoveryTest.scan(dir).faults()).isEmpty();
    assertThat(Files.size(sums)).isEqualTo(right + 50 * 8);
  }

  private int cycle(Path sums) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(sums.toFile(), "r")) {
      file.seek(8);
      return (int) Long.reverseBytes(file.readLong());
    }
  }

  private void journal(int quotes) {
    try (LiveRun live = new LiveRun(dir, "build-1", "3")) {
      live.quotes(quotes).endInOrder();
    }
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

  private Path only(Side side, String suffix) throws IOException {
    try (Stream<Path> files = Files.list(dir.resolve(side.folder()))) {
      List<Path> found = files.filter(f -> f.toString().endsWith(suffix)).toList();
      assertThat(found).hasSize(1);
      return found.getFirst();
    }
  }

  private static void flipIn(Path file, byte[] message, int at) throws IOException {
    byte[] head = new byte[1 << 20];
    try (RandomAccessFile raf = new RandomAccessFile(file.toFile(), "r")) {
      raf.readFully(head);
    }
    for (int start = 0; start < head.length - message.length; start++) {
      boolean same = true;
      for (int i = 0; same && i < message.length; i++) {
        same = head[start + i] == message[i];
      }
      if (same) {
        flip(file, start + at);
        return;
      }
    }
    throw new AssertionError("no such bytes in " + file);
  }

  private static void flip(Path file, long at) throws IOException {
    try (RandomAccessFile raf = new RandomAccessFile(file.toFile(), "rw")) {
      raf.seek(at);
      int old = raf.read();
      raf.seek(at);
      raf.write(old ^ 4);
    }
  }
}
